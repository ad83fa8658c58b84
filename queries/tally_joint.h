/*
 * How three and more tables by fields go together: where they are margins of one table that nobody
 * is told and say more by it than any two of them by what they share (joint_core.h), its cells
 * (joint_cells.h) become hidden figures, of each number of the tables but users. Rows of each table
 * that are alike in what is left of it are tied to the cells that they are made of. The gate so
 * judges what follows for rows that are told or withheld, and for cells of few users themselves.
 *
 * Of a core with more than JOINT_CELLS cells none is made; the tally counts it (joint_left_out).
 * Users of several cells do not add up: nothing is said of them.
 */
#ifndef PROFFER_TALLY_JOINT_H
#define PROFFER_TALLY_JOINT_H

#include "base/error.h"
#include "queries/tally.h"
#include "queries/tally_source.h"

/* After tally_links. */
PROFFER_MUST_USE enum status tally_joint(const struct tally_source *source, struct tally *tally,
                                         struct error *err);

#endif
