/*
 * The hypergeometric distribution against published values, exact arithmetic, R and GSL.
 */
#include "tests/support/support.h"
#include "tests/unit/hypergeometric_exact.h"

#include "stats/hypergeometric.h"
#include "stats/saddle_point.h"
#include "stats/stats_setup.h"

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_sf_log.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Below this logarithm accuracy is promised for the logarithm, above it for the probability. */
#define SMALL (-667.0L)

static void assert_close(double got, long double want, double relative)
{
    if (got == (double)want)
        return;
    if (!(fabsl(got - want) <= relative * fabsl(want)))
        fail_msg("%.17g, not %.20Lg: %.2Lg relative", got, want, fabsl(got - want) / fabsl(want));
}

/* PROBABILITY and LOG against the exact logarithm. */
static void assert_probability(double probability, double log, long double exact)
{
    if (exact > SMALL) {
        assert_close(probability, expl(exact), 1e-15);
        /* Near 1 the logarithm has no more digits than the other tail has. */
        assert_close(log, exact, 1e-13);
    } else {
        assert_close(log, exact, 1e-15);
        assert_true(probability < 1e-289);
    }
}

/* Computed with exact rational numbers; N = 20,000,000. */
static void published_tails(void **state)
{
    (void)state;
    const uint64_t n = 20000000;
    assert_close(hypergeometric_tail_low(&(struct hypergeometric){n, 2000, 5000}, 0),
                 0.60647758706399646L, 1e-15);
    assert_close(hypergeometric_tail_low(&(struct hypergeometric){n, 11981, 5000}, 0),
                 0.049960522825055205L, 1e-15);
    assert_close(hypergeometric_tail_low(&(struct hypergeometric){n, 2000, 20000}, 3),
                 0.85722279899086218L, 1e-15);
    assert_close(hypergeometric_tail_high(&(struct hypergeometric){n, 2000, 20000}, 10),
                 4.5767162191323859e-05L, 1e-15);
    assert_close(hypergeometric_tail_low(&(struct hypergeometric){n, 2000000, 20000}, 2000),
                 0.50595542533262461L, 1e-15);
    assert_close(hypergeometric_tail_high(&(struct hypergeometric){n, 1000000, 2000000}, 101001),
                 0.00031627010674338551L, 1e-15);
    assert_close(
        hypergeometric_log_tail_high(&(struct hypergeometric){10000000, 1000000, 50000}, 10001),
        -2239.77124992040L, 1e-14);
    assert_close(hypergeometric_pmf(&(struct hypergeometric){1000000, 10, 100000}, 10),
                 9.9959506789896786e-11L, 1e-15);
}

static void exact_logarithms(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof exact_cases / sizeof *exact_cases; i++) {
        const struct hypergeometric *h = &exact_cases[i].h;
        uint64_t x = exact_cases[i].x;
        assert_probability(hypergeometric_pmf(h, x), hypergeometric_log_pmf(h, x),
                           exact_cases[i].pmf);
        assert_probability(hypergeometric_tail_low(h, x), hypergeometric_log_tail_low(h, x),
                           exact_cases[i].low);
        assert_probability(hypergeometric_tail_high(h, x), hypergeometric_log_tail_high(h, x),
                           exact_cases[i].high);
    }
}

/* C(n, k) for n <= 60 fits into 64 bits. */
static uint64_t choose[61][61];

static void fill_choose(void)
{
    for (int n = 0; n <= 60; n++) {
        choose[n][0] = 1;
        for (int k = 1; k <= n; k++)
            choose[n][k] = choose[n - 1][k - 1] + (k < n ? choose[n - 1][k] : 0);
    }
}

