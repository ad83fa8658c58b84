/*
 * A table as the small-cell rule sees it: cells by number (row * columns + column), each with its
 * relations, and each relation with its cells, the largest value first.
 */
#ifndef PROFFER_GRID_H
#define PROFFER_GRID_H

#include "base/arena.h"
#include "base/error.h"
#include "queries/tally.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct grid_term {
    uint32_t other; /* in a relation's list: the cell; in a cell's list: the relation */
    int32_t sign;
};

struct grid {
    size_t rows, columns, cell_count, relation_count;
    uint64_t *users;     /* [cell] distinct users, see smallcell_users; 0 where the value is 0 */
    int64_t *value;      /* [cell], at most MOVES_FAR */
    bool *users_column;  /* [column] */
    bool *detail_column; /* [column] withheld sooner */
    size_t *first;       /* [relation_count + 1] into terms */
    struct grid_term *terms;
    int64_t *slack;     /* [relation] by which it holds, at most MOVES_FAR; 0 for equalities */
    bool *equality;     /* [relation] */
    size_t *cell_first; /* [cell_count + 1] into cell_terms */
    struct grid_term *cell_terms;
};

/* Makes the grid in ARENA; checks that every relation is well formed and holds. */
PROFFER_MUST_USE enum status grid_init(struct grid *grid, struct arena *arena,
                                       const struct tally_table *table, struct error *err);

#endif
