/*
 * Units of drawn clusters with noise: means beyond a point against sums, tails against the exact
 * law of every way to put units into clusters, and how often bounds hold.
 */
#include "tests/support/support.h"

#include "stats/binomial.h"
#include "stats/clustered_count.h"
#include "stats/noisy_design.h"
#include "stats/stats_setup.h"

#include <math.h>
#include <string.h>

static const struct noise_law laws[] = {{NOISE_LAW_NONE, 0},
                                        {NOISE_LAW_LAPLACE, 1.5},
                                        {NOISE_LAW_GAUSSIAN, 0.6},
                                        {NOISE_LAW_GAUSSIAN, 30}};
enum { LAWS = sizeof laws / sizeof *laws, FAR = 120 };

static struct noise_hinge hinge_of(struct noise_law law, struct arena *arena)
{
    struct error err = ERROR_INIT;
    struct noise_hinge hinge;
    assert_ok(noise_hinge_init(&hinge, law, arena, &err), err);
    return hinge;
}

static void hinges_are_sums(void **state)
{
    (void)state;
    struct arena arena = ARENA_INIT;
    for (size_t l = 0; l < LAWS; l++) {
        struct noise_hinge hinge = hinge_of(laws[l], &arena);
        for (int64_t t = -25; t <= 25; t++) {
            double sum = 0;
            for (int64_t z = -FAR; z <= FAR; z++)
                sum += t + z > 0 ? noise_law_pmf(&laws[l], z) * (double)(t + z) : 0;
            if (fabs(noise_hinge_at(&hinge, t) - sum) > 1e-12 * (1 + sum))
                fail_msg("law %d at %d: %.17g, not %.17g", (int)l, (int)t,
                         noise_hinge_at(&hinge, t), sum);
        }
    }
    /* Wide noise has a formula; it is never below the sum, and near it. */
    struct noise_law wide = {NOISE_LAW_GAUSSIAN, 2e6};
    struct noise_hinge hinge = hinge_of(wide, &arena);
    assert_null(hinge.above);
    for (int64_t t = 0; t <= 9000; t += 1500) {
        double sum = 0;
        for (int64_t z = t + 1; z < 30000; z++)
            sum += noise_law_pmf(&wide, z) * (double)(z - t);
        double mean = noise_hinge_at(&hinge, -t);
        if (mean < sum || mean > sum * (1 + 2e-5))
            fail_msg("at %d: %.17g, not %.17g", (int)t, mean, sum);
    }
    arena_release(&arena);
}

/* ---- against the exact law ---- */

enum { CLUSTERS = 12, SUM = CLUSTERS * 6 };

/* P(X = x) of clusters of SIZES[CLUSTERS], each drawn with SHARE. */
static void exact_law(const int *sizes, double share, double out[SUM + 1])
{
    for (int x = 0; x <= SUM; x++)
        out[x] = x == 0;
    for (int i = 0; i < CLUSTERS; i++)
        for (int x = SUM; x >= 0; x--)
            out[x] = out[x] * (1 - share) + (x >= sizes[i] ? out[x - sizes[i]] * share : 0);
}

/* P(X + Z <= TOLD) or P(X + Z >= TOLD). */
static double exact_tail(const double law[SUM + 1], const struct noise_law *noise, bool low,
                         int64_t told)
{
    double sum = 0;
    for (int x = 0; x <= SUM; x++)
        sum += law[x] * noise_law_upper(noise, low ? x - told : told - x);
    return sum;
}

static const int worlds[][CLUSTERS] = {{6, 6, 6, 6, 6}, /* as uneven as can be */
                                       {6, 6, 6, 6, 3}, /* and with a rest */
                                       {1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1},
                                       {5, 4, 3, 2, 1, 1, 0, 6}, /* mixed */
                                       {2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2},
                                       {6},
                                       {0}};
enum { WORLDS = sizeof worlds / sizeof *worlds, CAP = 6 };

static uint64_t units_of(const int *sizes)
{
    int sum = 0;
    for (int i = 0; i < CLUSTERS; i++)
        sum += sizes[i];
    return (uint64_t)sum;
}

