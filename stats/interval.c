/*
 * Exact confidence sets for the number relevant, and the table of all methods; see the header.
 *
 * A set holds every K that a test at its level does not reject, so it covers at least the level
 * whatever K is. The tails are monotone in K, so the sets are intervals. They are never empty: the
 * low end L is kept on the high side too, since one more relevant unit adds at most one to X and so
 * P(X <= x | L) >= P(X <= x-1 | L-1) = 1 - P(X >= x | L-1) >= 1 - alpha/2.
 */
#include "stats/interval.h"

#include "stats/blaker.h"
#include "stats/hypergeometric.h"
#include "stats/interval_approximate.h"
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

/* A set with both ends as far out as the sample lets them be. */
static enum status begin_set(const struct sample_counts *sample, double confidence,
                             struct interval_result *out, struct error *err)
{
    TRY(sample_counts_check(sample, err));
    TRY(level_check(confidence, err));
    uint64_t worst = sample->relevant + sample->unreadable;
    *out = (struct interval_result){
        .count = {sample->relevant, sample->population - (sample->drawn - worst)}};
    return STATUS_OK;
}

static void set_low(struct interval_result *r, struct exact_bound bound)
{
    r->low_certified = true;
    r->low_certificate = bound;
    r->count.low = bound.value;
}

static void set_high(struct interval_result *r, struct exact_bound bound)
{
    r->high_certified = true;
    r->high_certificate = bound;
    r->count.high = bound.value;
}

static enum status end_set(const struct sample_counts *sample, struct interval_result *r,
                           struct interval_result *out)
{
    if (sample->population > 0) {
        r->share_low = (double)r->count.low / (double)sample->population;
        r->share_high = (double)r->count.high / (double)sample->population;
    }
    *out = *r;
    return STATUS_OK;
}

