/* The least coverage over all numbers relevant: as found by trying each, and at known values. */
#include "tests/support/support.h"

#include "stats/worst_coverage.h"
#include "tests/support/coverage.h"

#include <math.h>

static struct worst_coverage worst_of(const char *name, uint64_t population, uint64_t drawn,
                                      double level)
{
    struct error err = ERROR_INIT;
    struct worst_coverage worst;
    const struct anytime_prior even = {1, 1};
    const struct interval_method *method = interval_method_find(name);
    bool anytime = strcmp(name, "anytime") == 0;
    assert_ok(
        worst_coverage(method, anytime ? &even : NULL, population, drawn, level, &worst, &err),
        err);
    return worst;
}

/* Ends alone are looked at; all numbers, one by one, have no lower coverage. */
static void as_found_by_trying_each(void **state)
{
    (void)state;
    static const double levels[] = {0.8, 0.95, 0.99};
    size_t count;
    const struct interval_method *methods = interval_method_list(&count);
    const uint64_t most = test_short() ? 22 : 45;
    for (size_t m = 0; m < count && methods[m].guarantee == INTERVAL_EXACT; m++)
        for (size_t l = 0; l < 3; l++)
            for (uint64_t total = 0; total <= most; total++)
                for (uint64_t n = 0; n <= total; n++) {
                    struct coverage c;
                    uint64_t where = 0;
                    assert_int_equal(coverage_init(&c, &methods[m], total, n, levels[l], n), 0);
                    double least = coverage_least(&c, 0, total, &where);
                    coverage_release(&c);
                    struct worst_coverage worst = worst_of(methods[m].name, total, n, levels[l]);
                    assert_true(worst.enumerated);
                    if (fabs(worst.least - least) > 1e-12)
                        fail_msg("%s at %g, N=%lu, n=%lu: %.15g at %lu, not %.15g at %lu",
                                 methods[m].name, levels[l], (unsigned long)total, (unsigned long)n,
                                 worst.least, (unsigned long)worst.relevant, least,
                                 (unsigned long)where);
                }
}

/* By exact fractions, every number tried: 873588731/910158760 of the first. */
static void known_values(void **state)
{
    (void)state;
    static const struct {
        uint64_t population, drawn, relevant;
        double level, least;
    } known[] = {
        {100, 10, 43, 0.95, 0.9598201647809224},
        {150, 30, 57, 0.9, 0.9084409975833198},
        {60, 40, 18, 0.99, 0.9939919445055599},
    };
    for (size_t i = 0; i < 3; i++) {
        struct worst_coverage worst =
            worst_of("equal-tailed", known[i].population, known[i].drawn, known[i].level);
        assert_true(fabs(worst.least - known[i].least) < 1e-12);
        /* The law is the same of irrelevant units: the mirrored number has the same coverage. */
        assert_true(worst.relevant == known[i].relevant ||
                    worst.relevant == known[i].population - known[i].relevant);
    }
}

/* Rare numbers of a large population, tried one by one, have no lower coverage. */
static void twenty_million(void **state)
{
    (void)state;
    struct coverage c;
    struct worst_coverage worst = worst_of("equal-tailed", 20000000, 3000, 0.95);
    assert_true(worst.enumerated && worst.least >= 0.95 && worst.least < 0.9502);
    assert_int_equal(
        coverage_init(&c, interval_method_find("equal-tailed"), 20000000, 3000, 0.95, 3000), 0);
    assert_true(fabs(coverage_at(&c, worst.relevant) - worst.least) < 1e-12);
    assert_true(coverage_least(&c, 0, test_short() ? 3000 : 30000, NULL) >= worst.least);
    coverage_release(&c);
}

static void too_large_or_impossible(void **state)
{
    (void)state;
    struct error err = ERROR_INIT;
    const struct interval_method *method = interval_method_find("equal-tailed");
    struct worst_coverage worst =
        worst_of("equal-tailed", 20000000, worst_coverage_drawn_max(method) + 1, 0.95);
    assert_false(worst.enumerated);
    assert_int_equal(worst_coverage(method, NULL, 5, 6, 0.95, &worst, &err), STATUS_PLAN);
    assert_int_equal(worst_coverage(method, NULL, 6, 5, 1.5, &worst, &err), STATUS_PLAN);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(as_found_by_trying_each), cmocka_unit_test(known_values),
        cmocka_unit_test(twenty_million), cmocka_unit_test(too_large_or_impossible)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