static void tails_hold_whatever_the_clusters(void **state)
{
    (void)state;
    static const double shares[] = {0.05, 0.3, 0.8, 1};
    struct arena arena = ARENA_INIT;
    double law[SUM + 1];
    for (size_t l = 0; l < LAWS; l++)
        for (size_t s = 0; s < 4; s++)
            for (size_t w = 0; w < WORLDS; w++) {
                struct noise_hinge hinge = hinge_of(laws[l], &arena);
                struct clustered_count c = {shares[s], CAP, 1000, &hinge, 0, 0};
                exact_law(worlds[w], shares[s], law);
                uint64_t relevant = units_of(worlds[w]);
                for (int64_t told = -10; told <= 40; told++) {
                    double low = exact_tail(law, &laws[l], true, told);
                    double high = exact_tail(law, &laws[l], false, told);
                    if (clustered_count_low(&c, told, relevant) < low * (1 - 1e-9) ||
                        clustered_count_high(&c, told, relevant) < high * (1 - 1e-9))
                        fail_msg("law %d, share %g, world %d, told %d: %g %g, exactly %g %g",
                                 (int)l, shares[s], (int)w, (int)told,
                                 clustered_count_low(&c, told, relevant),
                                 clustered_count_high(&c, told, relevant), low, high);
                }
            }
    arena_release(&arena);
}

/* It is no more than e times the tail where clusters are full and noise smooths it, and less than
 * the best exponential bound. */
static void tails_are_near(void **state)
{
    (void)state;
    struct arena arena = ARENA_INIT;
    struct noise_law noise = {NOISE_LAW_GAUSSIAN, 30};
    struct noise_hinge hinge = hinge_of(noise, &arena);
    struct binomial b = {400, 0.1};
    struct clustered_count c = {0.1, 5, 100000, &hinge, 0, 0};
    for (int64_t told = 40; told <= 180; told += 20) {
        double tail = 0, least = 1;
        for (uint64_t m = 0; m <= 400; m++)
            tail += binomial_pmf(&b, m) * noise_law_upper(&noise, 5 * (int64_t)m - told);
        for (double s = 0.001; s < 1; s += 0.001)
            least = fmin(least,
                         exp(s * (double)told + s * s * 30 / 2 + 400 * log1p(0.1 * expm1(-5 * s))));
        double bound = clustered_count_low(&c, told, 2000);
        if (bound > tail * exp(1) || bound < tail || bound > least)
            fail_msg("told %d: %g, the tail is %g, the exponential bound %g", (int)told, bound,
                     tail, least);
    }
    arena_release(&arena);
}

static void tails_are_monotone(void **state)
{
    (void)state;
    struct arena arena = ARENA_INIT;
    for (size_t l = 0; l < LAWS; l++) {
        struct noise_hinge hinge = hinge_of(laws[l], &arena);
        struct clustered_count c = {0.2, 4, 1000, &hinge, 0, 0};
        for (uint64_t k = 0; k < 120; k++) {
            assert_true(clustered_count_low(&c, 7, k + 1) <=
                        clustered_count_low(&c, 7, k) * (1 + 1e-9));
            assert_true(clustered_count_high(&c, 7, k + 1) * (1 + 1e-9) >=
                        clustered_count_high(&c, 7, k));
        }
    }
    arena_release(&arena);
}

/* ---- bounds ---- */

/* How often each end misses, over every draw and noise; LOST of the units (taken from the last
 * clusters that have some) are open. */
static void ends_hold(void **state)
{
    (void)state;
    const double alpha = 0.2;
    struct arena arena = ARENA_INIT;
    for (size_t l = 0; l < LAWS; l++)
        for (size_t w = 0; w < WORLDS; w++) {
            struct noise_hinge hinge = hinge_of(laws[l], &arena);
            double law[SUM + 1], low_missed = 0, high_missed = 0, all = 0;
            exact_law(worlds[w], 0.4, law);
            uint64_t relevant = units_of(worlds[w]);
            for (int64_t told = -60; told <= SUM + 60; told++) {
                struct clustered_count c = {0.4, CAP, 500, &hinge, told, 0};
                double chance = 0;
                for (int x = 0; x <= SUM; x++)
                    chance += law[x] * noise_law_pmf(&laws[l], told - x);
                if (chance < 1e-9)
                    continue;
                all += chance;
                low_missed += relevant < clustered_count_lower(&c, alpha) ? chance : 0;
                high_missed += relevant > clustered_count_upper(&c, 0.001, alpha) ? chance : 0;
            }
            assert_true(all > 1 - 1e-6);
            if (low_missed > alpha || high_missed > alpha)
                fail_msg("law %d, world %d: missed %g from below, %g from above", (int)l, (int)w,
                         low_missed, high_missed);
        }
    arena_release(&arena);
}

