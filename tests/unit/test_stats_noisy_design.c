/*
 * Samples by shares with noise, in strata and with labels checked: tails against double sums, ends
 * against trying every allocation, and how often bounds hold and claims err, enumerated over every
 * sample, label and noise.
 */
#include "tests/support/support.h"

#include "stats/binomial.h"
#include "stats/noisy_bernoulli.h"
#include "stats/noisy_claim.h"
#include "stats/noisy_search.h"
#include "stats/stats_setup.h"

#include <gsl/gsl_cdf.h>
#include <math.h>
#include <stdlib.h>

static const struct noise_law laws[] = {{NOISE_LAW_NONE, 0},
                                        {NOISE_LAW_LAPLACE, 0.8},
                                        {NOISE_LAW_GAUSSIAN, 0.6},
                                        {NOISE_LAW_GAUSSIAN, 20}};
enum { LAWS = sizeof laws / sizeof *laws, FAR = 160 };

/* ---- tails and ends ---- */

static void tails_are_sums(void **state)
{
    (void)state;
    static const double shares[] = {0.02, 0.4, 1};
    for (size_t l = 0; l < LAWS; l++)
        for (size_t s = 0; s < 3; s++)
            for (uint64_t relevant = 0; relevant <= 30; relevant += 6)
                for (int64_t told = -9; told < 34; told += 4) {
                    struct noisy_parts parts = {.law = laws[l]};
                    struct binomial b = {relevant, shares[s]};
                    double high = 0, low = 0;
                    for (uint64_t x = 0; x <= relevant; x++)
                        for (int64_t z = -FAR; z <= FAR; z++) {
                            double p = binomial_pmf(&b, x) * noise_law_pmf(&laws[l], z);
                            high += (int64_t)x + z >= told ? p : 0;
                            low += (int64_t)x + z <= told ? p : 0;
                        }
                    assert_true(fabs(noisy_bernoulli_high(&parts, shares[s], told, relevant) -
                                     high) < 1e-11);
                    assert_true(fabs(noisy_bernoulli_low(&parts, shares[s], told, relevant) - low) <
                                1e-11);
                }
}

/* Far in a tail what counts is far off the mode: to 1e-9 of itself, where a sum from the mode
 * outward would stop long before. */
static void far_tails(void **state)
{
    (void)state;
    struct noisy_parts parts = {.law = {NOISE_LAW_GAUSSIAN, 20}};
    struct binomial b = {4000, 0.25};
    double sum = 0;
    for (uint64_t x = 0; x <= 900; x++)
        sum += binomial_pmf(&b, x) * noise_law_upper(&parts.law, (int64_t)x - 600);
    double tail = noisy_bernoulli_low(&parts, 0.25, 600, 4000);
    assert_true(tail < 1e-30 && fabs(tail / sum - 1) < 1e-9);
}

enum { MOST = 40 };

typedef double logs[3][MOST + 1];

static void find_logs(const struct noisy_parts *p, bool upper, logs out)
{
    for (size_t i = 0; i < 3; i++)
        for (uint64_t k = 0; k <= MOST; k++) {
            const struct noisy_part *part = &p->items[i];
            out[i][k] = log(upper ? noisy_bernoulli_low(p, part->share, part->told, k)
                                  : noisy_bernoulli_high(p, part->share, part->told, k));
        }
}

/* Whether some allocation of TOTAL to three parts is not rejected, by trying them all. */
static bool kept(logs of, uint64_t total, double threshold)
{
    for (uint64_t a = 0; a <= total && a <= MOST; a++)
        for (uint64_t b = 0; a + b <= total && b <= MOST; b++)
            if (total - a - b <= MOST && of[0][a] + of[1][b] + of[2][total - a - b] > threshold)
                return true;
    return false;
}

