/*
 * Claims and sample sizes: published planning numbers, exact shares from text, verdicts against a
 * direct reading of the definition.
 */
#include "tests/support/support.h"

#include "stats/claim.h"
#include "stats/hypergeometric.h"
#include "stats/level.h"
#include "stats/sample_size.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static uint64_t size_of(uint64_t population, uint64_t relevant, uint64_t hits, double confidence)
{
    struct error err = ERROR_INIT;
    uint64_t size;
    assert_ok(sample_size_reject(population, relevant, hits, confidence, &size, &err), err);
    return size;
}

static void published_sizes(void **state)
{
    (void)state;
    const uint64_t n = 20000000;
    assert_int_equal(size_of(n, 2000, 0, 0.95), 29934);
    assert_int_equal(size_of(n, 2000, 1, 0.95), 47393);
    assert_int_equal(size_of(n, 2000, 2, 0.95), 62889);
    assert_int_equal(size_of(n, 2000, 0, 0.99), 45997);
    assert_int_equal(size_of(n, 200, 0, 0.95), 297340);
    assert_int_equal(size_of(n, 2001, 0, 0.95), 29919);
    assert_int_equal(size_of(n, 2001, 1, 0.95), 47369);
    assert_int_equal(size_of(n, 2001, 2, 0.95), 62857);
    assert_int_equal(size_of(n, 2001, 0, 0.99), 45974);
}

static void sizes_are_the_least(void **state)
{
    (void)state;
    for (uint64_t total = 1; total <= 30; total++) {
        for (uint64_t k = 0; k <= total; k++) {
            for (uint64_t hits = 0; hits <= k + 1; hits++) {
                uint64_t want = SAMPLE_SIZE_NONE;
                for (uint64_t n = 0; n <= total && want == SAMPLE_SIZE_NONE; n++) {
                    struct hypergeometric h = {total, k, n};
                    if (level_rejects(hypergeometric_tail_low(&h, hits), 0.05))
                        want = n;
                }
                assert_true(size_of(total, k, hits, 0.95) == want);
            }
        }
    }
}

static uint64_t margin(double half_width, double confidence, uint64_t population)
{
    struct error err = ERROR_INIT;
    uint64_t size;
    assert_ok(sample_size_margin(half_width, confidence, population, &size, &err), err);
    return size;
}

static void margins(void **state)
{
    (void)state;
    assert_int_equal(margin(0.02, 0.95, 0), 2401);
    assert_int_equal(margin(0.05, 0.95, 0), 385);
    assert_int_equal(margin(0.02, 0.98, 0), 3383);
    assert_int_equal(margin(0.02, 0.95, 20000000), 2401);
    /* Cochran's correction: 384.146 / (1 + 383.146/1000) = 277.7. */
    assert_int_equal(margin(0.05, 0.95, 1000), 278);
    assert_int_equal(margin(0.05, 0.95, 1), 1);
    assert_int_equal(margin(0.99, 0.5, 0), 1);
    assert_int_equal(margin(0.000001, 0.95, 50), 50);
}

static void allowed_from_text(void **state)
{
    (void)state;
    static const struct {
        const char *share;
        uint64_t population, allowed;
    } cases[] = {
        {"0.9999", 20000000, 2000},
        {"0.99990000000000001", 20000000, 2000}, /* %.17g of 0.9999 */
        {"0.99999000000000005", 20000000, 200},
        {"0.98999999999999999", 100, 1},
        {"9.9990000000000001e-1", 20000000, 2000},
        {"0.999900000000000001", 20000000, 1999}, /* 18 digits are meant */
        {"0.9999000000000001", 20000000, 1999},   /* so are 16 that are another double */
        {"0.99989999999999999999999999", 20000000, 2000},
        {"9.999e-1", 20000000, 2000},
        {"9999e-4", 20000000, 2000},
        {"9999E-04", 20000000, 2000},
        {"0.00009999e+4", 20000000, 2000},
        {".9999", 20000000, 2000},
        {"00.99990", 20000000, 2000},
        {"0.9999", 19999, 1},
        {"0.9999", 10000, 1},
        {"0.9999", 9999, 0},
        {"0.999", 1000000000000, 1000000000},
        {"0.999999999999", 1000000000000, 1},
        {"0.9999999999999", 1000000000000, 0},
        {"1", 20000000, 0},
        {"1.000", 20000000, 0},
        {"10e-1", 20000000, 0},
        {"0", 20000000, 20000000},
        {"0.000", 7, 7},
        {"0e999999999999999999", 7, 7},
        {"1e-400", 7, 6},
        {"1e-999999999999999999999", 7, 6},
        {"1.2345678901234567e-400", 7, 6},
        {"0.99999999999999999", 1000000000000, 0}, /* 17 digits, but its double is 1 */
        {"0.5", 7, 3},
        {"0.9", 0, 0},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct error err = ERROR_INIT;
        uint64_t allowed;
        assert_ok(claim_allowed(cases[i].share, cases[i].population, &allowed, &err), err);
        if (allowed != cases[i].allowed)
            fail_msg("%s: %llu", cases[i].share, (unsigned long long)allowed);
    }
}

