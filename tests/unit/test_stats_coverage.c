/*
 * Coverage, exactly: methods that call themselves exact hold their level at every number relevant
 * of every small population and at rare numbers of a large one; the others are known to fall short.
 */
#include "tests/support/support.h"

#include "tests/support/coverage.h"

#include <math.h>
#include <string.h>

static const double levels[] = {0.8, 0.95, 0.99};
enum { LEVELS = sizeof levels / sizeof *levels };

static void prepare(struct coverage *c, const struct interval_method *method, uint64_t total,
                    uint64_t n, double level, uint64_t most)
{
    if (coverage_init(c, method, total, n, level, most))
        fail_msg("%s has no bounds for %lu of %lu at %g", method->name, (unsigned long)n,
                 (unsigned long)total, level);
}

static void every_small_population(void **state)
{
    (void)state;
    size_t count;
    const struct interval_method *methods = interval_method_list(&count);
    const uint64_t most = test_short() ? 24 : 60;
    for (size_t m = 0; m < count && methods[m].guarantee == INTERVAL_EXACT; m++) {
        double least = 2;
        for (size_t l = 0; l < LEVELS; l++)
            for (uint64_t total = 1; total <= most; total++)
                for (uint64_t n = 0; n <= total; n++) {
                    struct coverage c;
                    uint64_t k = 0;
                    prepare(&c, &methods[m], total, n, levels[l], n);
                    double here = coverage_least(&c, 0, total, &k);
                    coverage_release(&c);
                    if (here < levels[l] - 1e-12)
                        fail_msg("%s covers %g of %g at N=%lu, n=%lu, K=%lu", methods[m].name, here,
                                 levels[l], (unsigned long)total, (unsigned long)n,
                                 (unsigned long)k);
                    least = fmin(least, here - levels[l]);
                }
        /* Not by being everything: each method's worst is near its level. */
        assert_true(least < (strcmp(methods[m].name, "anytime") == 0 ? 0.06 : 0.002));
    }
}

static void populations_up_to_200(void **state)
{
    (void)state;
    size_t count;
    const struct interval_method *methods = interval_method_list(&count);
    static const uint64_t totals[] = {75, 100, 140, 200};
    for (size_t m = 0; m < count && methods[m].guarantee == INTERVAL_EXACT; m++)
        for (size_t t = 0; t < (test_short() ? 1 : 4); t++)
            for (uint64_t n = 1; n <= totals[t]; n += 1 + totals[t] / 12) {
                struct coverage c;
                prepare(&c, &methods[m], totals[t], n, 0.95, n);
                assert_true(coverage_least(&c, 0, totals[t], NULL) >= 0.95 - 1e-12);
                coverage_release(&c);
            }
}

static void rare_numbers_of_twenty_million(void **state)
{
    (void)state;
    static const uint64_t centres[] = {10, 200, 2000, 20000}, drawn[] = {3000, 20000, 200000};
    size_t count;
    const struct interval_method *methods = interval_method_list(&count);
    for (size_t m = 0; m < count && methods[m].guarantee == INTERVAL_EXACT; m++)
        for (size_t d = 0; d < 3; d++) {
            struct coverage c;
            prepare(&c, &methods[m], 20000000, drawn[d], 0.95, 40 + drawn[d] / 400);
            for (size_t k = 0; k < 4; k++)
                assert_true(coverage_least(&c, centres[k] - 9, centres[k] + 9, NULL) >= 0.95);
            coverage_release(&c);
        }
}

/*
 * The worst cases that the methods' summaries state. Wilson's .839 at a share of 8.8e-6 of 20,000
 * was known before; the others are what `make coverage-table` finds.
 */
static void approximate_methods_fall_short(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        uint64_t total, drawn, relevant;
        double coverage;
    } cases[] = {
        {"wilson", 20000000, 20000, 176, 0.8385},
        {"jeffreys", 20000000, 3000, 719, 0.8978},
        {"agresti-coull", 11, 2, 1, 0.8182},
        {"clopper-pearson", 60, 7, 25, 0.9653},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct coverage c;
        prepare(&c, interval_method_find(cases[i].name), cases[i].total, cases[i].drawn, 0.95, 60);
        assert_true(fabs(coverage_at(&c, cases[i].relevant) - cases[i].coverage) < 0.0001);
        uint64_t where = 0;
        coverage_least(&c, 1, cases[i].total < 1000 ? cases[i].total : 1000, &where);
        assert_int_equal(where, cases[i].relevant);
        coverage_release(&c);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(every_small_population),
                                       cmocka_unit_test(populations_up_to_200),
                                       cmocka_unit_test(rare_numbers_of_twenty_million),
                                       cmocka_unit_test(approximate_methods_fall_short)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