/* The ends are those of trying every allocation, or one unit beyond. */
static void ends_are_union_intersection(void **state)
{
    (void)state;
    static const int64_t told[][3] = {{3, 1, 5}, {0, 0, 0}, {-4, 2, 9}, {7, 3, 1}};
    static const double alphas[] = {0.05, 0.2};
    for (size_t l = 0; l < LAWS - 1; l++)
        for (size_t t = 0; t < 4; t++) {
            struct noisy_part items[3] = {
                {0.5, told[t][0], -1000}, {0.3, told[t][1], -1000}, {0.7, told[t][2], -1000}};
            struct noisy_parts p = {items, 3, MOST, laws[l], NULL};
            logs of[2];
            if (laws[l].kind == NOISE_LAW_NONE && told[t][0] < 0)
                continue; /* cannot be */
            find_logs(&p, false, of[0]);
            find_logs(&p, true, of[1]);
            for (size_t a = 0; a < 2; a++) {
                double threshold = -gsl_cdf_chisq_Qinv(alphas[a], 6) / 2;
                uint64_t low = noisy_parts_lower(&p, alphas[a]), least = 0, most = MOST;
                uint64_t high = noisy_parts_upper(&p, 1e-3, alphas[a]);
                while (least < MOST && !kept(of[0], least, threshold))
                    least++;
                while (most > 0 && !kept(of[1], most, threshold))
                    most--;
                if (low > least || low + 1 < least || high < most || high > most + 1)
                    fail_msg("law %d, told %d, alpha %g: %d to %d, not %d to %d", (int)l, (int)t,
                             alphas[a], (int)low, (int)high, (int)least, (int)most);
            }
        }
}

/* Kept tails change nothing. */
static void tails_that_are_kept(void **state)
{
    (void)state;
    struct error err = ERROR_INIT;
    struct arena arena = ARENA_INIT;
    struct noise_tails tails;
    struct noisy_part items[] = {{.4, 16, 0}, {.5, 9, 2}};
    struct noisy_parts p = {items, 2, 4000, {NOISE_LAW_GAUSSIAN, 14}, NULL};
    uint64_t low = noisy_parts_lower(&p, 0.02), high = noisy_parts_upper(&p, 0.006, 0.02);
    assert_true(low < high && high < 1000);
    assert_ok(noise_tails_init(&tails, p.law, &arena, &err), err);
    p.tails = &tails;
    assert_int_equal(noisy_parts_lower(&p, 0.02), low);
    assert_int_equal(noisy_parts_upper(&p, 0.006, 0.02), high);
    arena_release(&arena);
}

/* ---- coverage ---- */

/*
 * Two strata. Of each `clear` relevant units reviewers would call irrelevant, where labels are
 * checked with CHECK of the tickets; `lost` of the others would be unreadable. Every unit falls by
 * itself: not drawn, or drawn (and checked). What is told of a stratum is x, u and the overturned,
 * each with noise; the same tellings come about in many ways, so their chances are gathered first.
 */
struct stratum {
    uint64_t relevant, clear, lost;
    double share;
};
struct world {
    uint64_t population;
    struct stratum strata[2];
    double check;
    const char *share; /* of the claim */
};
enum { REACH = 3, SPAN = 16, TELLINGS = SPAN * SPAN * SPAN };

/* The chance of each telling of S: x + REACH, u + REACH, y + REACH. */
static void tell(const struct stratum *s, double check, const struct noise_law *law,
                 double *chances)
{
    struct binomial open = {s->relevant - s->clear - s->lost, s->share}, lost = {s->lost, s->share};
    struct binomial clear = {s->clear, s->share * check};
    for (int i = 0; i < TELLINGS; i++)
        chances[i] = 0;
    for (int i = 0; i < TELLINGS; i++) {
        int told[3] = {i % SPAN - REACH, i / SPAN % SPAN - REACH, i / SPAN / SPAN - REACH};
        const struct binomial *from[3] = {&open, &lost, &clear};
        double chance = 1;
        for (int k = 0; k < 3; k++) {
            double own = 0;
            for (uint64_t x = 0; x <= from[k]->drawn; x++)
                if (llabs(told[k] - (int64_t)x) <= REACH)
                    own += binomial_pmf(from[k], x) * noise_law_pmf(law, told[k] - (int64_t)x);
            chance *= own;
        }
        /* Without checks nothing is told of them. */
        chances[i] = check > 0 || told[2] == 0 ? chance : 0;
    }
    if (check > 0)
        return;
    double none = noise_law_pmf(law, 0);
    for (int i = 0; i < TELLINGS; i++)
        chances[i] /= none;
}

struct rates {
    double low_missed, high_missed, stratum_missed, supported, contradicted, p_small;
};

static void put_told(struct noisy_stratum *out, const struct world *w, size_t h, int telling,
                     const struct noise_law *law)
{
    static const struct noise_law none = {NOISE_LAW_NONE, 0};
    *out = (struct noisy_stratum){.tally = {(int64_t)w->population / 2, 0, telling % SPAN - REACH,
                                            telling / SPAN % SPAN - REACH, none, *law},
                                  .check = {.overturned = telling / SPAN / SPAN - REACH},
                                  .share = w->strata[h].share};
}