/* Every N, K, n, x up to N = 60 by counting subsets; also values beyond the support. */
static void counted_subsets(void **state)
{
    (void)state;
    fill_choose();
    const int step = test_short() ? 7 : 1;
    for (int total = 0; total <= 60; total += step) {
        for (int k = 0; k <= total; k++) {
            for (int n = 0; n <= total; n++) {
                struct hypergeometric h = {(uint64_t)total, (uint64_t)k, (uint64_t)n};
                uint64_t below = 0, all = choose[total][n];
                for (int x = 0; x <= n + 1; x++) {
                    uint64_t ways = x <= k && x <= n && n - x <= total - k
                                        ? choose[k][x] * choose[total - k][n - x]
                                        : 0;
                    long double p = (long double)ways / (long double)all;
                    assert_close(hypergeometric_pmf(&h, (uint64_t)x), p, 1e-15);
                    assert_close(hypergeometric_tail_high(&h, (uint64_t)x),
                                 (long double)(all - below) / (long double)all, 1e-15);
                    below += ways;
                    assert_close(hypergeometric_tail_low(&h, (uint64_t)x),
                                 (long double)below / (long double)all, 1e-15);
                }
                assert_true(below == all);
            }
        }
    }
}

static void beyond_the_support(void **state)
{
    (void)state;
    struct hypergeometric h = {100, 90, 20}; /* X is 10 to 20 */
    assert_true(hypergeometric_pmf(&h, 9) == 0 && hypergeometric_pmf(&h, 21) == 0);
    assert_true(hypergeometric_log_pmf(&h, 9) == -INFINITY);
    assert_true(hypergeometric_log_pmf(&h, UINT64_MAX) == -INFINITY);
    assert_true(hypergeometric_tail_low(&h, 9) == 0 && hypergeometric_tail_low(&h, 20) == 1);
    assert_true(hypergeometric_log_tail_low(&h, 9) == -INFINITY);
    assert_true(hypergeometric_log_tail_low(&h, UINT64_MAX) == 0);
    assert_true(hypergeometric_tail_high(&h, 10) == 1 && hypergeometric_tail_high(&h, 21) == 0);
    assert_true(hypergeometric_log_tail_high(&h, 0) == 0);
    assert_true(hypergeometric_log_tail_high(&h, 21) == -INFINITY);
    struct hypergeometric none = {0, 0, 0};
    assert_true(hypergeometric_pmf(&none, 0) == 1 && hypergeometric_pmf(&none, 1) == 0);
    assert_true(hypergeometric_tail_low(&none, 0) == 1 && hypergeometric_tail_high(&none, 0) == 1);
}

static uint64_t random_state;

/* A number in [0, 1) from a fixed stream (SplitMix64). */
static double draw(void)
{
    uint64_t z = random_state += UINT64_C(0x9e3779b97f4a7c15);
    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return (double)((z ^ (z >> 31)) >> 11) * 0x1p-53;
}

/* A distribution of any size and a value within ten standard deviations of its mean. */
static uint64_t any_case(struct hypergeometric *h, double population_max)
{
    double total = floor(exp(draw() * log(population_max))) + 1;
    h->population = (uint64_t)total;
    h->relevant = (uint64_t)exp(draw() * log(total));
    h->drawn = (uint64_t)exp(draw() * log(total));
    if (draw() < 0.2)
        h->relevant = h->population - h->relevant;
    if (draw() < 0.2)
        h->drawn = h->population - h->drawn;
    double low = fmax(0, (double)h->drawn + (double)h->relevant - total);
    double high = fmin((double)h->relevant, (double)h->drawn);
    double mean = (double)h->relevant / total * (double)h->drawn;
    double x = floor(mean + (draw() - 0.5) * 20 * (sqrt(mean) + 1));
    return (uint64_t)fmin(high, fmax(low, x));
}

