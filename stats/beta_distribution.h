/*
 * The beta distribution with real parameters: tails and quantiles in log space.
 *
 * Binomial tails are tails of it (binomial.h), and the ends of the Clopper-Pearson and Jeffreys
 * intervals are its quantiles.
 *
 * Accuracy: about 1e-12 relative where the tail is above 1e-290, and 1e-12 relative in its
 * logarithm below, for a + b up to 10^10. Cost: some multiple of sqrt(a + b) steps of a few
 * nanoseconds.
 *
 * Required (asserted): a, b > 0 and finite.
 */
#ifndef PROFFER_BETA_DISTRIBUTION_H
#define PROFFER_BETA_DISTRIBUTION_H

struct beta_distribution {
    double a, b;
};

/* A point of [0, 1] with its complement, each to full relative precision. */
struct unit_point {
    double x, y; /* y = 1 - x */
};

/* P(X <= x), P(X >= x) and their natural logarithms. */
double beta_tail_low(struct beta_distribution beta, struct unit_point at);
double beta_tail_high(struct beta_distribution beta, struct unit_point at);
double beta_log_tail_low(struct beta_distribution beta, struct unit_point at);
double beta_log_tail_high(struct beta_distribution beta, struct unit_point at);

/* The x with P(X <= x) = TAIL, or with P(X >= x) = TAIL; 0 < TAIL < 1 (asserted). */
struct unit_point beta_quantile_low(struct beta_distribution beta, double tail);
struct unit_point beta_quantile_high(struct beta_distribution beta, double tail);

#endif
