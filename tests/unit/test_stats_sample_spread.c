/* Spread of a sample over groups: values by hand, exact guarantees by enumeration, refusals. */
#include "stats/sample_spread.h"
#include "tests/support/support.h"

#include <math.h>

static struct error err;

static void assert_near(double got, double wanted, double relative)
{
    if (!(fabs(got - wanted) <= relative * fmax(fabs(wanted), 1e-300)))
        fail_msg("%.17g, not %.17g", got, wanted);
}

static double choose(uint64_t n, uint64_t k)
{
    double c = 1;
    for (uint64_t i = 0; i < k; i++)
        c *= (double)(n - i) / (double)(i + 1);
    return k > n ? 0 : c;
}

/* Fisher's tea: of 8 cups 4 have milk first; 4 are chosen. */
static void by_hand(void **state)
{
    (void)state;
    struct spread_of_group out[3];
    struct spread_fit fit;
    const struct spread_group cups[] = {{4, 4}, {4, 0}, {0, 0}};
    assert_ok(sample_spread(8, 4, cups, 3, 0.95, out, &fit, &err), err);
    assert_near(out[0].expected, 2, 1e-15);
    assert_near(out[0].p, 2.0 / 70, 1e-12);
    assert_near(out[1].p, 2.0 / 70, 1e-12);
    assert_near(out[2].p, 1, 0);
    assert_near(out[0].p_together, 4.0 / 70, 1e-12); /* two groups, the empty one is none */
    assert_near(fit.p, 4.0 / 70, 1e-12);
    assert_near(fit.pearson, 4, 1e-12);
    assert_near(fit.pearson_mean, 1 * 4.0 / 7, 1e-12);
    assert_near(fit.dissimilarity, 0.5, 1e-12);
    /* A tail beyond 1/70 is needed at 95 %: none is, so the whole support remains. */
    assert_int_equal(out[0].low, 0);
    assert_int_equal(out[0].high, 4);
    assert_int_equal(out[2].high, 0);
    /* Even: nothing to say. */
    const struct spread_group even[] = {{4, 2}, {4, 2}};
    assert_ok(sample_spread(8, 4, even, 2, 0.95, out, &fit, &err), err);
    assert_near(fit.p, 1, 0);
    assert_near(fit.pearson, 0, 0);
}

/* All samples of three groups: every stated chance and mean, exactly. */
static void over_all_samples(void **state)
{
    (void)state;
    static const uint64_t sizes[3] = {9, 14, 4};
    const double confidence = 0.8;
    for (uint64_t n = 1; n <= 27; n++) {
        double held = 0, all = 0, mean = 0, wanted = 0;
        static const double alphas[] = {0.01, 0.05, 0.2, 0.5};
        double rejected[4] = {0};
        for (uint64_t a = 0; a <= sizes[0] && a <= n; a++)
            for (uint64_t b = 0; b <= sizes[1] && a + b <= n; b++) {
                uint64_t c = n - a - b;
                if (c > sizes[2])
                    continue;
                double chance = choose(9, a) * choose(14, b) * choose(4, c) / choose(27, n);
                const struct spread_group groups[] = {{9, a}, {14, b}, {4, c}};
                struct spread_of_group out[3];
                struct spread_fit fit;
                assert_ok(sample_spread(27, n, groups, 3, confidence, out, &fit, &err), err);
                bool inside = true;
                for (size_t i = 0; i < 3; i++)
                    inside =
                        inside && groups[i].drawn >= out[i].low && groups[i].drawn <= out[i].high;
                held += inside ? chance : 0;
                all += chance;
                mean += chance * fit.pearson;
                wanted = fit.pearson_mean;
                for (size_t i = 0; i < 4; i++)
                    rejected[i] += fit.p <= alphas[i] ? chance : 0;
            }
        assert_near(all, 1, 1e-9);
        assert_true(held >= confidence);
        assert_true(fabs(mean - wanted) < 1e-9);
        for (size_t i = 0; i < 4; i++)
            assert_true(rejected[i] <= alphas[i] * (1 + 1e-9));
    }
}

static void refused(void **state)
{
    (void)state;
    struct spread_of_group out[2];
    struct spread_fit fit;
    const struct spread_group good[] = {{4, 2}, {4, 2}}, more[] = {{4, 5}, {4, 0}},
                              crowded[] = {{8, 2}, {0, 0}}, over[] = {{9, 1}, {0, 0}};
    assert_int_equal(sample_spread(8, 0, good, 2, 0.95, out, &fit, &err), STATUS_PLAN);
    assert_int_equal(sample_spread(8, 9, good, 2, 0.95, out, &fit, &err), STATUS_PLAN);
    assert_int_equal(sample_spread(8, 4, good, 2, 1, out, &fit, &err), STATUS_PLAN);
    assert_int_equal(sample_spread(8, 4, good, 2, NAN, out, &fit, &err), STATUS_PLAN);
    assert_int_equal(sample_spread(8, 4, more, 2, 0.95, out, &fit, &err), STATUS_PLAN);
    assert_int_equal(sample_spread(8, 4, crowded, 2, 0.95, out, &fit, &err), STATUS_PLAN);
    assert_int_equal(sample_spread(8, 4, over, 2, 0.95, out, &fit, &err), STATUS_PLAN);
    assert_ok(sample_spread(8, 4, good, 1, 0.95, out, &fit, &err), err);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(by_hand), cmocka_unit_test(over_all_samples), cmocka_unit_test(refused)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