/* Every share of up to four digits, as text, as a double and as its 17 digits. */
static void allowed_in_every_writing(void **state)
{
    (void)state;
    static const uint64_t populations[] = {1, 9999, 20000000, UINT64_C(9876543210)};
    for (unsigned share = 0; share <= 10000; share += test_short() ? 37 : 1) {
        char text[32], digits[40];
        snprintf(text, sizeof text, "%u.%04u", share / 10000, share % 10000);
        double real = (double)share / 10000;
        snprintf(digits, sizeof digits, "%.17g", real);
        for (size_t i = 0; i < sizeof populations / sizeof *populations; i++) {
            struct error err = ERROR_INIT;
            uint64_t n = populations[i], want = n * (10000 - share) / 10000, a, b, c;
            assert_ok(claim_allowed(text, n, &a, &err), err);
            assert_ok(claim_allowed(digits, n, &b, &err), err);
            assert_ok(claim_allowed_real(real, n, &c, &err), err);
            assert_true(a == want && b == want && c == want);
        }
    }
}

static void bad_shares(void **state)
{
    (void)state;
    static const char *const malformed[] = {"",     ".",    "e5",   "0.9.9", "0,9999", "0.9x",
                                            " 0.9", "0.9 ", "+0.9", "0.9e",  "0.9e+",  "99%",
                                            "nan",  "inf",  "0x1",  "-",     "--0.5",  "0.9e5.5"};
    static const char *const outside[] = {
        "1.0001", "2", "99.99", "-0.5", "10e0", "1e9999999", "1.0000000000000000000000001"};
    uint64_t allowed = 42;
    for (size_t i = 0; i < sizeof malformed / sizeof *malformed; i++) {
        struct error err = ERROR_INIT;
        assert_int_equal(claim_allowed(malformed[i], 100, &allowed, &err), STATUS_PLAN);
        assert_non_null(strstr(err.text, "is not a decimal number"));
    }
    for (size_t i = 0; i < sizeof outside / sizeof *outside; i++) {
        struct error err = ERROR_INIT;
        assert_int_equal(claim_allowed(outside[i], 100, &allowed, &err), STATUS_PLAN);
        assert_non_null(strstr(err.text, "must lie between 0 and 1"));
        assert_non_null(strstr(err.text, outside[i]));
        assert_string_equal(err.hint, "a share of 99.99 % is written 0.9999");
    }
    struct error err = ERROR_INIT;
    assert_int_equal(claim_allowed_real(NAN, 100, &allowed, &err), STATUS_PLAN);
    assert_int_equal(claim_allowed_real(1.5, 100, &allowed, &err), STATUS_PLAN);
    assert_int_equal(claim_allowed_real(-0.1, 100, &allowed, &err), STATUS_PLAN);
    assert_int_equal(claim_allowed("0.9", UINT64_MAX, &allowed, &err), STATUS_PLAN);
    assert_int_equal(allowed, 42);
    assert_ok(claim_allowed_real(-0.0, 100, &allowed, &err), err);
    assert_int_equal(allowed, 100);
}

static struct claim_result test(struct sample_counts sample, const char *share, double confidence)
{
    struct error err = ERROR_INIT;
    struct claim_result r;
    assert_ok(claim_test(&sample, share, confidence, &r, &err), err);
    return r;
}

