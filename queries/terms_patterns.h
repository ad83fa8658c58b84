/* Tying connected search term reports to the patterns of their terms: see terms_combined.h. */
#ifndef PROFFER_TERMS_PATTERNS_H
#define PROFFER_TERMS_PATTERNS_H

#include "base/error.h"
#include "queries/tally.h"
#include "queries/tally_source.h"
#include "queries/terms_core.h"

PROFFER_MUST_USE enum status terms_patterns_tie(const struct connected_reports *of,
                                                const struct tally_source *source,
                                                struct tally *tally, struct error *err);

#endif
