/*
 * Differences of what a report tells: two sets of conversations of which one lies in the other, or
 * of which the intersection is told too, so that the reader knows the size of what lies between. Of
 * those that cover fewer than the release policy's min_users users (and at least one), the tally
 * notes a row to withhold.
 *
 * Sets are: everything; what each term, topic, kind of identifier and pattern finds, and any of a
 * query's; what shares a run with a work; each option of proposals. Over all queries of the plan.
 * General differencing (several sets added and subtracted) is not decided.
 */
#ifndef PROFFER_TALLY_DIFFERENCES_H
#define PROFFER_TALLY_DIFFERENCES_H

#include "base/error.h"
#include "queries/tally.h"
#include "queries/tally_source.h"

/* After all tables; adds to tally->differences. */
PROFFER_MUST_USE enum status tally_differences(const struct tally_source *source,
                                               struct tally *tally, struct error *err);

#endif
