/*
 * The interval methods beside the equal-tailed set, and the binomial and beta distributions under
 * them: published values, R's, values of 60-digit arithmetic, every small population by
 * enumeration.
 */
#include "tests/support/support.h"

#include "stats/beta_distribution.h"
#include "stats/binomial.h"
#include "stats/blaker.h"
#include "stats/hypergeometric.h"
#include "stats/interval_approximate.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void assert_near(double value, double expected, double relative)
{
    if (!(fabs(value - expected) <= relative * fabs(expected)))
        fail_msg("%.17g is not %.17g", value, expected);
}

/* Tails summed with 60 digits (mpmath). A tail of 0 is below the doubles. */
static void binomial_tails(void **state)
{
    (void)state;
    static const struct {
        uint64_t n;
        double p;
        uint64_t x;
        bool high;
        double tail, log;
    } cases[] = {
        {10, 0.3, 2, false, 0.38278278640000003, -0.96028758802151647},
        {200, 0.02, 1, false, 0.089375483771932028, -2.4149088651498087},
        {20000, 0.0001, 9, true, 0.000237189634122693, -8.3466505927960713},
        {2000, 0.5, 900, false, 4.2285447677519636e-6, -12.373652650632971},
        {20000000, 0.0001, 1900, false, 0.012542825439378626, -4.3786064550117562},
        {20000000, 0.0001, 3000, true, 2.230645583491798e-96, -220.24587788452953},
        {10000000, 0.3, 2900000, false, 0, -2401.5378832940231},
        {10000000000, 0.0001, 990000, false, 6.4451328819783847e-24, -53.398716977838555},
        {10000000000, 0.25, 2499000000, false, 2.5975128346614295e-118, -270.750486588159},
        {10000000000, 1e-09, 1, false, 0.00049939922534433625, -7.6021047312925391},
        {1000000, 0.999, 998000, false, 1.8536539944029974e-170, -390.8223069857966},
        {100000, 0.2, 10000, false, 0, -3673.8851336670667},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct binomial b = {cases[i].n, cases[i].p};
        uint64_t x = cases[i].x;
        bool high = cases[i].high;
        double tail = high ? binomial_tail_high(&b, x) : binomial_tail_low(&b, x);
        double other = high ? binomial_tail_low(&b, x - 1) : binomial_tail_high(&b, x + 1);
        assert_near(high ? binomial_log_tail_high(&b, x) : binomial_log_tail_low(&b, x),
                    cases[i].log, 1e-12);
        if (cases[i].tail > 0)
            assert_near(tail, cases[i].tail, 1e-12);
        assert_near(other, 1 - cases[i].tail, 1e-12);
    }
}

/* Mass functions add up to the tails, on every point of small distributions. */
static void binomial_sums(void **state)
{
    (void)state;
    static const double shares[] = {0, 1e-9, 0.01, 0.3, 0.5, 0.77, 0.999, 1};
    for (size_t s = 0; s < sizeof shares / sizeof *shares; s++)
        for (uint64_t n = 0; n <= 30; n++) {
            struct binomial b = {n, shares[s]};
            double sum = 0;
            for (uint64_t x = 0; x <= n; x++) {
                double above = binomial_tail_high(&b, x);
                assert_true(fabs(above - (1 - sum)) < 1e-14);
                sum += binomial_pmf(&b, x);
                assert_true(fabs(binomial_tail_low(&b, x) - sum) < 1e-14);
            }
            assert_near(sum, 1, 1e-14);
            assert_true(binomial_pmf(&b, n + 1) == 0 && binomial_tail_high(&b, n + 1) == 0);
            uint64_t median = binomial_quantile(&b, 0.5);
            assert_true(binomial_tail_low(&b, median) >= 0.5);
            assert_true(median == 0 || binomial_tail_low(&b, median - 1) < 0.5);
        }
}

