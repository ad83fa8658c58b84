/* Quality of a search with noise: all measures hold together as often as stated, in draws with a
 * fixed seed; ends by hand. */
#include "tests/support/fixed_bits.h"
#include "tests/support/support.h"

#include "release/noise.h"
#include "stats/noisy_search.h"
#include "stats/stats_setup.h"

#include <gsl/gsl_cdf.h>
#include <math.h>

struct world {
    uint64_t units[2], relevant[2], drawn;
    double sigma_squared;
};

/* Bounds where the draw had one stratum. */
static enum status bounds_of(const struct noisy_tally tallies[2], double confidence,
                             struct search_quality *out, struct error *err)
{
    const struct noisy_stratum strata[2] = {{.tally = tallies[0]}, {.tally = tallies[1]}};
    const struct noisy_design parts[2] = {{.strata = &strata[0], .count = 1},
                                          {.strata = &strata[1], .count = 1}};
    return noisy_search_bounds(parts, confidence, out, err);
}

static uint64_t below(struct random_bits *bits, uint64_t n)
{
    struct error err = ERROR_INIT;
    uint64_t draw;
    assert_ok(random_bytes(bits, &draw, sizeof draw, &err), err);
    return draw % n;
}

static bool holds(const struct ratio_bounds *bounds, double part, double whole)
{
    return whole == 0 || (bounds->low <= part / whole && part / whole <= bounds->high);
}

/* One draw of the whole population; every eighth drawn unit is unreadable. */
static bool covers_once(const struct world *w, struct random_bits *bits, const int64_t *noise,
                        double confidence)
{
    struct noise_law law = {NOISE_LAW_GAUSSIAN, w->sigma_squared};
    struct noisy_tally parts[2];
    struct search_quality q;
    struct error err = ERROR_INIT;
    uint64_t left = w->drawn, rest = w->units[0] + w->units[1];
    for (size_t p = 0; p < 2; p++) {
        int64_t n = 0, x = 0, u = 0;
        for (uint64_t unit = 0; unit < w->units[p]; unit++) {
            if (below(bits, rest--) >= left)
                continue;
            left--;
            n++;
            bool lost = below(bits, 8) == 0;
            u += lost;
            x += !lost && unit < w->relevant[p];
        }
        parts[p] = (struct noisy_tally){(int64_t)w->units[p] + noise[4 * p],
                                        n + noise[4 * p + 1],
                                        x + noise[4 * p + 2],
                                        u + noise[4 * p + 3],
                                        law,
                                        law};
    }
    assert_ok(bounds_of(parts, confidence, &q, &err), err);
    double k[2] = {(double)w->relevant[0], (double)w->relevant[1]};
    double n[2] = {(double)w->units[0], (double)w->units[1]};
    return holds(&q.recall, k[0], k[0] + k[1]) && holds(&q.precision, k[0], n[0]) &&
           holds(&q.elusion, k[1], n[1]) && holds(&q.prevalence, k[0] + k[1], n[0] + n[1]) &&
           holds(&q.f1, 2 * k[0], n[0] + k[0] + k[1]);
}

static void measures_hold_together(void **state)
{
    (void)state;
    static const struct world worlds[] = {
        {{120, 400}, {60, 10}, 200, 3}, {{30, 30}, {30, 0}, 50, 6}, {{15, 900}, {9, 90}, 300, 1}};
    enum { DRAWS = 2000 };
    uint64_t stream = 77;
    struct random_bits bits;
    fixed_bits(&bits, &stream);
    for (size_t w = 0; w < sizeof worlds / sizeof *worlds; w++) {
        static int64_t noise[8 * DRAWS];
        struct error err = ERROR_INIT;
        unsigned misses = 0;
        struct noise_scale scale = {(uint64_t)worlds[w].sigma_squared, 1};
        assert_ok(noise_gaussian(scale, &bits, noise, 8 * DRAWS, &err), err);
        for (size_t i = 0; i < DRAWS; i++)
            misses += !covers_once(&worlds[w], &bits, noise + 8 * i, 0.8);
        double p = misses ? gsl_cdf_binomial_Q(misses - 1, 0.2, DRAWS) : 1;
        if (p < 1e-6)
            fail_msg("world %d: %u misses in %d", (int)w, misses, DRAWS);
    }
}

/* Without noise and all drawn there is one value of each. */
static void exact_without_noise(void **state)
{
    (void)state;
    static const struct noise_law none = {NOISE_LAW_NONE, 0};
    const struct noisy_tally parts[2] = {{100, 100, 80, 0, none, none},
                                         {400, 400, 20, 0, none, none}};
    struct search_quality q;
    struct error err = ERROR_INIT;
    assert_ok(bounds_of(parts, 0.95, &q, &err), err);
    const struct {
        const struct ratio_bounds *bounds;
        double value;
    } rows[] = {{&q.recall, 0.8},
                {&q.precision, 0.8},
                {&q.elusion, 0.05},
                {&q.prevalence, 0.2},
                {&q.f1, 160. / 200}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        assert_true(fabs(rows[i].bounds->low - rows[i].value) < 1e-12);
        assert_true(fabs(rows[i].bounds->high - rows[i].value) < 1e-12);
        assert_false(rows[i].bounds->has_point);
    }
    assert_int_equal(bounds_of(parts, 1, &q, &err), STATUS_PLAN);
}

/* With half of it unknown: recall's ends stand at the corners. */
static void corners(void **state)
{
    (void)state;
    static const struct noise_law none = {NOISE_LAW_NONE, 0};
    const struct noisy_tally parts[2] = {{10, 10, 4, 2, none, none}, {20, 20, 3, 5, none, none}};
    struct search_quality q;
    struct error err = ERROR_INIT;
    assert_ok(bounds_of(parts, 0.95, &q, &err), err);
    assert_true(fabs(q.recall.low - 4. / 12) < 1e-12);
    assert_true(fabs(q.recall.high - 6. / 9) < 1e-12);
    assert_true(fabs(q.precision.low - 0.4) < 1e-12 && fabs(q.precision.high - 0.6) < 1e-12);
    assert_true(fabs(q.elusion.low - 0.15) < 1e-12 && fabs(q.elusion.high - 0.4) < 1e-12);
    assert_true(fabs(q.f1.low - 8. / 22) < 1e-12 && fabs(q.f1.high - 12. / 19) < 1e-12);
}

int main(void)
{
    stats_setup();
    const struct CMUnitTest tests[] = {cmocka_unit_test(measures_hold_together),
                                       cmocka_unit_test(exact_without_noise),
                                       cmocka_unit_test(corners)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
