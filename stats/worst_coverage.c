/*
 * The least coverage over all K in 0..N, exactly, in a number of steps that grows with n alone.
 *
 * The ends L(x), U(x) of the bounds grow with x, so the samples whose bounds hold K are those with
 * a <= x <= b, where a is the least x with U(x) >= K and b the greatest with L(x) <= K. While K
 * moves and a and b stay, the coverage f(K) = P(X <= b | K) - P(X <= a-1 | K) rises and then falls:
 * one more relevant unit lowers P(X <= x) by P(X = x | K) (n-x) / (N-K), so that
 *     f(K+1) - f(K) = (P(X = a-1 | K) (n-a+1) - P(X = b | K) (n-b)) / (N-K)
 * and P(X = b | K) / P(X = a-1 | K) grows with K (monotone likelihood ratio). So f is least at one
 * of the two ends of each stretch of K with the same a and b, and those ends are L(x)-1, L(x),
 * U(x), U(x)+1, 0 and N.
 */
#include "stats/worst_coverage.h"

#include "base/memory.h"
#include "stats/hypergeometric.h"

#include <assert.h>
#include <stdlib.h>

/* One of Blaker's bounds takes the time of twenty others. */
enum { DRAWN_MAX = 10000, DRAWN_MAX_BLAKER = 1500 };

uint64_t worst_coverage_drawn_max(const struct interval_method *method)
{
    return method->compute == interval_blaker ? DRAWN_MAX_BLAKER : DRAWN_MAX;
}

struct ends {
    uint64_t population, drawn;
    struct interval *of; /* [drawn + 1], by how many relevant were seen */
};

static enum status fill(const struct interval_method *method, const struct anytime_prior *prior,
                        double confidence, struct ends *ends, struct error *err)
{
    for (uint64_t x = 0; x <= ends->drawn; x++) {
        struct interval_result result;
        struct sample_counts sample = {ends->population, ends->drawn, x, 0};
        if (prior)
            TRY(interval_anytime(&sample, *prior, confidence, &result, err));
        else
            TRY(method->compute(&sample, confidence, &result, err));
        ends->of[x] = result.count;
    }
    return STATUS_OK;
}

static bool grow(const struct ends *ends)
{
    for (uint64_t x = 1; x <= ends->drawn; x++)
        if (ends->of[x].low < ends->of[x - 1].low || ends->of[x].high < ends->of[x - 1].high)
            return false;
    return true;
}

/* How many x have a low end of at most K; how many have a high end below K. */
static uint64_t count_low(const struct ends *ends, uint64_t k)
{
    uint64_t first = 0, end = ends->drawn + 1;
    while (first < end) {
        uint64_t middle = first + (end - first) / 2;
        if (ends->of[middle].low <= k)
            first = middle + 1;
        else
            end = middle;
    }
    return first;
}

static uint64_t count_high_below(const struct ends *ends, uint64_t k)
{
    uint64_t first = 0, end = ends->drawn + 1;
    while (first < end) {
        uint64_t middle = first + (end - first) / 2;
        if (ends->of[middle].high < k)
            first = middle + 1;
        else
            end = middle;
    }
    return first;
}

static double coverage_of(const struct ends *ends, uint64_t k)
{
    struct hypergeometric h = {ends->population, k, ends->drawn};
    uint64_t a = count_high_below(ends, k), after = count_low(ends, k); /* a <= x < after */
    if (a >= after)
        return 0;
    double below = a > 0 ? hypergeometric_tail_low(&h, a - 1) : 0;
    return 1 - below - hypergeometric_tail_high(&h, after);
}

static void look_at(const struct ends *ends, uint64_t k, struct worst_coverage *worst)
{
    double here = coverage_of(ends, k);
    if (here > worst->least || (here == worst->least && k >= worst->relevant))
        return;
    worst->least = here;
    worst->relevant = k;
}

static void look_everywhere(const struct ends *ends, struct worst_coverage *worst)
{
    *worst = (struct worst_coverage){true, coverage_of(ends, 0), 0};
    look_at(ends, ends->population, worst);
    for (uint64_t x = 0; x <= ends->drawn; x++) {
        uint64_t low = ends->of[x].low, high = ends->of[x].high;
        if (low > 0)
            look_at(ends, low - 1, worst);
        look_at(ends, low, worst);
        look_at(ends, high, worst);
        if (high < ends->population)
            look_at(ends, high + 1, worst);
    }
}

enum status worst_coverage(const struct interval_method *method, const struct anytime_prior *prior,
                           uint64_t population, uint64_t drawn, double confidence,
                           struct worst_coverage *out, struct error *err)
{
    assert(method->guarantee == INTERVAL_EXACT);
    struct sample_counts sample = {population, drawn, 0, 0};
    *out = (struct worst_coverage){false, 0, 0};
    TRY(sample_counts_check(&sample, err));
    if (drawn > worst_coverage_drawn_max(method))
        return STATUS_OK;
    struct ends ends = {population, drawn, mem_zalloc(drawn + 1, sizeof *ends.of)};
    if (!ends.of)
        return error_nomem(err);
    enum status status = fill(method, prior, confidence, &ends, err);
    if (status == STATUS_OK && grow(&ends))
        look_everywhere(&ends, out);
    free(ends.of);
    return status;
}
