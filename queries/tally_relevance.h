/*
 * What a labelled simple random sample shows of a relevance query.
 *
 * The sample is checked against its frame each time: every drawn unit has its ticket, none is left
 * out. Where the population is the frame, N is the frame's. Where it is narrower, the frame's rows
 * are made again from the file beside the plan, the population must lie inside them, and the sample
 * is restricted to it: given how many of the drawn units are inside, they are a simple random
 * sample of the population, so bounds from (x, n, N) are exact. All else is STATUS_PLAN.
 */
#ifndef PROFFER_TALLY_RELEVANCE_H
#define PROFFER_TALLY_RELEVANCE_H

#include "base/error.h"
#include "queries/plan.h"
#include "queries/population.h"
#include "queries/tally.h"

#include <stddef.h>

/*
 * Adds the sample of query QUERY (a relevance query of PLAN) to TALLY; nothing while there is no
 * sample file. Without a label file every unit is missing. Units that reviewers differ about are
 * among the unreadable ones, since both are bounded both ways.
 *
 * STATUS_PLAN for a sample or frame that does not fit, STATUS_INPUT for a label file that holds
 * what it must not. A sample that grew after its labels were read is refused, since a bound for a
 * fixed size does not hold for it.
 */
PROFFER_MUST_USE enum status tally_relevance(const struct plan *plan, size_t query,
                                             const struct population *population,
                                             struct tally *tally, struct error *err);

#endif