static void add_rates(const struct world *w, const struct noisy_design *design, double alpha,
                      double chance, struct rates *r)
{
    struct error err = ERROR_INIT;
    struct noisy_bounds whole, first;
    struct noisy_claim claim;
    uint64_t relevant = w->strata[0].relevant + w->strata[1].relevant;
    assert_ok(noisy_design_bounds(design, alpha, NOISY_TWO_SIDED, &whole, &err), err);
    assert_ok(noisy_stratum_bounds(design, 0, alpha, NOISY_TWO_SIDED, &first, &err), err);
    assert_true(whole.relevant.low <= whole.relevant.high);
    r->low_missed += relevant < whole.relevant.low ? chance : 0;
    r->high_missed += relevant > whole.relevant.high ? chance : 0;
    bool inside =
        w->strata[0].relevant >= first.relevant.low && w->strata[0].relevant <= first.relevant.high;
    r->stratum_missed += inside ? 0 : chance;
    if (!w->share)
        return;
    assert_ok(noisy_claim_design(design, w->share, 1 - alpha, &claim, &err), err);
    assert_int_equal(claim.verdict == CLAIM_SUPPORTED, claim.p_value <= alpha + 1e-12);
    r->supported += claim.verdict == CLAIM_SUPPORTED ? chance : 0;
    r->contradicted += claim.verdict == CLAIM_CONTRADICTED ? chance : 0;
    r->p_small += claim.p_value <= 0.1 ? chance : 0;
}

/* Tellings so rare, by themselves and with the other stratum's, are left out, less than 2 % in all,
 * which count as missed. */
static const double rare = 2e-4, rare_together = 2e-6;

static struct rates rates_of(const struct world *w, const struct noise_law *law, double alpha)
{
    static double chances[2][TELLINGS];
    static const struct noise_law none = {NOISE_LAW_NONE, 0};
    struct noisy_stratum strata[2];
    struct noisy_design design = {.strata = strata,
                                  .count = 2,
                                  .check_share = w->check,
                                  .population = (int64_t)w->population,
                                  .whole_told = true,
                                  .population_law = none};
    struct error err = ERROR_INIT;
    struct arena arena = ARENA_INIT;
    struct noise_tails tails;
    struct rates r = {0};
    double all = 0;
    assert_ok(noise_tails_init(&tails, *law, &arena, &err), err);
    design.tails = &tails;
    for (size_t h = 0; h < 2; h++)
        tell(&w->strata[h], w->check, law, chances[h]);
    for (int i = 0; i < TELLINGS; i++) {
        if (chances[0][i] < rare)
            continue;
        put_told(&strata[0], w, 0, i, law);
        for (int j = 0; j < TELLINGS; j++) {
            double chance = chances[0][i] * chances[1][j];
            if (chances[1][j] < rare || chance < rare_together)
                continue;
            put_told(&strata[1], w, 1, j, law);
            add_rates(w, &design, alpha, chance, &r);
            all += chance;
        }
    }
    assert_true(all > 0.98 && all < 1 + 1e-9);
    r.low_missed += 1 - all;
    r.high_missed += 1 - all;
    r.stratum_missed += 1 - all;
    r.contradicted += 1 - all;
    r.p_small += 1 - all;
    arena_release(&arena);
    return r;
}

static const struct noise_law small_laws[] = {{NOISE_LAW_GAUSSIAN, 0.25},
                                              {NOISE_LAW_LAPLACE, 0.35}};

static void covers(void **state)
{
    (void)state;
    static const struct world worlds[] = {{60, {{4, 0, 0, .6}, {6, 0, 0, .3}}, 0, NULL},
                                          {60, {{1, 0, 0, .9}, {9, 0, 0, .2}}, 0, NULL},
                                          {40, {{7, 0, 2, .5}, {3, 0, 0, .8}}, 0, NULL},
                                          {40, {{0, 0, 0, .5}, {5, 0, 0, .5}}, 0, NULL},
                                          {40, {{4, 2, 0, .7}, {3, 2, 0, .6}}, .5, NULL}};
    const double alpha = 0.3;
    for (size_t i = 0; i < sizeof worlds / sizeof *worlds; i++)
        for (size_t l = 0; l < 2; l++) {
            if (getenv("SHORT") && (i % 2 || l != i / 2 % 2))
                continue;
            struct rates r = rates_of(&worlds[i], &small_laws[l], alpha);
            if (r.low_missed > alpha / 2 || r.high_missed > alpha / 2 || r.stratum_missed > alpha)
                fail_msg("world %d, law %d: missed %g from below, %g from above, %g of a stratum",
                         (int)i, (int)l, r.low_missed, r.high_missed, r.stratum_missed);
            if (getenv("SHOW"))
                print_message("world %d, law %d: %g %g %g\n", (int)i, (int)l, r.low_missed,
                              r.high_missed, r.stratum_missed);
        }
}

