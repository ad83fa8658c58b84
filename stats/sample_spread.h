/*
 * How well a simple random sample is spread over groups of its population: of each group, whether
 * the number drawn from it is one that chance gives.
 *
 * Of N units N_h are in group h; n are drawn without replacement; the number n_h drawn from it is
 * hypergeometric with mean n N_h / N, whatever the other groups have. So for each group:
 *
 * - the expected number n N_h / N;
 * - the range of n_h: equal-tailed hypergeometric quantiles at 1 - (1 - C) / m, for m groups that
 *   are not empty: all n_h lie in their ranges with a chance of at least C (Bonferroni);
 * - the exact two-sided p-value, twice the smaller tail and at most 1 (Yates 1984, J. R. Statist.
 *   Soc. A 147, 426-463), and the same of all groups together (Holm 1979, multiple_tests.h).
 *
 * And of all groups:
 *
 * - p, the least of the p-values together: in a simple random sample the chance that it is at most
 *   alpha is at most alpha, exactly, for every alpha;
 * - Pearson's sum of (n_h - expected)^2 / expected, whose mean over all samples is exactly
 *   (m - 1) (N - n) / (N - 1);
 * - the index of dissimilarity (Duncan and Duncan 1955), half the sum of |n_h / n - N_h / N|: the
 *   share of the sample that would have to be of another group for all shares to agree.
 */
#ifndef PROFFER_SAMPLE_SPREAD_H
#define PROFFER_SAMPLE_SPREAD_H

#include "base/error.h"

#include <stddef.h>
#include <stdint.h>

struct spread_group {
    uint64_t population, drawn; /* N_h, n_h */
};

struct spread_of_group {
    double expected;
    uint64_t low, high;   /* the range of n_h */
    double p, p_together; /* of an empty group 1 */
};

struct spread_fit {
    double p;
    double pearson, pearson_mean;
    double dissimilarity;
};

/*
 * GROUPS[count] of a POPULATION and of DRAWN units of it; they need not be all its groups (then
 * Pearson's sum and the index are of those alone, and the mean means nothing). OUT is [count].
 * STATUS_PLAN: nothing drawn; more drawn than there are, in all or in a group, or fewer than leave
 * room for the others; a confidence not between 0 and 1.
 */
PROFFER_MUST_USE enum status sample_spread(uint64_t population, uint64_t drawn,
                                           const struct spread_group *groups, size_t count,
                                           double confidence, struct spread_of_group *out,
                                           struct spread_fit *fit, struct error *err);

#endif
