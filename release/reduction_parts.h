/* A reduction in the making, for its parts: see reduction.h. */
#ifndef PROFFER_REDUCTION_PARTS_H
#define PROFFER_REDUCTION_PARTS_H

#include "release/reduction.h"

/* Factors are small whole numbers. */
#define REDUCTION_NOTHING 1e-9

/* Relations that have a variable, or had it. */
struct home {
    uint32_t relation;
    struct home *next;
};

struct reducing {
    struct reduction *to;
    const bool *kept; /* [variable] not left out between others; or NULL */
    uint32_t asked;   /* variable that stays, or UINT32_MAX */
    const struct moves *moves;
    struct home **homes; /* [variable] */
    uint32_t *home_count;
    uint32_t *at; /* [variable] its place + 1 in the relation that is being written */
    size_t room;  /* terms that may still be written */
};

/* Bounds of the sum of a relation's terms but that of variable WITHOUT. */
void reducing_bound_sum(const struct reducing *r, const struct reduced_relation *relation,
                        uint32_t without, double *least, double *most);

/* Where in the relation the variable is; its count where it is not. */
size_t reducing_place_of(const struct reducing *r, const struct reduced_relation *relation,
                         uint32_t variable);

/* Adds FACTOR times relation FROM to relation NUMBER; what cancels leaves it. */
PROFFER_MUST_USE enum status reducing_add_to(struct reducing *r, uint32_t number, uint32_t from,
                                             double factor, struct error *err);

/* Leaves out variables of which it is only known that they are at least some sums and at most
 * others: what is below them is below what is above them (Fourier and Motzkin), where that makes
 * no more relations than there were. */
PROFFER_MUST_USE enum status reducing_leave_between_out(struct reducing *r, struct error *err);

/* Such a variable as near to 0 as Y [variable] of the others lets it be. */
int64_t reduced_between_place(const struct reduced_between *it, const int64_t *y);

#endif
