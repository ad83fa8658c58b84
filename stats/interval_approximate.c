/*
 * Approximate intervals for a share.
 *
 * Clopper and Pearson (Biometrika 26, 1934): beta quantiles; exact for independent draws.
 * Wilson (JASA 22, 1927): the score test inverted. Agresti and Coull (American Statistician 52,
 * 1998): Wald's interval at Wilson's midpoint. Jeffreys (Brown, Cai, DasGupta, Statistical Science
 * 16, 2001): quantiles of Beta(x + 1/2, n - x + 1/2), with 0 and 1 at the ends.
 * Korn and Graubard (Survey Methodology 24, 1998); the cap and the correction by degrees of freedom
 * as in Parker et al., NCHS Vital and Health Statistics 2(175), 2017.
 *
 * A share is turned into numbers of units outward, and never beyond what is possible given the
 * sample.
 */
#include "stats/interval_approximate.h"

#include "stats/beta_distribution.h"
#include "stats/level.h"

#include <gsl/gsl_cdf.h>
#include <math.h>

/* The ends of an interval for HITS of DRAWN at ALPHA; DRAWN is at least 1. */
typedef void (*share_ends)(double hits, double drawn, double alpha, double *low, double *high);

static double clamp(double share)
{
    return share > 0 ? share < 1 ? share : 1 : 0;
}

static void clopper_pearson(double hits, double drawn, double alpha, double *low, double *high)
{
    *low = hits <= 0
               ? 0
               : beta_quantile_low((struct beta_distribution){hits, drawn - hits + 1}, alpha / 2).x;
    *high =
        hits >= drawn
            ? 1
            : beta_quantile_high((struct beta_distribution){hits + 1, drawn - hits}, alpha / 2).x;
}

static void jeffreys(double hits, double drawn, double alpha, double *low, double *high)
{
    struct beta_distribution beta = {hits + 0.5, drawn - hits + 0.5};
    *low = hits <= 0 ? 0 : beta_quantile_low(beta, alpha / 2).x;
    *high = hits >= drawn ? 1 : beta_quantile_high(beta, alpha / 2).x;
}

static void wilson(double hits, double drawn, double alpha, double *low, double *high)
{
    double z = gsl_cdf_ugaussian_Qinv(alpha / 2), z2 = z * z, misses = drawn - hits;
    double root = z * sqrt(z2 + 4 * hits * (misses / drawn));
    /* The two roots of a quadratic, each in the form that does not cancel. */
    *high = clamp((2 * hits + z2 + root) / (2 * (drawn + z2)));
    *low = hits <= 0 ? 0 : clamp(2 * hits * (hits / drawn) / (2 * hits + z2 + root));
    if (misses <= 0)
        *high = 1;
}

static void agresti_coull(double hits, double drawn, double alpha, double *low, double *high)
{
    double z = gsl_cdf_ugaussian_Qinv(alpha / 2), n = drawn + z * z, p = (hits + z * z / 2) / n;
    double half = z * sqrt(p * (1 - p) / n);
    *low = clamp(p - half);
    *high = clamp(p + half);
}

static enum status approximate(const struct sample_counts *sample, double confidence,
                               share_ends ends, struct interval_result *out, struct error *err)
{
    TRY(sample_counts_check(sample, err));
    TRY(level_check(confidence, err));
    double alpha = level_alpha(confidence), n = (double)sample->drawn;
    double population = (double)sample->population, unused;
    uint64_t worst = sample->relevant + sample->unreadable;
    uint64_t least = sample->relevant, most = sample->population - (sample->drawn - worst);
    struct interval_result r = {.count = {least, most}, .share_high = population > 0};
    if (sample->drawn > 0) {
        ends((double)sample->relevant, n, alpha, &r.share_low, &unused);
        ends((double)worst, n, alpha, &unused, &r.share_high);
        double low = floor(r.share_low * population), high = ceil(r.share_high * population);
        if (low > (double)least)
            r.count.low = low < (double)most ? (uint64_t)low : most;
        if (high < (double)most)
            r.count.high = high > (double)least ? (uint64_t)high : least;
    }
    *out = r;
    return STATUS_OK;
}

enum status interval_clopper_pearson(const struct sample_counts *sample, double confidence,
                                     struct interval_result *out, struct error *err)
{
    return approximate(sample, confidence, clopper_pearson, out, err);
}

enum status interval_wilson(const struct sample_counts *sample, double confidence,
                            struct interval_result *out, struct error *err)
{
    return approximate(sample, confidence, wilson, out, err);
}

enum status interval_agresti_coull(const struct sample_counts *sample, double confidence,
                                   struct interval_result *out, struct error *err)
{
    return approximate(sample, confidence, agresti_coull, out, err);
}

enum status interval_jeffreys(const struct sample_counts *sample, double confidence,
                              struct interval_result *out, struct error *err)
{
    return approximate(sample, confidence, jeffreys, out, err);
}

enum status interval_korn_graubard(double p, double se, uint64_t n, double df, double confidence,
                                   double *low, double *high, double *size, struct error *err)
{
    TRY(level_check(confidence, err));
    if (!(p >= 0 && p <= 1))
        return error_set(err, STATUS_PLAN, NULL, "a share must lie between 0 and 1, not %.15g", p);
    if (!(se >= 0) || !isfinite(se))
        return error_set(err, STATUS_PLAN, NULL,
                         "a standard error must be 0 or more and finite, not %.15g", se);
    if (n < 2 || !(df >= 1) || !isfinite(df))
        return error_set(err, STATUS_PLAN, NULL,
                         "at least 2 units and 1 degree of freedom are needed");
    double alpha = level_alpha(confidence), effective = (double)n;
    if (se > 0 && p > 0 && p < 1) {
        double ratio =
            gsl_cdf_tdist_Qinv(alpha / 2, (double)n - 1) / gsl_cdf_tdist_Qinv(alpha / 2, df);
        effective = fmin(effective, p * (1 - p) / (se * se) * ratio * ratio);
    }
    clopper_pearson(p * effective, effective, alpha, low, high);
    if (size)
        *size = effective;
    return STATUS_OK;
}
