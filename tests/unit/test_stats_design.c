/*
 * Two-phase bounds, whole designs, the quality of a search and allocation: exact coverage by
 * enumeration of every way that units and labels can be, published values, properties.
 */
#include "tests/support/support.h"

#include "stats/allocation.h"
#include "stats/design.h"
#include "stats/hypergeometric.h"
#include "stats/sample_size.h"
#include "stats/search_quality.h"
#include "stats/stratified_size.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static double choose(uint64_t n, uint64_t k)
{
    return k > n ? 0
                 : exp(lgamma((double)n + 1) - lgamma((double)k + 1) - lgamma((double)(n - k) + 1));
}

static struct interval two_phase(struct sample_counts s, struct label_check c, double confidence)
{
    struct error err = ERROR_INIT;
    struct interval out;
    assert_ok(two_phase_interval(&s, &c, confidence, &out, &err), err);
    return out;
}

/*
 * The chance that the bound is at fault at either end, summed over all draws, for a population with
 * A relevant and labelled so, B relevant and labelled irrelevant, C irrelevant and labelled
 * relevant, the rest irrelevant and labelled so; M of the cleared are checked, or all.
 */
static void misses(uint64_t N, uint64_t a, uint64_t b, uint64_t c, uint64_t n, uint64_t m, bool all,
                   double confidence, double *low, double *high)
{
    double draws = choose(N, n);
    *low = *high = 0;
    for (uint64_t i = 0; i <= a && i <= n; i++)
        for (uint64_t j = 0; j <= b && i + j <= n; j++)
            for (uint64_t k = 0; k <= c && i + j + k <= n; k++) {
                uint64_t d = N - a - b - c, rest = n - i - j - k;
                if (rest > d)
                    continue;
                double p = choose(a, i) * choose(b, j) * choose(c, k) * choose(d, rest) / draws;
                uint64_t cleared = j + rest;
                uint64_t checked = all || m > cleared ? cleared : m;
                struct hypergeometric second = {cleared, j, checked};
                for (uint64_t y = 0; y <= j && y <= checked; y++) {
                    double q = hypergeometric_pmf(&second, y);
                    if (q == 0)
                        continue;
                    struct sample_counts s = {N, n, i, 0};
                    struct label_check check = {all, cleared, checked, y, 0};
                    struct interval set = two_phase(s, check, confidence);
                    *low += set.low > a + b ? p * q : 0;
                    *high += set.high < a + b ? p * q : 0;
                }
            }
}

static void two_phase_covers(void **state)
{
    (void)state;
    static const double levels[] = {0.6, 0.8, 0.95};
    for (size_t l = 0; l < 3; l++)
        for (uint64_t N = 4; N <= 9; N++)
            for (uint64_t n = 2; n <= N; n += 2)
                for (uint64_t m = 0; m <= n; m += 2)
                    for (uint64_t a = 0; a <= N; a += 2)
                        for (uint64_t b = 0; a + b <= N; b++)
                            for (uint64_t c = 0; a + b + c <= N; c += 3) {
                                double low, high, alpha = (1 - levels[l]) / 2 + 1e-9;
                                misses(N, a, b, c, n, m, m == n, levels[l], &low, &high);
                                if (low > alpha || high > alpha)
                                    fail_msg("N %d n %d m %d a %d b %d c %d: %g %g", (int)N, (int)n,
                                             (int)m, (int)a, (int)b, (int)c, low, high);
                            }
}

