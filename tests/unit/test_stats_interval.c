/*
 * Exact confidence sets: published sets, every set up to N = 60 against counted subsets, exact
 * coverage at N = 20 million, certificates at random sizes.
 */
#include "tests/support/support.h"

#include "stats/hypergeometric.h"
#include "stats/interval.h"
#include "stats/level.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

__extension__ typedef unsigned __int128 wide;

static struct interval_result equal_tailed(uint64_t population, uint64_t drawn, uint64_t x,
                                           double confidence)
{
    struct error err = ERROR_INIT;
    struct interval_result r;
    struct sample_counts sample = {population, drawn, x, 0};
    assert_ok(interval_equal_tailed(&sample, confidence, &r, &err), err);
    return r;
}

/* Two-sided 95 % sets computed exactly; one-sided bounds where they were published too. */
static void published_sets(void **state)
{
    (void)state;
    static const struct {
        uint64_t x, n, population, low, high;
    } cases[] = {
        {3, 10, 50, 5, 31},
        {8, 16, 80, 22, 58},
        {0, 3000, 20000000, 0, 24575},
        {3, 3000, 20000000, 4127, 58389},
        {5, 20000, 20000000, 1625, 11663},
        {20, 200000, 20000000, 1226, 3083},
        {5, 1534, 92000, 99, 694},
        {3, 284, 9999999, 21839, 305583},
        {5, 10, 20, 6, 14},
        {1, 10, 100, 1, 42},
        {0, 10, 100, 0, 29},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct interval_result r = equal_tailed(cases[i].population, cases[i].n, cases[i].x, 0.95);
        assert_int_equal(r.count.low, cases[i].low);
        assert_int_equal(r.count.high, cases[i].high);
        assert_true(r.low_certified && r.high_certified);
        double n = (double)cases[i].population;
        assert_true(r.share_low == (double)r.count.low / n);
        assert_true(r.share_high == (double)r.count.high / n);
    }

    /* Two strata side by side at 97.5 % each, and at the square root of 95 %. */
    struct interval_result r = equal_tailed(100000, 1000, 20, 0.975);
    assert_true(r.count.low == 1143 && r.count.high == 3231);
    r = equal_tailed(19900000, 29000, 0, 0.975);
    assert_true(r.count.low == 0 && r.count.high == 3004);
    r = equal_tailed(100000, 1000, 20, sqrt(0.95));
    assert_true(r.count.low == 1144 && r.count.high == 3228);
    r = equal_tailed(19900000, 29000, 0, sqrt(0.95));
    assert_true(r.count.low == 0 && r.count.high == 2995);

    struct error err = ERROR_INIT;
    struct sample_counts none = {20000000, 3000, 0, 0};
    assert_ok(interval_upper(&none, 0.95, &r, &err), err);
    assert_int_equal(r.count.high, 19960);
    assert_int_equal(r.count.low, 0);
    assert_false(r.low_certified);
    assert_true(r.high_certified && r.high_certificate.alpha == 0.05);
    none.drawn = 30000;
    assert_ok(interval_upper(&none, 0.95, &r, &err), err);
    assert_int_equal(r.count.high, 1995);
    /* "About 25,000" at 2,401 drawn. */
    none.drawn = 2401;
    assert_ok(interval_upper(&none, 0.95, &r, &err), err);
    assert_in_range(r.count.high, 24900, 25000);
}

/*
 * R samplingbook 1.2.4, Sprop(m, n, N)$nr$exact, computed with R 4.2.2: its set holds the first
 * number that is rejected at each end, save where that is impossible.
 */
static void against_samplingbook(void **state)
{
    (void)state;
    static const struct {
        uint64_t population, n, x, low, high;
    } cases[] = {{92000, 1534, 5, 98, 695},
                 {700, 300, 40, 73, 117},
                 {1000, 50, 5, 34, 216},
                 {1000, 50, 0, 0, 70}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct interval_result r = equal_tailed(cases[i].population, cases[i].n, cases[i].x, 0.95);
        assert_int_equal(r.count.low, cases[i].low + (cases[i].x > 0));
        assert_int_equal(r.count.high, cases[i].high - 1);
    }
}

static uint64_t choose[61][61];

static void fill_choose(void)
{
    for (int n = 0; n <= 60; n++) {
        choose[n][0] = 1;
        for (int k = 1; k <= n; k++)
            choose[n][k] = choose[n - 1][k - 1] + (k < n ? choose[n - 1][k] : 0);
    }
}

