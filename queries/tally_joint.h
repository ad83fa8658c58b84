/*
 * How three and more tables by fields go together: where they are margins of one table that nobody
 * is told and say more by it than any two of them by what they share (joint_core.h), its cells
 * (joint_cells.h) become hidden figures, and rows of each table that are alike in what is left of
 * it are tied to the cells that they are made of. The gate so judges what follows for rows, told or
 * withheld, and for cells of few users themselves.
 *
 * Cells that no row ties to each other, such as those of two months where every table is by months,
 * are in different blocks. Of a block with more than TALLY_JOINT_BLOCK cells, or a core with more
 * than JOINT_CELLS, nothing is made, since the gate could not settle it, and the tally counts the
 * core (joint_left_out).
 *
 * Cells are numbers of conversations. Of exchanges, turns, words and users of several tables the
 * gate knows what any two have in common (tally_links.h).
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
