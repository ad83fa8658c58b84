/*
 * Tables by fields of populations of which neither is all of what the other has in common with it:
 * a count by months of everything, and one of what is left without a model, or until the 20th. Of
 * each value of what their fields have in common, the rows of the one that lie in the other's
 * population (row_standing.h) are together at most those of the other that may lie in its own; and
 * so is the total of a population within another, and what lies in it at most that total. A reader
 * can subtract, and what is left counts conversations, too: it is a hidden figure.
 *
 * Stated where the difference is small; larger ones hold no small figure fast. Between two earlier
 * reports it is known as it is, and nothing is hidden; nor is it between populations that are
 * nearly the same (population_groups.h). What rows say that are all inside, or of one population,
 * is for tally_links.h; by how much one whole population is larger than another, for
 * release/gate.c.
 */
#ifndef PROFFER_TALLY_SLICES_H
#define PROFFER_TALLY_SLICES_H

#include "base/error.h"
#include "queries/population_groups.h"
#include "queries/tally.h"
#include "queries/told_population.h"

#include <stddef.h>

/* Of more pairs of tables it is not counted how many users such differences have. */
enum { SLICE_PAIRS_MAX = 200 };

/* Ties the tables from number FIRST on, of earlier reports but for FIRST, to each other and to this
 * report's before them; counts in tally->slices_left_out pairs of which not all is said. */
PROFFER_MUST_USE enum status tally_slices(struct told_population *population,
                                          const struct population_groups *groups,
                                          struct tally *tally, size_t first, struct error *err);

#endif
