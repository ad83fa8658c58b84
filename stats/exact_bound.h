/*
 * The search behind every exact bound: the largest number relevant that a sample does not reject.
 */
#ifndef PROFFER_EXACT_BOUND_H
#define PROFFER_EXACT_BOUND_H

#include <stdint.h>

/* A bound with the proof that it is the one: the tail there and at its neighbour. */
struct exact_bound {
    uint64_t value;
    double alpha;  /* what the tails are compared with */
    double tail;   /* at value: not rejected, above alpha */
    double beyond; /* at the next value outward: rejected, at most alpha; 0 where there is none */
};

/*
 * The largest K in [0, POPULATION] with P(X <= SEEN | K) > ALPHA, for 0 < ALPHA < 1 and SEEN <=
 * DRAWN
 * <= POPULATION (asserted). The mass function is symmetric in K and n, so this is also the largest
 * sample size n that does not reject DRAWN (then the number relevant) with SEEN hits.
 */
struct exact_bound exact_bound_upper(uint64_t population, uint64_t drawn, uint64_t seen,
                                     double alpha);

/* The smallest K with P(X >= SEEN | K) > ALPHA; the mirror of the one above. */
struct exact_bound exact_bound_lower(uint64_t population, uint64_t drawn, uint64_t seen,
                                     double alpha);

#endif