/* "99.99 % are irrelevant" of 20 million. */
static void verdicts_at_one_in_ten_thousand(void **state)
{
    (void)state;
    struct claim_result r = test((struct sample_counts){20000000, 29919, 0, 0}, "0.9999", 0.95);
    assert_int_equal(r.allowed, 2000);
    assert_int_equal(r.verdict, CLAIM_SUPPORTED);
    assert_true(r.p_value <= 0.05 && r.p_value > 0.04999);
    assert_true(r.p_contradicted == 1);
    assert_int_equal(r.upper.value, 2000);
    assert_int_equal(r.labels_needed, 29919);
    assert_false(r.turns);

    r = test((struct sample_counts){20000000, 29918, 0, 0}, "0.9999", 0.95);
    assert_int_equal(r.verdict, CLAIM_UNDETERMINED);
    assert_int_equal(r.upper.value, 2001);
    assert_true(r.p_value > 0.05 && r.p_value < 0.05001);

    r = test((struct sample_counts){20000000, 29919, 1, 0}, "0.9999", 0.95);
    assert_int_equal(r.verdict, CLAIM_UNDETERMINED);
    assert_int_equal(r.labels_needed, 47369);
    assert_int_equal(
        test((struct sample_counts){20000000, 29919, 2, 0}, "0.9999", 0.95).labels_needed, 62857);
    assert_int_equal(
        test((struct sample_counts){20000000, 29919, 0, 0}, "0.9999", 0.99).labels_needed, 45974);

    r = test((struct sample_counts){20000000, 29919, 20, 0}, "0.9999", 0.95);
    assert_int_equal(r.verdict, CLAIM_CONTRADICTED);
    assert_true(r.p_contradicted < 1e-9 && r.p_value > 0.999999);
    assert_true(r.lower.value > 2000);
}

static void unreadable_labels_turn_verdicts(void **state)
{
    (void)state;
    /* With one of them relevant 29,919 no longer support it; with enough they contradict it. */
    struct claim_result r = test((struct sample_counts){20000000, 29919, 0, 5}, "0.9999", 0.95);
    assert_int_equal(r.verdict, CLAIM_UNDETERMINED);
    assert_int_equal(r.verdict_if_none, CLAIM_SUPPORTED);
    assert_true(r.turns);
    assert_int_equal(r.turns_at, 1);
    assert_int_equal(r.turns_to, CLAIM_UNDETERMINED);
    assert_true(r.labels_needed > r.labels_needed_if_none);
    assert_int_equal(r.labels_needed_if_none, 29919);

    r = test((struct sample_counts){20000000, 62857, 0, 2}, "0.9999", 0.95);
    assert_int_equal(r.verdict, CLAIM_SUPPORTED);
    assert_false(r.turns);
    assert_int_equal(r.labels_needed, 62857);

    r = test((struct sample_counts){20000000, 29919, 20, 500}, "0.9999", 0.95);
    assert_int_equal(r.verdict, CLAIM_CONTRADICTED);
    assert_false(r.turns);
}

/* The verdict if x of n were relevant, from the definition. */
static enum claim_verdict plain_verdict(uint64_t total, uint64_t n, uint64_t x, uint64_t allowed,
                                        double alpha)
{
    struct hypergeometric violated = {total, allowed + 1, n}, holds = {total, allowed, n};
    if (allowed >= total || level_rejects(hypergeometric_tail_low(&violated, x), alpha))
        return CLAIM_SUPPORTED;
    if (level_rejects(hypergeometric_tail_high(&holds, x), alpha))
        return CLAIM_CONTRADICTED;
    return CLAIM_UNDETERMINED;
}

/* Every sample of small populations at every bound; the bounds agree with the verdicts. */
static void every_small_claim(void **state)
{
    (void)state;
    struct error err = ERROR_INIT;
    const double alpha = 0.1;
    const uint64_t largest = test_short() ? 9 : 18;
    for (uint64_t total = 0; total <= largest; total++)
        for (uint64_t n = 0; n <= total; n++)
            for (uint64_t x = 0; x <= n; x++)
                for (uint64_t u = 0; x + u <= n; u++)
                    for (uint64_t allowed = 0; allowed <= total; allowed++) {
                        struct sample_counts sample = {total, n, x, u};
                        struct claim_result r;
                        assert_ok(claim_test_allowed(&sample, allowed, 0.9, &r, &err), err);
                        enum claim_verdict none = plain_verdict(total, n, x, allowed, alpha);
                        enum claim_verdict all = plain_verdict(total, n, x + u, allowed, alpha);
                        assert_true(r.verdict_if_none == none);
                        assert_true(r.verdict == (none == all ? none : CLAIM_UNDETERMINED));
                        assert_true((all == CLAIM_SUPPORTED) == (r.upper.value <= allowed));
                        if (allowed < total)
                            assert_true((none == CLAIM_CONTRADICTED) == (r.lower.value > allowed));
                        uint64_t m = 1;
                        while (m <= u && plain_verdict(total, n, x + m, allowed, alpha) == none)
                            m++;
                        assert_true(r.turns == (m <= u));
                        if (r.turns) {
                            assert_true(r.turns_at == m);
                            assert_true(r.turns_to ==
                                        plain_verdict(total, n, x + m, allowed, alpha));
                        }
                        assert_true((all == CLAIM_SUPPORTED) == (r.labels_needed <= n));
                        assert_true((none == CLAIM_SUPPORTED) == (r.labels_needed_if_none <= n));
                    }
}

