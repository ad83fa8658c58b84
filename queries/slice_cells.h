/*
 * Tables by fields of different populations are margins of one table by all fields of any of them
 * and of their filters, of which nobody is told. Its cells are all combinations that could occur,
 * for all that a reader knows: of each field the labels that the tables and filters tell apart, and
 * of those combinations the ones whose row is there in every table in whose population they are.
 *
 *     dimension            told apart
 *     time                 days, by periods' ends, time fields and filters on these
 *     a stored field       its values, as far as a list, a row or a filter names them; all others;
 *                          records without one
 *     the same in bins     the bounds of all bins together
 *     a filter on users    what passes it, and what does not
 *     what the logs had    what they had when the first report was made, by the next one, and so on
 *
 * A field of one table alone is summed up before, since no other one says anything of it; and a
 * table is left out that a finer one of the same population tells, unless it is a total alone.
 */
#ifndef PROFFER_SLICE_CELLS_H
#define PROFFER_SLICE_CELLS_H

#include "base/arena.h"
#include "base/error.h"
#include "base/intern.h"
#include "queries/tally.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SLICE_OUT UINT32_MAX

/* A table: its rows by the fields that are left of it. */
struct slice_side {
    const struct tally_table *table;
    size_t number;
    size_t *fields; /* [field_count] of table->by; none: the total alone */
    size_t field_count;
    struct intern *labels; /* [dimension_count] of its rows */
    struct intern paths;   /* of a path over the first dimensions: the path before, a label */
    uint32_t *class_of;    /* [row_count] of its rows, or of the total if it has no fields; 0: empty
                              or not asked */
};

struct slice_cells {
    struct arena arena;
    struct slice_side *sides;
    size_t side_count;
    struct slice_dimension *dimensions;
    size_t dimension_count;
    struct intern cells; /* classes[side_count]: of each side, or SLICE_OUT of its population */
    size_t count;        /* of cells */
    bool left_out;       /* too many, or labels that do not fit: there are none */
};

/* Of the tables NUMBERS[count] of TALLY, over logs of the days FIRST to LAST. Where three are not
 * left there are no sides. Release also on failure. */
PROFFER_MUST_USE enum status slice_cells_init(struct slice_cells *cells, const struct tally *tally,
                                              const size_t *numbers, size_t count, int64_t first,
                                              int64_t last, struct error *err);
void slice_cells_release(struct slice_cells *cells);

/* The classes of a cell. */
const uint32_t *slice_cell(const struct slice_cells *cells, size_t cell);

#endif