static void claims_err_as_rarely_as_they_say(void **state)
{
    (void)state;
    /* Of 20 units 8, and of 16 units 4, may be relevant. */
    static const struct world worlds[] = {{20, {{4, 0, 0, .7}, {4, 0, 0, .9}}, 0, "0.6"},
                                          {16, {{3, 0, 1, .8}, {1, 0, 0, .6}}, 0, "0.75"}};
    /* Of so few units, with Laplace noise, few claims are supported even where none is relevant. */
    static const double supported[] = {0.5, 0.05};
    const double alpha = 0.25;
    for (size_t i = 0; i < 2; i++) {
        struct world w = worlds[i];
        if (getenv("SHORT") && i)
            continue;
        struct rates r = rates_of(&w, &small_laws[i], alpha);
        if (r.contradicted > alpha)
            fail_msg("world %d: a true claim is contradicted: %g", (int)i, r.contradicted);
        w.strata[0].relevant++;
        r = rates_of(&w, &small_laws[i], alpha);
        if (r.supported > alpha || r.p_small > 0.1)
            fail_msg("world %d: a violated claim is supported: %g, and %g with p of 0.1", (int)i,
                     r.supported, r.p_small);
        w.strata[0].relevant = w.strata[1].relevant = w.strata[0].lost = 0;
        assert_true(rates_of(&w, &small_laws[i], alpha).supported > supported[i]);
    }
}

/* The noise on N: with all else exact and all drawn, shares hold as often as they say; N of one
 * stratum, of several as their sum, of several as told of the whole. */
static void populations_with_noise(void **state)
{
    (void)state;
    static const struct noise_law law = {NOISE_LAW_GAUSSIAN, 2}, none = {NOISE_LAW_NONE, 0};
    struct error err = ERROR_INIT;
    double missed = 0;
    for (int64_t z = -9; z <= 9; z++) {
        struct noisy_stratum strata[2] = {{.tally = {50 + z, 50, 10, 0, law, none}, .share = 1},
                                          {.tally = {70 - z, 70, 4, 0, law, none}, .share = 1}};
        struct noisy_design design = {.strata = strata, .count = 2, .population_law = law};
        struct noisy_bounds b, own;
        assert_ok(noisy_design_bounds(&design, 0.2, NOISY_TWO_SIDED, &b, &err), err);
        int64_t half = noise_law_half_width(&law, 1 - 0.2 / 16);
        assert_int_equal(b.population.low, 120 - 2 * half);
        assert_int_equal(b.population.high, 120 + 2 * half);
        assert_int_equal(b.relevant.low, 14);
        assert_int_equal(b.relevant.high, 14);
        design.whole_told = true;
        design.population = 120 + z;
        assert_ok(noisy_design_bounds(&design, 0.2, NOISY_TWO_SIDED, &b, &err), err);
        half = noise_law_half_width(&law, 1 - 0.2 / 8);
        assert_int_equal(b.population.low, 120 + z - half);
        assert_int_equal(b.population.high, 120 + z + half);
        assert_ok(noisy_stratum_bounds(&design, 0, 0.2, NOISY_TWO_SIDED, &own, &err), err);
        assert_int_equal(own.population.low, 50 + z - half);
        assert_int_equal(own.relevant.high, 10);
        missed += own.population.low > 50 || own.population.high < 50 ? noise_law_pmf(&law, z) : 0;
    }
    assert_true(missed <= 0.2 / 8);
}

/* Much narrower than the sum of bounds of each stratum that hold together. */
static void narrower_than_a_sum(void **state)
{
    (void)state;
    enum { STRATA = 12 };
    static const struct noise_law law = {NOISE_LAW_GAUSSIAN, 50}, none = {NOISE_LAW_NONE, 0};
    struct noisy_stratum strata[STRATA];
    struct noisy_design design = {.strata = strata, .count = STRATA};
    struct noisy_bounds whole, own;
    struct error err = ERROR_INIT;
    struct arena arena = ARENA_INIT;
    struct noise_tails tails;
    uint64_t sum = 0;
    assert_ok(noise_tails_init(&tails, law, &arena, &err), err);
    design.tails = &tails;
    for (int h = 0; h < STRATA; h++)
        strata[h] =
            (struct noisy_stratum){.tally = {10000, 1000, 5 + h, 0, none, law}, .share = .1};
    for (size_t h = 0; h < STRATA; h++) {
        assert_ok(noisy_stratum_bounds(&design, h, 0.05 / STRATA, NOISY_TWO_SIDED, &own, &err),
                  err);
        sum += own.relevant.high;
    }
    assert_ok(noisy_design_bounds(&design, 0.05, NOISY_TWO_SIDED, &whole, &err), err);
    assert_true(whole.relevant.high < sum * 3 / 4);
    assert_true(whole.relevant.low > 0 && whole.relevant.high > 12 * 105);
    arena_release(&arena);
}

