/*
 * The cells of the hidden table whose margins the tables of a cyclic core are (joint_core.h): every
 * combination of the finest labels of its fields that could occur, for all that a reader knows,
 * which is all whose rows are there in every table. A group without conversations has no row or
 * shows a zero, and so do the combinations that it holds.
 *
 * Finest labels are days, else months, and so on; of a stored field all values that some table
 * names, "other" and "unknown"; of bins all that the bounds of all tables make together.
 */
#ifndef PROFFER_JOINT_CELLS_H
#define PROFFER_JOINT_CELLS_H

#include "base/arena.h"
#include "base/error.h"
#include "base/intern.h"
#include "queries/joint_core.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* One table of a core: its rows by the fields that are left of it. */
struct joint_side {
    const struct joint_edge *edge;
    struct intern *labels; /* [edge->field_count] labels of each */
    struct intern paths;   /* of a path over the first labels of a row: the path before, a label */
    uint32_t *class_of;    /* [rows but the total] the path over all labels; 0 where the row is */
};

struct joint_cells {
    const struct joint_edges *edges;
    struct joint_side *sides;
    size_t side_count;
    struct intern folds; /* of a fold over the first sides: the fold before, a class */
    uint32_t *fold_of;   /* [count] of each cell, over all sides */
    uint32_t *classes;   /* [count * side_count] */
    size_t count, capacity;
    bool left_out; /* too many, too long a search, or labels that do not fit: there are none */
};

/* The number, from 1, of the pair in PAIRS (paths, folds), which is made if it is new, or 0 if it
 * has none. */
PROFFER_MUST_USE enum status joint_pair_add(struct intern *pairs, uint32_t before, uint32_t last,
                                            uint32_t *number, struct error *err);
uint32_t joint_pair_find(const struct intern *pairs, uint32_t before, uint32_t last);

enum { JOINT_CELLS = 8192 };

/* Those of core CORE. Release also on failure. */
PROFFER_MUST_USE enum status joint_cells_init(struct joint_cells *cells,
                                              const struct joint_edges *edges, size_t core,
                                              struct error *err);
void joint_cells_release(struct joint_cells *cells);

#endif
