/*
 * Stratified exact bounds: sums computed elsewhere, every allocation of small strata tried one by
 * one, coverage by enumeration, one stratum against the simple sample, certificates at 20 million.
 */
#include "tests/support/support.h"

#include "stats/hypergeometric.h"
#include "stats/stratified.h"

#include <gsl/gsl_cdf.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

static struct interval sidak(const struct sample_counts *strata, size_t count, double confidence)
{
    struct error err = ERROR_INIT;
    struct interval out;
    assert_ok(stratified_sidak(strata, count, confidence, &out, &err), err);
    return out;
}

static struct interval fisher(const struct sample_counts *strata, size_t count, double confidence)
{
    struct error err = ERROR_INIT;
    struct interval out;
    assert_ok(stratified_fisher(strata, count, confidence, &out, NULL, NULL, &err), err);
    return out;
}

static void published_sums(void **state)
{
    (void)state;
    static const struct sample_counts two[] = {{100000, 1000, 20, 0}, {19900000, 29000, 0, 0}};
    struct interval sum = sidak(two, 2, 0.95);
    assert_int_equal(sum.low, 1144);
    assert_int_equal(sum.high, 6223);
    /* The union-intersection bound of the same sample is narrower at the top. */
    struct interval joint = fisher(two, 2, 0.95);
    assert_true(joint.high < sum.high && joint.low <= sum.high);
}

/* One stratum is a simple random sample; read whole, or not at all, it is what it must be. */
static void one_stratum(void **state)
{
    (void)state;
    static const struct sample_counts cases[] = {
        {50, 10, 3, 0}, {80, 16, 8, 2}, {20000000, 3000, 3, 0}, {20000000, 30000, 0, 1}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct error err = ERROR_INIT;
        struct interval_result r;
        assert_ok(interval_equal_tailed(&cases[i], 0.95, &r, &err), err);
        struct interval s = sidak(&cases[i], 1, 0.95), f = fisher(&cases[i], 1, 0.95);
        assert_true(s.low == r.count.low && s.high == r.count.high);
        assert_true(f.low == r.count.low && f.high == r.count.high);
    }
    const struct sample_counts whole = {30, 30, 7, 2}, nothing = {30, 0, 0, 0};
    struct interval s = sidak(&whole, 1, 0.95), f = fisher(&whole, 1, 0.95);
    assert_true(s.low == 7 && s.high == 9 && f.low == 7 && f.high == 9);
    s = sidak(&nothing, 1, 0.95);
    f = fisher(&nothing, 1, 0.95);
    assert_true(s.low == 0 && s.high == 30 && f.low == 0 && f.high == 30);
    /* Beside a sampled stratum they shift its bounds and cost nothing. */
    const struct sample_counts three[] = {{50, 10, 3, 0}, {30, 30, 7, 2}, {30, 0, 0, 0}};
    s = sidak(three, 3, 0.95);
    f = fisher(three, 3, 0.95);
    assert_true(s.low == 5 + 7 && s.high == 31 + 9 + 30);
    assert_true(f.low == 5 + 7 && f.high == 31 + 9 + 30);
}

/* ---- every allocation, one by one ---- */

enum { STRATA_MOST = 3 };

/* The largest sum of ln p over all allocations of TOTAL; the tails are of the relevant units. */
static double best_sum(const struct sample_counts *strata, size_t count, uint64_t total, bool low)
{
    if (count == 0)
        return total == 0 ? 0 : -INFINITY;
    double best = -INFINITY;
    for (uint64_t k = 0; k <= strata[0].population && k <= total; k++) {
        struct hypergeometric h = {strata[0].population, k, strata[0].drawn};
        uint64_t x = strata[0].relevant;
        double log = low ? hypergeometric_log_tail_high(&h, x) : hypergeometric_log_tail_low(&h, x);
        best = fmax(best, log + best_sum(strata + 1, count - 1, total - k, low));
    }
    return best;
}