static uint64_t ways(int total, int k, int n, int x)
{
    if (x > k || x > n || n - x > total - k)
        return 0;
    return choose[k][x] * choose[total - k][n - x];
}

static void assert_certificate(const struct exact_bound *bound, double alpha, double tail,
                               double beyond)
{
    assert_true(bound->alpha == alpha);
    assert_true(bound->tail > alpha && bound->beyond <= alpha * (1 + 1e-15));
    assert_true(fabs(bound->tail - tail) <= 1e-14 * tail);
    assert_true(fabs(bound->beyond - beyond) <= 1e-14 * beyond);
}

/* The set of one outcome by counting, with alpha/2 = 1/DIVISOR in integers; ties are rejected. */
static void check_set(int total, int n, int x, double confidence, uint64_t divisor,
                      struct interval *set)
{
    wide all = choose[total][n];
    int low = -1, high = -1;
    for (int k = 0; k <= total; k++) {
        uint64_t at_most = 0, at_least = 0;
        for (int j = 0; j <= n; j++) {
            uint64_t w = ways(total, k, n, j);
            at_most += j <= x ? w : 0;
            at_least += j >= x ? w : 0;
        }
        bool kept = (wide)at_most * divisor > all && (wide)at_least * divisor > all;
        if (kept && low < 0)
            low = k;
        if (kept)
            high = k;
    }
    struct interval_result r = equal_tailed((uint64_t)total, (uint64_t)n, (uint64_t)x, confidence);
    if (r.count.low != (uint64_t)low || r.count.high != (uint64_t)high)
        fail_msg("x=%d n=%d N=%d at %g: [%" PRIu64 ", %" PRIu64 "], not [%d, %d]", x, n, total,
                 confidence, r.count.low, r.count.high, low, high);
    *set = r.count;

    struct hypergeometric h = {(uint64_t)total, r.count.low, (uint64_t)n}, out = h;
    out.relevant--; /* below 0 it stands for an impossible number, whose tail is 0 */
    assert_certificate(&r.low_certificate, 1 / (double)divisor,
                       hypergeometric_tail_high(&h, (uint64_t)x),
                       r.count.low > 0 ? hypergeometric_tail_high(&out, (uint64_t)x) : 0);
    h.relevant = r.count.high;
    out.relevant = r.count.high + 1;
    assert_certificate(&r.high_certificate, 1 / (double)divisor,
                       hypergeometric_tail_low(&h, (uint64_t)x),
                       h.relevant < h.population ? hypergeometric_tail_low(&out, (uint64_t)x) : 0);
}

/* Every N, n, x: the set is the counted one; every K is covered at least as often as stated. */
static void every_small_population(void **state)
{
    (void)state;
    static const struct {
        double confidence;
        uint64_t divisor;
    } levels[] = {{0.95, 40}, {0.99, 200}, {0.8, 10}};
    const int largest = test_short() ? 25 : 60;
    fill_choose();
    for (size_t level = 0; level < sizeof levels / sizeof *levels; level++) {
        /* alpha = 2/divisor. The level of the report in full, the others on fewer populations. */
        for (int total = 0; total <= largest; total += level == 0 ? 1 : 7) {
            for (int n = 0; n <= total; n++) {
                struct interval sets[61];
                for (int x = 0; x <= n; x++)
                    check_set(total, n, x, levels[level].confidence, levels[level].divisor,
                              &sets[x]);
                for (int k = 0; k <= total; k++) {
                    wide covered = 0;
                    for (int x = 0; x <= n; x++)
                        if (sets[x].low <= (uint64_t)k && (uint64_t)k <= sets[x].high)
                            covered += ways(total, k, n, x);
                    wide divisor = levels[level].divisor;
                    assert_true(covered * divisor >= (wide)choose[total][n] * (divisor - 2));
                }
                /* More hits never lower a bound. */
                for (int x = 1; x <= n; x++)
                    assert_true(sets[x - 1].low <= sets[x].low && sets[x - 1].high <= sets[x].high);
            }
        }
    }
}

