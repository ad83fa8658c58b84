/* Agreement of reviewers and errors of labels: published values, extremes, bad input. */
#include "tests/support/support.h"

#include "stats/agreement.h"
#include "stats/label_error.h"

#include <math.h>
#include <string.h>

static void assert_near(double value, double expected, double slack)
{
    if (!(fabs(value - expected) <= slack))
        fail_msg("%.12g is not %.12g", value, expected);
}

static struct agreement of_two(const uint64_t *table, size_t categories)
{
    struct error err = ERROR_INIT;
    struct agreement a;
    assert_ok(agreement_of_two(table, categories, &a, &err), err);
    return a;
}

static void two_reviewers(void **state)
{
    (void)state;
    static const uint64_t even[] = {20, 5, 10, 15};
    struct agreement a = of_two(even, 2);
    assert_int_equal(a.units, 50);
    assert_near(a.observed, 0.7, 1e-15);
    assert_near(a.kappa.value, 0.4, 1e-15);
    /* Shares .55 and .45: chance 2 (.55)(.45) = .495, AC1 .205 / .505. */
    assert_near(a.ac1.value, 0.205 / 0.505, 1e-15);

    /* Feinstein and Cicchetti's paradox (1990): 85 % agree, and kappa is .32, or .70. */
    static const uint64_t skewed[] = {80, 10, 5, 5}, balanced[] = {40, 9, 6, 45};
    assert_near(of_two(skewed, 2).kappa.value, 0.32, 0.005);
    assert_near(of_two(balanced, 2).kappa.value, 0.70, 0.005);
    assert_true(of_two(skewed, 2).ac1.value > 0.78);

    /* Three categories, in any order of them. */
    static const uint64_t three[] = {20, 3, 2, 4, 15, 1, 0, 2, 53};
    static const uint64_t turned[] = {53, 0, 2, 2, 20, 3, 1, 4, 15};
    assert_near(of_two(three, 3).kappa.value, of_two(turned, 3).kappa.value, 1e-15);
    assert_near(of_two(three, 3).ac1.value, of_two(turned, 3).ac1.value, 1e-15);
}

static void extremes(void **state)
{
    (void)state;
    static const uint64_t perfect[] = {7, 0, 0, 3}, opposite[] = {0, 5, 5, 0}, one[] = {9, 0, 0, 0},
                          none[] = {0, 0, 0, 0};
    assert_near(of_two(perfect, 2).kappa.value, 1, 1e-15);
    assert_near(of_two(perfect, 2).ac1.value, 1, 1e-15);
    assert_near(of_two(opposite, 2).kappa.value, -1, 1e-15);
    /* All in one category: chance agrees always, and kappa has no value; AC1 has. */
    assert_false(of_two(one, 2).kappa.defined);
    assert_true(of_two(one, 2).ac1.defined && of_two(one, 2).ac1.value == 1);
    assert_false(of_two(none, 2).kappa.defined || of_two(none, 2).ac1.defined);
}

/* Ten units, fourteen reviewers, five categories: the worked example of Fleiss' kappa, .210. */
static void several_reviewers(void **state)
{
    (void)state;
    static const uint32_t counts[10 * 5] = {0, 0, 0, 0, 14, 0, 2, 6, 4, 2, 0, 0, 3, 5, 6, 0, 3,
                                            9, 2, 0, 2, 2,  8, 1, 1, 7, 7, 0, 0, 0, 3, 2, 6, 3,
                                            0, 2, 5, 3, 2,  2, 6, 5, 2, 1, 0, 0, 2, 2, 3, 7};
    struct error err = ERROR_INIT;
    struct agreement a;
    assert_ok(agreement_of_several(counts, 10, 5, &a, &err), err);
    assert_near(a.observed, 0.378, 0.0005);
    assert_near(a.kappa.value, 0.210, 0.0005);
    assert_true(a.ac1.defined && a.ac1.value > 0.2 && a.ac1.value < 0.25);

    /* Two reviewers with the same shares of categories: Fleiss and Cohen say the same. */
    static const uint64_t table[] = {20, 5, 5, 10};
    uint32_t pairs[40 * 2];
    size_t unit = 0;
    for (size_t i = 0; i < 4; i++)
        for (uint64_t n = 0; n < table[i]; n++, unit++) {
            pairs[2 * unit] = (i < 2 ? 1u : 0u) + (i % 2 == 0 ? 1u : 0u);
            pairs[2 * unit + 1] = 2 - pairs[2 * unit];
        }
    assert_ok(agreement_of_several(pairs, 40, 2, &a, &err), err);
    assert_near(a.kappa.value, of_two(table, 2).kappa.value, 1e-14);
    assert_near(a.ac1.value, of_two(table, 2).ac1.value, 1e-14);
}

static void bad_tables(void **state)
{
    (void)state;
    struct error err = ERROR_INIT;
    struct agreement a;
    static const uint64_t huge[] = {UINT64_MAX, 1, 1, 1};
    static const uint32_t uneven[] = {1, 1, 2, 1}, single[] = {1, 0, 0, 1};
    assert_int_equal(agreement_of_two(huge, 1, &a, &err), STATUS_PLAN);
    assert_int_equal(agreement_of_two(huge, 2, &a, &err), STATUS_PLAN);
    assert_int_equal(agreement_of_several(uneven, 2, 2, &a, &err), STATUS_PLAN);
    assert_non_null(strstr(err.text, "unit 2 was reviewed 3 times"));
    assert_int_equal(agreement_of_several(single, 2, 2, &a, &err), STATUS_PLAN);
    assert_non_null(strstr(err.text, "unit 1 was reviewed 1 times"));
}

