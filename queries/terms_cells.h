/*
 * Conversations by which of several terms, of several queries, they have, in which of several
 * periods (or populations, with filters) they are, and in which group of a table by fields: cells,
 * each with its conversations and users. All figures of these queries are sums of cells.
 *
 *     cell    terms 1 0 1    periods 1 1    groups 4 0
 *
 * Rows of the catalogue are folded: a row's number says which of the first so many terms, periods
 * and groups it has, and the next one leads to another number.
 */
#ifndef PROFFER_TERMS_CELLS_H
#define PROFFER_TERMS_CELLS_H

#include "base/error.h"
#include "base/intern.h"
#include "queries/tally_source.h"
#include "queries/told_population.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A term by where it stands. */
struct cells_term {
    size_t query;
    uint32_t slot;
};

struct cells_period {
    int64_t from, to;
    const struct plan_filter *filters;
    size_t filter_count;
};

/* A table by fields of a period. */
struct cells_groups {
    const struct plan_field *by;
    size_t by_count;
    size_t period; /* its number */
    const char *id;
};

/* Of so many tables by fields, of so many rows each. */
enum { CELLS_GROUPS_MAX = 16, CELLS_ROWS_MAX = 1 << 24 };

/* What cells tell apart; at least one period. */
struct cells_wish {
    const struct cells_term *terms;
    size_t term_count;
    const struct cells_period *periods;
    size_t period_count;
    const struct cells_groups *groups;
    size_t group_count;
};

/* A cell is CELLS->terms + CELLS->periods bytes 0 or 1, then a number (as bytes) a table by fields:
 * the row + 1 in it, or 0 where it is of another period. */
struct terms_cells {
    size_t terms, periods, groups;
    struct intern keys;
    uint64_t *values; /* [keys.count] conversations */
    uint32_t *users;  /* [keys.count] unknown ones together one */
    size_t value_capacity, user_capacity;
    bool too_many; /* more than was asked for: not all are there */
};

/* Counts those that occur, at most MOST. Release also on failure. */
PROFFER_MUST_USE enum status terms_cells_count(struct terms_cells *cells,
                                               const struct cells_wish *wish,
                                               const struct tally_source *source, size_t most,
                                               struct error *err);
void terms_cells_release(struct terms_cells *cells);

/* Has the cell KEY, too, if only with 0 conversations. */
PROFFER_MUST_USE enum status terms_cells_have(struct terms_cells *cells, const char *key,
                                              struct error *err);

static inline size_t terms_cells_key_size(const struct terms_cells *cells)
{
    return cells->terms + cells->periods + cells->groups * sizeof(uint32_t);
}

bool terms_cells_has_term(const struct terms_cells *cells, uint32_t cell, size_t term);
bool terms_cells_in_period(const struct terms_cells *cells, uint32_t cell, size_t period);
/* The row in table by fields number GROUPS; UINT32_MAX for none. */
uint32_t terms_cells_group(const struct terms_cells *cells, uint32_t cell, size_t groups);

#endif
