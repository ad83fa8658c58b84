/*
 * Blaker's exact set for the number relevant.
 */
#ifndef PROFFER_BLAKER_H
#define PROFFER_BLAKER_H

#include "stats/exact_bound.h"

#include <stdint.h>

/*
 * The smallest K in [0, POPULATION] that Blaker's test does not reject at ALPHA when SEEN of DRAWN
 * are relevant, for 0 < ALPHA < 1/2 and SEEN <= DRAWN <= POPULATION (asserted). The accepted K may
 * have gaps; this and blaker_upper are the ends of their hull. In the result, `tail` is the
 * acceptability of the value and `beyond` that of its outer neighbour.
 */
struct exact_bound blaker_lower(uint64_t population, uint64_t drawn, uint64_t seen, double alpha);

/* The largest such K; the mirror of the one above. */
struct exact_bound blaker_upper(uint64_t population, uint64_t drawn, uint64_t seen, double alpha);

/*
 * Blaker's acceptability of K = RELEVANT: the smaller of P(X <= x) and P(X >= x), and the largest
 * tail on the other side that is not larger. K is rejected where it is at most alpha.
 */
double blaker_acceptability(uint64_t population, uint64_t relevant, uint64_t drawn, uint64_t seen);

#endif