/* Phases that leave nothing out cost nothing. */
static void two_phase_limits(void **state)
{
    (void)state;
    struct error err = ERROR_INIT;
    struct sample_counts direct = {20000000, 30000, 7, 0}, first = {20000000, 30000, 4, 0};
    struct interval_result plain;
    assert_ok(interval_equal_tailed(&direct, 0.95, &plain, &err), err);
    struct interval all = two_phase(first, (struct label_check){true, 29000, 29000, 3, 0}, 0.95);
    assert_true(all.low == plain.count.low && all.high == plain.count.high);
    struct interval part = two_phase(first, (struct label_check){false, 29000, 10000, 1, 0}, 0.95);
    assert_true(part.high > all.high && part.low <= all.low);
    /* The sample is everything: only the check errs. 5 of 1,534 from 92,000 is [99, 694]. */
    struct interval census = two_phase((struct sample_counts){100000, 100000, 8000, 0},
                                       (struct label_check){false, 92000, 1534, 5, 0}, 0.95);
    assert_int_equal(census.low, 8099);
    assert_int_equal(census.high, 8694);
    /* Checked labels that are not decided widen either end; more checks narrow. */
    struct interval unclear =
        two_phase(first, (struct label_check){false, 29000, 10000, 1, 2}, 0.95);
    assert_true(unclear.high > part.high && unclear.low == part.low);
    struct interval more = two_phase(first, (struct label_check){false, 29000, 20000, 1, 0}, 0.95);
    assert_true(more.high < part.high);
    struct interval open = two_phase(first, (struct label_check){true, 29000, 28990, 3, 0}, 0.95);
    assert_true(open.high > all.high && open.low == all.low);
}

static void two_phase_mistakes(void **state)
{
    (void)state;
    static const struct {
        struct sample_counts s;
        struct label_check c;
        const char *says;
    } cases[] = {
        {{10, 5, 3, 0}, {false, 3, 1, 0, 0}, "are more than the 5 drawn"},
        {{10, 5, 3, 0}, {false, 2, 3, 0, 0}, "3 checked are more than the 2 cleared"},
        {{10, 5, 3, 0}, {false, 2, 2, 2, 1}, "are more than the 2 checked"},
        {{10, 11, 3, 0}, {false, 2, 2, 2, 1}, "11"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct error err = ERROR_INIT;
        struct interval out;
        assert_int_equal(two_phase_interval(&cases[i].s, &cases[i].c, 0.95, &out, &err),
                         STATUS_PLAN);
        assert_non_null(strstr(err.text, cases[i].says));
    }
}

static void near(double value, double expected, double tolerance)
{
    if (!(fabs(value - expected) <= tolerance))
        fail_msg("%.15g is not %.15g", value, expected);
}

static struct design design_of(const struct design_stratum *strata, size_t count)
{
    return (struct design){
        .strata = strata, .count = count, .method = interval_method_find("equal-tailed")};
}

/* The claim of a design in one stratum is the claim's own test. */
static void claims_agree(void **state)
{
    (void)state;
    static const struct sample_counts cases[] = {{20000000, 30000, 0, 0}, {20000000, 30000, 1, 0},
                                                 {20000000, 62857, 2, 0}, {20000000, 62856, 2, 0},
                                                 {20000000, 5000, 9, 0},  {500, 100, 3, 2},
                                                 {100000, 30000, 0, 40},  {100000, 30000, 9, 40},
                                                 {20000000, 50000, 0, 2}, {100000, 30000, 0, 1}};
    size_t turning = 0;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct error err = ERROR_INIT;
        struct claim_result own, design;
        struct design_stratum stratum = {.counts = cases[i]};
        struct design d = design_of(&stratum, 1);
        uint64_t allowed = cases[i].population / 10000;
        assert_ok(claim_test_allowed(&cases[i], allowed, 0.95, &own, &err), err);
        assert_ok(design_claim(&d, allowed, 0.95, &design, &err), err);
        assert_int_equal(own.verdict, design.verdict);
        assert_int_equal(own.upper.value, design.upper.value);
        assert_int_equal(own.lower.value, design.lower.value);
        assert_int_equal(own.errors_to_turn, design.errors_to_turn);
        assert_int_equal(own.verdict_if_none, design.verdict_if_none);
        assert_int_equal(own.turns, design.turns);
        if (own.turns) {
            assert_int_equal(own.turns_at, design.turns_at);
            assert_int_equal(own.turns_to, design.turns_to);
        }
        turning += own.turns;
        if (own.p_value < 0.49)
            assert_true(design.p_value >= own.p_value * (1 - 1e-9) &&
                        design.p_value <= own.p_value * (1 + 2e-4));
        else
            assert_true(design.p_value == 1);
    }
    assert_true(turning >= 2);
}

/*
 * In strata, labels checked or not: with as many undecided units relevant as is told the verdict is
 * another one, with one less wherever they lie in the order of weight it is not, and all of them
 * relevant or none are the ends.
 */
