/* Claims on numbers with noise: see noisy_claim.h. */
#include "stats/noisy_claim.h"

#include "stats/level.h"

#include <math.h>

/* Is the null "violated" rejected at ALPHA? That the upper end is within what is allowed is that
 * the next number is rejected. */
static enum status supported_at(const struct noisy_tally *tally, const char *share, double alpha,
                                bool *yes, struct error *err)
{
    struct noisy_extremes extremes;
    struct interval population;
    uint64_t allowed;
    TRY(noisy_tally_extremes(tally, alpha, &extremes, &population, err));
    TRY(claim_allowed(share, population.low, &allowed, err));
    *yes = allowed >= population.high ||
           level_rejects(noisy_count_low(&extremes.most, allowed + 1), extremes.left);
    return STATUS_OK;
}

/* The least alpha: bounds of N, n, u and x all widen as it falls. */
static enum status find_p(const struct noisy_tally *tally, const char *share, double *p,
                          struct error *err)
{
    double least = 1e-12, most = 0.999, middle;
    bool yes;
    TRY(supported_at(tally, share, most, &yes, err));
    *p = 1;
    if (!yes)
        return STATUS_OK;
    TRY(supported_at(tally, share, least, &yes, err));
    *p = least;
    if (yes)
        return STATUS_OK;
    while (most > least * 1.001) {
        middle = sqrt(least * most);
        TRY(supported_at(tally, share, middle, &yes, err));
        if (yes)
            most = middle;
        else
            least = middle;
    }
    *p = most;
    return STATUS_OK;
}

enum status noisy_claim_test(const struct noisy_tally *tally, const char *share, double confidence,
                             struct noisy_claim *out, struct error *err)
{
    struct noisy_extremes extremes;
    TRY(level_check(confidence, err));
    double alpha = level_alpha(confidence);
    TRY(noisy_tally_extremes(tally, alpha, &extremes, &out->population, err));
    TRY(claim_allowed(share, out->population.low, &out->allowed.low, err));
    TRY(claim_allowed(share, out->population.high, &out->allowed.high, err));
    out->relevant.low = noisy_count_low_end(&extremes.least, extremes.left);
    out->relevant.high = noisy_count_high_end(&extremes.most, extremes.left);
    bool supported;
    TRY(supported_at(tally, share, alpha, &supported, err));
    out->verdict = supported                               ? CLAIM_SUPPORTED
                   : out->relevant.low > out->allowed.high ? CLAIM_CONTRADICTED
                                                           : CLAIM_UNDETERMINED;
    TRY(find_p(tally, share, &out->p_value, err));
    if (supported && out->p_value > alpha) /* it was looked for from above */
        out->p_value = alpha;
    return STATUS_OK;
}