/* Coverage at N = 20 million, summed over every x that has a chance of 1e-18 or more. */
static void coverage_at_twenty_million(void **state)
{
    (void)state;
    static const uint64_t relevant[] = {1, 10, 11, 200, 2000, 2001, 20000, 20011};
    static const uint64_t drawn[] = {2401, 3000, 20000, 29934, 200000};
    for (size_t i = 0; i < sizeof relevant / sizeof *relevant; i++) {
        for (size_t j = 0; j < sizeof drawn / sizeof *drawn; j++) {
            struct hypergeometric h = {20000000, relevant[i], drawn[j]};
            long double two = 0, upper = 0, lower = 0, mass = 0;
            for (uint64_t x = 0; x <= relevant[i]; x++) {
                double p = hypergeometric_pmf(&h, x);
                if (p < 1e-18) {
                    if (mass > 0.5L)
                        break;
                    continue;
                }
                mass += p;
                struct interval_result r = equal_tailed(h.population, h.drawn, x, 0.95);
                bool above = r.count.low <= h.relevant, below = h.relevant <= r.count.high;
                two += above && below ? p : 0;
                upper += below ? p : 0;
                lower += above ? p : 0;
            }
            assert_true(mass > 1 - 1e-12L);
            assert_true(two >= 0.95L);
            assert_true(upper >= 0.975L && lower >= 0.975L);
        }
    }
}

static uint64_t random_state;

static double draw(void)
{
    uint64_t z = random_state += UINT64_C(0x9e3779b97f4a7c15);
    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return (double)((z ^ (z >> 31)) >> 11) * 0x1p-53;
}

static uint64_t draw_up_to(uint64_t most)
{
    return (uint64_t)floor(exp(draw() * log1p((double)most))) - 1;
}

/* At any size and level each endpoint is right by tails that are computed again. */
static void certificates_at_random(void **state)
{
    (void)state;
    random_state = 4711;
    for (int i = 0; i < (test_short() ? 100 : 1000); i++) {
        struct hypergeometric h = {draw_up_to(UINT64_C(100000000000)), 0, 0};
        h.drawn = draw_up_to(h.population < 100000000 ? h.population : 100000000);
        uint64_t x = draw_up_to(h.drawn);
        if (draw() < 0.3)
            x = h.drawn - x;
        static const double levels[] = {0.5, 0.8, 0.9, 0.95, 0.98, 0.99, 0.999, 0.999999, 0.01};
        double confidence = levels[(size_t)(draw() * 9)];
        struct interval_result r = equal_tailed(h.population, h.drawn, x, confidence);
        double alpha = level_alpha(confidence) / 2;
        assert_true(x <= r.count.low && r.count.low <= r.count.high);
        assert_true(r.count.high <= h.population - (h.drawn - x));

        h.relevant = r.count.high;
        assert_true(r.high_certificate.tail == hypergeometric_tail_low(&h, x));
        assert_true(r.high_certificate.tail > alpha);
        if (h.relevant++ < h.population) {
            assert_true(fabs(r.high_certificate.beyond - hypergeometric_tail_low(&h, x)) < 1e-15);
            assert_true(r.high_certificate.beyond <= alpha * (1 + 1e-15));
        }
        h.relevant = r.count.low;
        assert_true(fabs(r.low_certificate.tail - hypergeometric_tail_high(&h, x)) < 1e-15);
        assert_true(r.low_certificate.tail > alpha);
        if (h.relevant-- > 0) {
            assert_true(fabs(r.low_certificate.beyond - hypergeometric_tail_high(&h, x)) < 1e-15);
            assert_true(r.low_certificate.beyond <= alpha * (1 + 1e-15));
        }
    }
}

/* Unreadable units: the low end as if none were relevant, the high end as if all were. */
static void unreadable_bounds_both_ways(void **state)
{
    (void)state;
    struct error err = ERROR_INIT;
    struct sample_counts sample = {20000000, 3000, 3, 40};
    size_t count;
    const struct interval_method *methods = interval_method_list(&count);
    for (size_t i = 0; i < count; i++) {
        struct interval_result r, none, all;
        struct sample_counts fewest = {20000000, 3000, 3, 0}, most = {20000000, 3000, 43, 0};
        assert_ok(methods[i].compute(&sample, 0.95, &r, &err), err);
        assert_ok(methods[i].compute(&fewest, 0.95, &none, &err), err);
        assert_ok(methods[i].compute(&most, 0.95, &all, &err), err);
        assert_int_equal(r.count.low, none.count.low);
        assert_int_equal(r.count.high, all.count.high);
    }
}

static void census_and_nothing(void **state)
{
    (void)state;
    struct interval_result r = equal_tailed(1000, 1000, 17, 0.95);
    assert_int_equal(r.count.low, 17);
    assert_int_equal(r.count.high, 17);
    r = equal_tailed(1000, 0, 0, 0.95);
    assert_int_equal(r.count.low, 0);
    assert_int_equal(r.count.high, 1000);
    r = equal_tailed(0, 0, 0, 0.95);
    assert_int_equal(r.count.high, 0);
    assert_true(r.share_low == 0 && r.share_high == 0);
    r = equal_tailed(50, 10, 10, 0.95);
    assert_int_equal(r.count.high, 50);
}

