/*
 * Exact confidence sets for the number relevant; see the header.
 *
 * A set holds every K that a test at its level does not reject, so it covers at least the level
 * whatever K is. The tails are monotone in K, so the sets are intervals. They are never empty: the
 * low end L is kept on the high side too, since one more relevant unit adds at most one to X and so
 * P(X <= x | L) >= P(X <= x-1 | L-1) = 1 - P(X >= x | L-1) >= 1 - alpha/2.
 */
#include "stats/interval.h"

#include "stats/hypergeometric.h"
#include "stats/level.h"

#include <inttypes.h>
#include <string.h>

enum status sample_counts_check(const struct sample_counts *sample, struct error *err)
{
    if (sample->population > HYPERGEOMETRIC_POPULATION_MAX)
        return error_set(err, STATUS_PLAN, NULL,
                         "a population of %" PRIu64 " units is more than the %" PRIu64
                         " that bounds are computed for",
                         sample->population, HYPERGEOMETRIC_POPULATION_MAX);
    if (sample->drawn > sample->population)
        return error_set(err, STATUS_PLAN, NULL,
                         "%" PRIu64 " units drawn are more than the population of %" PRIu64,
                         sample->drawn, sample->population);
    if (sample->relevant > sample->drawn)
        return error_set(err, STATUS_PLAN, NULL,
                         "%" PRIu64 " relevant units are more than the %" PRIu64 " drawn",
                         sample->relevant, sample->drawn);
    if (sample->unreadable > sample->drawn - sample->relevant)
        return error_set(err, STATUS_PLAN, NULL,
                         "%" PRIu64 " relevant and %" PRIu64
                         " unreadable units are more than the %" PRIu64 " drawn",
                         sample->relevant, sample->unreadable, sample->drawn);
    return STATUS_OK;
}

/* Bounds at the given alphas, where an alpha of 0 asks for no bound beyond what is possible. */
static enum status exact_set(const struct sample_counts *sample, double confidence,
                             double low_share, double high_share, struct interval_result *out,
                             struct error *err)
{
    TRY(sample_counts_check(sample, err));
    TRY(level_check(confidence, err));
    double alpha = level_alpha(confidence);
    uint64_t worst = sample->relevant + sample->unreadable;
    struct interval_result r = {0};
    r.count.low = sample->relevant;
    r.count.high = sample->population - (sample->drawn - worst);
    if (low_share > 0) {
        r.low_certified = true;
        r.low_certificate = exact_bound_lower(sample->population, sample->drawn, sample->relevant,
                                              alpha * low_share);
        r.count.low = r.low_certificate.value;
    }
    if (high_share > 0) {
        r.high_certified = true;
        r.high_certificate =
            exact_bound_upper(sample->population, sample->drawn, worst, alpha * high_share);
        r.count.high = r.high_certificate.value;
    }
    if (sample->population > 0) {
        r.share_low = (double)r.count.low / (double)sample->population;
        r.share_high = (double)r.count.high / (double)sample->population;
    }
    *out = r;
    return STATUS_OK;
}

enum status interval_equal_tailed(const struct sample_counts *sample, double confidence,
                                  struct interval_result *out, struct error *err)
{
    return exact_set(sample, confidence, 0.5, 0.5, out, err);
}

enum status interval_upper(const struct sample_counts *sample, double confidence,
                           struct interval_result *out, struct error *err)
{
    return exact_set(sample, confidence, 0, 1, out, err);
}

enum status interval_lower(const struct sample_counts *sample, double confidence,
                           struct interval_result *out, struct error *err)
{
    return exact_set(sample, confidence, 1, 0, out, err);
}

static const struct interval_method interval_methods[] = {
    {"equal-tailed", "Exact, two-sided (hypergeometric, equal-tailed)",
     "Covers at least the stated level whatever the number relevant is, and each end errs at most "
     "half of the rest of the time; for a simple random sample without replacement whose size was "
     "fixed before the labels were read.",
     "Katz, JASA 48 (1953) 256-261; Buonaccorsi, The American Statistician 41 (1987) 215-218",
     INTERVAL_EXACT, interval_equal_tailed},
    {"upper", "Exact upper bound (hypergeometric, one-sided)",
     "The number relevant lies at or below the bound with at least the stated level; same "
     "assumptions. The low end is only what was found.",
     "Buonaccorsi, The American Statistician 41 (1987) 215-218", INTERVAL_EXACT, interval_upper},
    {"lower", "Exact lower bound (hypergeometric, one-sided)",
     "The number relevant lies at or above the bound with at least the stated level; same "
     "assumptions. The high end is only what is possible.",
     "Buonaccorsi, The American Statistician 41 (1987) 215-218", INTERVAL_EXACT, interval_lower},
};

const struct interval_method *interval_method_list(size_t *count)
{
    *count = sizeof interval_methods / sizeof *interval_methods;
    return interval_methods;
}

const struct interval_method *interval_method_find(const char *name)
{
    for (size_t i = 0; i < sizeof interval_methods / sizeof *interval_methods; i++)
        if (strcmp(interval_methods[i].name, name) == 0)
            return &interval_methods[i];
    return NULL;
}
