/* Bounds with noise inside: by enumeration, against the exact set, against published ones. */
#include "tests/support/fixed_bits.h"
#include "tests/support/support.h"

#include "release/noise.h"
#include "stats/hypergeometric.h"
#include "stats/noisy_count.h"
#include "stats/stats_setup.h"

#include <gsl/gsl_cdf.h>
#include <math.h>
#include <stdlib.h>

static const struct noise_law laws[] = {{NOISE_LAW_NONE, 0},
                                        {NOISE_LAW_LAPLACE, 0.8},
                                        {NOISE_LAW_LAPLACE, 3},
                                        {NOISE_LAW_GAUSSIAN, 0.6},
                                        {NOISE_LAW_GAUSSIAN, 20}};
enum { LAWS = sizeof laws / sizeof *laws, REACH = 160 };

/* Tails are the double sums over what can be drawn and what noise can be. */
static void tails_are_sums(void **state)
{
    (void)state;
    for (size_t l = 0; l < LAWS; l++)
        for (uint64_t relevant = 0; relevant <= 30; relevant += 5)
            for (int64_t told = -9; told < 25; told += 3) {
                struct noisy_sample s = {30, 12, told, laws[l]};
                struct hypergeometric h = {30, relevant, 12};
                double high = 0, low = 0;
                for (uint64_t x = 0; x <= 12; x++)
                    for (int64_t z = -REACH; z <= REACH; z++) {
                        double p = hypergeometric_pmf(&h, x) * noise_law_pmf(&laws[l], z);
                        high += (int64_t)x + z >= told ? p : 0;
                        low += (int64_t)x + z <= told ? p : 0;
                    }
                assert_true(fabs(noisy_count_high(&s, relevant) - high) < 1e-11);
                assert_true(fabs(noisy_count_low(&s, relevant) - low) < 1e-11);
            }
}

/* Coverage by enumeration of every K, and by every value that is not out of this world. */
static void covers(void **state)
{
    (void)state;
    static const uint64_t sizes[][2] = {{10, 4}, {24, 8}, {40, 25}, {17, 17}, {6, 0}};
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++)
        for (size_t l = 0; l < LAWS; l++) {
            static struct interval sets[2 * REACH + 64];
            struct error err = ERROR_INIT;
            int64_t first = -REACH, last = (int64_t)sizes[i][1] + REACH;
            for (int64_t y = first; y <= last; y++) {
                struct noisy_sample s = {sizes[i][0], sizes[i][1], y, laws[l]};
                assert_ok(noisy_count_interval(&s, 0.9, &sets[y - first], &err), err);
                assert_true(sets[y - first].low <= sets[y - first].high);
                assert_true(sets[y - first].high <= sizes[i][0]);
            }
            for (uint64_t relevant = 0; relevant <= sizes[i][0]; relevant++) {
                struct hypergeometric h = {sizes[i][0], relevant, sizes[i][1]};
                double covered = 0;
                for (uint64_t x = 0; x <= sizes[i][1]; x++)
                    for (int64_t z = -REACH; z <= REACH; z++) {
                        const struct interval *set = &sets[(int64_t)x + z - first];
                        if (relevant >= set->low && relevant <= set->high)
                            covered += hypergeometric_pmf(&h, x) * noise_law_pmf(&laws[l], z);
                    }
                if (!(covered >= 0.9 - 1e-9))
                    fail_msg("N %d, n %d, law %d, K %d: %g", (int)sizes[i][0], (int)sizes[i][1],
                             (int)l, (int)relevant, covered);
            }
        }
}

