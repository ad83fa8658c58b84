/* Bounds with noise inside: see noisy_count.h. */
#include "stats/noisy_count.h"

#include "stats/hypergeometric.h"
#include "stats/level.h"

#include <gsl/gsl_cdf.h>
#include <math.h>
#include <stdlib.h>

/* What is left out of a sum has less than this part of the mode's mass. */
static const double negligible = 1e-18;

static uint64_t mode_of(const struct hypergeometric *h)
{
    double mode =
        floor(((double)h->drawn + 1) * ((double)h->relevant + 1) / ((double)h->population + 2));
    uint64_t least = hypergeometric_least(h), most = hypergeometric_most(h);
    return mode < (double)least ? least : mode > (double)most ? most : (uint64_t)mode;
}

/* P(X = x + 1) / P(X = x) */
static double step_up(const struct hypergeometric *h, uint64_t x)
{
    double others = (double)(h->population - h->relevant) - (double)h->drawn;
    return (double)(h->relevant - x) * (double)(h->drawn - x) /
           ((double)(x + 1) * (others + (double)x + 1));
}

/* P(Z >= y - x), or P(Z <= y - x) = P(Z >= x - y). */
static double noise_tail(const struct noisy_sample *s, const struct noise_tails *tails, uint64_t x,
                         bool high)
{
    int64_t gap = s->told - (int64_t)x;
    gap = high ? gap : -gap;
    return tails ? noise_tails_upper(tails, gap) : noise_law_upper(&s->law, gap);
}

/* The sum over x of P(X = x) times the noise's tail, from the mode outward. */
static double convolve(const struct noisy_sample *s, const struct noise_tails *tails,
                       uint64_t relevant, bool high)
{
    struct hypergeometric h = {s->population, relevant, s->drawn};
    uint64_t mode = mode_of(&h), least = hypergeometric_least(&h), most = hypergeometric_most(&h);
    double top = hypergeometric_pmf(&h, mode), sum = top * noise_tail(s, tails, mode, high),
           mass = top;
    for (uint64_t x = mode; x < most && mass > top * negligible;) {
        mass *= step_up(&h, x++);
        sum += mass * noise_tail(s, tails, x, high);
    }
    mass = top;
    for (uint64_t x = mode; x > least && mass > top * negligible;) {
        mass /= step_up(&h, --x);
        sum += mass * noise_tail(s, tails, x, high);
    }
    return sum;
}

double noisy_count_high(const struct noisy_sample *sample, uint64_t relevant)
{
    return convolve(sample, NULL, relevant, true);
}

double noisy_count_low(const struct noisy_sample *sample, uint64_t relevant)
{
    return convolve(sample, NULL, relevant, false);
}

static enum status check_sample(const struct noisy_sample *s, struct error *err)
{
    if (s->drawn > s->population)
        return error_set(err, STATUS_PLAN, NULL, "more units were drawn than there are");
    if (s->population > HYPERGEOMETRIC_POPULATION_MAX)
        return error_set(err, STATUS_PLAN, NULL, "the population is too large");
    if (s->told > INT64_MAX / 2 || s->told < -(INT64_MAX / 2))
        return error_set(err, STATUS_PLAN, NULL, "the number told is out of range");
    if (s->law.kind != NOISE_LAW_NONE && !(s->law.scale > 0))
        return error_set(err, STATUS_PLAN, NULL, "the scale of noise must be above 0");
    return STATUS_OK;
}

/* The least K whose high tail is above ALPHA; N + 1 if none is. */
static uint64_t low_end(const struct noisy_sample *s, const struct noise_tails *tails, double alpha)
{
    uint64_t from = 0, to = s->population + 1;
    while (from < to) {
        uint64_t middle = from + (to - from) / 2;
        if (middle > s->population || !level_rejects(convolve(s, tails, middle, true), alpha))
            to = middle;
        else
            from = middle + 1;
    }
    return from;
}

/* One above the greatest K whose low tail is above ALPHA; 0 if none is. */
static uint64_t high_end(const struct noisy_sample *s, const struct noise_tails *tails,
                         double alpha)
{
    uint64_t from = 0, to = s->population + 1;
    while (from < to) {
        uint64_t middle = from + (to - from) / 2;
        if (middle <= s->population && !level_rejects(convolve(s, tails, middle, false), alpha))
            from = middle + 1;
        else
            to = middle;
    }
    return from;
}

enum status noisy_count_interval(const struct noisy_sample *sample, double confidence,
                                 struct interval *out, struct error *err)
{
    TRY(check_sample(sample, err));
    TRY(level_check(confidence, err));
    double alpha = level_alpha(confidence) / 2;
    uint64_t low = low_end(sample, NULL, alpha), high = high_end(sample, NULL, alpha);
    if (low > sample->population) /* y is far above n: nothing explains it better than all */
        low = sample->population;
    *out = (struct interval){low, high ? high - 1 : 0};
    if (out->high < out->low)
        out->low = out->high = sample->told > 0 ? out->low : out->high;
    return STATUS_OK;
}