/* Quantiles computed with 40 digits (mpmath), one in closed form, and round trips. */
static void beta_quantiles(void **state)
{
    (void)state;
    static const struct {
        double a, b, tail;
        bool high;
        double x;
    } cases[] = {
        {0.5, 30.5, 0.025, true, 0.079678173817259995},
        {4.5, 196.5, 0.025, false, 0.0067875988000803618},
        {4.5, 196.5, 0.025, true, 0.046846566966842363},
        {0.5, 0.5, 0.025, false, 0.0015413331334360121},
        {0.5, 0.5, 0.3, false, 0.20610737385376342},
        {2.25, 0.75, 0.025, false, 0.23199916192757783},
        {2.25, 0.75, 0.4, true, 0.86356823789559437},
        {20.5, 20000.5, 0.005, true, 0.0016990019333999772},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct beta_distribution beta = {cases[i].a, cases[i].b};
        struct unit_point at = cases[i].high ? beta_quantile_high(beta, cases[i].tail)
                                             : beta_quantile_low(beta, cases[i].tail);
        assert_near(at.x, cases[i].x, 1e-13);
        assert_near(at.y, 1 - cases[i].x, 1e-13);
    }
    struct unit_point closed = beta_quantile_high((struct beta_distribution){1, 100000}, 0.05);
    assert_near(closed.x, -expm1(log(0.05) / 100000), 1e-14);

    static const double parameters[] = {0.5, 1, 3, 40.25, 2000, 3e6, 2e9};
    static const double tails[] = {1e-200, 1e-12, 0.005, 0.025, 0.5, 0.9};
    enum { PARAMETERS = sizeof parameters / sizeof *parameters };
    for (size_t a = 0; a < PARAMETERS; a++)
        for (size_t b = 0; b < PARAMETERS; b++)
            for (size_t t = 0; t < sizeof tails / sizeof *tails; t++) {
                struct beta_distribution beta = {parameters[a], parameters[b]};
                struct unit_point low = beta_quantile_low(beta, tails[t]);
                struct unit_point high = beta_quantile_high(beta, tails[t]);
                /* A rounding of x moves the tail by up to |x - mean| (a + b) roundings. */
                double slack = 1e-12 + 1e-15 * sqrt(beta.a + beta.b) * -log(tails[t]) * 30;
                if (low.x > 0 && low.y > 0)
                    assert_near(beta_tail_low(beta, low), tails[t], slack);
                if (high.x > 0 && high.y > 0)
                    assert_near(beta_tail_high(beta, high), tails[t], slack);
            }
}

static struct interval_result compute(const char *method, struct sample_counts sample,
                                      double confidence)
{
    struct error err = ERROR_INIT;
    struct interval_result r;
    assert_ok(interval_method_find(method)->compute(&sample, confidence, &r, &err), err);
    return r;
}

static void published_shares(void **state)
{
    (void)state;
    const struct sample_counts four = {20000000, 200, 4, 0}, none = {20000000, 30, 0, 0};
    struct interval_result r = compute("clopper-pearson", four, 0.95);
    assert_near(r.share_low, .005475565879556, 1e-12);
    assert_near(r.share_high, .050413609089896, 1e-13);
    r = compute("wilson", four, 0.95);
    assert_near(r.share_low, .007804426416349, 1e-12);
    assert_near(r.share_high, .050287086905826, 1e-13);
    r = compute("agresti-coull", four, 0.95);
    assert_near(r.share_low, .005991954548218, 1e-12);
    assert_near(r.share_high, .052099558773958, 1e-13);
    r = compute("clopper-pearson", none, 0.95);
    assert_true(r.share_low == 0 && fabs(r.share_high - .11570331) < 5e-9);

    r = compute("clopper-pearson", (struct sample_counts){20000000, 20000, 1, 0}, 0.95);
    assert_near(r.share_low, -expm1(log1p(-0.025) / 20000), 1e-14);

    double low, high, size;
    struct error err = ERROR_INIT;
    assert_ok(interval_korn_graubard(.507348258357226, .0167712595840644, 922, 56, 0.95, &low,
                                     &high, &size, &err),
              err);
    assert_true(fabs(size - 852.88) < 0.005);
    assert_near(low, .473233376535445, 1e-12);
    assert_near(high, .541412207644769, 1e-12);
    /* The cap: a design that claims to beat a simple random sample is held to its size. */
    assert_ok(interval_korn_graubard(.5, .001, 100, 99, 0.95, &low, &high, &size, &err), err);
    assert_true(size == 100);
    assert_ok(interval_korn_graubard(0, 0, 30, 5, 0.95, &low, &high, &size, &err), err);
    assert_true(low == 0 && fabs(high - .11570331) < 5e-9);
    assert_int_equal(interval_korn_graubard(NAN, 0, 30, 5, .95, &low, &high, NULL, &err),
                     STATUS_PLAN);
    assert_int_equal(interval_korn_graubard(.5, -1, 30, 5, .95, &low, &high, NULL, &err),
                     STATUS_PLAN);
    assert_int_equal(interval_korn_graubard(.5, .1, 1, 5, .95, &low, &high, NULL, &err),
                     STATUS_PLAN);
    assert_int_equal(interval_korn_graubard(.5, .1, 30, 0, .95, &low, &high, NULL, &err),
                     STATUS_PLAN);
}

