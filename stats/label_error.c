/* Reviewers' errors: see label_error.h. */
#include "stats/label_error.h"

#include "base/memory.h"
#include "stats/level.h"

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_randist.h>
#include <gsl/gsl_rng.h>
#include <inttypes.h>
#include <math.h>
#include <stddef.h>
#include <stdlib.h>

static enum status check_rate(const char *name, double rate, struct error *err)
{
    if (rate >= 0 && rate <= 1)
        return STATUS_OK;
    return error_set(err, STATUS_PLAN, NULL, "%s must lie between 0 and 1, not %.15g", name, rate);
}

static enum status check_rates(double share, double sensitivity, double specificity,
                               struct error *err)
{
    TRY(check_rate("a prevalence", share, err));
    TRY(check_rate("a sensitivity", sensitivity, err));
    TRY(check_rate("a specificity", specificity, err));
    if (sensitivity + specificity > 1)
        return STATUS_OK;
    return error_set(
        err, STATUS_PLAN, NULL,
        "sensitivity %.15g and specificity %.15g add up to no more than 1: such labels "
        "say nothing",
        sensitivity, specificity);
}

enum status rogan_gladen(double apparent, double sensitivity, double specificity,
                         struct corrected_prevalence *out, struct error *err)
{
    TRY(check_rates(apparent, sensitivity, specificity, err));
    double value = (apparent - (1 - specificity)) / (sensitivity - (1 - specificity));
    *out = (struct corrected_prevalence){value, value < 0 || value > 1};
    if (out->clipped)
        out->value = value < 0 ? 0 : 1;
    return STATUS_OK;
}

enum status apparent_prevalence(double prevalence, double sensitivity, double specificity,
                                double *apparent, double *false_share, struct error *err)
{
    TRY(check_rates(prevalence, sensitivity, specificity, err));
    double found = prevalence * sensitivity, false_hits = (1 - prevalence) * (1 - specificity);
    *apparent = found + false_hits;
    if (false_share)
        *false_share = *apparent > 0 ? false_hits / *apparent : 0;
    return STATUS_OK;
}

static enum status check_validated(const char *name, struct validated_rate rate, struct error *err)
{
    if (rate.of > 0 && rate.right <= rate.of)
        return STATUS_OK;
    return error_set(err, STATUS_PLAN, NULL, "%s of %" PRIu64 " in %" PRIu64 " is none", name,
                     rate.right, rate.of);
}

/* A rate with one success and one failure added, and the variance of its estimate. */
struct shrunk {
    double rate, variance;
};

static struct shrunk shrink(struct validated_rate rate)
{
    double n = (double)rate.of + 2, r = ((double)rate.right + 1) / n;
    return (struct shrunk){r, r * (1 - r) / n};
}

static enum status check_all(uint64_t relevant, uint64_t drawn, struct validated_rate sensitivity,
                             struct validated_rate specificity, double confidence,
                             struct error *err)
{
    TRY(level_check(confidence, err));
    TRY(check_validated("a share relevant", (struct validated_rate){relevant, drawn}, err));
    TRY(check_validated("a sensitivity", sensitivity, err));
    TRY(check_validated("a specificity", specificity, err));
    return check_rates(0, (double)sensitivity.right / (double)sensitivity.of,
                       (double)specificity.right / (double)specificity.of, err);
}

enum status lang_reiczigel(uint64_t relevant, uint64_t drawn, struct validated_rate sensitivity,
                           struct validated_rate specificity, double confidence, double *low,
                           double *high, struct error *err)
{
    TRY(check_all(relevant, drawn, sensitivity, specificity, confidence, err));
    double z = gsl_cdf_ugaussian_Qinv(level_alpha(confidence) / 2), n = (double)drawn + z * z;
    double apparent = ((double)relevant + z * z / 2) / n;
    struct shrunk se = shrink(sensitivity), sp = shrink(specificity);
    double power = se.rate + sp.rate - 1;
    if (!(power > 0))
        return error_set(err, STATUS_PLAN, NULL,
                         "sensitivity and specificity rest on too few units to say anything");
    double centre = (apparent + sp.rate - 1) / power;
    double shift = 2 * z * z * (centre * se.variance - (1 - centre) * sp.variance);
    double spread = apparent * (1 - apparent) / n + centre * centre * se.variance +
                    (1 - centre) * (1 - centre) * sp.variance;
    double half = z * sqrt(spread) / power;
    *low = fmin(fmax(centre + shift - half, 0), 1);
    *high = fmin(fmax(centre + shift + half, 0), 1);
    return STATUS_OK;
}

/* ---- melding ---- */

enum { MELD_DRAWS = 100000, MELD_SEED = 20150301 };

/* One value of a rate's lower or upper confidence distribution: a beta, or a certainty. */
static double draw_rate(gsl_rng *rng, struct validated_rate rate, bool upper)
{
    double a = (double)rate.right + upper, b = (double)(rate.of - rate.right) + !upper;
    return a == 0 ? 0 : b == 0 ? 1 : gsl_ran_beta(rng, a, b);
}

/* The true share; an undefined one is whatever is worst for the end. */
static double true_share(double apparent, double sensitivity, double specificity, double worst)
{
    double power = sensitivity + specificity - 1;
    if (!(power > 0))
        return worst;
    return fmin(fmax((apparent + specificity - 1) / power, 0), 1);
}

static int compare_shares(const void *a, const void *b)
{
    double left = *(const double *)a, right = *(const double *)b;
    return (left > right) - (left < right);
}

enum status melded_prevalence(uint64_t relevant, uint64_t drawn, struct validated_rate sensitivity,
                              struct validated_rate specificity, double confidence, double *low,
                              double *high, struct error *err)
{
    TRY(check_all(relevant, drawn, sensitivity, specificity, confidence, err));
    struct validated_rate share = {relevant, drawn};
    double alpha = level_alpha(confidence), *shares = mem_zalloc(MELD_DRAWS, sizeof *shares);
    gsl_rng *rng = gsl_rng_alloc(gsl_rng_mt19937);
    enum status status = shares && rng ? STATUS_OK : error_nomem(err);
    for (int upper = 0; status == STATUS_OK && upper < 2; upper++) {
        gsl_rng_set(rng, MELD_SEED);
        for (int i = 0; i < MELD_DRAWS; i++)
            shares[i] =
                true_share(draw_rate(rng, share, upper), draw_rate(rng, sensitivity, !upper),
                           draw_rate(rng, specificity, upper), upper);
        qsort(shares, MELD_DRAWS, sizeof *shares, compare_shares);
        double at = (upper ? 1 - alpha / 2 : alpha / 2) * (MELD_DRAWS - 1);
        *(upper ? high : low) = shares[(size_t)(upper ? ceil(at) : floor(at))];
    }
    free(shares);
    gsl_rng_free(rng);
    return status;
}
