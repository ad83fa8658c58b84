/*
 * How tables of populations with other filters go together, three and more: the cells of which all
 * of them are margins (slice_cells.h) become hidden figures, and rows of each table that are alike
 * in what is left of it are tied to the cells that they are made of. So it is known that a slice
 * and one of what it leaves out are the whole.
 *
 * Cells that no row ties to each other are in different blocks. Where a block has more than
 * TALLY_JOINT_BLOCK cells, totals are no tie (that rows add up to them is known), and if it still
 * has, nothing is made of it: what two tables say by themselves is tied by tally_links.h and
 * tally_slices.h. The tally counts that in slices_left_out. Of populations that are nearly the same
 * one alone is taken.
 */
#ifndef PROFFER_TALLY_SLICE_JOINT_H
#define PROFFER_TALLY_SLICE_JOINT_H

#include "base/error.h"
#include "queries/population_groups.h"
#include "queries/tally.h"
#include "queries/told_population.h"

#include <stddef.h>

/* Of all tables by fields, of this report and of earlier ones; after tally_slices. */
PROFFER_MUST_USE enum status tally_slice_joint(struct told_population *population,
                                               const struct population_groups *groups,
                                               struct tally *tally, struct error *err);

#endif