/* All cases of R's binom package and binom.test that the methods have too. */
static void shares_of_r(void **state)
{
    (void)state;
    if (!test_shared())
        skip();
    static const char *const names[][2] = {{"exact", "clopper-pearson"},
                                           {"clopper-pearson", "clopper-pearson"},
                                           {"wilson", "wilson"},
                                           {"agresti-coull", "agresti-coull"}};
    char path[600], line[400], source[40], method[40];
    snprintf(path, sizeof path, "%s/reference/binom_ref.tsv", test_shared());
    FILE *file = fopen(path, "r");
    assert_non_null(file);
    size_t compared = 0;
    while (fgets(line, sizeof line, file)) {
        double x, n, level, low, high;
        if (sscanf(line, "%39[^\t]\t%39[^\t]\t%lf\t%lf\t%lf\t%lf\t%lf", source, method, &x, &n,
                   &level, &low, &high) != 7)
            continue;
        for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
            if (strcmp(method, names[i][0]) != 0)
                continue;
            struct sample_counts sample = {1000000000, (uint64_t)n, (uint64_t)x, 0};
            struct interval_result r = compute(names[i][1], sample, level);
            /* R does not hold Agresti-Coull inside [0, 1], has 2e-17 for Wilson at no hits, and
             * its beta quantiles are right to 5e-11 (1 of 20,000 has a closed form). */
            assert_true(fabs(r.share_low - fmax(low, 0)) <= 5e-11 * fabs(low) + 1e-16);
            assert_true(fabs(r.share_high - fmin(high, 1)) <= 5e-11 * high);
            compared++;
        }
    }
    fclose(file);
    assert_true(compared >= 120);
}

static void published_sets(void **state)
{
    (void)state;
    static const struct {
        struct sample_counts sample;
        uint64_t low, high;
    } blaker[] = {{{50, 10, 3, 0}, 6, 30}, {{100, 10, 1, 0}, 1, 39}, {{100, 10, 0, 0}, 0, 28}};
    for (size_t i = 0; i < sizeof blaker / sizeof *blaker; i++) {
        struct interval_result r = compute("blaker", blaker[i].sample, 0.95);
        assert_int_equal(r.count.low, blaker[i].low);
        assert_int_equal(r.count.high, blaker[i].high);
        assert_true(r.low_certificate.tail > 0.05 && r.high_certificate.tail > 0.05);
        assert_true(r.low_certificate.beyond <= 0.05 && r.high_certificate.beyond <= 0.05);
    }

    /* Prior-posterior ratio, exact but for one unit. */
    static const struct {
        uint64_t n, x;
        double b;
        uint64_t low, high;
    } ratio[] = {{30000, 0, 1, 0, 8861}, {30000, 0, 1e4, 0, 2918}, {200000, 20, 1e4, 937, 3669}};
    for (size_t i = 0; i < sizeof ratio / sizeof *ratio; i++) {
        struct error err = ERROR_INIT;
        struct interval_result r;
        struct sample_counts sample = {20000000, ratio[i].n, ratio[i].x, 0};
        assert_ok(interval_anytime(&sample, (struct anytime_prior){1, ratio[i].b}, 0.95, &r, &err),
                  err);
        assert_in_range(r.count.low + 1, ratio[i].low, ratio[i].low + 2);
        assert_in_range(r.count.high + 1, ratio[i].high, ratio[i].high + 2);
    }
    struct interval_result fixed =
        compute("upper", (struct sample_counts){20000000, 30000, 0, 0}, 0.95);
    assert_int_equal(fixed.count.high, 1995);
}