static void impossible_samples(void **state)
{
    (void)state;
    static const struct {
        struct sample_counts sample;
        double confidence;
        const char *text;
    } cases[] = {
        {{20, 30, 5, 0}, 0.95, "30 units drawn are more than the population of 20"},
        {{20, 10, 11, 0}, 0.95, "11 relevant units are more than the 10 drawn"},
        {{20, 10, 30, 0}, 0.95, "30 relevant units are more than the 10 drawn"},
        {{20, 10, 6, 5}, 0.95, "6 relevant and 5 unreadable units are more than the 10 drawn"},
        {{20, 10, 6, UINT64_MAX}, 0.95, "unreadable units are more than the 10 drawn"},
        {{UINT64_MAX, 10, 6, 0}, 0.95, "a population of 18446744073709551615 units"},
        {{20, 10, 5, 0}, 1, "confidence must lie between 0 and 1, both excluded, not 1"},
        {{20, 10, 5, 0}, 0, "not 0"},
        {{20, 10, 5, 0}, -0.5, "not -0.5"},
        {{20, 10, 5, 0}, 95, "not 95"},
        {{20, 10, 5, 0}, NAN, "confidence"},
        {{20, 10, 5, 0}, INFINITY, "confidence"},
    };
    size_t count;
    const struct interval_method *methods = interval_method_list(&count);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        for (size_t m = 0; m < count; m++) {
            struct error err = ERROR_INIT;
            struct interval_result r = {{77, 77}, 0, 0, false, false, {0}, {0}};
            assert_int_equal(methods[m].compute(&cases[i].sample, cases[i].confidence, &r, &err),
                             STATUS_PLAN);
            assert_non_null(strstr(err.text, cases[i].text));
            assert_int_equal(r.count.low, 77);
        }
    }
    struct error err = ERROR_INIT;
    assert_int_equal(level_check(95, &err), STATUS_PLAN);
    assert_string_equal(err.hint, "write 0.95 for 95 %");
}

static void methods_by_name(void **state)
{
    (void)state;
    size_t count;
    const struct interval_method *methods = interval_method_list(&count);
    assert_true(count >= 3);
    assert_string_equal(methods[0].name, "equal-tailed");
    for (size_t i = 0; i < count; i++) {
        assert_ptr_equal(interval_method_find(methods[i].name), &methods[i]);
        assert_true(methods[i].title[0] && methods[i].summary[0] && methods[i].source[0]);
        assert_non_null(methods[i].compute);
    }
    assert_non_null(interval_method_find("upper"));
    assert_non_null(interval_method_find("lower"));
    assert_null(interval_method_find("wald"));
    assert_null(interval_method_find(""));
}

/* Alpha comes from the decimal that was meant, not from its double. */
static void levels(void **state)
{
    (void)state;
    assert_true(level_alpha(0.95) == 0.05);
    assert_true(level_alpha(0.9) == 0.1);
    assert_true(level_alpha(0.99) == 0.01);
    assert_true(level_alpha(0.999999) == 0.000001);
    assert_true(level_alpha(0.975) == 0.025);
    assert_true(level_alpha(1 - 0x1p-53) == 0x1p-53);
    assert_true(level_alpha(1.0 / 3) == (double)(1 - (long double)(1.0 / 3)));
    assert_true(level_rejects(0.05, 0.05));
    assert_true(level_rejects(nextafter(0.05, 1), 0.05));
    assert_false(level_rejects(0.05 * (1 + 1e-14), 0.05));
    /* One drawn of 40: P(X >= 1 | K = 1) is 1/40 exactly, which is rejected at alpha/2 = 0.025. */
    assert_int_equal(equal_tailed(40, 1, 1, 0.95).count.low, 2);
    assert_int_equal(equal_tailed(40, 1, 0, 0.95).count.high, 38);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(against_samplingbook),   cmocka_unit_test(published_sets),
        cmocka_unit_test(every_small_population), cmocka_unit_test(coverage_at_twenty_million),
        cmocka_unit_test(certificates_at_random), cmocka_unit_test(unreadable_bounds_both_ways),
        cmocka_unit_test(census_and_nothing),     cmocka_unit_test(impossible_samples),
        cmocka_unit_test(methods_by_name),        cmocka_unit_test(levels),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