static void undecided_in_strata(void **state)
{
    (void)state;
    struct error err = ERROR_INIT;
    for (int checked = 0; checked < 2; checked++) {
        struct design_stratum strata[2] = {
            {.counts = {1000, 400, 2, 6}, .check = {false, 392, 392, 0, 0}},
            {.counts = {9000, 2500, 0, 8}, .check = {false, 2492, 2000, 0, 5}}};
        struct design d = design_of(strata, 2);
        struct claim_result r, other;
        d.checked = checked;
        assert_ok(design_claim(&d, 60, 0.95, &r, &err), err);
        assert_int_equal(r.verdict, CLAIM_UNDETERMINED);
        assert_int_equal(r.verdict_if_none, CLAIM_SUPPORTED);
        assert_true(r.turns);
        assert_int_equal(r.turns_to, CLAIM_UNDETERMINED);
        assert_in_range(r.turns_at, 1, 13);
        for (uint64_t less = 0; less < 2; less++) {
            struct design_stratum changed[2] = {strata[0], strata[1]};
            uint64_t left = r.turns_at - less;
            for (size_t h = 2; h-- > 0;) { /* the second one weighs more */
                struct design_stratum *s = &changed[h];
                uint64_t plain = left < s->counts.unreadable ? left : s->counts.unreadable;
                s->counts.relevant += plain;
                s->counts.unreadable = 0;
                left -= plain;
                if (checked) {
                    uint64_t more = left < s->check.unclear ? left : s->check.unclear;
                    s->check.overturned += more;
                    left -= more;
                }
                s->check.unclear = 0;
            }
            assert_int_equal(left, 0);
            d.strata = changed;
            assert_ok(design_claim(&d, 60, 0.95, &other, &err), err);
            assert_int_equal(other.verdict, less ? r.verdict_if_none : r.turns_to);
        }
    }
}

/* In strata: one error less keeps the verdict wherever it falls, and in some stratum that many turn
 * it. */
static void errors_in_strata(void **state)
{
    (void)state;
    struct error err = ERROR_INIT;
    for (int contradicted = 0; contradicted < 2; contradicted++) {
        struct design_stratum strata[2] = {{.counts = {1000, 400, contradicted ? 150 : 2, 0}},
                                           {.counts = {9000, 2500, contradicted ? 20 : 0, 0}}};
        struct design d = design_of(strata, 2);
        struct claim_result r, other;
        assert_ok(design_claim(&d, 150, 0.95, &r, &err), err);
        assert_int_equal(r.verdict, contradicted ? CLAIM_CONTRADICTED : CLAIM_SUPPORTED);
        assert_true(r.errors_to_turn > 1);
        bool turned = false;
        for (size_t h = 0; h < 2; h++)
            for (uint64_t less = 0; less < 2; less++) {
                struct design_stratum changed[2] = {strata[0], strata[1]};
                uint64_t errors = r.errors_to_turn - less;
                if (contradicted && errors > changed[h].counts.relevant)
                    continue;
                changed[h].counts.relevant += contradicted ? -errors : errors;
                d.strata = changed;
                assert_ok(design_claim(&d, 150, 0.95, &other, &err), err);
                if (less)
                    assert_int_equal(other.verdict, r.verdict);
                else
                    turned = turned || other.verdict != r.verdict;
            }
        assert_true(turned);
    }
}

static void errors_that_turn(void **state)
{
    (void)state;
    struct error err = ERROR_INIT;
    struct claim_result r;
    /* 29,919, 47,369 and 62,857 labels bear 0, 1 and 2 hits. */
    struct sample_counts s = {20000000, 62857, 0, 0};
    assert_ok(claim_test_allowed(&s, 2000, 0.95, &r, &err), err);
    assert_int_equal(r.verdict, CLAIM_SUPPORTED);
    assert_int_equal(r.errors_to_turn, 3);
    s.relevant = 2;
    assert_ok(claim_test_allowed(&s, 2000, 0.95, &r, &err), err);
    assert_int_equal(r.errors_to_turn, 1);
    s.relevant = 30;
    assert_ok(claim_test_allowed(&s, 2000, 0.95, &r, &err), err);
    assert_int_equal(r.verdict, CLAIM_CONTRADICTED);
    assert_true(r.errors_to_turn > 0);
    s.relevant -= r.errors_to_turn - 1;
    assert_ok(claim_test_allowed(&s, 2000, 0.95, &r, &err), err);
    assert_int_equal(r.verdict, CLAIM_CONTRADICTED);
    s.relevant--;
    assert_ok(claim_test_allowed(&s, 2000, 0.95, &r, &err), err);
    assert_int_equal(r.verdict, CLAIM_UNDETERMINED);
    assert_int_equal(r.errors_to_turn, 0);
}

