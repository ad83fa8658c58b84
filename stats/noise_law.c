/* Laws of integer noise: see noise_law.h. */
#include "stats/noise_law.h"

#include <math.h>

enum { TERMS_LIMIT = 45 }; /* in sigmas: exp(-45^2 / 2) is below 1e-400 */

/* Above this variance the tail is taken from the normal law at half integers. */
static const double smooth_variance = 1e6;

/*
 * The sum of exp(-z^2 / 2v) over all integers; for v above 1 by the theta function's other form,
 * sqrt(2 pi v) times the sum of exp(-2 pi^2 v z^2).
 */
static double normaliser(double v)
{
    double sum = 1;
    if (v > 1) {
        for (int z = 1; z < 4; z++)
            sum += 2 * exp(-2 * M_PI * M_PI * v * z * z);
        return sqrt(2 * M_PI * v) * sum;
    }
    for (int z = 1; z <= TERMS_LIMIT; z++)
        sum += 2 * exp(-(double)z * z / (2 * v));
    return sum;
}

double noise_law_pmf(const struct noise_law *law, int64_t z)
{
    double size = fabs((double)z);
    switch (law->kind) {
    case NOISE_LAW_LAPLACE:
        return -expm1(-1 / law->scale) / (1 + exp(-1 / law->scale)) * exp(-size / law->scale);
    case NOISE_LAW_GAUSSIAN:
        return exp(-size * size / (2 * law->scale)) / normaliser(law->scale);
    case NOISE_LAW_NONE:
        break;
    }
    return z == 0;
}

/* P(Z >= z) for z > 0. */
static double gaussian_upper(double v, int64_t z)
{
    if (v > smooth_variance)
        return erfc(((double)z - 0.5) / sqrt(2 * v)) / 2;
    double last = (double)z + TERMS_LIMIT * sqrt(v) + 2, sum = 0;
    double first = exp(-(double)z * (double)z / (2 * v));
    for (double at = (double)z; at <= last; at++) {
        double term = exp(-at * at / (2 * v));
        sum += term;
        if (term < first * 1e-18)
            break;
    }
    return sum / normaliser(v);
}

double noise_law_upper(const struct noise_law *law, int64_t z)
{
    if (z <= 0)
        return z == INT64_MIN ? 1 : 1 - noise_law_upper(law, 1 - z);
    switch (law->kind) {
    case NOISE_LAW_LAPLACE:
        return exp(-(double)z / law->scale) / (1 + exp(-1 / law->scale));
    case NOISE_LAW_GAUSSIAN:
        return gaussian_upper(law->scale, z);
    case NOISE_LAW_NONE:
        break;
    }
    return 0;
}

double noise_law_variance(const struct noise_law *law)
{
    double a, sum = 0;
    switch (law->kind) {
    case NOISE_LAW_LAPLACE:
        a = exp(-1 / law->scale);
        return 2 * a / (expm1(-1 / law->scale) * expm1(-1 / law->scale));
    case NOISE_LAW_GAUSSIAN:
        if (law->scale > 100) /* the difference is below exp(-1900) */
            return law->scale;
        for (int z = 1; z <= TERMS_LIMIT * 10 + 2; z++)
            sum += 2.0 * z * z * noise_law_pmf(law, z);
        return sum;
    case NOISE_LAW_NONE:
        break;
    }
    return 0;
}

int64_t noise_law_half_width(const struct noise_law *law, double confidence)
{
    int64_t short_of = -1, enough = 1;
    if (law->kind == NOISE_LAW_NONE)
        return 0;
    while (2 * noise_law_upper(law, enough + 1) > 1 - confidence)
        enough *= 2;
    while (enough - short_of > 1) {
        int64_t middle = short_of + (enough - short_of) / 2;
        if (2 * noise_law_upper(law, middle + 1) > 1 - confidence)
            short_of = middle;
        else
            enough = middle;
    }
    return enough + (law->kind == NOISE_LAW_GAUSSIAN && law->scale > smooth_variance);
}

double noise_law_gaussian_delta(double sigma_squared, double epsilon)
{
    struct noise_law law = {NOISE_LAW_GAUSSIAN, sigma_squared};
    double at = epsilon * sigma_squared;
    int64_t above_less = (int64_t)floor(at - 0.5) + 1, above_more = (int64_t)floor(at + 0.5) + 1;
    return noise_law_upper(&law, above_less) - exp(epsilon) * noise_law_upper(&law, above_more);
}