/* At every look: verdicts follow from the ends of the set, p-values from its ratio. */
static void every_small_claim_at_any_look(void **state)
{
    (void)state;
    struct error err = ERROR_INIT;
    static const struct anytime_prior priors[] = {{1, 1}, {0.5, 8}};
    const uint64_t largest = test_short() ? 8 : 14;
    for (size_t p = 0; p < 2; p++)
        for (uint64_t total = 0; total <= largest; total++)
            for (uint64_t n = 0; n <= total; n++)
                for (uint64_t x = 0; x <= n; x++)
                    for (uint64_t u = 0; x + u <= n; u++)
                        for (uint64_t allowed = 0; allowed <= total; allowed++) {
                            struct sample_counts sample = {total, n, x, u};
                            struct claim_result r;
                            assert_ok(
                                claim_test_anytime(&sample, allowed, priors[p], 0.8, &r, &err),
                                err);
                            assert_true((r.verdict == CLAIM_SUPPORTED) ==
                                        (r.upper.value <= allowed));
                            assert_true((r.verdict == CLAIM_CONTRADICTED) ==
                                        (r.lower.value > allowed));
                            assert_true(level_rejects(r.p_value, r.alpha) ==
                                        (r.verdict == CLAIM_SUPPORTED));
                            assert_true(r.p_value >= 0 && r.p_value <= 1);
                        }
    struct sample_counts sample = {20, 5, 1, 0};
    struct claim_result r;
    assert_int_equal(claim_test_anytime(&sample, 3, (struct anytime_prior){0, 1}, 0.9, &r, &err),
                     STATUS_PLAN);
    /* 0 of 30,000 shows it at a fixed size only just, so not at every look; 0 of 60,000 does. */
    struct sample_counts many = {20000000, 30000, 0, 0};
    assert_ok(claim_test_anytime(&many, 2000, (struct anytime_prior){1, 10000}, 0.95, &r, &err),
              err);
    assert_int_equal(r.verdict, CLAIM_UNDETERMINED);
    many.drawn = 60000;
    assert_ok(claim_test_anytime(&many, 2000, (struct anytime_prior){1, 10000}, 0.95, &r, &err),
              err);
    assert_int_equal(r.verdict, CLAIM_SUPPORTED);
}

/* A false claim is cleared, and a true one contradicted, no more often than alpha. */
static void error_rates(void **state)
{
    (void)state;
    struct sample_counts sample = {20000000, 47369, 0, 0};
    struct hypergeometric just_false = {20000000, 2001, 47369};
    struct hypergeometric just_true = {20000000, 2000, 47369};
    double cleared = 0, accused = 0;
    for (sample.relevant = 0; sample.relevant < 60; sample.relevant++) {
        struct claim_result r = test(sample, "0.9999", 0.95);
        if (r.verdict == CLAIM_SUPPORTED)
            cleared += hypergeometric_pmf(&just_false, sample.relevant);
        if (r.verdict == CLAIM_CONTRADICTED)
            accused += hypergeometric_pmf(&just_true, sample.relevant);
    }
    assert_true(cleared <= 0.05 && cleared > 0.0499);
    assert_true(accused <= 0.05 && accused > 0.01);
}

static void extreme_claims(void **state)
{
    (void)state;
    /* Nothing relevant at all: only a census, or nearly, shows it; one hit refutes it. */
    struct claim_result r = test((struct sample_counts){1000, 950, 0, 0}, "1", 0.95);
    assert_int_equal(r.verdict, CLAIM_SUPPORTED);
    assert_int_equal(r.labels_needed, 950);
    r = test((struct sample_counts){1000, 10, 1, 0}, "1", 0.95);
    assert_int_equal(r.verdict, CLAIM_CONTRADICTED);
    assert_true(r.p_contradicted == 0);
    assert_true(r.labels_needed == SAMPLE_SIZE_NONE);
    /* A claim that nothing can violate. */
    r = test((struct sample_counts){1000, 10, 10, 0}, "0", 0.95);
    assert_int_equal(r.verdict, CLAIM_SUPPORTED);
    assert_true(r.p_value == 0 && r.p_contradicted == 1 && r.labels_needed == 0);
    r = test((struct sample_counts){0, 0, 0, 0}, "0.9999", 0.95);
    assert_int_equal(r.verdict, CLAIM_SUPPORTED);
}

