/*
 * Moves that were found (moves.h), kept from one judging of a tally to the next: while rows are
 * only withheld more, what moved still moves. Nothing kept is trusted: a move is made anew, step
 * by step, and counts if everything holds then.
 *
 * A cell is known by its node, which stays the same as long as a tally only grows, and the column
 * of its component's table.
 */
#ifndef PROFFER_KNOWN_MOVES_H
#define PROFFER_KNOWN_MOVES_H

#include "base/error.h"
#include "base/intern.h"
#include "release/moves.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct known_move {
    size_t first, count; /* of steps */
    size_t proved;       /* the last table in which it held, 0 for none */
    uint32_t next;       /* of those that ask of the same node, + 1; 0: the last */
};

struct known_step {
    uint32_t node, column;
    int64_t delta;
};

struct known_node {
    size_t table;    /* the last one that had it */
    uint32_t row;    /* there */
    uint32_t newest; /* move that asks of it, + 1; 0: none */
};

struct known_moves {
    struct intern questions; /* which cell by how much */
    struct known_move *items;
    size_t capacity;
    struct known_step *steps;
    size_t step_count, step_capacity;
    struct known_node *places; /* [place_count] by node */
    size_t place_count;
    const uint32_t *nodes; /* [row_count] of that table; UINT32_MAX: not its own */
    size_t row_count, columns, table;
};

void known_moves_init(struct known_moves *known);
void known_moves_release(struct known_moves *known);

/* Begins a table whose rows are NODES[ROWS], which must stay until the next one. */
PROFFER_MUST_USE enum status known_moves_begin(struct known_moves *known, const uint32_t *nodes,
                                               size_t rows, size_t columns, struct error *err);

/*
 * Makes all moves that are known; then lowest/highest of MOVES know them as far as they hold.
 * VARIABLE_OF[cell] is the variable + 1 of a cell, 0 where it does not move.
 */
void known_moves_try(struct known_moves *known, struct moves *moves, const uint32_t *variable_of);

/* Does a move that is known carry CELL by DELTA? False says nothing. */
bool known_moves_reach(struct known_moves *known, struct moves *moves, const uint32_t *variable_of,
                       size_t cell, int64_t delta);

/* Keeps the move that MOVES found last, of CELL by DELTA; CELL_OF[variable]. */
PROFFER_MUST_USE enum status known_moves_keep(struct known_moves *known, const struct moves *moves,
                                              const size_t *cell_of, size_t cell, int64_t delta,
                                              struct error *err);

#endif