/*
 * Acceptability straight from its definition: P(X = j) summed over all j whose smaller tail is not
 * larger than that of x (ties within roundings are equal).
 */
static double plain_acceptability(const struct hypergeometric *h, uint64_t x)
{
    double sum = 0;
    double own = fmin(hypergeometric_tail_low(h, x), hypergeometric_tail_high(h, x));
    for (uint64_t j = 0; j <= h->drawn; j++)
        if (fmin(hypergeometric_tail_low(h, j), hypergeometric_tail_high(h, j)) <=
            own * (1 + 1e-12))
            sum += hypergeometric_pmf(h, j);
    return fmin(sum, 1);
}

/* Both ends of Blaker's set for every sample of every population up to a size. */
static void blaker_of_every_small_population(void **state)
{
    (void)state;
    const uint64_t most = test_short() ? 18 : 32;
    for (uint64_t total = 0; total <= most; total++)
        for (uint64_t n = 0; n <= total; n++) {
            struct interval_result before = {.count = {0, 0}};
            for (uint64_t x = 0; x <= n; x++) {
                uint64_t low = UINT64_MAX, high = 0;
                for (uint64_t k = 0; k <= total; k++) {
                    struct hypergeometric h = {total, k, n};
                    if (hypergeometric_pmf(&h, x) == 0)
                        continue;
                    double plain = plain_acceptability(&h, x);
                    assert_near(blaker_acceptability(total, k, n, x), plain, 1e-12);
                    if (plain <= 0.05 * (1 + 1e-13))
                        continue;
                    low = low == UINT64_MAX ? k : low;
                    high = k;
                }
                struct sample_counts sample = {total, n, x, 0};
                struct interval_result r = compute("blaker", sample, 0.95);
                struct interval_result outer = compute("equal-tailed", sample, 0.95);
                assert_int_equal(r.count.low, low);
                assert_int_equal(r.count.high, high);
                assert_true(r.count.low >= outer.count.low && r.count.high <= outer.count.high);
                /* Both ends rise with x, on which the bounds with unreadable units rest. */
                assert_true(x == 0 ||
                            (r.count.low >= before.count.low && r.count.high >= before.count.high));
                before = r;
            }
        }
}

/* At N = 20 million: the neighbours of both ends, and a sweep of the numbers further out. */
static void blaker_of_large_populations(void **state)
{
    (void)state;
    static const uint64_t drawn[] = {3000, 20000, 200000}, seen[] = {0, 1, 5, 37, 500};
    const uint64_t total = 20000000;
    for (size_t d = 0; d < 3; d++)
        for (size_t s = 0; s < 5; s++) {
            struct sample_counts sample = {total, drawn[d], seen[s], 0};
            struct interval_result r = compute("blaker", sample, 0.95);
            struct interval_result outer = compute("equal-tailed", sample, 0.95);
            assert_true(r.low_certificate.tail > 0.05 && r.high_certificate.tail > 0.05);
            assert_true(seen[s] == 0 || r.low_certificate.beyond <= 0.05);
            assert_true(r.high_certificate.beyond <= 0.05);
            for (int i = 0; i < 60; i++) {
                uint64_t below =
                    outer.count.low + (r.count.low - outer.count.low) * (uint64_t)i / 60;
                uint64_t above =
                    r.count.high + 1 + (outer.count.high - r.count.high) * (uint64_t)i / 60;
                if (below < r.count.low)
                    assert_true(blaker_acceptability(total, below, drawn[d], seen[s]) <= 0.05);
                assert_true(blaker_acceptability(total, above, drawn[d], seen[s]) <= 0.05);
            }
        }
}

/*
 * The chance that K is ever outside the set when a neutral looks after every single unit, exactly:
 * paths of (drawn, relevant) that have not left the set yet, moved on unit by unit.
 */