static void searches_in_strata(void **state)
{
    (void)state;
    static const struct noise_law none = {NOISE_LAW_NONE, 0};
    struct noisy_stratum found[2] = {{.tally = {10, 10, 8, 0, none, none}, .share = 1},
                                     {.tally = {20, 20, 16, 0, none, none}, .share = 1}};
    struct noisy_stratum left[2] = {{.tally = {100, 100, 1, 0, none, none}, .share = 1},
                                    {.tally = {200, 200, 5, 0, none, none}, .share = 1}};
    struct noisy_design parts[2] = {{.strata = found, .count = 2}, {.strata = left, .count = 2}};
    struct search_quality q;
    struct error err = ERROR_INIT;
    assert_ok(noisy_search_bounds(parts, 0.95, &q, &err), err);
    assert_true(fabs(q.recall.low - 0.8) < 1e-12 && fabs(q.recall.high - 0.8) < 1e-12);
    assert_true(fabs(q.elusion.high - 0.02) < 1e-12 && fabs(q.precision.low - 0.8) < 1e-12);
}

static void impossible(void **state)
{
    (void)state;
    static const struct noise_law law = {NOISE_LAW_LAPLACE, 1}, none = {NOISE_LAW_NONE, 0};
    struct error err = ERROR_INIT;
    struct noisy_bounds b;
    struct noisy_stratum strata[2] = {{.tally = {50, 5, 1, 0, none, law}, .share = .1},
                                      {.tally = {50, 5, 1, 0, none, law}, .share = .1}};
    struct noisy_design d = {.strata = strata, .count = 2};
    assert_ok(noisy_design_bounds(&d, 0.05, NOISY_TWO_SIDED, &b, &err), err);
    assert_int_equal(noisy_design_bounds(&d, 1, NOISY_TWO_SIDED, &b, &err), STATUS_PLAN);
    assert_int_equal(noisy_design_bounds(&d, NAN, NOISY_TWO_SIDED, &b, &err), STATUS_PLAN);
    d.count = 0;
    assert_int_equal(noisy_design_bounds(&d, 0.05, NOISY_TWO_SIDED, &b, &err), STATUS_PLAN);
    d.count = 2;
    strata[1].share = 1.5;
    assert_int_equal(noisy_design_bounds(&d, 0.05, NOISY_TWO_SIDED, &b, &err), STATUS_PLAN);
    strata[0].share = 0;
    assert_int_equal(noisy_design_bounds(&d, 0.05, NOISY_TWO_SIDED, &b, &err), STATUS_PLAN);
    strata[0].share = strata[1].share = .1;
    strata[1].tally.relevant = INT64_MAX;
    assert_int_equal(noisy_design_bounds(&d, 0.05, NOISY_TWO_SIDED, &b, &err), STATUS_PLAN);
    strata[1].tally.relevant = INT64_MIN;
    assert_int_equal(noisy_design_bounds(&d, 0.05, NOISY_TWO_SIDED, &b, &err), STATUS_PLAN);
    strata[1].tally.relevant = 1;
    strata[1].tally.population = INT64_MIN;
    assert_int_equal(noisy_design_bounds(&d, 0.05, NOISY_TWO_SIDED, &b, &err), STATUS_PLAN);
    strata[1].tally.population = 50;
    strata[0].tally.law.scale = 0;
    assert_int_equal(noisy_design_bounds(&d, 0.05, NOISY_TWO_SIDED, &b, &err), STATUS_PLAN);
}

int main(void)
{
    stats_setup();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tails_are_sums),
        cmocka_unit_test(far_tails),
        cmocka_unit_test(ends_are_union_intersection),
        cmocka_unit_test(tails_that_are_kept),
        cmocka_unit_test(covers),
        cmocka_unit_test(claims_err_as_rarely_as_they_say),
        cmocka_unit_test(populations_with_noise),
        cmocka_unit_test(narrower_than_a_sum),
        cmocka_unit_test(searches_in_strata),
        cmocka_unit_test(impossible),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
