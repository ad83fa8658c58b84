/*
 * The moves of withheld cells with fewer variables and relations (moves.h), for the attacker's
 * programs: an equality of few terms is solved for one of its variables, which then is a sum of
 * others wherever it stood. Of the equality it is left that this sum stays within the variable's
 * bounds; a relation that holds whatever its variables are, by their bounds, says nothing (E. D.
 * Andersen and K. D. Andersen, "Presolving in linear programming", Mathematical Programming 71,
 * 1995). Hidden figures of nested periods are sums of those of the days between, and go so.
 *
 * Relations keep their numbers. Nothing of it need be trusted: what is found is completed to a move
 * of all variables, and checked there (moves_accept).
 */
#ifndef PROFFER_REDUCTION_H
#define PROFFER_REDUCTION_H

#include "base/arena.h"
#include "base/error.h"
#include "release/moves.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct reduced_term {
    uint32_t other; /* in a relation's list: the variable; in a variable's list: the relation */
    double factor;
};

struct reduced_relation {
    struct reduced_term *terms; /* [count] none of a variable that was solved for */
    uint32_t count;
    uint32_t solved;    /* the variable + 1 that was taken out; 0 for none */
    double own;         /* its factor then: own * variable + sum of terms = 0 */
    double least, most; /* of the sum of its terms; +-INFINITY where there is no bound */
    bool idle;          /* says nothing */
};

/* An addition of one relation to another. */
struct reduction_step {
    uint32_t to, from;
    double factor;
};

/* A variable that was left out: sums of others that it is at least, and at most. */
struct reduced_between {
    uint32_t variable;
    int64_t least, most;
    size_t below_count, count;
    struct reduced_bound {                /* [count] those below it first */
        const struct reduced_term *terms; /* [term_count] the variable is one of them */
        uint32_t term_count;
        double most; /* of their sum */
    } * bounds;
};

struct reduction {
    struct arena arena;
    bool made;
    size_t variable_count, relation_count;
    struct reduced_relation *relations;
    uint32_t *relation_of; /* [variable] + 1 that it was taken out of; 0: it is still there */
    struct reduced_between *between; /* [between_count] in the order in which they were left out */
    size_t between_count;
    bool *is_between; /* [variable] */
    /* Relations of each variable that is still there, but idle ones. */
    size_t *first; /* [variable_count + 1] into columns */
    struct reduced_term *columns;
    struct reduction_step *steps;
    size_t step_count, step_capacity;
    size_t work; /* terms that were looked at */
};

void reduction_init(struct reduction *reduction);
void reduction_release(struct reduction *reduction);

/* Makes that of MOVES, whatever it was before, of which variable ASKED, if it is not UINT32_MAX, is
 * still there. Those of KEPT [variable], which may be NULL, are not left out for standing between
 * others. */
PROFFER_MUST_USE enum status reduction_make(struct reduction *reduction, const struct moves *moves,
                                            const bool *kept, uint32_t asked, struct error *err);

/* Is the variable there, or one of which a relation says what it is? */
bool reduction_has(const struct reduction *reduction, uint32_t variable);

/* Y[variable_count] has what is still there; gives each other variable what follows. */
void reduction_complete(struct reduction *reduction, int64_t *y);

/* WEIGHTS[relation_count] of relations as they are here, to those of the moves' own relations. */
void reduction_take_back(struct reduction *reduction, double *weights);

#endif
