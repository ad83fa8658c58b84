/*
 * The laws of integer noise: discrete Laplace and discrete Gaussian (Canonne, Kamath and Steinke
 * 2020), as numbers: probabilities, tails, bounds. The draws are made elsewhere, exactly.
 *
 *     Laplace, scale t    P(Z = z) = (1 - a) / (1 + a) a^|z|, a = exp(-1/t)
 *     Gaussian, sigma^2   P(Z = z) = exp(-z^2 / (2 sigma^2)) / sum over all integers of the same
 */
#ifndef PROFFER_NOISE_LAW_H
#define PROFFER_NOISE_LAW_H

#include "base/error.h"

#include <stdint.h>

enum noise_law_kind { NOISE_LAW_NONE, NOISE_LAW_LAPLACE, NOISE_LAW_GAUSSIAN };

struct noise_law {
    enum noise_law_kind kind; /* NONE: always 0 */
    double scale;             /* t, or sigma^2; above 0 */
};

double noise_law_pmf(const struct noise_law *law, int64_t z);
/* P(Z >= z), to about 1e-12 of itself; of a Gaussian with sigma over 1000 to 1e-6 of itself within
 * six sigma. */
double noise_law_upper(const struct noise_law *law, int64_t z);
double noise_law_variance(const struct noise_law *law);

/*
 * The least k with P(|Z| <= k) >= CONFIDENCE in (0, 1): a noisy value plus and minus k holds the
 * true one with at least that confidence. (Of a Gaussian with sigma over 1000 it may be one more.)
 */
int64_t noise_law_half_width(const struct noise_law *law, double confidence);

/*
 * The least delta with which the discrete Gaussian of variance parameter SIGMA_SQUARED on a count
 * that one user changes by 1 is (EPSILON, delta)-private (Canonne, Kamath and Steinke 2020, Theorem
 * 7). (sigma^2 = 1, epsilon = 1: 0.14135133940562192.)
 */
double noise_law_gaussian_delta(double sigma_squared, double epsilon);

#endif
