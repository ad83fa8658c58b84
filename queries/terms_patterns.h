/* Tying connected reports to the patterns of their terms: see terms_combined.h. */
#ifndef PROFFER_TERMS_PATTERNS_H
#define PROFFER_TERMS_PATTERNS_H

#include "base/error.h"
#include "queries/tally.h"
#include "queries/tally_source.h"
#include "queries/terms_core.h"

/* What there was room for; of reports that are mixed, and without groups and options, nothing is
 * tied where all patterns are possible: what has the same slots is tied elsewhere (slots_joint.h).
 */
enum terms_patterns_tied { TERMS_NOT_TIED, TERMS_TIED_BUT_GROUPS, TERMS_TIED, TERMS_FREE };

PROFFER_MUST_USE enum status terms_patterns_tie(const struct connected_reports *of,
                                                const struct tally_source *source,
                                                struct tally *tally, enum terms_patterns_tied *tied,
                                                struct error *err);

#endif
