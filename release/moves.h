/*
 * What else a reader may believe: integer moves of the withheld cells of a table, away from their
 * true values, under which every shown figure and every relation still holds.
 *
 *     variable   a withheld cell; it moves by y with -down <= y <= up
 *     relation   sum of sign * y  = 0  or  <= slack   (shown cells do not move, so they drop out)
 *
 * y = 0, the truth, always holds. A reader who knows all that is shown can tell a cell's value no
 * closer than its moves reach. So a found move is a proof of protection that does not depend on
 * who found it; bounds from propagation are a proof of the opposite.
 */
#ifndef PROFFER_MOVES_H
#define PROFFER_MOVES_H

#include "base/arena.h"
#include "base/error.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* No variable moves further: what lies beyond is taken for out of reach. Sums stay in 64 bits. */
#define MOVES_FAR ((int64_t)1 << 36)
/* No table has more cells, nor a relation more terms. */
#define MOVES_MOST ((size_t)1 << 25)

struct moves_term {
    uint32_t other; /* in a relation's list: the variable; in a variable's list: the relation */
    int32_t sign;
};

struct moves_step {
    uint32_t variable;
    int64_t delta;
};

struct moves {
    size_t variable_count, relation_count, term_count;
    int64_t *down, *up; /* [variable], both >= 0 and <= MOVES_FAR */
    int64_t *slack;     /* [relation], 0 .. MOVES_FAR; 0 for equalities */
    bool *equality;     /* [relation] */
    size_t *first;      /* [relation_count + 1] into terms */
    struct moves_term *terms;
    size_t *variable_first; /* [variable_count + 1] into variable_terms */
    struct moves_term *variable_terms;

    /* Bounds of each variable's move by propagation: no reader's bounds are wider. */
    int64_t *least, *most;
    /* The furthest moves that were found so far: no reader's bounds are narrower. */
    int64_t *lowest, *highest;

    /* Of the search. */
    int64_t *y, *sum; /* [variable], [relation]: all zero between two searches */
    size_t broken;    /* relations that do not hold at y */
    bool *locked;     /* [variable] */
    struct moves_step *trail;
    size_t trail_count, trail_capacity;
    size_t found_count; /* steps of the last move that was found, still on the trail; 0: too many */
    unsigned steps_left;
    size_t scanned;  /* terms that were looked at, in all of this so far */
    size_t scan_end; /* where that ends the present one */
};

/*
 * Makes room in ARENA for a problem of that size. The caller fills down, up, slack, equality, first
 * and terms, then calls moves_prepare. Nothing needs to be freed but the arena.
 */
PROFFER_MUST_USE enum status moves_init(struct moves *moves, struct arena *arena, size_t variables,
                                        size_t relations, size_t terms, struct error *err);

/* Fills the lists of variables and propagates bounds through all relations, a few times over. */
void moves_prepare(struct moves *moves);

/*
 * Searches a move in which VARIABLE moves by DELTA: repairs each relation that it breaks through
 * other variables, depth first, with a fixed number of steps. True if found (and then
 * lowest/highest of all variables know it); false says nothing.
 */
bool moves_find(struct moves *moves, uint32_t variable, int64_t delta);

/*
 * Whether the sum of STEPS[COUNT] holds, if need be with what repairs the relations that it breaks;
 * if so lowest/highest know it. Whoever found it need not be trusted.
 */
bool moves_complete(struct moves *moves, const struct moves_step *steps, size_t count);

/*
 * Checks that the move Y[variable_count] holds exactly, and if so lets lowest/highest know it.
 * Whoever found Y need not be trusted.
 */
bool moves_accept(struct moves *moves, const int64_t *y);

#endif
