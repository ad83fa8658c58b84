/*
 * Exact stratified bounds.
 *
 * Union-intersection (Stark, "Conservative Statistical Post-Election Audits", 2008; Ottoboni,
 * Stark, Lindeman and McBurnett, "Risk-Limiting Audits by Stratified Union-Intersection Tests of
 * Elections", E-Vote-ID 2018). A total K is rejected only if every allocation (K_1, ..., K_H) of it
 * is. The p-values p_h = P(X_h <= x_h | K_h) of independent strata are combined by Fisher's -2 sum
 * ln p_h, which is stochastically at most chi-square with 2 H degrees of freedom, discrete p-values
 * being larger than uniform ones.
 *
 * The maximum over allocations. ln P(X <= x | K) is concave in K (its steps are log1p(-drop) with
 * the drop of hypergeometric.h, the reversed hazard of a log-concave distribution), so the best
 * allocation of each total takes the cheapest steps first, whatever the strata: all steps that cost
 * at most some price. The price is bisected until the threshold falls between two neighbouring
 * doubles; the last steps are taken one by one. No allocation is left out, and the answer is that
 * of trying them all, which the tests do.
 *
 * The low end is the high end of the irrelevant units, mirrored.
 */
#include "stats/stratified.h"

#include "base/memory.h"
#include "stats/hypergeometric.h"
#include "stats/level.h"

#include <gsl/gsl_cdf.h>
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

static enum status check_strata(const struct sample_counts *strata, size_t count, double confidence,
                                struct error *err)
{
    uint64_t total = 0;
    TRY(level_check(confidence, err));
    if (count == 0)
        return error_set(err, STATUS_PLAN, NULL, "a stratified sample needs a stratum");
    for (size_t h = 0; h < count; h++) {
        if (sample_counts_check(&strata[h], err) != STATUS_OK) {
            struct error inner = *err;
            return error_set(err, STATUS_PLAN, NULL, "stratum %zu: %s", h + 1, inner.text);
        }
        total += strata[h].population;
        if (total > HYPERGEOMETRIC_POPULATION_MAX)
            return error_set(err, STATUS_PLAN, NULL,
                             "the strata hold more than the %" PRIu64 " units that bounds are "
                             "computed for",
                             HYPERGEOMETRIC_POPULATION_MAX);
    }
    return STATUS_OK;
}

/* Strata that carry sampling error: neither read whole nor left unread. */
static size_t uncertain(const struct sample_counts *strata, size_t count)
{
    size_t sampled = 0;
    for (size_t h = 0; h < count; h++)
        sampled += strata[h].drawn > 0 && strata[h].drawn < strata[h].population;
    return sampled;
}

enum status stratified_sidak(const struct sample_counts *strata, size_t count, double confidence,
                             struct interval *out, struct error *err)
{
    TRY(check_strata(strata, count, confidence, err));
    size_t sampled = uncertain(strata, count);
    /* 1 - (1 - alpha)^(1/H), of the decimal that the level was written as. */
    double each = confidence;
    if (sampled > 1)
        each = exp(log1p(-level_alpha(confidence)) / (double)sampled);
    struct interval sum = {0, 0};
    for (size_t h = 0; h < count; h++) {
        struct interval_result r;
        TRY(interval_equal_tailed(&strata[h], each, &r, err));
        sum.low += r.count.low;
        sum.high += r.count.high;
    }
    *out = sum;
    return STATUS_OK;
}

/* A stratum from one side: SEEN of its sample count. */
struct side {
    uint64_t population, drawn, seen;
    uint64_t most; /* that are possible */
    bool free;     /* no error or no sample: any number up to MOST costs nothing */
};

/* What the step from K to K + 1 costs: the fall of ln P(X <= seen). */
static double step_cost(const struct side *s, uint64_t k)
{
    if (k >= s->most)
        return INFINITY;
    if (s->free || s->seen == s->drawn)
        return 0;
    struct hypergeometric_low at =
        hypergeometric_low(&(struct hypergeometric){s->population, k, s->drawn}, s->seen);
    return -log1p(-at.drop);
}

static double log_tail(const struct side *s, uint64_t k)
{
    if (s->free || s->seen == s->drawn)
        return 0;
    return hypergeometric_log_tail_low(&(struct hypergeometric){s->population, k, s->drawn},
                                       s->seen);
}