static void bad_input(void **state)
{
    (void)state;
    struct error err = ERROR_INIT;
    struct claim_result r = {.allowed = 42};
    struct sample_counts sample = {20, 30, 0, 0}, good = {20, 10, 0, 0};
    uint64_t size = 42;
    assert_int_equal(claim_test(&sample, "0.9", 0.95, &r, &err), STATUS_PLAN);
    assert_string_equal(err.text, "30 units drawn are more than the population of 20");
    assert_int_equal(claim_test(&good, "0.9", 1, &r, &err), STATUS_PLAN);
    assert_int_equal(claim_test(&good, "9", 0.95, &r, &err), STATUS_PLAN);
    assert_int_equal(claim_test_allowed(&sample, 2, 0.95, &r, &err), STATUS_PLAN);
    assert_int_equal(claim_test_allowed(&good, 2, NAN, &r, &err), STATUS_PLAN);
    assert_int_equal(r.allowed, 42);
    assert_int_equal(sample_size_reject(20, 21, 0, 0.95, &size, &err), STATUS_PLAN);
    assert_string_equal(err.text, "21 relevant units are more than the population of 20");
    assert_int_equal(sample_size_reject(UINT64_MAX, 21, 0, 0.95, &size, &err), STATUS_PLAN);
    assert_int_equal(sample_size_reject(20, 2, 0, 0, &size, &err), STATUS_PLAN);
    assert_int_equal(sample_size_margin(0, 0.95, 0, &size, &err), STATUS_PLAN);
    assert_int_equal(sample_size_margin(1, 0.95, 0, &size, &err), STATUS_PLAN);
    assert_int_equal(sample_size_margin(NAN, 0.95, 0, &size, &err), STATUS_PLAN);
    assert_int_equal(sample_size_margin(0.1, 2, 0, &size, &err), STATUS_PLAN);
    assert_int_equal(size, 42);
}

static void names(void **state)
{
    (void)state;
    assert_string_equal(claim_verdict_name(CLAIM_SUPPORTED), "supported");
    assert_string_equal(claim_verdict_name(CLAIM_CONTRADICTED), "contradicted");
    assert_string_equal(claim_verdict_name(CLAIM_UNDETERMINED), "undetermined");
}

/* Certifying recall: .8^14 = .0440; each size is the least one by the powers themselves. */
static void recall_sizes(void **state)
{
    (void)state;
    struct error err = ERROR_INIT;
    uint64_t size;
    assert_ok(sample_size_recall(0.8, 0, 0.95, &size, &err), err);
    assert_int_equal(size, 14);
    static const double recalls[] = {0.5, 0.75, 0.8, 0.9, 0.95, 0.999};
    for (size_t i = 0; i < sizeof recalls / sizeof *recalls; i++)
        for (uint64_t misses = 0; misses < 6; misses++) {
            double recall = recalls[i];
            assert_ok(sample_size_recall(recall, misses, 0.95, &size, &err), err);
            for (uint64_t n = size - 1; n <= size; n++) {
                double tail = 0, ways = 1;
                for (uint64_t m = 0; m <= misses && m <= n; m++) {
                    tail += ways * pow(1 - recall, (double)m) * pow(recall, (double)(n - m));
                    ways *= (double)(n - m) / (double)(m + 1);
                }
                assert_true(n == size ? tail <= 0.05 : tail > 0.05);
            }
        }
    assert_ok(sample_size_recall(1 - 1e-12, 0, 0.95, &size, &err), err);
    assert_true(size == SAMPLE_SIZE_NONE);
    static const double bad[] = {0, 1, -0.5, 2, NAN};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_int_equal(sample_size_recall(bad[i], 0, 0.95, &size, &err), STATUS_PLAN);
    assert_int_equal(sample_size_recall(0.8, 0, 1.5, &size, &err), STATUS_PLAN);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(published_sizes),
        cmocka_unit_test(sizes_are_the_least),
        cmocka_unit_test(margins),
        cmocka_unit_test(recall_sizes),
        cmocka_unit_test(allowed_from_text),
        cmocka_unit_test(allowed_in_every_writing),
        cmocka_unit_test(bad_shares),
        cmocka_unit_test(verdicts_at_one_in_ten_thousand),
        cmocka_unit_test(unreadable_labels_turn_verdicts),
        cmocka_unit_test(every_small_claim),
        cmocka_unit_test(every_small_claim_at_any_look),
        cmocka_unit_test(error_rates),
        cmocka_unit_test(extreme_claims),
        cmocka_unit_test(bad_input),
        cmocka_unit_test(names),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