static void check_all(const struct sample_counts *strata, size_t count, double confidence)
{
    uint64_t total = 0;
    size_t sampled = 0;
    for (size_t h = 0; h < count; h++) {
        total += strata[h].population;
        sampled += strata[h].drawn > 0 && strata[h].drawn < strata[h].population;
    }
    double threshold =
        sampled ? -gsl_cdf_chisq_Qinv((1 - confidence) / 2, 2 * (double)sampled) / 2 : -1;
    uint64_t low = UINT64_MAX, high = 0;
    for (uint64_t k = 0; k <= total; k++) {
        if (best_sum(strata, count, k, true) > threshold + 1e-13 && low == UINT64_MAX)
            low = k;
        if (best_sum(strata, count, k, false) > threshold + 1e-13)
            high = k;
    }
    struct interval out = fisher(strata, count, confidence);
    if (out.low != low || out.high != high)
        fail_msg("[%lu, %lu] instead of [%lu, %lu]", (unsigned long)out.low,
                 (unsigned long)out.high, (unsigned long)low, (unsigned long)high);
}

static void every_allocation(void **state)
{
    (void)state;
    static const uint64_t designs[][STRATA_MOST][2] = {{{9, 4}, {12, 3}},        {{6, 6}, {14, 5}},
                                                       {{7, 2}, {5, 3}, {8, 4}}, {{10, 1}, {10, 9}},
                                                       {{6, 2}, {6, 2}, {6, 2}}, {{5, 0}, {9, 6}}};
    static const size_t counts[] = {2, 2, 3, 2, 3, 2};
    for (size_t d = 0; d < sizeof counts / sizeof *counts; d++) {
        struct sample_counts strata[STRATA_MOST] = {{0, 0, 0, 0}};
        uint64_t outcomes = 1;
        for (size_t h = 0; h < counts[d]; h++)
            outcomes *= designs[d][h][1] + 1;
        for (uint64_t outcome = 0; outcome < outcomes; outcome++) {
            uint64_t rest = outcome;
            for (size_t h = 0; h < counts[d]; h++) {
                uint64_t n = designs[d][h][1];
                strata[h] = (struct sample_counts){designs[d][h][0], n, rest % (n + 1), 0};
                rest /= n + 1;
            }
            check_all(strata, counts[d], 0.9);
        }
    }
}

/* Unreadable units count as none relevant at the low end and as all at the high end. */
static void unreadable_both_ways(void **state)
{
    (void)state;
    const struct sample_counts with[] = {{40, 10, 2, 3}, {60, 20, 1, 0}};
    const struct sample_counts none[] = {{40, 10, 2, 0}, {60, 20, 1, 0}};
    const struct sample_counts all[] = {{40, 10, 5, 0}, {60, 20, 1, 0}};
    struct interval f = fisher(with, 2, 0.95), s = sidak(with, 2, 0.95);
    assert_int_equal(f.low, fisher(none, 2, 0.95).low);
    assert_int_equal(f.high, fisher(all, 2, 0.95).high);
    assert_int_equal(s.low, sidak(none, 2, 0.95).low);
    assert_int_equal(s.high, sidak(all, 2, 0.95).high);
}

/* At least the level for every pair of true numbers. */
static void coverage_of_two_strata(void **state)
{
    (void)state;
    enum { N1 = 14, N2 = 18, DRAWN1 = 5, DRAWN2 = 6 };
    struct interval sets[2][DRAWN1 + 1][DRAWN2 + 1];
    for (uint64_t x = 0; x <= DRAWN1; x++)
        for (uint64_t y = 0; y <= DRAWN2; y++) {
            struct sample_counts strata[] = {{N1, DRAWN1, x, 0}, {N2, DRAWN2, y, 0}};
            sets[0][x][y] = sidak(strata, 2, 0.9);
            sets[1][x][y] = fisher(strata, 2, 0.9);
        }
    double least[2] = {1, 1};
    for (uint64_t k1 = 0; k1 <= N1; k1++)
        for (uint64_t k2 = 0; k2 <= N2; k2++) {
            struct hypergeometric h1 = {N1, k1, DRAWN1}, h2 = {N2, k2, DRAWN2};
            double covered[2] = {0, 0};
            for (uint64_t x = 0; x <= DRAWN1; x++)
                for (uint64_t y = 0; y <= DRAWN2; y++)
                    for (int m = 0; m < 2; m++)
                        if (sets[m][x][y].low <= k1 + k2 && k1 + k2 <= sets[m][x][y].high)
                            covered[m] += hypergeometric_pmf(&h1, x) * hypergeometric_pmf(&h2, y);
            for (int m = 0; m < 2; m++)
                least[m] = fmin(least[m], covered[m]);
        }
    assert_true(least[0] >= 0.9 && least[1] >= 0.9);
    assert_true(least[0] < 0.999 && least[1] < 0.999); /* not by being everything */
}

