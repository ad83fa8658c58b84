/* Claims on numbers with noise: how often each verdict and p-value errs, enumerated over every
 * sample and every noise of the four numbers. */
#include "tests/support/support.h"

#include "stats/hypergeometric.h"
#include "stats/noisy_claim.h"
#include "stats/stats_setup.h"

#include <math.h>
#include <stdlib.h>

static const struct noise_law laws[] = {{NOISE_LAW_GAUSSIAN, 0.25}, {NOISE_LAW_LAPLACE, 0.35}};
enum { REACH = 3, WIDTH = 2 * REACH + 1, LEVELS = 5 };
static const double levels[LEVELS] = {0.02, 0.1, 0.25, 0.5, 0.8};

struct world {
    uint64_t population, drawn, relevant;
    const char *share;
    bool lost; /* of the drawn relevant units one is unreadable */
};

struct rates {
    double supported, contradicted;
    double p_at_most[LEVELS];
};

static struct rates rates_of(const struct world *w, const struct noise_law *law, double confidence)
{
    struct rates rates = {0};
    struct error err = ERROR_INIT;
    struct hypergeometric h = {w->population, w->relevant, w->drawn};
    for (uint64_t drawn = 0; drawn <= w->drawn; drawn++) {
        double chance = hypergeometric_pmf(&h, drawn);
        int64_t lost = w->lost && drawn;
        if (chance < 1e-9)
            continue;
        for (int i = 0; i < WIDTH * WIDTH * WIDTH * WIDTH; i++) {
            int64_t z[4];
            double mass = chance;
            for (int k = 0, rest = i; k < 4; k++, rest /= WIDTH) {
                z[k] = rest % WIDTH - REACH;
                mass *= noise_law_pmf(law, z[k]);
            }
            if (mass < 1e-8)
                continue; /* all of it is below 1e-4 */
            struct noisy_tally tally = {(int64_t)w->population + z[0],
                                        (int64_t)w->drawn + z[1],
                                        (int64_t)drawn - lost + z[2],
                                        lost + z[3],
                                        *law,
                                        *law};
            struct noisy_claim claim;
            assert_ok(noisy_claim_test(&tally, w->share, confidence, &claim, &err), err);
            assert_int_equal(claim.verdict == CLAIM_SUPPORTED,
                             claim.p_value <= 1 - confidence + 1e-12);
            if (claim.verdict == CLAIM_SUPPORTED)
                assert_true(claim.relevant.high <= claim.allowed.low);
            else
                assert_true(claim.relevant.high > claim.allowed.low);
            rates.supported += claim.verdict == CLAIM_SUPPORTED ? mass : 0;
            rates.contradicted += claim.verdict == CLAIM_CONTRADICTED ? mass : 0;
            for (int k = 0; k < LEVELS; k++)
                rates.p_at_most[k] += claim.p_value <= levels[k] ? mass : 0;
        }
    }
    return rates;
}

/* One more than allowed is supported, and just as many contradicted, in alpha of the cases at most;
 * and the p-value of a violated claim is at most p with a chance of at most p. */
static void errs_as_rarely_as_it_says(void **state)
{
    (void)state;
    static const struct world worlds[] = {
        {12, 9, 0, "0.75", false}, {30, 20, 0, "0.8", true}, {9, 9, 0, "0.5", true}};
    const double alpha = 0.25;
    for (size_t i = 0; i < sizeof worlds / sizeof *worlds; i++)
        for (size_t l = 0; l < sizeof laws / sizeof *laws; l++) {
            struct error err = ERROR_INIT;
            struct world w = worlds[i];
            uint64_t allowed;
            if (getenv("SHORT") && (i + l) % 2)
                continue;
            assert_ok(claim_allowed(w.share, w.population, &allowed, &err), err);
            w.relevant = allowed + 1;
            struct rates rates = rates_of(&w, &laws[l], 1 - alpha);
            if (rates.supported > alpha)
                fail_msg("world %d: a violated claim is supported: %g", (int)i, rates.supported);
            for (int k = 0; k < LEVELS; k++)
                if (rates.p_at_most[k] > levels[k])
                    fail_msg("world %d: p at most %g has %g", (int)i, levels[k],
                             rates.p_at_most[k]);
            w.relevant = allowed;
            rates = rates_of(&w, &laws[l], 1 - alpha);
            if (rates.contradicted > alpha)
                fail_msg("world %d: a true claim is contradicted: %g", (int)i, rates.contradicted);
        }
}

/* Far from what it allows it says so. */
static void says_something(void **state)
{
    (void)state;
    const struct world none = {30, 28, 0, "0.7", false}, all = {30, 28, 30, "0.7", false};
    assert_true(rates_of(&none, &laws[0], 0.75).supported > 0.9);
    assert_true(rates_of(&all, &laws[0], 0.75).contradicted > 0.9);
}

/* Without noise it is the exact test, at the level that is left. */
static void without_noise(void **state)
{
    (void)state;
    static const struct noise_law none = {NOISE_LAW_NONE, 0};
    struct error err = ERROR_INIT;
    for (int64_t x = 0; x < 12; x++) {
        struct noisy_tally tally = {5000, 400, x, 2, none, none};
        struct sample_counts sample = {5000, 400, (uint64_t)x, 2};
        struct noisy_claim noisy;
        struct claim_result exact;
        assert_ok(noisy_claim_test(&tally, "0.98", 0.92, &noisy, &err), err);
        assert_ok(claim_test(&sample, "0.98", 0.95, &exact, &err), err); /* 5/8 of 0.08 */
        assert_int_equal(noisy.verdict, exact.verdict);
        assert_int_equal(noisy.relevant.high, exact.upper.value);
        assert_int_equal(noisy.relevant.low, exact.lower.value);
        assert_int_equal(noisy.allowed.low, exact.allowed);
        assert_true(fabs(noisy.p_value * 5 / 8 / exact.p_value - 1) < 2e-3 || exact.p_value > 0.62);
    }
}

static void impossible(void **state)
{
    (void)state;
    struct error err = ERROR_INIT;
    struct noisy_claim out;
    struct noisy_tally tally = {5000, 400, 3, 2, laws[0], laws[0]};
    assert_int_equal(noisy_claim_test(&tally, "1.2", 0.95, &out, &err), STATUS_PLAN);
    assert_int_equal(noisy_claim_test(&tally, "0.9", 1, &out, &err), STATUS_PLAN);
    tally.population = INT64_MAX;
    assert_int_equal(noisy_claim_test(&tally, "0.9", 0.95, &out, &err), STATUS_PLAN);
    /* More told than can be: still an answer. */
    tally = (struct noisy_tally){-20, 900, 5000, -40, laws[0], laws[0]};
    assert_ok(noisy_claim_test(&tally, "0.9", 0.95, &out, &err), err);
    assert_int_equal(out.verdict, CLAIM_CONTRADICTED);
}

int main(void)
{
    stats_setup();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(errs_as_rarely_as_it_says), cmocka_unit_test(says_something),
        cmocka_unit_test(without_noise), cmocka_unit_test(impossible)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
