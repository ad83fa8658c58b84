/*
 * The attacker: a reader who solves linear programs over all that a table shows. Asked only what
 * the search of release/moves could not decide. The one file that sees GLPK is attacker.c.
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

struct attacker {
    size_t work_left;            /* variables plus terms of the programs that may still be solved */
    size_t used;                 /* of it, in all */
    size_t solved;               /* programs so far */
    struct attacker_limit limit; /* of the last answer, if that was ATTACKER_FAILS */
};

/* Work for a few seconds, or LIMIT if that is less. It is counted, not timed, so that equal tables
 * end equally. */
enum { ATTACKER_WORK = 16000000 };
void attacker_init(struct attacker *attacker, size_t limit);
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

#endif
