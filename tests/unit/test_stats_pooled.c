/* Pooled bounds over strata: values by hand, and how often they hold, over all samples. */
#include "stats/design.h"
#include "stats/pooled.h"
#include "stats/sample_size.h"
#include "tests/support/support.h"

#include <math.h>

static struct error err;

static double choose(uint64_t n, uint64_t k)
{
    double c = 1;
    for (uint64_t i = 0; i < k; i++)
        c *= (double)(n - i) / (double)(i + 1);
    return k > n ? 0 : c;
}

static struct interval pooled(const struct sample_counts *strata, size_t count, double confidence)
{
    struct interval out;
    assert_ok(stratified_pooled(strata, count, confidence, &out, &err), err);
    return out;
}

/* (1 - K / N)^n > 0.05 while K <= 1997: the same with one stratum and with 25. */
static void without_a_hit(void **state)
{
    (void)state;
    struct sample_counts strata[25];
    for (size_t h = 0; h < 25; h++)
        strata[h] = (struct sample_counts){800000, 1200, 0, 0};
    assert_int_equal(pooled(strata, 25, 0.9).high, 1997);
    assert_int_equal(pooled(strata, 25, 0.9).low, 0);
    assert_true(pow(1 - 1997 / 2e7, 30000) > 0.05 && pow(1 - 1998 / 2e7, 30000) <= 0.05);
    strata[0] = (struct sample_counts){20000000, 30000, 0, 0};
    assert_int_equal(pooled(strata, 1, 0.9).high, 1997);
    /* Read whole and not read at all: as they are. */
    const struct sample_counts edges[] = {{100, 100, 7, 2}, {50, 0, 0, 0}};
    assert_int_equal(pooled(edges, 2, 0.95).low, 7);
    assert_int_equal(pooled(edges, 2, 0.95).high, 59);
    /* The undecided are bounded both ways. */
    const struct sample_counts open[] = {{800000, 1200, 3, 2}, {800000, 1200, 0, 1}},
                               none[] = {{800000, 1200, 3, 0}, {800000, 1200, 0, 0}},
                               all[] = {{800000, 1200, 5, 0}, {800000, 1200, 1, 0}};
    assert_int_equal(pooled(open, 2, 0.95).low, pooled(none, 2, 0.95).low);
    assert_int_equal(pooled(open, 2, 0.95).high, pooled(all, 2, 0.95).high);
    assert_true(pooled(none, 2, 0.95).low > 3 &&
                pooled(all, 2, 0.95).high > pooled(none, 2, 0.95).high);
}

/* Three strata at rates that differ, all numbers relevant, all samples: each end holds. */
static void holds(void **state)
{
    (void)state;
    static const uint64_t sizes[3] = {12, 8, 10}, drawn[3] = {4, 4, 3};
    static struct interval sets[5][5][4];
    const double confidence = 0.8;
    double worst = 1;
    for (uint64_t a = 0; a <= 4; a++)
        for (uint64_t b = 0; b <= 4; b++)
            for (uint64_t c = 0; c <= 3; c++) {
                const struct sample_counts strata[] = {{12, 4, a, 0}, {8, 4, b, 0}, {10, 3, c, 0}};
                sets[a][b][c] = pooled(strata, 3, confidence);
            }
    for (uint64_t i = 0; i <= sizes[0]; i++)
        for (uint64_t j = 0; j <= sizes[1]; j++)
            for (uint64_t k = 0; k <= sizes[2]; k++) {
                double low = 0, high = 0;
                const uint64_t relevant[3] = {i, j, k};
                for (uint64_t a = 0; a <= 4; a++)
                    for (uint64_t b = 0; b <= 4; b++)
                        for (uint64_t c = 0; c <= 3; c++) {
                            const uint64_t x[3] = {a, b, c};
                            double chance = 1;
                            for (size_t h = 0; h < 3; h++)
                                chance *=
                                    x[h] > relevant[h] || drawn[h] - x[h] > sizes[h] - relevant[h]
                                        ? 0
                                        : choose(relevant[h], x[h]) *
                                              choose(sizes[h] - relevant[h], drawn[h] - x[h]) /
                                              choose(sizes[h], drawn[h]);
                            low += sets[a][b][c].low > i + j + k ? chance : 0;
                            high += sets[a][b][c].high < i + j + k ? chance : 0;
                        }
                assert_true(low <= (1 - confidence) / 2 * (1 + 1e-9));
                assert_true(high <= (1 - confidence) / 2 * (1 + 1e-9));
                worst = fmin(worst, 1 - low - high);
            }
    assert_true(worst < 0.99); /* and it does exclude something */
}

