/*
 * Options of proposals and what else tells of their parts: a part of terms is made of combinations
 * of the report of those terms, a part of topics of rows of topics, a run of bins of the overlap, a
 * period of rows by month. And what options have in common: each combination of parts is a hidden
 * figure, of which parts and options are sums; of their exchanges and words likewise.
 */
#ifndef PROFFER_TALLY_OPTIONS_H
#define PROFFER_TALLY_OPTIONS_H

#include "base/error.h"
#include "queries/tally.h"
#include "queries/told_sets.h"

#include <stdbool.h>

/* Adds to TALLY's hidden figures and ties. Of queries of SETS' plan those that USED[query] says are
 * of its period, and have tables; NULL: all are. */
PROFFER_MUST_USE enum status tally_options(struct told_sets *sets, struct tally *tally,
                                           const bool *used, struct error *err);

#endif
