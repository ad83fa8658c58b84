/*
 * Overlap reports of several populations that have works in common, judged as margins of one table
 * that nobody is told (works_cells.h): which of the populations a conversation is in, how long its
 * longest run is on each side, and which works it shares what with. Its cells are hidden figures;
 * each figure of each report that counts conversations is the sum of some, and so is each of
 * exchanges, of a table of its own. So it is seen what follows from reports of populations that
 * overlap and are not one in the other, of three as well as of more:
 *
 *     populations 1 2, 2 3, 1 3 of the months 1, 2, 3:    a + b - c is two times month 2
 *
 * Hidden, too, is what of each figure's the conversations of just some of the populations have, or
 * of one and not of another, where few users have it.
 *
 * Of more than TALLY_SLOT_CELLS cells, works are told apart one by one (of up to TALLY_UNION_WORKS
 * of them), and where sides have too many, each view of runs is judged alone. What then has too
 * many is left out, and the tally counts it (works_left_out).
 *
 * Within one report, of up to TALLY_SIDES_WORKS works, it is which works go with which sides: the
 * cells are all that could be, whether they occur or not, so that there are few enough of them only
 * without the lengths of runs. Of several populations only those that occur are cells: a reader who
 * knew that no others do would come closer than one who does not.
 *
 * Of users, whose numbers do not add up, populations within each other are tied by works_shared.h.
 */
#ifndef PROFFER_WORKS_COMBINED_H
#define PROFFER_WORKS_COMBINED_H

#include "base/error.h"
#include "queries/tally.h"
#include "queries/tally_source.h"
#include "queries/works_shared.h"

#include <stddef.h>

/* Ties each of SOURCE's own reports to which works it finds on which sides, if these are few enough
 * to have all that could be. */
PROFFER_MUST_USE enum status works_combine_own(const struct tally_source *source,
                                               struct tally *tally, struct error *err);

/* Ties REPORTS[COUNT] of SOURCE's plan, whose own sources are not asked, as far as they are of
 * several populations and one of the first OWN of them is connected with them. */
PROFFER_MUST_USE enum status works_combine(const struct tally_source *source,
                                           const struct works_report *reports, size_t count,
                                           size_t own, struct tally *tally, struct error *err);

#endif
