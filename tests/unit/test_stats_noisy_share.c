/* Shares with noise on both parts: coverage by enumeration, tails by double sums, width against
 * other methods. */
#include "tests/support/support.h"

#include "stats/noisy_count.h"
#include "stats/noisy_share.h"
#include "stats/stats_setup.h"

#include <math.h>
#include <stdlib.h>

static const struct noise_law laws[] = {{NOISE_LAW_NONE, 0},
                                        {NOISE_LAW_LAPLACE, 0.8},
                                        {NOISE_LAW_LAPLACE, 4},
                                        {NOISE_LAW_GAUSSIAN, 0.6},
                                        {NOISE_LAW_GAUSSIAN, 30}};
enum { LAWS = sizeof laws / sizeof *laws, REACH = 90 };

static struct arena arena = ARENA_INIT;

static void make_tails(struct noise_tails tails[LAWS])
{
    struct error err = ERROR_INIT;
    for (size_t l = 0; l < LAWS; l++)
        assert_ok(noise_tails_init(&tails[l], laws[l], &arena, &err), err);
}

static void tails_are_the_laws(void **state)
{
    (void)state;
    static const struct noise_law more[] = {{NOISE_LAW_GAUSSIAN, 1e4},
                                            {NOISE_LAW_GAUSSIAN, 1e6},
                                            {NOISE_LAW_GAUSSIAN, 1e9},
                                            {NOISE_LAW_LAPLACE, 1e5}};
    struct error err = ERROR_INIT;
    for (size_t l = 0; l < LAWS + 4; l++) {
        struct noise_law law = l < LAWS ? laws[l] : more[l - LAWS];
        struct noise_tails tails;
        assert_ok(noise_tails_init(&tails, law, &arena, &err), err);
        double sigma = tails.sigma;
        for (int i = -60; i <= 60; i++) {
            int64_t z = (int64_t)floor(i / 10.0 * (sigma + 1));
            double told = noise_tails_upper(&tails, z), right = noise_law_upper(&law, z);
            assert_true(told >= right * (1 - 1e-9) && told <= right * (1 + 2e-6) + 1e-15);
        }
        assert_true(noise_tails_upper(&tails, INT64_MAX / 2) < 1e-15);
        assert_true(noise_tails_upper(&tails, -INT64_MAX / 2) > 1 - 1e-15);
    }
}

/* From above, and near the sums over both noises. */
static void tails_are_sums(void **state)
{
    (void)state;
    struct noise_tails tails[LAWS];
    make_tails(tails);
    for (size_t p = 0; p < LAWS; p++)
        for (size_t w = 0; w < LAWS; w++)
            for (int64_t part = -8; part <= 60; part += 17)
                for (int i = 0; i <= 10; i++) {
                    struct noisy_share s = {part, 70, &tails[p], &tails[w]};
                    double high = 0, low = 0, r = i / 10.0;
                    double gap = (double)part - r * 70;
                    for (int64_t y = -REACH; y <= REACH; y++)
                        for (int64_t z = -REACH; z <= REACH; z++) {
                            double chance = noise_law_pmf(&laws[p], y) * noise_law_pmf(&laws[w], z);
                            double at = (double)y - r * (double)z;
                            bool sure = 70 - z < 1; /* counted as not rejecting */
                            high += sure || at >= gap - 1e-9 ? chance : 0;
                            low += sure || at <= gap + 1e-9 ? chance : 0;
                        }
                    double told_high = noisy_share_high(&s, r, 0.9);
                    double told_low = noisy_share_low(&s, r, 0.9);
                    assert_true(told_high >= high - 1e-11 && told_low >= low - 1e-11);
                    assert_true(told_high <= high + 0.05 && told_low <= low + 0.05);
                }
}

/* Every pair of noises that is not out of this world, for every share of small wholes. */
static void covers(void **state)
{
    (void)state;
    static const uint64_t worlds[][2] = {{0, 1}, {1, 2}, {3, 40}, {39, 40}, {5, 200}};
    struct noise_tails tails[LAWS];
    make_tails(tails);
    for (size_t i = 0; i < sizeof worlds / sizeof *worlds; i++)
        for (size_t p = 0; p < LAWS; p++)
            for (size_t w = 0; w < LAWS; w++) {
                struct error err = ERROR_INIT;
                if (getenv("SHORT") && (i + p + w) % 3)
                    continue;
                double covered = 0, r = (double)worlds[i][0] / (double)worlds[i][1];
                for (int64_t y = -REACH; y <= REACH; y++)
                    for (int64_t z = -REACH; z <= REACH; z++) {
                        double chance = noise_law_pmf(&laws[p], y) * noise_law_pmf(&laws[w], z);
                        double low, high;
                        if (chance < 1e-7)
                            continue; /* counts as a miss: all of it is below 4e-3 */
                        struct noisy_share s = {(int64_t)worlds[i][0] + y,
                                                (int64_t)worlds[i][1] + z, &tails[p], &tails[w]};
                        assert_ok(noisy_share_interval(&s, 0.9, &low, &high, &err), err);
                        assert_true(0 <= low && low <= high && high <= 1);
                        covered += low <= r && r <= high ? chance : 0;
                    }
                if (!(covered >= 0.9 - 1e-9))
                    fail_msg("%d of %d, laws %d, %d: %g", (int)worlds[i][0], (int)worlds[i][1],
                             (int)p, (int)w, covered);
            }
}

