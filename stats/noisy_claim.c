/* Claims on numbers with noise: see noisy_claim.h. */
#include "stats/noisy_claim.h"

#include "stats/level.h"

#include <math.h>

/* What is claimed of what, and how fine its p-value is looked for. */
struct asked {
    const struct noisy_design *design;
    const char *share;
    double step;
};

/* Is the null "violated" rejected at ALPHA? */
static enum status supported_at(const struct asked *a, double alpha, bool *yes, struct error *err)
{
    struct noisy_bounds whole;
    uint64_t allowed;
    if (a->design->strata[0].share > 0) {
        TRY(noisy_design_bounds(a->design, alpha, NOISY_ONE_SIDED, &whole, err));
        TRY(claim_allowed(a->share, whole.population.low, &allowed, err));
        *yes = whole.relevant.high <= allowed;
        return STATUS_OK;
    }
    /* That the upper end is within what is allowed is that the next number is rejected. */
    struct noisy_extremes extremes;
    TRY(noisy_tally_extremes(&a->design->strata[0].tally, alpha, &extremes, &whole.population,
                             err));
    TRY(claim_allowed(a->share, whole.population.low, &allowed, err));
    *yes = allowed >= whole.population.high ||
           level_rejects(noisy_count_low(&extremes.most, allowed + 1), extremes.left);
    return STATUS_OK;
}

/* The least alpha: bounds of all numbers widen as it falls. */
static enum status find_p(const struct asked *a, double *p, struct error *err)
{
    double least = 1e-12, most = 0.999, middle;
    bool yes;
    TRY(supported_at(a, most, &yes, err));
    *p = 1;
    if (!yes)
        return STATUS_OK;
    TRY(supported_at(a, least, &yes, err));
    *p = least;
    if (yes)
        return STATUS_OK;
    while (most > least * a->step) {
        middle = sqrt(least * most);
        TRY(supported_at(a, middle, &yes, err));
        if (yes)
            most = middle;
        else
            least = middle;
    }
    *p = most;
    return STATUS_OK;
}

enum status noisy_claim_design(const struct noisy_design *design, const char *share,
                               double confidence, struct noisy_claim *out, struct error *err)
{
    struct noisy_bounds whole;
    TRY(level_check(confidence, err));
    double alpha = level_alpha(confidence);
    TRY(noisy_design_bounds(design, alpha, NOISY_ONE_SIDED, &whole, err));
    struct asked asked = {design, share, design->strata[0].share > 0 ? 1.01 : 1.001};
    out->population = whole.population;
    out->relevant = whole.relevant;
    TRY(claim_allowed(share, out->population.low, &out->allowed.low, err));
    TRY(claim_allowed(share, out->population.high, &out->allowed.high, err));
    bool supported;
    TRY(supported_at(&asked, alpha, &supported, err));
    out->verdict = supported                               ? CLAIM_SUPPORTED
                   : out->relevant.low > out->allowed.high ? CLAIM_CONTRADICTED
                                                           : CLAIM_UNDETERMINED;
    TRY(find_p(&asked, &out->p_value, err));
    if (supported && out->p_value > alpha) /* it was looked for from above */
        out->p_value = alpha;
    return STATUS_OK;
}

enum status noisy_claim_test(const struct noisy_tally *tally, const char *share, double confidence,
                             struct noisy_claim *out, struct error *err)
{
    struct noisy_stratum stratum = {.tally = *tally};
    struct noisy_design design = {.strata = &stratum, .count = 1};
    return noisy_claim_design(&design, share, confidence, out, err);
}