/* The number of steps that each cost at most PRICE; they come first, costs rising with K. */
static uint64_t steps_within(const struct side *s, double price)
{
    uint64_t low = s->seen, high = s->most;
    if (s->free)
        return s->most;
    while (low < high) {
        uint64_t middle = low + (high - low) / 2;
        if (step_cost(s, middle) <= price)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static double allocate(const struct side *sides, size_t count, double price, uint64_t *allocation)
{
    double sum = 0;
    for (size_t h = 0; h < count; h++) {
        allocation[h] = steps_within(&sides[h], price);
        sum += log_tail(&sides[h], allocation[h]);
    }
    return sum;
}

static bool is_rejected(double sum, double threshold)
{
    return sum <= threshold + 1e-14;
}

static size_t cheapest(const double *costs, size_t count)
{
    size_t best = 0;
    for (size_t h = 1; h < count; h++)
        if (costs[h] < costs[best])
            best = h;
    return best;
}

/* Takes single steps until the next one is rejected, and fills B from the allocation. */
static void take_last_steps(const struct side *sides, size_t count, double *costs,
                            struct stratified_bound *b)
{
    double sum = 0;
    for (size_t h = 0; h < count; h++) {
        costs[h] = step_cost(&sides[h], b->allocation[h]);
        sum += log_tail(&sides[h], b->allocation[h]);
    }
    for (;;) {
        size_t h = cheapest(costs, count);
        b->log_p = sum;
        b->beyond = -INFINITY;
        if (!isfinite(costs[h]))
            break;
        /* The sum anew, lest roundings of many steps add up. */
        b->allocation[h]++;
        sum = 0;
        for (size_t i = 0; i < count; i++)
            sum += log_tail(&sides[i], b->allocation[i]);
        if (is_rejected(sum, b->threshold)) {
            b->beyond = sum;
            b->allocation[h]--;
            break;
        }
        costs[h] = step_cost(&sides[h], b->allocation[h]);
    }
    b->value = 0;
    for (size_t h = 0; h < count; h++)
        b->value += b->allocation[h];
}

/* The largest total that is not rejected at ALPHA; H strata carry error. */
static enum status upper(const struct side *sides, size_t count, size_t sampled, double alpha,
                         struct stratified_bound *b, struct error *err)
{
    *b = (struct stratified_bound){.allocation = mem_zalloc(count, sizeof *b->allocation)};
    double *costs = mem_zalloc(count, sizeof *costs);
    if (!b->allocation || !costs) {
        free(costs);
        free(b->allocation);
        b->allocation = NULL;
        return error_nomem(err);
    }
    b->threshold = sampled ? -gsl_cdf_chisq_Qinv(alpha, 2 * (double)sampled) / 2 : -1;
    /* Invariant: all steps up to KEPT together are not rejected, up to OUT they are. A step that
     * costs more than the whole threshold is rejected by itself. */
    double kept = 0, out = 1 - b->threshold;
    if (is_rejected(allocate(sides, count, out, b->allocation), b->threshold)) {
        double least = 1e-300;
        for (int step = 0; step < 200; step++) {
            double price = kept > 0 ? sqrt(kept) * sqrt(out) : fmax(out * 1e-3, least);
            if (!(price > kept && price < out))
                price = kept + (out - kept) / 2;
            if (!(price > kept && price < out))
                break;
            if (is_rejected(allocate(sides, count, price, b->allocation), b->threshold))
                out = price;
            else
                kept = price;
        }
        allocate(sides, count, kept, b->allocation);
    }
    take_last_steps(sides, count, costs, b);
    free(costs);
    return STATUS_OK;
}

/* The strata seen from the relevant units, bounded above, or from the irrelevant ones. */
static void set_sides(const struct sample_counts *strata, size_t count, bool irrelevant,
                      struct side *sides)
{
    for (size_t h = 0; h < count; h++) {
        const struct sample_counts *s = &strata[h];
        uint64_t seen = irrelevant ? s->drawn - s->relevant : s->relevant + s->unreadable;
        sides[h] = (struct side){s->population, s->drawn, seen, s->population - (s->drawn - seen),
                                 s->drawn == 0 || s->drawn == s->population};
    }
}

enum status stratified_fisher(const struct sample_counts *strata, size_t count, double confidence,
                              struct interval *out, struct stratified_bound *low,
                              struct stratified_bound *high, struct error *err)
{
    TRY(check_strata(strata, count, confidence, err));
    enum status status = STATUS_OK;
    struct stratified_bound ends[2] = {{.value = 0}, {.value = 0}};
    struct side *sides = mem_zalloc(count, sizeof *sides);
    uint64_t total = 0;
    if (!sides)
        return error_nomem(err);
    for (int end = 0; end < 2; end++) {
        set_sides(strata, count, end == 0, sides);
        TRY_CLEANUP(upper(sides, count, uncertain(strata, count), level_alpha(confidence) / 2,
                          &ends[end], err));
    }
    for (size_t h = 0; h < count; h++) {
        total += strata[h].population;
        ends[0].allocation[h] = strata[h].population - ends[0].allocation[h];
    }
    ends[0].value = total - ends[0].value;
    *out = (struct interval){ends[0].value, ends[1].value};
    if (low) {
        *low = ends[0];
        ends[0].allocation = NULL;
    }
    if (high) {
        *high = ends[1];
        ends[1].allocation = NULL;
    }
cleanup:
    free(ends[0].allocation);
    free(ends[1].allocation);
    free(sides);
    return status;
}