static void claims(void **state)
{
    (void)state;
    struct design_stratum strata[24] = {0};
    size_t count;
    struct claim_result r;
    for (size_t h = 0; h < 24; h++)
        strata[h].counts = (struct sample_counts){833333, 1250, 0, 0};
    struct design design = {.strata = strata,
                            .count = 24,
                            .combination = DESIGN_POOLED,
                            .method = interval_method_list(&count)};
    assert_string_equal(design_title(&design), "Stratified exact (pooled)");
    assert_ok(design_claim(&design, 2000, 0.95, &r, &err), err);
    assert_int_equal(r.verdict, CLAIM_SUPPORTED);
    assert_int_equal(r.errors_to_turn, 1);
    /* Two hits: more labels; of that size and with two hits it is supported, of fewer not. */
    strata[0].counts.relevant = strata[7].counts.relevant = 1;
    assert_ok(design_claim(&design, 2000, 0.95, &r, &err), err);
    assert_int_equal(r.verdict, CLAIM_UNDETERMINED);
    assert_true(r.labels_needed > 62000 && r.labels_needed < 64000);
    assert_int_equal(r.labels_needed, r.labels_needed_if_none);
    for (uint64_t less = 0; less < 2; less++) {
        struct claim_result again;
        for (size_t h = 0; h < 24; h++)
            strata[h].counts.drawn = r.labels_needed / 24 - less;
        assert_ok(design_claim(&design, 2000, 0.95, &again, &err), err);
        assert_int_equal(again.verdict == CLAIM_SUPPORTED, less == 0);
    }
    /* A contradiction that rests on hits in several strata: errors anywhere count. */
    for (size_t h = 0; h < 24; h++)
        strata[h].counts = (struct sample_counts){833333, 1250, h < 10, 0};
    assert_ok(design_claim(&design, 2000, 0.95, &r, &err), err);
    assert_int_equal(r.verdict, CLAIM_CONTRADICTED);
    assert_true(r.errors_to_turn > 1 && r.errors_to_turn < 10);
    for (uint64_t h = 0; h < r.errors_to_turn; h++)
        strata[h].counts.relevant = 0;
    struct claim_result turned;
    assert_ok(design_claim(&design, 2000, 0.95, &turned, &err), err);
    assert_int_equal(turned.verdict, CLAIM_UNDETERMINED);
    strata[0].counts.relevant = 1;
    assert_ok(design_claim(&design, 2000, 0.95, &turned, &err), err);
    assert_int_equal(turned.verdict, CLAIM_CONTRADICTED);
}

static void refused(void **state)
{
    (void)state;
    struct interval out;
    const struct sample_counts bad[] = {{10, 5, 2, 0}, {10, 5, 6, 0}},
                               huge[] = {{UINT64_C(900000000000), 10, 0, 0},
                                         {UINT64_C(900000000000), 10, 0, 0}};
    assert_int_equal(stratified_pooled(bad, 0, 0.95, &out, &err), STATUS_PLAN);
    assert_int_equal(stratified_pooled(bad, 2, 0.95, &out, &err), STATUS_PLAN);
    assert_int_equal(stratified_pooled(bad, 1, 1, &out, &err), STATUS_PLAN);
    assert_int_equal(stratified_pooled(huge, 2, 0.95, &out, &err), STATUS_PLAN);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(without_a_hit), cmocka_unit_test(holds),
                                       cmocka_unit_test(claims), cmocka_unit_test(refused)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
