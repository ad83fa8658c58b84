/*
 * Coverage by simulation where enumeration is too large, and on real collections. A suspicious look
 * quadruples the draws; only an exact binomial p under 1e-6 at the end fails.
 */
#include "tests/support/simulation.h"
#include "tests/support/support.h"

static void designs_cover(void **state)
{
    (void)state;
    for (const struct simulation *s = simulations; s->name; s++) {
        uint64_t draws = test_short() ? 2000 : 20000;
        double p = 0;
        for (int look = 0; look < 3; look++, draws *= 4) {
            uint64_t misses = s->misses(20240131, draws);
            assert_true(misses <= draws);
            p = misses_p(misses, draws, s->alpha);
            if (p > 1e-3)
                break;
        }
        if (p < 1e-6)
            fail_msg("%s: misses too often, p = %g", s->name, p);
    }
}

/* A method that is known to cover less is found out: Wald's at a rare share covers 26 %. */
static void a_bad_method_fails(void **state)
{
    (void)state;
    assert_true(misses_p(1480, 2000, 0.05) < 1e-6);
    assert_true(misses_p(100, 2000, 0.05) > 0.4 && misses_p(100, 2000, 0.05) < 0.6);
    assert_true(misses_p(0, 2000, 0.05) == 1);
}

static void collections_cover(void **state)
{
    (void)state;
    struct collection *list;
    uint64_t count;
    if (!test_shared())
        skip();
    assert_int_equal(collections_read(test_shared(), &list, &count), 0);
    assert_true(count >= 20);
    for (uint64_t i = 0; i < count; i++) {
        uint64_t draws = test_short() ? 200 : 2000, drawn = list[i].count / 10;
        double worst = 0;
        assert_true(list[i].total > 0 && list[i].total < list[i].count);
        for (int look = 0; look < 3; look++, draws *= 4) {
            struct collection_misses m;
            assert_int_equal(collection_simulate(&list[i], drawn, 7 + i, draws, &m), 0);
            double p[] = {misses_p(m.prevalence, draws, 0.05), misses_p(m.recall, draws, 0.05),
                          misses_p(m.elusion, draws, 0.05), misses_p(m.joint, draws, 0.05)};
            worst = 1;
            for (size_t k = 0; k < sizeof p / sizeof *p; k++)
                worst = p[k] < worst ? p[k] : worst;
            if (worst > 1e-3)
                break;
        }
        if (worst < 1e-6)
            fail_msg("%s: misses too often, p = %g", list[i].name, worst);
    }
    collections_free(list, count);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(designs_cover),
        cmocka_unit_test(a_bad_method_fails),
        cmocka_unit_test(collections_cover),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