static void without_noise_the_exact_set(void **state)
{
    (void)state;
    static const struct sample_counts cases[] = {{20000000, 30000, 3, 0}, {1000, 50, 0, 0},
                                                 {700, 300, 40, 0},       {92000, 1534, 5, 0},
                                                 {50, 50, 7, 0},          {20, 10, 10, 0}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct error err = ERROR_INIT;
        struct interval_result exact;
        struct interval set;
        struct noisy_sample s = {
            cases[i].population, cases[i].drawn, (int64_t)cases[i].relevant, {NOISE_LAW_NONE, 0}};
        assert_ok(interval_equal_tailed(&cases[i], 0.95, &exact, &err), err);
        assert_ok(noisy_count_interval(&s, 0.95, &set, &err), err);
        assert_int_equal(set.low, exact.count.low);
        assert_int_equal(set.high, exact.count.high);
        /* And noise only widens it. */
        s.law = (struct noise_law){NOISE_LAW_GAUSSIAN, 4};
        struct interval wider;
        assert_ok(noisy_count_interval(&s, 0.95, &wider, &err), err);
        assert_true(wider.low <= set.low && wider.high >= set.high);
    }
}

/*
 * Awan and Slavkovic's two-sided interval for a binomial share (R binomialDP, CITwoSide with alpha
 * .05, Z = 18, size 30, b = exp(-1)) is (.411, .767) by noise that is continuous and narrower by
 * the uniform part; this one, of whole numbers and conservative, holds it and is not much wider.
 */
static void near_the_published_one(void **state)
{
    (void)state;
    struct error err = ERROR_INIT;
    struct interval set;
    struct noisy_sample s = {100000000, 30, 18, {NOISE_LAW_LAPLACE, 1}};
    assert_ok(noisy_count_interval(&s, 0.95, &set, &err), err);
    double low = (double)set.low / 1e8, high = (double)set.high / 1e8;
    assert_true(low <= .411 && low > .411 - .04);
    assert_true(high >= .767 && high < .767 + .04);
}

static void an_unsure_population(void **state)
{
    (void)state;
    struct error err = ERROR_INIT;
    struct interval set, low, high;
    struct noisy_sample s = {0, 300, 12, {NOISE_LAW_GAUSSIAN, 9}};
    assert_ok(
        noisy_count_interval_between(&s, (struct interval){900, 1100}, 0.99, 0.95, &set, &err),
        err);
    s.population = 900;
    assert_ok(noisy_count_interval(&s, 0.96, &low, &err), err);
    s.population = 1100;
    assert_ok(noisy_count_interval(&s, 0.96, &high, &err), err);
    assert_int_equal(set.low, low.low);
    assert_int_equal(set.high, high.high);
    /* Both ends grow with N. */
    struct interval before = low;
    for (s.population = 910; s.population <= 1100; s.population += 10) {
        assert_ok(noisy_count_interval(&s, 0.96, &low, &err), err);
        assert_true(low.low >= before.low && low.high >= before.high);
        before = low;
    }
    assert_int_equal(
        noisy_count_interval_between(&s, (struct interval){900, 1100}, 0.9, 0.95, &set, &err),
        STATUS_PLAN);
}

/* All four numbers with noise: 4,000 draws of each of some worlds; the set holds K as often as it
 * says, by an exact binomial p. */
