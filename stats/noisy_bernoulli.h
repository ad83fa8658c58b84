/*
 * Bernoulli samples of which the numbers were told with noise: every unit was drawn by itself with
 * a chance that was fixed beforehand (its ticket is among that share of all tickets), so that of K
 * relevant units
 *
 *     y = X + Z,  X binomial(K, share),  Z integer noise (noise_law.h)
 *
 * whatever the number drawn and the size of the population: neither is needed, and their noise
 * widens nothing. (Given n, X is hypergeometric; where few units are relevant the two are nearly
 * the same.)
 *
 * Several such samples of disjoint sets, with shares of their own, are joined by union-intersection
 * (stratified.h): a total K is rejected only if every allocation of it is, by Fisher's combination
 * of the p-values P(X + Z <= y | K_h), or P(X + Z >= y | K_h). Both are log-concave in K_h: X + Z
 * has a log-concave law, as binomials and both noises have, and one more unit adds an independent
 * variable that is not below 0, so that the law grows in likelihood ratio, its reversed hazard g(y)
 * / F(y) grows and its hazard falls; and
 *
 *     F(y | K + 1) / F(y | K) = 1 - share g(y | K) / F(y | K)
 *
 * So for any price l above 0 no allocation of K has more than
 *
 *     sum over h of max over k of (ln p_h(k) + l k)  -  l K
 *
 * (Lagrange), where each maximum is where a step costs l. Each price gives a bound that holds, and
 * the best price gives the union-intersection bound to within a unit. No number is looked at whose
 * own p-value is beyond the threshold already, nor any where it is 1 but for 1e-12.
 */
#ifndef PROFFER_NOISY_BERNOULLI_H
#define PROFFER_NOISY_BERNOULLI_H

#include "base/error.h"
#include "stats/noise_law.h"
#include "stats/noise_tails.h"

#include <stddef.h>
#include <stdint.h>

enum { NOISY_PARTS_MAX = 1024 };

struct noisy_part {
    double share; /* each unit's chance to be drawn, in (0, 1] */
    int64_t told; /* y: drawn units that are relevant */
    int64_t open; /* drawn units that may be relevant or not; with the same noise */
};

struct noisy_parts {
    const struct noisy_part *items;
    size_t count;  /* 1 to NOISY_PARTS_MAX */
    uint64_t most; /* units that any part and all together can hold */
    struct noise_law law;
    const struct noise_tails *tails; /* of the law, or NULL: slower */
};

/* P(X + Z <= TOLD | RELEVANT) and P(X + Z >= TOLD | RELEVANT), to 1e-12. */
double noisy_bernoulli_low(const struct noisy_parts *parts, double share, int64_t told,
                           uint64_t relevant);
double noisy_bernoulli_high(const struct noisy_parts *parts, double share, int64_t told,
                            uint64_t relevant);

/* STATUS_PLAN for shares, laws or numbers told out of range. */
enum status noisy_parts_check(const struct noisy_parts *parts, struct error *err) PROFFER_MUST_USE;

/* The greatest number relevant of all parts that is not rejected at ALPHA, where all that can be
 * open are relevant: that errs with a chance of at most OPEN_ALPHA more. At most `most`. */
uint64_t noisy_parts_upper(const struct noisy_parts *parts, double open_alpha, double alpha);

/* The least that is not rejected at ALPHA, where none of the open are relevant. At most `most`. */
uint64_t noisy_parts_lower(const struct noisy_parts *parts, double alpha);

#endif
