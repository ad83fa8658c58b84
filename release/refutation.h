/*
 * Why a cell cannot move so far: weights of relations whose weighted sum leaves it no further move
 * (the dual solution of the program that moves it furthest; Farkas' lemma). While nothing more is
 * withheld in these relations it stays so, and only a cell that such a sum does not hold back can
 * help (the capacity constraints of M. Fischetti and J. J. Salazar, "Solving the cell suppression
 * problem on tabular data with linear constraints", Management Science 47, 2001).
 *
 * In floating point, and of a program that has only what is near: it spares questions and guides
 * the choice, and proves nothing.
 */
#ifndef PROFFER_REFUTATION_H
#define PROFFER_REFUTATION_H

#include "base/arena.h"
#include "base/error.h"
#include "release/attacker.h"
#include "release/pattern.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct refutation_term {
    uint32_t relation; /* of the grid */
    double weight;
    size_t withheld; /* in it, when this was found */
};

struct refutation {
    struct refutation_term *terms;
    size_t count;
    int64_t room;     /* of all that is withheld in them, by their bounds, when this was found */
    int64_t furthest; /* that the cell moves, 0 or more, in this one's direction */
};

struct refutations {
    struct refutation *items; /* [2 * cell + (up)] */
    struct arena *arena;
    size_t looked; /* terms that were looked at */
};

PROFFER_MUST_USE enum status refutations_init(struct refutations *refutations, struct arena *arena,
                                              size_t cells, struct error *err);

/* Is it known that CELL cannot move by DELTA? What holds no more is forgotten. */
bool refutations_hold(struct refutations *refutations, const struct pattern *pattern, size_t cell,
                      int64_t delta);

/* Notes what the program said; RELATION_OF[relation of the moves] of the grid. */
PROFFER_MUST_USE enum status refutations_keep(struct refutations *refutations,
                                              const struct pattern *pattern, size_t cell,
                                              int64_t delta, const struct attacker_limit *limit,
                                              const uint32_t *relation_of, struct error *err);

/* The one that says so of CELL and DELTA, or NULL; *HOLDS: whether it still does. */
const struct refutation *refutations_of(struct refutations *refutations,
                                        const struct pattern *pattern, size_t cell, int64_t delta,
                                        bool *holds);

#endif