/* Bounds at the given shares of alpha, where a share of 0 asks for none beyond what is possible. */
static enum status exact_set(const struct sample_counts *s, double confidence, double low_share,
                             double high_share, struct interval_result *out, struct error *err)
{
    struct interval_result r;
    TRY(begin_set(s, confidence, &r, err));
    double alpha = level_alpha(confidence);
    if (low_share > 0)
        set_low(&r, exact_bound_lower(s->population, s->drawn, s->relevant, alpha * low_share));
    if (high_share > 0)
        set_high(&r, exact_bound_upper(s->population, s->drawn, s->relevant + s->unreadable,
                                       alpha * high_share));
    return end_set(s, &r, out);
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

enum status interval_blaker(const struct sample_counts *sample, double confidence,
                            struct interval_result *out, struct error *err)
{
    struct interval_result r;
    TRY(begin_set(sample, confidence, &r, err));
    double alpha = level_alpha(confidence);
    if (alpha >= 0.5)
        return error_set(err, STATUS_PLAN, NULL,
                         "Blaker's set needs a confidence above 0.5, not %.15g", confidence);
    uint64_t worst = sample->relevant + sample->unreadable;
    set_low(&r, blaker_lower(sample->population, sample->drawn, sample->relevant, alpha));
    set_high(&r, blaker_upper(sample->population, sample->drawn, worst, alpha));
    return end_set(sample, &r, out);
}

enum status interval_anytime(const struct sample_counts *sample, struct anytime_prior prior,
                             double confidence, struct interval_result *out, struct error *err)
{
    struct interval_result r;
    TRY(begin_set(sample, confidence, &r, err));
    TRY(anytime_prior_check(prior, err));
    double alpha = level_alpha(confidence);
    uint64_t worst = sample->relevant + sample->unreadable;
    set_low(&r, anytime_lower(sample->population, sample->drawn, sample->relevant, prior, alpha));
    set_high(&r, anytime_upper(sample->population, sample->drawn, worst, prior, alpha));
    return end_set(sample, &r, out);
}

static enum status anytime_even(const struct sample_counts *sample, double confidence,
                                struct interval_result *out, struct error *err)
{
    return interval_anytime(sample, (struct anytime_prior){1, 1}, confidence, out, err);
}

#define AT_LEAST "P(X >= relevant)"
#define AT_MOST  "P(X <= relevant + unreadable)"

static const struct interval_method interval_methods[] = {
    {"equal-tailed", "Exact, two-sided (hypergeometric, equal-tailed)",
     "Covers at least the stated level whatever the number relevant is, and each end errs at most "
     "half of the rest of the time; for a simple random sample without replacement whose size was "
     "fixed before the labels were read.",
     "Katz, JASA 48 (1953) 256-261; Buonaccorsi, The American Statistician 41 (1987) 215-218",
     "The lower bound is the least K with P(X >= x | K) > (1 - confidence) / 2, the upper the "
     "greatest K with P(X <= x + u | K) > (1 - confidence) / 2, for x relevant and u unreadable of "
     "n drawn.",
     INTERVAL_EXACT, AT_LEAST, AT_MOST, interval_equal_tailed},
    {"blaker", "Exact, two-sided (hypergeometric, Blaker)",
     "Covers at least the stated level whatever the number relevant is, and lies inside the "
     "equal-tailed set; an end alone may err more than half of the rest of the time. Same "
     "assumptions. Where the accepted numbers have gaps, this is from the least to the greatest.",
     "Blaker, Canadian Journal of Statistics 28 (2000) 783-798",
     "A K is accepted if the smaller of P(X <= x | K) and P(X >= x | K), together with the largest "
     "tail on the other side that is not larger, is more than 1 - confidence. The lower bound is "
     "the least accepted K for x relevant, the upper the greatest for x + u, with u unreadable of "
     "n drawn.",
     INTERVAL_EXACT, "the acceptability", "the acceptability", interval_blaker},
    {"upper", "Exact upper bound (hypergeometric, one-sided)",
     "The number relevant lies at or below the bound with at least the stated level; same "
     "assumptions. The low end is only what was found.",
     "Buonaccorsi, The American Statistician 41 (1987) 215-218",
     "The bound is the greatest K with P(X <= x + u | K) > 1 - confidence, for x relevant and u "
     "unreadable of n drawn.",
     INTERVAL_EXACT, "", AT_MOST, interval_upper},
    {"lower", "Exact lower bound (hypergeometric, one-sided)",
     "The number relevant lies at or above the bound with at least the stated level; same "
     "assumptions. The high end is only what is possible.",
     "Buonaccorsi, The American Statistician 41 (1987) 215-218",
     "The bound is the least K with P(X >= x | K) > 1 - confidence, for x relevant of n drawn.",
     INTERVAL_EXACT, AT_LEAST, "", interval_lower},
    {"anytime", "Exact at every look (prior-posterior ratio)",
     "Covers at all looks together with at least the stated level, however often and whenever the "
     "labels of a growing random sample without replacement are looked at; wider than a bound for "
     "one size fixed beforehand.",
     "Waudby-Smith and Ramdas, NeurIPS 33 (2020) 20204-20214",
     "A K is accepted if P(X = x | K) / m(x) > 1 - confidence, m(x) being the probability of x "
     "relevant of n under the prior. The lower bound is the least accepted K for x relevant, the "
     "upper the greatest for x + u, with u unreadable of n drawn.",
     INTERVAL_EXACT, "posterior / prior", "posterior / prior", anytime_even},
    {"clopper-pearson", "Clopper-Pearson (binomial)",
     "Covers at least the stated level for draws with replacement; without replacement it is wider "
     "than the exact set where much of the population was drawn.",
     "Clopper and Pearson, Biometrika 26 (1934) 404-413",
     "Shares p at which P(X >= x | p) and P(X <= x + u | p) are (1 - confidence) / 2, for x "
     "relevant and u unreadable of n independent draws.",
     INTERVAL_APPROXIMATE, "", "", interval_clopper_pearson},
    {"wilson", "Wilson (score, binomial)",
     "Covers about the stated level on average over shares; at single rare shares far less: 83.9 % "
     "instead of 95 % near a share of 0.0000088 at 20,000 drawn.",
     "Wilson, Journal of the American Statistical Association 22 (1927) 209-212",
     "The roots p of (x / n - p)^2 = z^2 p (1 - p) / n, z being the normal quantile; the upper one "
     "with x + u for x.",
     INTERVAL_APPROXIMATE, "", "", interval_wilson},
    {"agresti-coull", "Agresti-Coull (binomial)",
     "Covers about the stated level, mostly more at rare shares; no guarantee: 81.8 % instead of "
     "95 % with 2 drawn of 11 of which 1 is relevant.",
     "Agresti and Coull, The American Statistician 52 (1998) 119-126",
     "p -+ z sqrt(p (1 - p) / m) with m = n + z^2 and p = (x + z^2 / 2) / m, z being the normal "
     "quantile; the upper end with x + u for x.",
     INTERVAL_APPROXIMATE, "", "", interval_agresti_coull},
    {"jeffreys", "Jeffreys (binomial, equal-tailed posterior)",
     "Covers about the stated level on average over shares; at single rare shares less: 89.8 % "
     "instead of 95 % near a share of 0.000036 at 3,000 drawn.",
     "Brown, Cai and DasGupta, Statistical Science 16 (2001) 101-133",
     "Quantiles of Beta(x + 1/2, n - x + 1/2) at (1 - confidence) / 2 on either side, 0 where x = "
     "0 and 1 where x = n; the upper end with x + u for x.",
     INTERVAL_APPROXIMATE, "", "", interval_jeffreys},
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