static void certificates_at_twenty_million(void **state)
{
    (void)state;
    static const struct sample_counts five[] = {{100000, 1000, 20, 0},
                                                {900000, 2000, 3, 1},
                                                {4000000, 9000, 1, 0},
                                                {5000000, 9000, 0, 0},
                                                {10000000, 9000, 0, 2}};
    struct error err = ERROR_INIT;
    struct interval out;
    struct stratified_bound low, high;
    assert_ok(stratified_fisher(five, 5, 0.95, &out, &low, &high, &err), err);
    assert_true(low.value == out.low && high.value == out.high);
    assert_true(low.log_p > low.threshold && low.beyond <= low.threshold + 1e-13);
    assert_true(high.log_p > high.threshold && high.beyond <= high.threshold + 1e-13);
    uint64_t sum = 0;
    double log = 0;
    for (size_t h = 0; h < 5; h++) {
        struct hypergeometric at = {five[h].population, high.allocation[h], five[h].drawn};
        log += hypergeometric_log_tail_low(&at, five[h].relevant + five[h].unreadable);
        sum += high.allocation[h];
    }
    assert_int_equal(sum, high.value);
    assert_true(fabs(log - high.log_p) < 1e-12);
    /* No exchange between two strata, near or far, makes one more unit fit. */
    for (size_t to = 0; to < 5; to++)
        for (size_t from = 0; from < 5; from++)
            for (uint64_t moved = 1; to != from && moved <= 100000; moved *= 10) {
                if (high.allocation[from] < moved + five[from].relevant)
                    continue;
                double other = 0;
                for (size_t h = 0; h < 5; h++) {
                    uint64_t k = high.allocation[h];
                    k = h == to ? k + moved : h == from ? k - (moved - 1) : k;
                    struct hypergeometric at = {five[h].population, k, five[h].drawn};
                    other +=
                        hypergeometric_log_tail_low(&at, five[h].relevant + five[h].unreadable);
                }
                assert_true(other <= high.threshold + 1e-9);
            }
    free(low.allocation);
    free(high.allocation);
}

static void bad_input(void **state)
{
    (void)state;
    struct error err = ERROR_INIT;
    struct interval out;
    static const struct sample_counts bad[] = {{100, 10, 1, 0}, {100, 10, 11, 0}};
    static const struct sample_counts huge[] = {{HYPERGEOMETRIC_POPULATION_MAX, 1, 0, 0},
                                                {1, 0, 0, 0}};
    assert_int_equal(stratified_sidak(bad, 2, 0.95, &out, &err), STATUS_PLAN);
    assert_non_null(strstr(err.text, "stratum 2: 11 relevant units are more than the 10 drawn"));
    assert_int_equal(stratified_fisher(bad, 2, 0.95, &out, NULL, NULL, &err), STATUS_PLAN);
    assert_int_equal(stratified_fisher(bad, 0, 0.95, &out, NULL, NULL, &err), STATUS_PLAN);
    assert_int_equal(stratified_fisher(bad, 1, 95, &out, NULL, NULL, &err), STATUS_PLAN);
    assert_int_equal(stratified_sidak(bad, 1, NAN, &out, &err), STATUS_PLAN);
    assert_int_equal(stratified_sidak(huge, 2, 0.95, &out, &err), STATUS_PLAN);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(published_sums),
        cmocka_unit_test(one_stratum),
        cmocka_unit_test(every_allocation),
        cmocka_unit_test(unreadable_both_ways),
        cmocka_unit_test(coverage_of_two_strata),
        cmocka_unit_test(certificates_at_twenty_million),
        cmocka_unit_test(bad_input),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