/* With large numbers it is Fieller's interval, and narrower than the quotients of the parts' ends
 * at half the chance each. */
static void near_fieller(void **state)
{
    (void)state;
    static const struct {
        int64_t part, whole;
        double part_variance, whole_variance;
    } cases[] = {{5000, 20000, 15000, 12000},
                 {18000, 20000, 15000, 12000},
                 {300, 900000, 4e6, 1e5},
                 {400000, 900000, 900, 4e8}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct error err = ERROR_INIT;
        struct noise_law part = {NOISE_LAW_GAUSSIAN, cases[i].part_variance};
        struct noise_law whole = {NOISE_LAW_GAUSSIAN, cases[i].whole_variance};
        struct noise_tails tails[2];
        struct noisy_ratio fieller;
        double low, high;
        assert_ok(noise_tails_init(&tails[0], part, &arena, &err), err);
        assert_ok(noise_tails_init(&tails[1], whole, &arena, &err), err);
        struct noisy_share s = {cases[i].part, cases[i].whole, &tails[0], &tails[1]};
        assert_ok(noisy_share_interval(&s, 0.95, &low, &high, &err), err);
        assert_ok(noisy_ratio_fieller((double)s.part, part.scale, (double)s.whole, whole.scale,
                                      0.95, &fieller, &err),
                  err);
        double width = fieller.high - fieller.low;
        double from = fmax(fieller.low, 0);
        assert_true(low <= from + 1e-3 * width && low >= from - 0.05 * width);
        assert_true(high >= fieller.high - 1e-3 * width && high <= fieller.high + 0.05 * width);
        double p = (double)noise_law_half_width(&part, 0.975);
        double w = (double)noise_law_half_width(&whole, 0.975);
        double box = ((double)s.part + p) / ((double)s.whole - w) -
                     fmax((double)s.part - p, 0) / ((double)s.whole + w);
        assert_true(high - low < 0.92 * box);
    }
}

static void at_the_ends(void **state)
{
    (void)state;
    struct noise_tails tails[LAWS];
    struct error err = ERROR_INIT;
    double low, high;
    make_tails(tails);
    /* Without noise it is the quotient. */
    struct noisy_share s = {30, 120, &tails[0], &tails[0]};
    assert_ok(noisy_share_interval(&s, 0.95, &low, &high, &err), err);
    assert_true(low <= 0.25 && low > 0.25 - 1e-8 && high >= 0.25 && high < 0.25 + 1e-8);
    /* A whole that may be nothing says nothing. */
    s = (struct noisy_share){3, 2, &tails[4], &tails[4]};
    assert_ok(noisy_share_interval(&s, 0.95, &low, &high, &err), err);
    assert_true(low == 0 && high == 1);
    /* A part far below nothing is none, one far above the whole is all. */
    s = (struct noisy_share){-500, 120, &tails[3], &tails[3]};
    assert_ok(noisy_share_interval(&s, 0.95, &low, &high, &err), err);
    assert_true(low == 0 && high == 0);
    s = (struct noisy_share){900, 120, &tails[3], &tails[3]};
    assert_ok(noisy_share_interval(&s, 0.95, &low, &high, &err), err);
    assert_true(low == 1 && high == 1);
    /* So does noise that drowns everything. */
    struct noise_tails drowning;
    assert_ok(
        noise_tails_init(&drowning, (struct noise_law){NOISE_LAW_LAPLACE, 1e17}, &arena, &err),
        err);
    s = (struct noisy_share){900, 120, &tails[3], &drowning};
    assert_ok(noisy_share_interval(&s, 0.95, &low, &high, &err), err);
    assert_true(low == 0 && high == 1);
    assert_int_equal(noisy_share_interval(&s, 1, &low, &high, &err), STATUS_PLAN);
    assert_int_equal(noisy_share_interval(&s, NAN, &low, &high, &err), STATUS_PLAN);
    s.part = INT64_MIN + 1;
    assert_int_equal(noisy_share_interval(&s, 0.95, &low, &high, &err), STATUS_PLAN);
}

int main(void)
{
    stats_setup();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tails_are_the_laws), cmocka_unit_test(tails_are_sums),
        cmocka_unit_test(covers), cmocka_unit_test(near_fieller), cmocka_unit_test(at_the_ends)};
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    arena_release(&arena);
    return failed;
}
