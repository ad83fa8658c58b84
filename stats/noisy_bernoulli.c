/* Bernoulli samples with noise: see noisy_bernoulli.h. */
#include "stats/noisy_bernoulli.h"

#include "stats/binomial.h"
#include "stats/hypergeometric.h"
#include "stats/interval.h"
#include "stats/level.h"

#include <gsl/gsl_cdf.h>
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>

/* What is left out of a sum has less than this part of it: far in a tail most of the sum may come
 * from far off the mode. And less than this mass is none. */
static const double negligible = 1e-17, no_mass = 1e-305;
/* A tail below this is beyond every threshold. */
static const double nothing = 1e-200;

/* What is summed over the number drawn: a tail of the noise, or its mass. */
enum ending { NOISE_AT_MOST, NOISE_AT_LEAST, NOISE_JUST };

/* MIDDLE: the noise's mass at 0. */
static double noise_end(const struct noisy_parts *p, enum ending ending, double middle, int64_t gap)
{
    double size = fabs((double)gap);
    if (ending == NOISE_JUST && p->law.kind == NOISE_LAW_NONE)
        return gap == 0;
    if (ending == NOISE_JUST && p->law.kind == NOISE_LAW_LAPLACE)
        return middle * exp(-size / p->law.scale);
    if (ending == NOISE_JUST)
        return middle * exp(-size * size / (2 * p->law.scale));
    gap = ending == NOISE_AT_LEAST ? gap : -gap;
    return p->tails ? noise_tails_upper(p->tails, gap) : noise_law_upper(&p->law, gap);
}

/* The sum over x of P(X = x) times what the noise must be from there, from the mode outward. */
static double convolve(const struct noisy_parts *p, double share, int64_t told, uint64_t relevant,
                       enum ending ending)
{
    struct binomial b = {relevant, share};
    double middle = noise_law_pmf(&p->law, 0);
    if (share >= 1)
        return noise_end(p, ending, middle, told - (int64_t)relevant);
    double odds = share / (1 - share);
    uint64_t mode = (uint64_t)(((double)relevant + 1) * share);
    if (mode > relevant)
        mode = relevant;
    double top = binomial_pmf(&b, mode), mass = top;
    double sum = top * noise_end(p, ending, middle, told - (int64_t)mode);
    for (uint64_t x = mode; x < relevant && mass > no_mass && mass > sum * negligible; x++) {
        mass *= (double)(relevant - x) / (double)(x + 1) * odds;
        sum += mass * noise_end(p, ending, middle, told - (int64_t)(x + 1));
    }
    mass = top;
    for (uint64_t x = mode; x > 0 && mass > no_mass && mass > sum * negligible; x--) {
        mass *= (double)x / ((double)(relevant - x + 1) * odds);
        sum += mass * noise_end(p, ending, middle, told - (int64_t)(x - 1));
    }
    return sum;
}

double noisy_bernoulli_low(const struct noisy_parts *parts, double share, int64_t told,
                           uint64_t relevant)
{
    return convolve(parts, share, told, relevant, NOISE_AT_MOST);
}

double noisy_bernoulli_high(const struct noisy_parts *parts, double share, int64_t told,
                            uint64_t relevant)
{
    return convolve(parts, share, told, relevant, NOISE_AT_LEAST);
}

enum status noisy_parts_check(const struct noisy_parts *parts, struct error *err)
{
    static const int64_t told_most = INT64_MAX / 8;
    if (parts->count == 0)
        return error_set(err, STATUS_PLAN, NULL, "a stratified sample needs a stratum");
    if (parts->count > NOISY_PARTS_MAX)
        return error_set(err, STATUS_PLAN, NULL, "more than %d strata", NOISY_PARTS_MAX);
    if (parts->most > HYPERGEOMETRIC_POPULATION_MAX)
        return error_set(err, STATUS_PLAN, NULL, "the population is too large");
    if (parts->law.kind != NOISE_LAW_NONE && !(parts->law.scale > 0))
        return error_set(err, STATUS_PLAN, NULL, "the scale of noise must be above 0");
    for (size_t i = 0; i < parts->count; i++) {
        const struct noisy_part *p = &parts->items[i];
        if (!(p->share > 0 && p->share <= 1))
            return error_set(err, STATUS_PLAN, NULL, "a share must be above 0 and at most 1");
        if (p->told > told_most || p->told < -told_most || p->open > told_most ||
            p->open < -told_most)
            return error_set(err, STATUS_PLAN, NULL, "the number told is out of range");
    }
    return STATUS_OK;
}

/* ---- one end ---- */

/* From above: told numbers with all that is open; from below: as told. */
struct end {
    const struct noisy_parts *parts;
    bool upper;
    int64_t open_error;                     /* that the noise on the open can hide; from above */
    struct interval range[NOISY_PARTS_MAX]; /* of each part, what can be part of an allocation */
};

/* What is left out above a range adds no more than this to ln p. */
static const double slack = 2e-12;

static int64_t told_at(const struct end *e, size_t i)
{
    const struct noisy_part *p = &e->parts->items[i];
    int64_t open = p->open + e->open_error;
    return p->told + (e->upper && open > 0 ? open : 0);
}

static double tail_at(const struct end *e, size_t i, uint64_t relevant)
{
    return convolve(e->parts, e->parts->items[i].share, told_at(e, i), relevant,
                    e->upper ? NOISE_AT_MOST : NOISE_AT_LEAST);
}