static void errors_of_labels(void **state)
{
    (void)state;
    struct error err = ERROR_INIT;
    struct corrected_prevalence p;
    assert_ok(rogan_gladen(.10, .9, .95, &p, &err), err);
    assert_near(p.value, .0588235, 5e-8);
    assert_false(p.clipped);
    assert_ok(rogan_gladen(.01, .9, .95, &p, &err), err);
    assert_true(p.clipped && p.value == 0);

    double apparent, false_share, back;
    assert_ok(apparent_prevalence(1e-4, .9, .999, &apparent, &false_share, &err), err);
    assert_near(apparent, 1.09e-3, 5e-6);
    assert_near(false_share, .917, 5e-4);
    for (double truth = 0; truth <= 1; truth += 0.125) {
        assert_ok(apparent_prevalence(truth, .8, .97, &back, NULL, &err), err);
        assert_ok(rogan_gladen(back, .8, .97, &p, &err), err);
        assert_near(p.value, truth, 1e-15);
    }
    static const double bad[][3] = {{-.1, .9, .9}, {.1, 1.1, .9}, {.1, .9, NAN},
                                    {.1, .5, .5},  {.1, .3, .4},  {NAN, .9, .9}};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_int_equal(rogan_gladen(bad[i][0], bad[i][1], bad[i][2], &p, &err), STATUS_PLAN);
}

/*
 * Labels known to be right give Agresti and Coull's interval (4 of 200: R binom's .005991954548218
 * to .052099558773958); unsure rates only widen; the limit of sure rates is Rogan and Gladen's.
 */
static void estimated_rates(void **state)
{
    (void)state;
    struct error err = ERROR_INIT;
    const uint64_t many = UINT64_C(1) << 60;
    const struct validated_rate sure = {many, many};
    double low, high, wide_low, wide_high;
    assert_ok(lang_reiczigel(4, 200, sure, sure, 0.95, &low, &high, &err), err);
    assert_true(fabs(low - .005991954548218) < 1e-12 && fabs(high - .052099558773958) < 1e-12);
    assert_ok(lang_reiczigel(100, 1000, (struct validated_rate){900, 1000},
                             (struct validated_rate){950, 1000}, 0.95, &low, &high, &err),
              err);
    assert_true(low < .0588235 && .0588235 < high);
    assert_ok(lang_reiczigel(100, 1000, (struct validated_rate){90, 100},
                             (struct validated_rate){95, 100}, 0.95, &wide_low, &wide_high, &err),
              err);
    assert_true(wide_high - wide_low > high - low);
    /* At a million labels and sure rates nothing is left but Rogan and Gladen's value. */
    struct corrected_prevalence point;
    assert_ok(rogan_gladen(.1, .9, .95, &point, &err), err);
    assert_ok(lang_reiczigel(
                  1000000000, 10000000000, (struct validated_rate){900000000000, 1000000000000},
                  (struct validated_rate){950000000000, 1000000000000}, 0.95, &low, &high, &err),
              err);
    assert_true(fabs(low - point.value) < 2e-5 && fabs(high - point.value) < 2e-5);
    assert_int_equal(lang_reiczigel(5, 4, sure, sure, 0.95, &low, &high, &err), STATUS_PLAN);
    assert_int_equal(
        lang_reiczigel(1, 4, (struct validated_rate){0, 0}, sure, 0.95, &low, &high, &err),
        STATUS_PLAN);
    assert_int_equal(lang_reiczigel(1, 4, (struct validated_rate){1, 2},
                                    (struct validated_rate){1, 2}, 0.95, &low, &high, &err),
                     STATUS_PLAN);
    assert_int_equal(lang_reiczigel(1, 4, sure, sure, 1, &low, &high, &err), STATUS_PLAN);
}

/* Melded: sure labels give Clopper and Pearson (4 of 200: .00548 to .05041); none relevant reaches
 * down to 0; unsure rates widen; the interval of a real study holds its point. */
static void melded(void **state)
{
    (void)state;
    struct error err = ERROR_INIT;
    const uint64_t many = UINT64_C(1) << 50;
    const struct validated_rate sure = {many, many};
    double low, high, wide_low, wide_high;
    assert_ok(melded_prevalence(4, 200, sure, sure, 0.95, &low, &high, &err), err);
    assert_true(fabs(low - .005475565879556) < 2e-4 && fabs(high - .050413609089896) < 5e-4);
    assert_ok(melded_prevalence(0, 30, sure, sure, 0.95, &low, &high, &err), err);
    assert_true(low == 0 && fabs(high - .11570331) < 2e-3);
    assert_ok(melded_prevalence(100, 1000, (struct validated_rate){900, 1000},
                                (struct validated_rate){950, 1000}, 0.95, &low, &high, &err),
              err);
    assert_ok(melded_prevalence(100, 1000, (struct validated_rate){90, 100},
                                (struct validated_rate){95, 100}, 0.95, &wide_low, &wide_high,
                                &err),
              err);
    assert_true(low < .0588235 && .0588235 < high);
    assert_true(wide_low <= low && wide_high > high);
    assert_int_equal(melded_prevalence(1, 4, (struct validated_rate){1, 2},
                                       (struct validated_rate){1, 2}, 0.95, &low, &high, &err),
                     STATUS_PLAN);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(estimated_rates),   cmocka_unit_test(melded),
        cmocka_unit_test(two_reviewers),     cmocka_unit_test(extremes),
        cmocka_unit_test(several_reviewers), cmocka_unit_test(bad_tables),
        cmocka_unit_test(errors_of_labels),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
