/*
 * The attacker: a reader who solves linear programs over all that a table shows. Asked only what
 * the search of release/moves could not decide.
 */
#ifndef PROFFER_ATTACKER_H
#define PROFFER_ATTACKER_H

#include "release/moves.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Relations that one program has at most. */
enum { ATTACKER_RELATIONS = 1200 };

/* What held the variable back: how far it moves in fractions, and the dual weights of relations. */
struct attacker_limit {
    size_t count; /* of relations; 0: not known */
    uint32_t relations[ATTACKER_RELATIONS];
    double weights[ATTACKER_RELATIONS];
    int64_t furthest; /* whole steps in the direction that was asked */
};

struct program; /* room for one, kept from one question to the next */

struct attacker {
    size_t work_left;            /* see ATTACKER_WORK */
    size_t used;                 /* of it, in all */
    size_t solved;               /* programs so far */
    struct attacker_limit limit; /* of the last answer, if that was ATTACKER_FAILS */
    struct program *program;     /* or NULL */
    const bool *kept;            /* or NULL: see attacker_begin */
};

/*
 * Work is counted, not timed, so that equal tables end equally on every machine. The unit is a cell
 * of a program's tableau that is looked at or changed, about half a nanosecond; all else is told in
 * so many of them as take as long. As much as this takes at most about a second of one core of the
 * machine of tests/bench/README.md: 0.5 to 1.2 s, by what is hard, while it was busy.
 */
#define ATTACKER_WORK ((size_t)1600000000)

/* With that much work left, or LIMIT if that is less. */
void attacker_init(struct attacker *attacker, size_t limit);
void attacker_release(struct attacker *attacker);
/* The moves that it is asked of are others than before. KEPT, which must stay and may be NULL,
 * tells [variable] which of them it will be asked of in any case. */
void attacker_begin(struct attacker *attacker, const bool *kept);
/* Counts work that others did for it. */
void attacker_charge(struct attacker *attacker, size_t work);

enum attacker_answer {
    ATTACKER_FAILS,  /* not even in fractions, among the variables near it; or no work is left */
    ATTACKER_MISSES, /* in fractions, but no integer move was found */
    ATTACKER_REACHES /* proved in integers (moves_accept) */
};

/* Is there an integer move in which VARIABLE moves by DELTA? */
PROFFER_MUST_USE enum status attacker_reaches(struct attacker *attacker, struct moves *moves,
                                              uint32_t variable, int64_t delta,
                                              enum attacker_answer *answer, struct error *err);

/*
 * The same of the variable that was asked last, if it was reached, from where that program ended: a
 * few steps instead of a program. False says nothing. MOVES must be as they were.
 */
bool attacker_goes_on(struct attacker *attacker, struct moves *moves, uint32_t variable,
                      int64_t delta);

#endif