/* The ends are where the tails say. */
static void ends_are_where_tails_turn(void **state)
{
    (void)state;
    struct arena arena = ARENA_INIT;
    struct noise_hinge hinge = hinge_of(laws[3], &arena);
    for (int64_t told = -20; told <= 60; told += 16) {
        struct clustered_count c = {0.25, 3, 700, &hinge, told, -1000};
        uint64_t low = clustered_count_lower(&c, 0.05),
                 high = clustered_count_upper(&c, 0.01, 0.05);
        assert_true(low <= high);
        assert_true(clustered_count_high(&c, told, low) > 0.05);
        assert_true(low == 0 || clustered_count_high(&c, told, low - 1) <= 0.05);
        /* Where noise has carried it so far that all are rejected, none is the least so. */
        assert_true(high == 0 || clustered_count_low(&c, told, high) > 0.05);
        assert_true(clustered_count_low(&c, told, high + 1) <= 0.05);
    }
    struct clustered_count full = {0.25, 3, 700, &hinge, 690, -1000};
    assert_int_equal(clustered_count_upper(&full, 0.01, 0.05), 700);
    arena_release(&arena);
}

/* In a design: an eighth to the open, an eighth to N; a cluster of one is a unit. */
static void designs(void **state)
{
    (void)state;
    struct error err = ERROR_INIT;
    struct arena arena = ARENA_INIT;
    struct noise_hinge hinge = hinge_of(laws[3], &arena);
    struct noisy_bounds b, units;
    struct noisy_stratum s = {.tally = {900, 300, 40, 5, {NOISE_LAW_NONE, 0}, laws[3]},
                              .share = 0.3};
    struct noisy_design d = {.strata = &s, .count = 1, .population = 900, .whole_told = true};
    struct clustered_count c = {0.3, 4, 900, &hinge, 40, 5};
    assert_ok(noisy_design_bounds(&d, 0.08, NOISY_TWO_SIDED, &units, &err), err);
    d.cluster_cap = 1;
    assert_ok(noisy_design_bounds(&d, 0.08, NOISY_TWO_SIDED, &b, &err), err);
    assert_memory_equal(&b, &units, sizeof b);
    d.cluster_cap = 4;
    assert_ok(noisy_design_bounds(&d, 0.08, NOISY_TWO_SIDED, &b, &err), err);
    assert_int_equal(b.population.high, 900);
    assert_int_equal(b.relevant.low, clustered_count_lower(&c, 0.03));
    assert_int_equal(b.relevant.high, clustered_count_upper(&c, 0.01, 0.03));
    assert_true(b.relevant.low < units.relevant.low && b.relevant.high > units.relevant.high);
    assert_ok(noisy_design_bounds(&d, 0.08, NOISY_ONE_SIDED, &b, &err), err);
    assert_int_equal(b.relevant.high, clustered_count_upper(&c, 0.01, 0.06));
    d.check_share = 0.5;
    assert_int_equal(noisy_design_bounds(&d, 0.08, NOISY_TWO_SIDED, &b, &err), STATUS_PLAN);
    d.check_share = 0;
    s.tally.law.scale = NAN;
    assert_int_equal(noisy_design_bounds(&d, 0.08, NOISY_TWO_SIDED, &b, &err), STATUS_PLAN);
    s.tally.law.scale = 30;
    s.share = 0;
    assert_int_equal(noisy_design_bounds(&d, 0.08, NOISY_TWO_SIDED, &b, &err), STATUS_PLAN);
    arena_release(&arena);
}

static void what_cannot_be_is_refused(void **state)
{
    (void)state;
    struct error err = ERROR_INIT;
    struct arena arena = ARENA_INIT;
    struct noise_hinge hinge = hinge_of(laws[1], &arena), none = {.law = {NOISE_LAW_GAUSSIAN, 0}};
    const struct clustered_count good = {0.5, 3, 700, &hinge, 3, 0};
    struct clustered_count bad[] = {good, good, good, good, good, good};
    bad[0].share = 0;
    bad[1].share = NAN;
    bad[2].cap = 0;
    bad[3].most = UINT64_MAX;
    bad[4].told = INT64_MIN;
    bad[5].noise = &none;
    assert_ok(clustered_count_check(&good, &err), err);
    for (size_t i = 0; i < 6; i++)
        assert_int_equal(clustered_count_check(&bad[i], &err), STATUS_PLAN);
    arena_release(&arena);
}

int main(void)
{
    stats_setup();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(hinges_are_sums), cmocka_unit_test(tails_hold_whatever_the_clusters),
        cmocka_unit_test(tails_are_near),  cmocka_unit_test(tails_are_monotone),
        cmocka_unit_test(ends_hold),       cmocka_unit_test(ends_are_where_tails_turn),
        cmocka_unit_test(designs),         cmocka_unit_test(what_cannot_be_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
