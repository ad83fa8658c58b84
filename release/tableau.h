/*
 * A linear program around a point that is known to hold: sums of a few variables that must stay 0
 * or below a bound, each variable between bounds of its own.
 *
 * Kept as a condensed tableau: each basic variable as a sum of the free ones,
 *
 *     basic[i] = sum over columns k of cells[i * stride + k] * free[k]     (sums are of moves: no
 *                                                                           constant is in them)
 *
 * Every variable has a number: those of the program from 0, and TABLEAU_SUMS + RELATION for the sum
 * of a relation. A sum that must stay 0 leaves the tableau once it is free, so that a program of
 * many equalities becomes as narrow as what freedom it has. In floating point: what is found must
 * be checked.
 */
#ifndef PROFFER_TABLEAU_H
#define PROFFER_TABLEAU_H

#include "base/error.h"
#include "release/elimination.h"
#include "release/eta.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    TABLEAU_VARIABLES = ELIMINATION_COLUMNS, /* at most */
    TABLEAU_RELATIONS = ELIMINATION_ROWS,
    TABLEAU_SUMS = TABLEAU_VARIABLES,
    TABLEAU_NUMBERS = TABLEAU_SUMS + TABLEAU_RELATIONS
};

/* What a variable may be off by and still stand at its bound. */
#define TABLEAU_CLOSE 1e-7
/* No bound. */
#define TABLEAU_FAR 1e15

struct tableau_term {
    uint32_t variable, relation;
    double factor;
};

struct tableau {
    size_t variable_count, relation_count;
    double least[TABLEAU_NUMBERS], most[TABLEAU_NUMBERS], at[TABLEAU_NUMBERS];

    size_t row_count; /* that are left: a relation that follows from others is not */
    uint32_t rows[TABLEAU_RELATIONS];
    uint32_t basic[TABLEAU_RELATIONS]; /* [row] number */
    size_t column_count;
    uint32_t free[TABLEAU_VARIABLES]; /* [column] number */
    uint32_t place[TABLEAU_NUMBERS];  /* row or column */
    bool is_basic[TABLEAU_NUMBERS];
    double gain[TABLEAU_VARIABLES]; /* [column] of what is made large */
    double *cells;
    size_t stride, cell_capacity;
    struct elimination elimination; /* of which it was made */
    double *loose;                  /* its cells */
    size_t loose_capacity;

    struct eta_file etas; /* for tableau_weigh; if that failed, nothing here is to be used */
    bool forgets;         /* them, since nobody will weigh */

    size_t work, work_end; /* cells that were looked at or changed; where that ends a search */
};

void tableau_release(struct tableau *tableau);

/*
 * Makes the tableau of TERMS[COUNT]. The caller has set the counts, least and most of all numbers,
 * and at of the variables, where all must hold. Those of is_basic are made basic first.
 */
PROFFER_MUST_USE enum status tableau_make(struct tableau *tableau, const struct tableau_term *terms,
                                          size_t count, struct error *err);

/* What is made large: the sum of FACTORS[variable_count]. */
void tableau_aim(struct tableau *tableau, const double *factors);

/* Makes it as large as it can be, in at most STEPS; false if they were not enough. */
bool tableau_climb(struct tableau *tableau, size_t steps);

/*
 * Bounds have changed: finds a point that holds, in at most STEPS. False if there is none or none
 * was found. It need not make anything large.
 */
bool tableau_repair(struct tableau *tableau, size_t steps);

/* Has the variable room on both sides? */
bool tableau_is_inside(const struct tableau *tableau, uint32_t number);

/* Puts the variable, which is free, elsewhere, with all that follows. */
void tableau_put(struct tableau *tableau, uint32_t number, double value);

/* By how much what is made large would grow for each one that the sum of a relation were larger:
 * WEIGHTS[relation_count]. Only while it has never forgotten. */
void tableau_weigh(struct tableau *tableau, double *weights);

#endif
