/*
 * Sample sizes; see the header.
 *
 * P(X <= x) is the same with K and n exchanged, so the least n that rejects K is one more than the
 * largest that does not, which is the bound search with the roles exchanged.
 */
#include "stats/sample_size.h"

#include "stats/two_phase.h"

#include "stats/binomial.h"
#include "stats/exact_bound.h"
#include "stats/hypergeometric.h"
#include "stats/level.h"

#include <gsl/gsl_cdf.h>
#include <inttypes.h>
#include <math.h>

enum status sample_size_reject(uint64_t population, uint64_t relevant, uint64_t hits,
                               double confidence, uint64_t *size, struct error *err)
{
    TRY(level_check(confidence, err));
    if (population > HYPERGEOMETRIC_POPULATION_MAX)
        return error_set(err, STATUS_PLAN, NULL,
                         "a population of %" PRIu64 " units is more than the %" PRIu64
                         " that bounds are computed for",
                         population, HYPERGEOMETRIC_POPULATION_MAX);
    if (relevant > population)
        return error_set(err, STATUS_PLAN, NULL,
                         "%" PRIu64 " relevant units are more than the population of %" PRIu64,
                         relevant, population);
    *size = hits >= relevant
                ? SAMPLE_SIZE_NONE
                : exact_bound_upper(population, relevant, hits, level_alpha(confidence)).value + 1;
    return STATUS_OK;
}

enum status sample_size_margin(double margin, double confidence, uint64_t population,
                               uint64_t *size, struct error *err)
{
    TRY(level_check(confidence, err));
    /* Below 1e-6 the size would pass 10^12 at high levels. */
    if (!(margin >= 1e-6 && margin < 1))
        return error_set(err, STATUS_PLAN, NULL,
                         "a margin must lie between 0.000001 and 1, not %.15g", margin);
    double z = gsl_cdf_ugaussian_Qinv(level_alpha(confidence) / 2);
    double n = z * z / (4 * margin * margin);
    if (population > 0)
        n /= 1 + (n - 1) / (double)population;
    n = ceil(n);
    if (n < 1)
        n = 1;
    *size = population > 0 && n > (double)population ? population : (uint64_t)n;
    return STATUS_OK;
}

enum status sample_size_recall(double recall, uint64_t misses, double confidence, uint64_t *size,
                               struct error *err)
{
    const uint64_t most = 1000000000;
    TRY(level_check(confidence, err));
    if (!(recall > 0 && recall < 1))
        return error_set(err, STATUS_PLAN, NULL,
                         "a recall to show must lie between 0 and 1, both excluded, not %.15g",
                         recall);
    double alpha = level_alpha(confidence), miss = level_alpha(recall);
    *size = SAMPLE_SIZE_NONE;
    if (misses >= most)
        return STATUS_OK;
    /* The tail falls with n: MISSES units never reject, and the bracket doubles from there. */
    uint64_t kept = misses, out = misses + 1;
    while (out <= most &&
           !level_rejects(binomial_tail_low(&(struct binomial){out, miss}, misses), alpha)) {
        kept = out;
        out *= 2;
    }
    if (out > most)
        return STATUS_OK;
    while (out - kept > 1) {
        uint64_t middle = kept + (out - kept) / 2;
        if (level_rejects(binomial_tail_low(&(struct binomial){middle, miss}, misses), alpha))
            out = middle;
        else
            kept = middle;
    }
    *size = out;
    return STATUS_OK;
}

enum status sample_size_checks(uint64_t population, uint64_t allowed, uint64_t drawn,
                               uint64_t relevant, uint64_t overturned, double confidence,
                               uint64_t *size, struct error *err)
{
    struct sample_counts first = {population, drawn, relevant, 0};
    TRY(level_check(confidence, err));
    TRY(sample_counts_check(&first, err));
    double alpha = level_alpha(confidence);
    if (!(alpha < 0.5))
        return error_set(err, STATUS_PLAN, NULL, "checks need a confidence above 0.5");
    *size = SAMPLE_SIZE_NONE;
    uint64_t cleared = drawn - relevant, few = overturned, enough = cleared + 1;
    if (overturned > cleared)
        return STATUS_OK;
    /* Checking more with as few overturned only narrows the bound. */
    while (few < enough) {
        uint64_t middle = few + (enough - few) / 2;
        struct label_check check = {false, cleared, middle, overturned, 0};
        struct interval set;
        if (middle > cleared)
            break;
        TRY(two_phase_interval(&first, &check, 1 - 2 * alpha, &set, err));
        if (set.high <= allowed)
            enough = middle;
        else
            few = middle + 1;
    }
    if (enough <= cleared)
        *size = enough;
    return STATUS_OK;
}