static void noisy_tallies_cover(void **state)
{
    (void)state;
    static const struct {
        uint64_t population, drawn, relevant, unreadable;
        double sigma_squared;
    } worlds[] = {{400, 90, 25, 4, 2}, {5000, 300, 6, 0, 30}, {60, 40, 50, 9, 8}};
    enum { DRAWS = 4000 };
    uint64_t stream = 99;
    struct random_bits bits;
    fixed_bits(&bits, &stream);
    for (size_t w = 0; w < sizeof worlds / sizeof *worlds; w++) {
        static int64_t noise[4 * DRAWS];
        struct error err = ERROR_INIT;
        unsigned misses = 0;
        assert_ok(noise_gaussian((struct noise_scale){(uint64_t)worlds[w].sigma_squared, 1}, &bits,
                                 noise, 4 * DRAWS, &err),
                  err);
        for (size_t i = 0; i < DRAWS; i++) {
            /* Units 0 to relevant - 1 are relevant; every so often a drawn one is unreadable. */
            int64_t x = 0, u = 0;
            uint64_t left = worlds[w].drawn;
            for (uint64_t unit = 0; unit < worlds[w].population && left; unit++) {
                uint64_t draw;
                assert_ok(random_bytes(&bits, &draw, sizeof draw, &err), err);
                if (draw % (worlds[w].population - unit) >= left)
                    continue;
                left--;
                bool lost = draw >> 40 & 15 ? false : u < (int64_t)worlds[w].unreadable;
                u += lost;
                x += !lost && unit < worlds[w].relevant;
            }
            struct noise_law law = {NOISE_LAW_GAUSSIAN, worlds[w].sigma_squared};
            struct noisy_tally told = {(int64_t)worlds[w].population + noise[4 * i],
                                       (int64_t)worlds[w].drawn + noise[4 * i + 1],
                                       x + noise[4 * i + 2],
                                       u + noise[4 * i + 3],
                                       law,
                                       law};
            struct interval set, population;
            assert_ok(noisy_tally_interval(&told, 0.9, &set, &population, &err), err);
            misses += worlds[w].relevant < set.low || worlds[w].relevant > set.high;
        }
        double p = misses ? gsl_cdf_binomial_Q(misses - 1, 0.1, DRAWS) : 1;
        if (p < 1e-6)
            fail_msg("world %d: %u misses in %d", (int)w, misses, DRAWS);
    }
}

/* The roots of Fieller's quadratic, worked by hand: a = 10, b = 20, variances 4 and 1, z
 * = 1.959964; and no bound where b may be 0. */
static void fieller(void **state)
{
    (void)state;
    struct error err = ERROR_INIT;
    struct noisy_ratio r;
    assert_ok(noisy_ratio_fieller(10, 4, 20, 1, 0.95, &r, &err), err);
    assert_true(r.bounded);
    for (int end = 0; end < 2; end++) {
        double ratio = end ? r.high : r.low;
        double significance = fabs(10 - ratio * 20) / sqrt(4 + ratio * ratio);
        assert_true(fabs(significance - 1.9599639845400545) < 1e-9);
    }
    assert_true(r.low < 0.5 && r.high > 0.5);
    assert_ok(noisy_ratio_fieller(10, 4, 1, 1, 0.95, &r, &err), err);
    assert_false(r.bounded);
    assert_int_equal(noisy_ratio_fieller(NAN, 4, 1, 1, 0.95, &r, &err), STATUS_PLAN);
    assert_int_equal(noisy_ratio_fieller(1, -1, 1, 1, 0.95, &r, &err), STATUS_PLAN);
}

static void impossible(void **state)
{
    (void)state;
    struct error err = ERROR_INIT;
    struct interval set;
    struct noisy_sample s = {10, 11, 1, {NOISE_LAW_NONE, 0}};
    assert_int_equal(noisy_count_interval(&s, 0.95, &set, &err), STATUS_PLAN);
    s = (struct noisy_sample){10, 5, 1, {NOISE_LAW_LAPLACE, 0}};
    assert_int_equal(noisy_count_interval(&s, 0.95, &set, &err), STATUS_PLAN);
    s = (struct noisy_sample){10, 5, INT64_MIN, {NOISE_LAW_LAPLACE, 1}};
    assert_int_equal(noisy_count_interval(&s, 0.95, &set, &err), STATUS_PLAN);
    s.told = 2;
    assert_int_equal(noisy_count_interval(&s, 1, &set, &err), STATUS_PLAN);
}

int main(void)
{
    stats_setup();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tails_are_sums),
        cmocka_unit_test(covers),
        cmocka_unit_test(without_noise_the_exact_set),
        cmocka_unit_test(near_the_published_one),
        cmocka_unit_test(an_unsure_population),
        cmocka_unit_test(fieller),
        cmocka_unit_test(noisy_tallies_cover),
        cmocka_unit_test(impossible),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