/* By how much ln of the tail changes from RELEVANT to one more: falls from above, grows from below.
 * The change grows with RELEVANT from above, and falls from below. */
static double change_at(const struct end *e, size_t i, uint64_t relevant)
{
    double share = e->parts->items[i].share, tail = tail_at(e, i, relevant);
    if (!(tail > nothing))
        return INFINITY;
    double mass =
        convolve(e->parts, share, told_at(e, i) - (e->upper ? 0 : 1), relevant, NOISE_JUST);
    double part = share * mass / tail;
    return e->upper ? (part < 1 ? -log1p(-part) : INFINITY) : log1p(part);
}

/* The maximum over k of ln tail + price k from above, of ln tail - price k from below. */
static double best_at(const struct end *e, size_t i, double price)
{
    uint64_t low = e->range[i].low, high = e->range[i].high;
    while (low < high) {
        uint64_t middle = low + (high - low) / 2;
        if (e->upper == (change_at(e, i, middle) <= price))
            low = middle + 1;
        else
            high = middle;
    }
    double tail = tail_at(e, i, low), steps = price * (double)low;
    return log(fmax(tail, nothing)) + (e->upper ? steps : -steps);
}

/* Where K must lie not to be rejected by this price: at most so much from above, above so much from
 * below. */
static double bound_at(const struct end *e, double threshold, double price)
{
    double sum = 0;
    for (size_t i = 0; i < e->parts->count; i++)
        sum += best_at(e, i, price) + slack;
    return e->upper ? (sum - threshold) / price : (threshold - sum) / price;
}

/* The least number relevant from which on the tail of part I is at least LEAST (from below, where
 * it grows), or below it (from above, where it falls). */
static uint64_t turns_at(const struct end *e, size_t i, double least)
{
    uint64_t low = 0, high = e->parts->most;
    while (low < high) {
        uint64_t middle = low + (high - low) / 2;
        if (e->upper == (tail_at(e, i, middle) < least))
            high = middle;
        else
            low = middle + 1;
    }
    return low;
}

/* Tails beyond the threshold are in no allocation that is kept. */
static void find_ranges(struct end *e, double threshold)
{
    double beyond = exp(threshold) / 2;
    for (size_t i = 0; i < e->parts->count; i++) {
        uint64_t turn = turns_at(e, i, beyond);
        e->range[i] = e->upper ? (struct interval){0, turn}
                               : (struct interval){turn, turns_at(e, i, 1 - slack / 2)};
        if (e->range[i].high < e->range[i].low)
            e->range[i].high = e->range[i].low;
    }
}

/* The best over all prices, by golden section: the bound has one valley, or one peak, in it. */
static double best_bound(struct end *e, double alpha)
{
    enum { STEPS = 22 };
    static const double golden = 0.6180339887498949;
    double threshold = -gsl_cdf_chisq_Qinv(alpha, 2 * (double)e->parts->count) / 2;
    find_ranges(e, threshold);
    double low = log(1e-9), high = log(1 - threshold), sign = e->upper ? 1 : -1;
    double left = high - golden * (high - low), right = low + golden * (high - low);
    double at_left = sign * bound_at(e, threshold, exp(left));
    double at_right = sign * bound_at(e, threshold, exp(right)), best = fmin(at_left, at_right);
    for (int i = 0; i < STEPS; i++) {
        if (at_left < at_right) {
            high = right;
            right = left;
            at_right = at_left;
            left = high - golden * (high - low);
            at_left = sign * bound_at(e, threshold, exp(left));
        } else {
            low = left;
            left = right;
            at_left = at_right;
            right = low + golden * (high - low);
            at_right = sign * bound_at(e, threshold, exp(right));
        }
        best = fmin(best, fmin(at_left, at_right));
    }
    return sign * best;
}

/* The last number that is kept, of one part. */
static uint64_t one_end(const struct end *e, double alpha)
{
    uint64_t low = 0, high = e->parts->most;
    while (low < high) {
        uint64_t middle = low + (high - low) / 2 + (e->upper ? 1 : 0);
        bool kept = !level_rejects(tail_at(e, 0, middle), alpha);
        if (e->upper && kept)
            low = middle;
        else if (e->upper)
            high = middle - 1;
        else if (kept)
            high = middle;
        else
            low = middle + 1;
    }
    return low;
}

uint64_t noisy_parts_upper(const struct noisy_parts *parts, double open_alpha, double alpha)
{
    /* P(Z <= -c - 1) is at most a where P(|Z| > c) is at most 2 a. */
    double each = open_alpha / (double)parts->count;
    struct end e = {.parts = parts,
                    .upper = true,
                    .open_error = noise_law_half_width(&parts->law, 1 - 2 * each)};
    if (parts->count == 1)
        return one_end(&e, alpha);
    double bound = best_bound(&e, alpha) * (1 + 1e-12) + 1e-9;
    return bound < (double)parts->most ? (uint64_t)fmax(bound, 0) : parts->most;
}

uint64_t noisy_parts_lower(const struct noisy_parts *parts, double alpha)
{
    struct end e = {.parts = parts};
    if (parts->count == 1)
        return one_end(&e, alpha);
    double bound = best_bound(&e, alpha) * (1 - 1e-12) - 1e-9;
    if (bound < 0)
        return 0;
    return bound < (double)parts->most ? (uint64_t)bound + 1 : parts->most;
}
