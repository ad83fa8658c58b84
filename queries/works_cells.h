/*
 * Conversations (or exchanges) by in which of several populations they are, and what each of
 * several overlap queries finds in them: how long the longest run is on each side, and which works
 * they share what with. All figures of these queries that count conversations (exchanges) are sums
 * of cells.
 *
 *     cell    populations 1 0 1    query 0: bins 2 0 2; work A in prompts    query 1: nothing
 *
 * A cell knows only what its wish asks for: all works, one, or none; and some views of runs. Those
 * that occur are there, and no others.
 */
#ifndef PROFFER_WORKS_CELLS_H
#define PROFFER_WORKS_CELLS_H

#include "base/error.h"
#include "base/intern.h"
#include "queries/catalogue/bitmap.h"
#include "queries/tally_source.h"
#include "queries/told_population.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Populations have a bit each. */
enum { WORKS_POPULATIONS_MAX = 32 };

struct works_wish {
    const struct told_wish *populations; /* [population_count] */
    size_t population_count;
    const size_t *queries; /* [query_count] numbers of overlap queries of the plan */
    size_t query_count;
    unsigned views;   /* bit 1 << view: the bin of its longest run is told apart */
    bool works;       /* so is what is shared with each work, */
    const char *work; /* or, where this is not NULL, with the one of this name (works_name) */
    bool exchanges;   /* they are counted, not conversations */
    bool any;         /* of runs it is told apart whether there is any, and not how long it is */
};

struct works_cells {
    size_t queries;
    struct intern works;    /* names of works (works_name) */
    struct intern *classes; /* [queries] */
    struct intern keys; /* a cell each: its populations, then a class each query (4 bytes each) */
    uint64_t *values;   /* [keys.count] */
    struct bitmap **users; /* [keys.count] their numbers, unknown ones together one */
    size_t value_capacity, user_capacity;
    bool too_many; /* more than was asked for: not all are there */
};

/* Counts those that occur, at most MOST. SOURCE's plan has the queries; its population does not
 * matter. Release also on failure. */
PROFFER_MUST_USE enum status works_cells_count(struct works_cells *cells,
                                               const struct works_wish *wish,
                                               const struct tally_source *source, size_t most,
                                               struct error *err);
void works_cells_release(struct works_cells *cells);

/* Of one query and population, with ANY and all views and works: has all cells that could occur,
 * too, if only with 0 units, where there are at most TALLY_SIDES_WORKS works. *ALL says so. */
PROFFER_MUST_USE enum status works_cells_complete(struct works_cells *cells, bool *all,
                                                  struct error *err);

/* The populations of a cell; of a view's longest run the bin + 1, 0 where there is none; and which
 * columns of its row of a work, by number, count it, a bit each. */
uint32_t works_cells_populations(const struct works_cells *cells, uint32_t cell);
unsigned works_cells_bin(const struct works_cells *cells, uint32_t cell, size_t query,
                         unsigned view);
uint32_t works_cells_columns(const struct works_cells *cells, uint32_t cell, size_t query,
                             uint32_t work);

#endif
