/*
 * The attacker's program of one question: which withheld cells may move in it, and what they must
 * keep. Its variables are those of the reduced moves (reduction.h) nearest to the asked one along
 * the relations, all relations of each of them, and further ones where these are asked for; what is
 * not in it does not move.
 */
#ifndef PROFFER_PROGRAM_H
#define PROFFER_PROGRAM_H

#include "base/error.h"
#include "release/moves.h"
#include "release/reduction.h"
#include "release/tableau.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The program of one question: which variables and relations are in it. */
struct program {
    uint32_t variables[TABLEAU_VARIABLES], relations[TABLEAU_RELATIONS];
    size_t near, most; /* variables that it begins with; that it may have */
    size_t variable_count, relation_count, term_count;
    struct tableau tableau;
    size_t loaded; /* variables that the tableau has had */
    bool stands;   /* at a point that holds: it can be asked of more variables */
    uint32_t held; /* the number that is held where it should be, and its bounds otherwise */
    double held_least, held_most;
    struct tableau_term *terms;
    size_t term_capacity;
    /* For as many variables and relations of moves as there were so far. */
    size_t variable_room, relation_room;
    int *column; /* [variable of moves]: 1.. or 0 */
    int *row;    /* [relation of moves]: 1.. or 0 */
    int64_t *y;
    double *gain; /* [variable of moves] what one more of it would let the asked one move further */
    double *weight;             /* [relation of moves] all zero between two questions */
    struct reduction reduction; /* what is left of the moves: all here is of that */
};

/* NULL: no memory. */
struct program *program_new(void);
void program_free(struct program *program);

/* Room for programs of MOVES. */
PROFFER_MUST_USE enum status program_make_room(struct program *program, const struct moves *moves,
                                               struct error *err);

/* Empties it, and takes VARIABLE and what is near it, NEAR variables at most. False if there is no
 * room for that one's relations. */
bool program_begin(struct program *program, const struct moves *moves, uint32_t variable,
                   size_t near);

/* Takes the variable, if there is room and it can move. */
void program_take(struct program *program, const struct moves *moves, uint32_t variable);

/* Gathers the relations of the variables from FIRST on, and what else is near them. A variable
 * whose relations have no room any more is dropped (it stays at its true value); false if that is
 * the first of all. */
bool program_gather(struct program *program, const struct moves *moves, size_t first);

/* Makes the tableau, from the point where the last one of this program ended. The asked variable
 * may move by DELTA and no further. */
PROFFER_MUST_USE enum status program_load(struct program *program, const struct moves *moves,
                                          int64_t delta, struct error *err);

/* The number of the tableau's that says what the variable is, and by FACTOR times which; false
 * where it has none. */
bool program_number_of(const struct program *program, uint32_t variable, uint32_t *number,
                       double *factor);

/* Holds the number at TARGET, and lets go of what was held before. */
void program_hold(struct program *program, uint32_t number, double target);

#endif