static double ever_missed(uint64_t total, uint64_t relevant, const bool *covers)
{
    double at[64] = {1}, missed = 0;
    for (uint64_t n = 0; n < total; n++) {
        double next[64] = {0};
        for (uint64_t x = 0; x <= n && x <= relevant; x++) {
            if (at[x] <= 0)
                continue;
            double hit = (double)(relevant - x) / (double)(total - n);
            next[x + 1] += at[x] * hit;
            next[x] += at[x] * (1 - hit);
        }
        for (uint64_t x = 0; x <= n + 1; x++) {
            if (next[x] > 0 && !covers[(n + 1) * 64 + x]) {
                missed += next[x];
                next[x] = 0;
            }
        }
        memcpy(at, next, sizeof at);
    }
    return missed;
}

static void anytime_at_every_look(void **state)
{
    (void)state;
    static const struct anytime_prior priors[] = {{1, 1}, {0.5, 20}};
    static bool covers[64 * 64];
    double worst = 0;
    for (size_t p = 0; p < 2; p++)
        for (uint64_t total = 1; total <= (test_short() ? 20u : 45u); total += 4)
            for (uint64_t k = 0; k <= total; k++) {
                for (uint64_t n = 1; n <= total; n++)
                    for (uint64_t x = 0; x <= n; x++) {
                        covers[n * 64 + x] =
                            anytime_lower(total, n, x, priors[p], 0.05).value <= k &&
                            anytime_upper(total, n, x, priors[p], 0.05).value >= k;
                    }
                worst = fmax(worst, ever_missed(total, k, covers));
            }
    assert_true(worst <= 0.05);
    assert_true(worst > 0.01); /* not by being everything */
}

/* A fixed-size bound looked at after every unit does miss more often than it states. */
static void fixed_size_does_not_survive_looks(void **state)
{
    (void)state;
    static bool covers[64 * 64];
    enum { TOTAL = 40, RELEVANT = 12 };
    for (uint64_t n = 1; n <= TOTAL; n++)
        for (uint64_t x = 0; x <= n; x++) {
            struct interval_result r =
                compute("equal-tailed", (struct sample_counts){TOTAL, n, x, 0}, 0.95);
            covers[n * 64 + x] = r.count.low <= RELEVANT && r.count.high >= RELEVANT;
        }
    assert_true(ever_missed(TOTAL, RELEVANT, covers) > 0.08);
}

/* Both ends rise with the number found: what bounds with unreadable units rest on. */
static void anytime_ends_rise(void **state)
{
    (void)state;
    static const struct anytime_prior priors[] = {{1, 1}, {1, 10000}, {0.5, 20}};
    for (size_t p = 0; p < 3; p++)
        for (uint64_t total = 1; total <= 40; total += 3)
            for (uint64_t n = 0; n <= total; n++)
                for (uint64_t x = 1; x <= n; x++) {
                    assert_true(anytime_lower(total, n, x, priors[p], 0.05).value >=
                                anytime_lower(total, n, x - 1, priors[p], 0.05).value);
                    assert_true(anytime_upper(total, n, x, priors[p], 0.05).value >=
                                anytime_upper(total, n, x - 1, priors[p], 0.05).value);
                }
}

static void bad_input(void **state)
{
    (void)state;
    struct error err = ERROR_INIT;
    struct interval_result r;
    struct sample_counts sample = {100, 10, 1, 0};
    assert_int_equal(interval_blaker(&sample, 0.5, &r, &err), STATUS_PLAN);
    assert_non_null(strstr(err.text, "above 0.5"));
    static const struct anytime_prior bad[] = {{0, 1}, {1, -1}, {NAN, 1}, {1, INFINITY}};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        assert_int_equal(interval_anytime(&sample, bad[i], 0.95, &r, &err), STATUS_PLAN);
        assert_non_null(strstr(err.text, "prior"));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(binomial_tails),
        cmocka_unit_test(binomial_sums),
        cmocka_unit_test(beta_quantiles),
        cmocka_unit_test(published_shares),
        cmocka_unit_test(shares_of_r),
        cmocka_unit_test(published_sets),
        cmocka_unit_test(blaker_of_every_small_population),
        cmocka_unit_test(blaker_of_large_populations),
        cmocka_unit_test(anytime_at_every_look),
        cmocka_unit_test(fixed_size_does_not_survive_looks),
        cmocka_unit_test(anytime_ends_rise),
        cmocka_unit_test(bad_input),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