enum status noisy_count_interval_between(const struct noisy_sample *sample,
                                         struct interval population, double sure, double confidence,
                                         struct interval *out, struct error *err)
{
    struct noisy_sample least = *sample, most = *sample;
    struct interval low, high;
    TRY(level_check(sure, err));
    double left = confidence + 1 - sure;
    if (!(sure > confidence) || !(left < 1))
        return error_set(err, STATUS_PLAN, NULL,
                         "the population must be surer than the bounds that rest on it");
    least.population = population.low > sample->drawn ? population.low : sample->drawn;
    most.population = population.high > least.population ? population.high : least.population;
    TRY(noisy_count_interval(&least, left, &low, err));
    TRY(noisy_count_interval(&most, left, &high, err));
    *out = (struct interval){low.low, high.high};
    return STATUS_OK;
}

struct interval noisy_value_interval(int64_t value, const struct noise_law *law, double alpha)
{
    int64_t half = noise_law_half_width(law, 1 - alpha);
    int64_t low = value - half, high = value + half;
    return (struct interval){low > 0 ? (uint64_t)low : 0, high > 0 ? (uint64_t)high : 0};
}

enum status noisy_tally_extremes(const struct noisy_tally *tally, double alpha,
                                 struct noisy_extremes *out, struct interval *population,
                                 struct error *err)
{
    static const int64_t told_most = (int64_t)(HYPERGEOMETRIC_POPULATION_MAX / 2);
    const int64_t told[] = {tally->population, tally->drawn, tally->relevant, tally->unreadable};
    for (size_t i = 0; i < sizeof told / sizeof *told; i++)
        if (told[i] > told_most || told[i] < -told_most)
            return error_set(err, STATUS_PLAN, NULL, "the number told is out of range");
    double each = alpha / 8;
    struct interval drawn = noisy_value_interval(tally->drawn, &tally->law, each);
    *population = noisy_value_interval(tally->population, &tally->population_law, each);
    /* Whoever was drawn is there. */
    if (population->high < drawn.low)
        population->high = drawn.low;
    if (population->low < drawn.low)
        population->low = drawn.low;
    uint64_t unreadable = noisy_value_interval(tally->unreadable, &tally->law, each).high;
    uint64_t most = drawn.high < population->low ? drawn.high : population->low;
    *out = (struct noisy_extremes){
        .least = {population->low, most, tally->relevant, tally->law},
        .most = {population->high, drawn.low, tally->relevant + (int64_t)unreadable, tally->law},
        .left = alpha - 3 * each};
    TRY(check_sample(&out->least, err));
    return check_sample(&out->most, err);
}

uint64_t noisy_count_low_end(const struct noisy_sample *sample, const struct noise_tails *tails,
                             double alpha)
{
    uint64_t end = low_end(sample, tails, alpha);
    return end < sample->population ? end : sample->population;
}

uint64_t noisy_count_high_end(const struct noisy_sample *sample, const struct noise_tails *tails,
                              double alpha)
{
    uint64_t end = high_end(sample, tails, alpha);
    return end ? end - 1 : 0;
}

enum status noisy_tally_interval(const struct noisy_tally *tally, double confidence,
                                 struct interval *out, struct interval *population,
                                 struct error *err)
{
    struct noisy_extremes extremes;
    TRY(level_check(confidence, err));
    TRY(noisy_tally_extremes(tally, level_alpha(confidence), &extremes, population, err));
    out->low = noisy_count_low_end(&extremes.least, NULL, extremes.left / 2);
    out->high = noisy_count_high_end(&extremes.most, NULL, extremes.left / 2);
    if (out->high < out->low)
        out->high = out->low;
    return STATUS_OK;
}

enum status noisy_ratio_fieller(double a, double a_variance, double b, double b_variance,
                                double confidence, struct noisy_ratio *out, struct error *err)
{
    TRY(level_check(confidence, err));
    if (!(a_variance >= 0 && b_variance >= 0) || !isfinite(a) || !isfinite(b))
        return error_set(err, STATUS_PLAN, NULL, "a value or variance is no number");
    double z = gsl_cdf_ugaussian_Qinv(level_alpha(confidence) / 2), z2 = z * z;
    /* (b^2 - z^2 vb) r^2 - 2 a b r + (a^2 - z^2 va) <= 0 */
    double square = b * b - z2 * b_variance;
    double root = a * a * b * b - square * (a * a - z2 * a_variance);
    *out = (struct noisy_ratio){.bounded = square > 0 && root >= 0};
    if (out->bounded) {
        out->low = (a * b - sqrt(root)) / square;
        out->high = (a * b + sqrt(root)) / square;
    }
    return STATUS_OK;
}