/* The least number of checks bears the claim, and one less does not. */
static void checks_needed(void **state)
{
    (void)state;
    struct error err = ERROR_INIT;
    uint64_t size, last = 0;
    for (uint64_t overturned = 0; overturned < 3; overturned++) {
        assert_ok(sample_size_checks(20000000, 2000, 100000, 0, overturned, 0.95, &size, &err),
                  err);
        assert_true(size != SAMPLE_SIZE_NONE && size > last && size <= 100000);
        last = size;
        for (uint64_t less = 0; less < 2; less++) {
            struct interval set =
                two_phase((struct sample_counts){20000000, 100000, 0, 0},
                          (struct label_check){false, 100000, size - less, overturned, 0}, 0.9);
            assert_int_equal(set.high <= 2000, less == 0);
        }
    }
    /* 29,919 labels bear it without errors; not even checking them all leaves room for two phases.
     */
    assert_ok(sample_size_checks(20000000, 2000, 29919, 0, 0, 0.95, &size, &err), err);
    assert_true(size == SAMPLE_SIZE_NONE);
    assert_int_equal(sample_size_checks(10, 2, 11, 0, 0, 0.95, &size, &err), STATUS_PLAN);
}

/* One stratum is the plain sample; the chances are those of the hypergeometric. */
static void one_stratum_sized(void **state)
{
    (void)state;
    struct error err = ERROR_INIT;
    const uint64_t units[] = {20000000}, relevant[] = {2001};
    const double weights[] = {1};
    static const uint64_t published[] = {29919, 47369, 62857};
    struct stratified_plan plan = {units, weights, 1, 2000, 0.95};
    for (uint64_t hits = 0; hits < 3; hits++) {
        uint64_t size, sizes[1];
        struct clear_set set;
        assert_ok(stratified_size_claim(&plan, hits, &size, sizes, &err), err);
        assert_int_equal(size, published[hits]);
        assert_int_equal(sizes[0], size);
        assert_ok(clear_set_find(&plan, sizes, &set, &err), err);
        assert_int_equal(set.count, hits + 1);
        struct hypergeometric h = {20000000, 2001, size};
        near(clear_set_chance(&plan, sizes, &set, relevant), hypergeometric_tail_low(&h, hits),
             1e-13);
        clear_set_release(&set);
    }
}

/* Two small strata: the least size, tried one by one; every outcome; the guarantee at every truth.
 */
static void two_strata_sized(void **state)
{
    (void)state;
    struct error err = ERROR_INIT;
    const uint64_t units[] = {60, 140};
    const double weights[] = {60, 140};
    struct stratified_plan plan = {units, weights, 2, 30, 0.9};
    const struct interval_method *method = interval_method_find("equal-tailed");
    uint64_t last = 0;
    for (uint64_t hits = 0; hits < 3; hits++) {
        uint64_t size, sizes[2], smaller[2];
        struct clear_set set;
        assert_ok(stratified_size_claim(&plan, hits, &size, sizes, &err), err);
        assert_true(size > last && size < 200);
        last = size;
        assert_ok(allocation_divide(weights, units, 2, size - 1, smaller, &err), err);
        bool all_good = true, smaller_good = true;
        for (uint64_t first = 0; first <= hits; first++) {
            struct design_stratum now[2] = {{.counts = {60, sizes[0], first, 0}},
                                            {.counts = {140, sizes[1], hits - first, 0}}};
            struct design_stratum then[2] = {{.counts = {60, smaller[0], first, 0}},
                                             {.counts = {140, smaller[1], hits - first, 0}}};
            struct design d = {.strata = now, .count = 2, .method = method};
            struct interval a, b;
            assert_ok(design_interval(&d, 0.8, &a, &err), err);
            d.strata = then;
            assert_ok(design_interval(&d, 0.8, &b, &err), err);
            all_good = all_good && a.high <= 30;
            smaller_good = smaller_good && b.high <= 30;
        }
        assert_true(all_good && !smaller_good);
        assert_ok(clear_set_find(&plan, sizes, &set, &err), err);
        assert_true(set.count >= (hits + 1) * (hits + 2) / 2);
        for (uint64_t k = 0; k <= 31 && k <= 60; k++) {
            const uint64_t relevant[] = {k, 31 - k};
            assert_true(clear_set_chance(&plan, sizes, &set, relevant) <= 0.1);
        }
        const uint64_t none[] = {0, 0};
        near(clear_set_chance(&plan, sizes, &set, none), 1, 1e-12);
        clear_set_release(&set);
    }
}