static void identities(void **state)
{
    (void)state;
    random_state = 20240229;
    for (int i = 0; i < (test_short() ? 300 : 4000); i++) {
        struct hypergeometric h;
        uint64_t x = any_case(&h, 1e11);
        double pmf = hypergeometric_pmf(&h, x), low = hypergeometric_tail_low(&h, x);
        double high = hypergeometric_tail_high(&h, x), above = hypergeometric_tail_high(&h, x + 1);
        assert_close(low + above, 1, 4e-16);
        assert_true(pmf <= low * (1 + 1e-14) && pmf <= high * (1 + 1e-14) && low <= 1 && high <= 1);
        /* The smaller tail is P(x) and the tail beyond it. */
        if (above < low)
            assert_close(high, (long double)above + pmf, 1e-14);
        else if (x > 0)
            assert_close(low, (long double)hypergeometric_tail_low(&h, x - 1) + pmf, 1e-14);
        /* Exchanging K and n, or relevant and irrelevant, changes nothing. */
        struct hypergeometric turned = {h.population, h.drawn, h.relevant};
        assert_close(hypergeometric_tail_low(&turned, x), low, 1e-14);
        struct hypergeometric mirror = {h.population, h.population - h.relevant, h.drawn};
        assert_close(hypergeometric_tail_high(&mirror, h.drawn - x), low, 1e-14);
        /* What one more relevant unit takes away. */
        if (h.relevant < h.population) {
            struct hypergeometric_low at = hypergeometric_low(&h, x);
            struct hypergeometric more = {h.population, h.relevant + 1, h.drawn};
            assert_true(at.tail == low);
            assert_true(at.log_tail == hypergeometric_log_tail_low(&h, x));
            double left = hypergeometric_log_tail_low(&more, x);
            if (at.drop < 0.999)
                assert_close(left, at.log_tail + log1pl(-(long double)at.drop), 1e-12);
        }
    }
}

static void drop_at_the_edges(void **state)
{
    (void)state;
    fill_choose();
    for (uint64_t total = 1; total <= 14; total++)
        for (uint64_t k = 0; k < total; k++)
            for (uint64_t n = 0; n <= total; n++)
                for (uint64_t x = 0; x <= n; x++) {
                    struct hypergeometric h = {total, k, n}, more = {total, k + 1, n};
                    struct hypergeometric_low at = hypergeometric_low(&h, x);
                    double after = hypergeometric_tail_low(&more, x);
                    assert_true(fabs(at.tail * (1 - at.drop) - after) <= 1e-15);
                }
}

/* Mass and tails add up at a population of ten billion, with a wide support. */
static void large_sums(void **state)
{
    (void)state;
    struct hypergeometric h = {UINT64_C(10000000000), 4000000, 1000000000};
    long double sum = 0;
    for (uint64_t x = 395000; x <= 399500; x++)
        sum += hypergeometric_pmf(&h, x);
    long double tails =
        (long double)hypergeometric_tail_low(&h, 399500) - hypergeometric_tail_low(&h, 394999);
    assert_close((double)sum, tails, 1e-13);
}

static void agrees_with_gsl(void **state)
{
    (void)state;
    stats_setup();
    for (unsigned total = 5; total <= 200; total += 13)
        for (unsigned k = 0; k <= total; k += 3)
            for (unsigned n = 1; n <= total; n += 4)
                for (unsigned x = 0; x <= n && x <= k; x += 2) {
                    struct hypergeometric h = {total, k, n};
                    double low = gsl_cdf_hypergeometric_P(x, k, total - k, n);
                    double above = gsl_cdf_hypergeometric_Q(x, k, total - k, n);
                    assert_true(fabs(low - hypergeometric_tail_low(&h, x)) <= 1e-10);
                    assert_true(fabs(above - hypergeometric_tail_high(&h, x + 1)) <= 1e-10);
                }
}

/* GSL reports a domain error as a value instead of aborting. */
static void gsl_does_not_abort(void **state)
{
    (void)state;
    stats_setup();
    assert_true(isnan(gsl_sf_log(-1)));
}

