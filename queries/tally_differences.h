/*
 * Differences of what a report tells: two sets of conversations of which one lies in the other, or
 * of which the intersection is told too, so that the reader knows the size of what lies between. Of
 * those that cover fewer than the release policy's min_users users (and at least one), the tally
 * notes a row to withhold.
 *
 * Sets are those of told_sets.h, over all queries of the plan. What follows from several of them
 * added and subtracted is for the ties (tally.h).
 */
#ifndef PROFFER_TALLY_DIFFERENCES_H
#define PROFFER_TALLY_DIFFERENCES_H

#include "base/error.h"
#include "queries/tally.h"
#include "queries/told_sets.h"

/* After all tables; adds to tally->differences. */
PROFFER_MUST_USE enum status tally_differences(struct told_sets *sets, struct tally *tally,
                                               struct error *err);

#endif
