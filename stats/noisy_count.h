/*
 * Bounds where the number relevant in a sample was told with noise: the exact convolution of the
 * hypergeometric law and that of the noise.
 *
 *     y = X + Z,  X hypergeometric(N, K, n),  Z integer noise (noise_law.h)
 *
 * A number K is kept unless P(X + Z >= y | K) or P(X + Z <= y | K) is at most half of 1 -
 * confidence: with no noise that is the equal-tailed set (interval.h). Both tails are monotone in
 * K, since X grows with K and Z does not know it.
 */
#ifndef PROFFER_NOISY_COUNT_H
#define PROFFER_NOISY_COUNT_H

#include "base/error.h"
#include "stats/interval.h"
#include "stats/noise_law.h"
#include "stats/noise_tails.h"

#include <stdint.h>

struct noisy_sample {
    uint64_t population, drawn; /* N, n */
    int64_t told;               /* y; may be below 0 and above n */
    struct noise_law law;
};

/* P(X + Z >= y | RELEVANT) and P(X + Z <= y | RELEVANT), to 1e-12. */
double noisy_count_high(const struct noisy_sample *sample, uint64_t relevant);
double noisy_count_low(const struct noisy_sample *sample, uint64_t relevant);

/*
 * The numbers K that are kept at CONFIDENCE. Where noise has carried y so far that all are
 * rejected, the set is the K that is least so (covers all the same: the set only grows).
 * STATUS_PLAN for an impossible sample or level.
 */
enum status noisy_count_interval(const struct noisy_sample *sample, double confidence,
                                 struct interval *out, struct error *err) PROFFER_MUST_USE;

/*
 * The same where N itself was told with noise: sure to lie in POPULATION with confidence SURE,
 * above CONFIDENCE. Both ends grow with N, so the low one is that of the least N at the confidence
 * that is left, the high one that of the greatest; n is at most the least N.
 */
enum status noisy_count_interval_between(const struct noisy_sample *sample,
                                         struct interval population, double sure, double confidence,
                                         struct interval *out, struct error *err) PROFFER_MUST_USE;

/*
 * A labelled sample of which every number was told with noise: N, n, x and u (unreadable). One set
 * for the number relevant, at CONFIDENCE in all: an eighth of what may go wrong goes to each of N,
 * n and u, the rest to x. The low end takes none of u as relevant, the most that n can be and the
 * least that N can be; the high end all that u can be, the least n and the greatest N. *POPULATION
 * is what N lies between in the same breath. The same noise is on n, x and u.
 */
struct noisy_tally {
    int64_t population, drawn, relevant, unreadable;
    struct noise_law population_law, law;
};
enum status noisy_tally_interval(const struct noisy_tally *tally, double confidence,
                                 struct interval *out, struct interval *population,
                                 struct error *err) PROFFER_MUST_USE;

/*
 * What the two ends rest on where ALPHA may go wrong in all: the samples that make K least and
 * most, and what is left of ALPHA for x (of both ends together). *POPULATION as above. STATUS_PLAN
 * where a number told is out of range.
 */
struct noisy_extremes {
    struct noisy_sample least, most;
    double left;
};
enum status noisy_tally_extremes(const struct noisy_tally *tally, double alpha,
                                 struct noisy_extremes *out, struct interval *population,
                                 struct error *err) PROFFER_MUST_USE;

/* The least K whose high tail is above ALPHA, at most N; the greatest whose low tail is, at least
 * 0. TAILS: of the sample's law, where they are kept; or NULL. */
uint64_t noisy_count_low_end(const struct noisy_sample *sample, const struct noise_tails *tails,
                             double alpha);
uint64_t noisy_count_high_end(const struct noisy_sample *sample, const struct noise_tails *tails,
                              double alpha);

/* VALUE less and plus what the noise passes with a chance of ALPHA at most; not below 0. */
struct interval noisy_value_interval(int64_t value, const struct noise_law *law, double alpha);

/*
 * The ratio of two noisy values by Fieller's method (J. R. Stat. Soc. B 16, 1954): the ratios r for
 * which A - r B is not significantly different from 0, by the normal law. Approximate. BOUNDED is
 * false where B may be 0: then no finite interval holds.
 */
struct noisy_ratio {
    bool bounded;
    double low, high;
};
enum status noisy_ratio_fieller(double a, double a_variance, double b, double b_variance,
                                double confidence, struct noisy_ratio *out,
                                struct error *err) PROFFER_MUST_USE;

#endif