static void published_recall(void **state)
{
    (void)state;
    struct error err = ERROR_INIT;
    struct search_quality q;
    struct design_stratum found = {.counts = {8000, 8000, 8000, 0}};
    struct design_stratum left = {.counts = {92000, 1534, 5, 0}};
    struct design f = design_of(&found, 1), l = design_of(&left, 1);
    assert_ok(search_quality_bounds(&f, &l, 0.95, &q, &err), err);
    near(q.recall.low, 8000.0 / 8694, 1e-12);
    near(q.recall.high, 8000.0 / 8099, 1e-12);
    near(q.recall.low, 0.920, 0.0005);
    near(q.recall.high, 0.988, 0.0005);
    near(q.precision.low, 1, 0);
    near(q.elusion.high, 694.0 / 92000, 1e-15);
    near(q.elusion.point, 5.0 / 1534, 1e-15);
    near(q.recall.point, 8000 / (8000 + 92000 * 5 / 1534.0), 1e-12);
}

static void recall_of_nothing(void **state)
{
    (void)state;
    struct error err = ERROR_INIT;
    struct search_quality q;
    struct design none = design_of(NULL, 0);
    struct design_stratum left = {.counts = {100, 10, 0, 1}};
    struct design l = design_of(&left, 1);
    assert_ok(search_quality_bounds(&none, &l, 0.95, &q, &err), err);
    assert_true(q.recall.defined && q.recall.low == 0 && !q.recall.has_point);
    assert_false(q.precision.defined);
    struct design_stratum whole = {.counts = {100, 100, 0, 0}};
    struct design w = design_of(&whole, 1);
    assert_ok(search_quality_bounds(&none, &w, 0.95, &q, &err), err);
    assert_false(q.recall.defined);
    assert_true(q.elusion.defined && q.elusion.high == 0 && q.elusion.has_point);
}

/* The joint level of all five ratios, by enumeration of both parts' draws. */
static void recall_covers(void **state)
{
    (void)state;
    enum { F = 12, L = 20, NF = 5, NL = 8 };
    struct search_quality sets[NF + 1][NL + 1];
    struct error err = ERROR_INIT;
    for (uint64_t x = 0; x <= NF; x++)
        for (uint64_t y = 0; y <= NL; y++) {
            struct design_stratum found = {.counts = {F, NF, x, 0}},
                                  left = {.counts = {L, NL, y, 0}};
            struct design f = design_of(&found, 1), l = design_of(&left, 1);
            assert_ok(search_quality_bounds(&f, &l, 0.9, &sets[x][y], &err), err);
        }
    double least = 1;
    for (uint64_t kf = 0; kf <= F; kf++)
        for (uint64_t kl = 0; kl <= L; kl++) {
            double covered = 0;
            struct hypergeometric hf = {F, kf, NF}, hl = {L, kl, NL};
            for (uint64_t x = 0; x <= NF; x++)
                for (uint64_t y = 0; y <= NL; y++) {
                    const struct search_quality *q = &sets[x][y];
                    double recall = (double)kf / (double)(kf + kl), e = 1e-12;
                    double f1 = 2.0 * (double)kf / (double)(F + kf + kl);
                    bool in = (kf + kl == 0 ||
                               (q->recall.low <= recall + e && recall <= q->recall.high + e)) &&
                              q->precision.low <= (double)kf / F + e &&
                              (double)kf / F <= q->precision.high + e &&
                              q->elusion.low <= (double)kl / L + e &&
                              (double)kl / L <= q->elusion.high + e && q->f1.low <= f1 + e &&
                              f1 <= q->f1.high + e &&
                              q->prevalence.low <= (double)(kf + kl) / (F + L) + e &&
                              (double)(kf + kl) / (F + L) <= q->prevalence.high + e;
                    covered += in ? hypergeometric_pmf(&hf, x) * hypergeometric_pmf(&hl, y) : 0;
                }
            least = covered < least ? covered : least;
        }
    assert_true(least >= 0.9);
    assert_true(least < 0.999); /* not by giving the whole range */
}

