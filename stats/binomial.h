/*
 * The binomial distribution: how many of n independent draws are relevant, each with probability p.
 *
 * Accuracy: 1e-12 relative where P > 1e-290, and 1e-12 relative in ln P below, for n up to 10^10.
 *
 * Required (asserted): 0 <= share <= 1. `seen` may be any number: beyond n a pmf or tail is 0 (its
 * logarithm -INFINITY) or 1 (0).
 */
#ifndef PROFFER_BINOMIAL_H
#define PROFFER_BINOMIAL_H

#include <stdint.h>

struct binomial {
    uint64_t drawn; /* n */
    double share;   /* p */
};

/* P(X = seen) and its natural logarithm. */
double binomial_pmf(const struct binomial *b, uint64_t seen);
double binomial_log_pmf(const struct binomial *b, uint64_t seen);

/* P(X <= seen), P(X >= seen) and their natural logarithms. */
double binomial_tail_low(const struct binomial *b, uint64_t seen);
double binomial_tail_high(const struct binomial *b, uint64_t seen);
double binomial_log_tail_low(const struct binomial *b, uint64_t seen);
double binomial_log_tail_high(const struct binomial *b, uint64_t seen);

/* The smallest x with P(X <= x) >= PROBABILITY, for 0 < PROBABILITY < 1 (asserted). */
uint64_t binomial_quantile(const struct binomial *b, double probability);

#endif
