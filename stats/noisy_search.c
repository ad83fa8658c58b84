/* Quality of a search with noise: see noisy_search.h. */
#include "stats/noisy_search.h"

#include "stats/level.h"

#include <math.h>

/* PART / WHOLE, where WHOLE may be nothing: then AT_NOTHING. */
static double ratio(double part, double whole, double at_nothing)
{
    return whole > 0 ? fmin(part / whole, 1) : at_nothing;
}

static struct ratio_bounds between(double low, double high)
{
    return (struct ratio_bounds){.defined = true, .low = low, .high = high};
}

enum status noisy_search_bounds(const struct noisy_design parts[2], double confidence,
                                struct search_quality *out, struct error *err)
{
    struct interval units[2], relevant[2];
    TRY(level_check(confidence, err));
    for (size_t i = 0; i < 2; i++) {
        struct noisy_bounds bounds;
        TRY(noisy_design_bounds(&parts[i], level_alpha(sqrt(confidence)), NOISY_TWO_SIDED, &bounds,
                                err));
        relevant[i] = bounds.relevant;
        units[i] = bounds.population;
    }
    double n_low[2], n_high[2], k_low[2], k_high[2];
    for (size_t i = 0; i < 2; i++) {
        n_low[i] = (double)units[i].low;
        n_high[i] = (double)units[i].high;
        k_low[i] = (double)relevant[i].low;
        k_high[i] = (double)relevant[i].high;
    }
    *out = (struct search_quality){.found = relevant[0], .left = relevant[1]};
    out->recall = between(ratio(k_low[0], k_low[0] + k_high[1], 0),
                          ratio(k_high[0], k_high[0] + k_low[1], 1));
    out->precision = between(ratio(k_low[0], n_high[0], 0), ratio(k_high[0], n_low[0], 1));
    out->elusion = between(ratio(k_low[1], n_high[1], 0), ratio(k_high[1], n_low[1], 1));
    out->prevalence = between(ratio(k_low[0] + k_low[1], n_high[0] + n_high[1], 0),
                              ratio(k_high[0] + k_high[1], n_low[0] + n_low[1], 1));
    out->f1 = between(ratio(2 * k_low[0], n_high[0] + k_low[0] + k_high[1], 0),
                      ratio(2 * k_high[0], n_low[0] + k_high[0] + k_low[1], 1));
    return STATUS_OK;
}
