/* Units of drawn clusters with noise: see clustered_count.h. */
#include "stats/clustered_count.h"

#include "stats/binomial.h"
#include "stats/hypergeometric.h"
#include "stats/level.h"

#include <math.h>
#include <stdbool.h>

/* What is left out of a sum has less than this part of it, and less than this mass is none: as in
 * noisy_bernoulli.c. */
static const double negligible = 1e-17, no_mass = 1e-305;

/* One question: Y of RELEVANT units, of the side on which it is looked beyond. */
struct worst {
    const struct clustered_count *of;
    bool low; /* E (h - Y)+, else E (Y - h)+ */
    uint64_t clusters, rest;
};

/* E (h - v - Z)+ of what is sure, or E (v + Z - h)+. */
static double beyond(const struct worst *w, int64_t h, uint64_t full)
{
    const struct clustered_count *c = w->of;
    int64_t v = (int64_t)(full * c->cap), rest = (int64_t)w->rest, side = w->low ? 1 : -1;
    double without = noise_hinge_at(c->noise, side * (h - v));
    if (rest == 0)
        return without;
    return (1 - c->share) * without + c->share * noise_hinge_at(c->noise, side * (h - v - rest));
}

/* Its mean over the number of full clusters drawn, from the mode outward. */
static double mean_beyond(const struct worst *w, int64_t h)
{
    const struct clustered_count *c = w->of;
    struct binomial b = {w->clusters, c->share};
    if (c->share >= 1)
        return beyond(w, h, w->clusters);
    double odds = c->share / (1 - c->share), most = (double)w->clusters * (double)c->cap + 1;
    uint64_t mode = (uint64_t)(((double)w->clusters + 1) * c->share);
    if (mode > w->clusters)
        mode = w->clusters;
    double top = binomial_pmf(&b, mode), mass = top, sum = top * beyond(w, h, mode);
    for (uint64_t m = mode; m < w->clusters && mass > no_mass && mass * most > sum * negligible;
         m++) {
        mass *= (double)(w->clusters - m) / (double)(m + 1) * odds;
        sum += mass * beyond(w, h, m + 1);
    }
    mass = top;
    for (uint64_t m = mode; m > 0 && mass > no_mass && mass * most > sum * negligible; m--) {
        mass *= (double)m / ((double)(w->clusters - m + 1) * odds);
        sum += mass * beyond(w, h, m - 1);
    }
    return sum;
}

/* The bound that the point DISTANCE beyond TOLD gives. */
static double bound_at(const struct worst *w, int64_t told, int64_t distance)
{
    return mean_beyond(w, w->low ? told + distance : told - distance) / (double)distance;
}

/* The least over all points: a convex function over a linear one has one valley. Every point's
 * bound holds, so that where it ends matters to the width alone. */
static double least_bound(const struct clustered_count *c, bool low, int64_t told,
                          uint64_t relevant)
{
    struct worst w = {c, low, relevant / c->cap, relevant % c->cap};
    double mean = (double)relevant * c->share;
    if (low ? (double)told >= mean : (double)told <= mean)
        return 1;
    double variance = noise_law_variance(&c->noise->law) + mean * (double)c->cap * (1 - c->share);
    /* Where the best point is further off than this, the bound is above a half. */
    int64_t first = 1, last = (int64_t)(3 * sqrt(variance)) + 2;
    while (first < last) {
        int64_t middle = first + (last - first) / 2;
        if (bound_at(&w, told, middle + 1) < bound_at(&w, told, middle))
            first = middle + 1;
        else
            last = middle;
    }
    return fmin(bound_at(&w, told, first), 1);
}

double clustered_count_low(const struct clustered_count *count, int64_t told, uint64_t relevant)
{
    return least_bound(count, true, told, relevant);
}

double clustered_count_high(const struct clustered_count *count, int64_t told, uint64_t relevant)
{
    return least_bound(count, false, told, relevant);
}

enum status clustered_count_check(const struct clustered_count *c, struct error *err)
{
    static const int64_t told_most = INT64_MAX / 8;
    const struct noise_law *law = &c->noise->law;
    if (!(c->share > 0 && c->share <= 1))
        return error_set(err, STATUS_PLAN, NULL, "a share must be above 0 and at most 1");
    if (c->cap == 0 || c->cap > HYPERGEOMETRIC_POPULATION_MAX ||
        c->most > HYPERGEOMETRIC_POPULATION_MAX)
        return error_set(err, STATUS_PLAN, NULL, "the population or its clusters are too large");
    if (law->kind != NOISE_LAW_NONE && !(law->scale > 0))
        return error_set(err, STATUS_PLAN, NULL, "the scale of noise must be above 0");
    if (c->told > told_most || c->told < -told_most || c->open > told_most || c->open < -told_most)
        return error_set(err, STATUS_PLAN, NULL, "the number told is out of range");
    return STATUS_OK;
}

/* Where TOLD is what is expected, which is never rejected: at most `most`. */
static uint64_t expected(const struct clustered_count *c, int64_t told)
{
    double relevant = told > 0 ? ceil((double)told / c->share) : 0;
    return relevant < (double)c->most ? (uint64_t)relevant : c->most;
}

uint64_t clustered_count_upper(const struct clustered_count *c, double open_alpha, double alpha)
{
    /* P(Z <= -w - 1) is at most a where P(|Z| > w) is at most 2 a. */
    int64_t open = c->open + noise_law_half_width(&c->noise->law, 1 - 2 * open_alpha);
    int64_t told = c->told + (open > 0 ? open : 0);
    uint64_t low = expected(c, told), high = low;
    for (uint64_t step = c->cap; high == low && low < c->most; step *= 2) {
        uint64_t next = step < c->most - low ? low + step : c->most;
        if (level_rejects(clustered_count_low(c, told, next), alpha))
            high = next;
        else
            high = low = next;
    }
    while (low < high) {
        uint64_t middle = low + (high - low + 1) / 2;
        if (level_rejects(clustered_count_low(c, told, middle), alpha))
            high = middle - 1;
        else
            low = middle;
    }
    return low;
}

uint64_t clustered_count_lower(const struct clustered_count *c, double alpha)
{
    uint64_t low = 0, high = expected(c, c->told);
    while (low < high) {
        uint64_t middle = low + (high - low) / 2;
        if (level_rejects(clustered_count_high(c, c->told, middle), alpha))
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}
