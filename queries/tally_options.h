/*
 * Options of proposals and what else tells of their parts: a part of terms is made of combinations
 * of the report of those terms, a part of topics of rows of topics, a run of bins of the overlap, a
 * period of rows by month. And what options have in common: each combination of parts is a hidden
 * figure, of which parts and options are sums; of their exchanges and words likewise.
 */
#ifndef PROFFER_TALLY_OPTIONS_H
#define PROFFER_TALLY_OPTIONS_H

#include "base/error.h"
#include "queries/option_parts.h"
#include "queries/tally.h"
#include "queries/told_sets.h"

/* Adds to TALLY's hidden figures and ties. OF[query] says how queries of SETS' plan take part;
 * NULL: all do, with its population. *TOO_MANY: there are too many combinations of parts; then
 * nothing is done if these are of several filters, else what can be said without. */
PROFFER_MUST_USE enum status tally_options(struct told_sets *sets, struct tally *tally,
                                           const struct option_source *of, bool *too_many,
                                           struct error *err);

#endif
