/*
 * Bounds on a number of units whose clusters were drawn, told with noise: conversations of users
 * that were drawn, each user by itself with a chance that was fixed beforehand.
 *
 *     y = X + Z,  X = sum over clusters of r B,  B Bernoulli(share),  Z integer noise
 *
 * where the r of the clusters add up to K and none is above the cap c, and nothing else is known
 * of them. For every convex f, E f(X + Z) is Schur-convex in the r (A. W. Marshall, I. Olkin and B.
 * C. Arnold, Inequalities, 2nd edition 2011, 12.F): it is largest where as many clusters as can be
 * have c and one has the rest,
 *
 *     Y = c M + r B + Z,  M binomial(floor(K / c), share),  r = K - c floor(K / c)
 *
 * So for each h above y, as (h - x)+ / (h - y) is convex in x and at least 1 up to y,
 *
 *     P(X + Z <= y | K) <= E (h - Y)+ / (h - y)
 *
 * and the same the other way round. The best h gives the least bound that follows from convex
 * functions, less than any exponential one; of a binomial law it is at most e times the tail, made
 * log-concave (V. Bentkus, Annals of Probability 32, 2004). It falls with K (the other one grows),
 * since Y grows with K in the stochastic order.
 */
#ifndef PROFFER_CLUSTERED_COUNT_H
#define PROFFER_CLUSTERED_COUNT_H

#include "base/error.h"
#include "stats/noise_hinge.h"

#include <stdint.h>

struct clustered_count {
    double share;  /* each cluster's chance to be drawn, in (0, 1] */
    uint64_t cap;  /* units of one cluster at most; at least 1 */
    uint64_t most; /* units there can be in all */
    const struct noise_hinge *noise;
    int64_t told; /* y: units of drawn clusters that are relevant */
    int64_t open; /* of them that may be relevant or not; with the same noise */
};

/* What P(X + Z <= TOLD | RELEVANT) and P(X + Z >= TOLD | RELEVANT) are at most, whatever the
 * clusters; at most 1. */
double clustered_count_low(const struct clustered_count *count, int64_t told, uint64_t relevant);
double clustered_count_high(const struct clustered_count *count, int64_t told, uint64_t relevant);

/* STATUS_PLAN for shares, caps, laws or numbers told out of range. */
enum status clustered_count_check(const struct clustered_count *count,
                                  struct error *err) PROFFER_MUST_USE;

/* The greatest number relevant that is not rejected at ALPHA, where all that can be open are
 * relevant: that errs with a chance of at most OPEN_ALPHA more. At most `most`. */
uint64_t clustered_count_upper(const struct clustered_count *count, double open_alpha,
                               double alpha);

/* The least that is not rejected at ALPHA, where none of the open are relevant. At most `most`. */
uint64_t clustered_count_lower(const struct clustered_count *count, double alpha);

#endif
