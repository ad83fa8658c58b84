/*
 * Bounds that hold at every look at a growing sample drawn without replacement.
 */
#ifndef PROFFER_ANYTIME_H
#define PROFFER_ANYTIME_H

#include "base/error.h"
#include "stats/exact_bound.h"

#include <stdint.h>

/*
 * The prior for the share relevant, Beta(a, b): fixed before the first label, since with it the
 * guarantee stands. Any prior is valid; one that puts its weight where the truth lies is narrower.
 * (1, 1) is even; (1, 10000) is for shares around 1 in 10,000.
 */
struct anytime_prior {
    double a, b;
};

/* STATUS_PLAN unless a and b are in [0.001, 10^9]; NaN is not. */
enum status anytime_prior_check(struct anytime_prior prior, struct error *err) PROFFER_MUST_USE;

/*
 * The ends of the set of K that the prior-posterior ratio does not reject after DRAWN units, of
 * which SEEN are relevant. For 0 < ALPHA < 1, SEEN <= DRAWN <= POPULATION and a valid prior
 * (asserted). Whatever K is, the chance that it ever leaves the set, at any number of looks, is at
 * most ALPHA. In each bound, `tail` is 1 / ratio at the value, above alpha, and `beyond` that of
 * its outer neighbour.
 */
struct exact_bound anytime_lower(uint64_t population, uint64_t drawn, uint64_t seen,
                                 struct anytime_prior prior, double alpha);
struct exact_bound anytime_upper(uint64_t population, uint64_t drawn, uint64_t seen,
                                 struct anytime_prior prior, double alpha);

/*
 * p-values of the nulls "K >= LEAST" and "K <= MOST", valid at every look: the largest 1 / ratio
 * over the null, at most 1. 0 where the null holds no number that is possible (LEAST > POPULATION).
 */
double anytime_p_at_least(uint64_t population, uint64_t drawn, uint64_t seen,
                          struct anytime_prior prior, uint64_t least);
double anytime_p_at_most(uint64_t population, uint64_t drawn, uint64_t seen,
                         struct anytime_prior prior, uint64_t most);

#endif