static void allocations(void **state)
{
    (void)state;
    struct error err = ERROR_INIT;
    const double units[] = {50, 30, 20};
    const uint64_t limits[] = {50, 30, 20};
    uint64_t sizes[3], before[3] = {0, 0, 0};
    assert_ok(allocation_divide(units, limits, 3, 10, sizes, &err), err);
    assert_true(sizes[0] == 5 && sizes[1] == 3 && sizes[2] == 2);
    for (uint64_t size = 6; size <= 100; size++) {
        assert_ok(allocation_divide(units, limits, 3, size, sizes, &err), err);
        assert_int_equal(sizes[0] + sizes[1] + sizes[2], size);
        for (size_t h = 0; h < 3; h++) {
            assert_true(sizes[h] >= before[h] && sizes[h] >= 2 && sizes[h] <= limits[h]);
            before[h] = sizes[h];
        }
    }
    /* Neyman: N_h S_h is 10,000 .5 and 990,000 sqrt(.001 .999), so 500 to 3,129 or 13.8 % to 86.2
     * %. */
    const uint64_t large[] = {1000, 99000};
    const double shares[] = {0.5, 0.001}, wrong[] = {0.5, 1.5};
    double weights[2];
    assert_ok(allocation_neyman(large, shares, 2, weights, &err), err);
    near(weights[0], 500, 1e-9);
    near(weights[1], 99000 * sqrt(0.001 * 0.999), 1e-9);
    assert_ok(allocation_divide(weights, large, 2, 1000, sizes, &err), err);
    assert_true(sizes[0] == 138 && sizes[1] == 862);
    /* A weight of 0 takes what the others cannot. */
    const double zero[] = {0, 1};
    const uint64_t small[] = {100, 10};
    assert_ok(allocation_divide(zero, small, 2, 60, sizes, &err), err);
    assert_true(sizes[0] == 50 && sizes[1] == 10);
    assert_int_equal(allocation_neyman(large, wrong, 2, weights, &err), STATUS_PLAN);
    const double nan_weight[] = {NAN, 1}, negative[] = {-1, 1}, nothing[] = {0, 0};
    assert_int_equal(allocation_divide(nan_weight, small, 2, 60, sizes, &err), STATUS_PLAN);
    assert_int_equal(allocation_divide(negative, small, 2, 60, sizes, &err), STATUS_PLAN);
    assert_int_equal(allocation_divide(nothing, small, 2, 60, sizes, &err), STATUS_PLAN);
    assert_int_equal(allocation_divide(zero, small, 2, 3, sizes, &err), STATUS_PLAN);
    assert_non_null(strstr(err.text, "too few for 2 strata"));
    assert_int_equal(allocation_divide(zero, small, 2, 111, sizes, &err), STATUS_PLAN);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(two_phase_covers),    cmocka_unit_test(two_phase_limits),
        cmocka_unit_test(two_phase_mistakes),  cmocka_unit_test(claims_agree),
        cmocka_unit_test(errors_that_turn),    cmocka_unit_test(errors_in_strata),
        cmocka_unit_test(undecided_in_strata), cmocka_unit_test(published_recall),
        cmocka_unit_test(recall_of_nothing),   cmocka_unit_test(recall_covers),
        cmocka_unit_test(allocations),         cmocka_unit_test(checks_needed),
        cmocka_unit_test(one_stratum_sized),   cmocka_unit_test(two_strata_sized),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
