/* How many conversations are in each cell of several queries' slots, and of how many users. */
#ifndef PROFFER_SLOTS_COUNT_H
#define PROFFER_SLOTS_COUNT_H

#include "base/error.h"
#include "queries/slots_cells.h"
#include "queries/tally.h"
#include "queries/tally_source.h"

/* FIGURES[cells.count] of CELLS, which is whole. SOURCE as of slots_joint. */
PROFFER_MUST_USE enum status slots_count(const struct tally_source *source,
                                         const struct slots_cells *cells,
                                         struct tally_cell *figures, struct error *err);

#endif