/* R's phyper: rows "phyper, tail, N, K, n, x, P, ln P". */
static void agrees_with_r(void **state)
{
    (void)state;
    if (!test_shared())
        skip();
    const char *path = test_path(test_shared(), "reference/binom_ref.tsv");
    FILE *file = fopen(path, "r");
    if (!file)
        skip();
    char line[512];
    int rows = 0;
    while (fgets(line, sizeof line, file)) {
        double v[6];
        if (sscanf(line, "phyper\tP(X<=x)\t%lf\t%lf\t%lf\t%lf\t%lf\t%lf", v, v + 1, v + 2, v + 3,
                   v + 4, v + 5) != 6)
            continue;
        struct hypergeometric h = {(uint64_t)v[0], (uint64_t)v[1], (uint64_t)v[2]};
        /* R itself is good to about 1e-12 here. */
        assert_close(hypergeometric_tail_low(&h, (uint64_t)v[3]), v[4], 1e-11);
        assert_close(hypergeometric_log_tail_low(&h, (uint64_t)v[3]), v[5], 1e-11);
        rows++;
    }
    assert_int_equal(fclose(file), 0);
    assert_true(rows >= 6);
}

static void saddle_point_terms(void **state)
{
    (void)state;
    /* The table meets the series: e(n) - e(n+1) = (n + 1/2) ln((n+1)/n) - 1. */
    for (uint64_t n = 1; n <= 3000; n++) {
        long double want = ((long double)n + 0.5L) * log1pl(1 / (long double)n) - 1;
        assert_true(fabsl(stirling_error(n) - stirling_error(n + 1) - want) <= 1e-15L / 2);
    }
    assert_true(fabsl(stirling_error(16) - 0.005207655919609640440718L) < 1e-20L);
    assert_true(fabsl(stirling_error(501) - 1.663339765799327051812e-4L) < 1e-20L);
    assert_true(deviance(0, 3, -3) == 3);
    assert_true(deviance(7, 7, 0) == 0);
    /* Both branches at their border: x ln(x/m) + m - x. */
    for (int d = -30; d <= 30; d++) {
        long double m = 100, x = m + d;
        assert_true(fabsl(deviance(x, m, d) - (x * logl(x / m) - d)) < 1e-16L);
    }
}

/* As R's qhyper has them; then the definition itself. */
static void quantiles(void **state)
{
    (void)state;
    static const struct {
        struct hypergeometric h;
        double probability;
        uint64_t x;
    } cases[] = {
        {{20000000, 2000, 200000}, 0.025, 12},
        {{20000000, 2000, 200000}, 0.5, 20},
        {{20000000, 2000, 200000}, 0.975, 29},
        {{20000000, 2000, 200000}, 1e-6, 3},
        {{100, 10, 30}, 0.025, 1},
        {{100, 10, 30}, 0.5, 3},
        {{100, 10, 30}, 0.975, 6},
        {{100, 10, 30}, 0.999999, 10},
        {{100, 60, 70}, 1e-300, 30},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_int_equal(hypergeometric_quantile(&cases[i].h, cases[i].probability), cases[i].x);
    for (uint64_t k = 0; k <= 40; k += 3)
        for (double p = 0.003; p < 1; p += 0.041) {
            struct hypergeometric h = {40, k, 17};
            uint64_t x = hypergeometric_quantile(&h, p);
            assert_true(hypergeometric_tail_low(&h, x) >= p);
            assert_true(x == 0 || hypergeometric_tail_low(&h, x - 1) < p);
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(quantiles),          cmocka_unit_test(published_tails),
        cmocka_unit_test(exact_logarithms),   cmocka_unit_test(counted_subsets),
        cmocka_unit_test(beyond_the_support), cmocka_unit_test(identities),
        cmocka_unit_test(drop_at_the_edges),  cmocka_unit_test(large_sums),
        cmocka_unit_test(agrees_with_gsl),    cmocka_unit_test(gsl_does_not_abort),
        cmocka_unit_test(agrees_with_r),      cmocka_unit_test(saddle_point_terms),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
