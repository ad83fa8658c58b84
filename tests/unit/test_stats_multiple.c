/* Several tests together: Holm's published example, its definition step by step, its guarantee. */
#include "tests/support/support.h"

#include "stats/multiple_tests.h"
#include "tests/support/text_random.h"

#include <math.h>
#include <string.h>

static void published(void **state)
{
    (void)state;
    static const double p[] = {.01, .04, .03, .005}, expected[] = {.03, .06, .06, .02};
    double adjusted[4];
    struct error err = ERROR_INIT;
    assert_ok(holm_adjust(p, 4, adjusted, &err), err);
    for (int i = 0; i < 4; i++)
        assert_true(fabs(adjusted[i] - expected[i]) < 1e-15);
    double one = .2;
    assert_ok(holm_adjust(&one, 1, &one, &err), err);
    assert_true(one == .2);
    assert_ok(holm_adjust(NULL, 0, NULL, &err), err);
}

/* The step-down procedure itself: reject in order while p(i) <= alpha / (m - i + 1). */
static void same_as_stepping_down(void **state)
{
    (void)state;
    enum { MOST = 9 };
    uint64_t seed = 5;
    for (int round = 0; round < 2000; round++) {
        size_t count = 1 + random_below(&seed, MOST);
        double p[MOST], adjusted[MOST], alpha = 0.001 + random_below(&seed, 300) / 1000.0;
        for (size_t i = 0; i < count; i++) /* coarse, so that some are equal */
            p[i] = random_below(&seed, 40) / 200.0 + 0.0003;
        struct error err = ERROR_INIT;
        assert_ok(holm_adjust(p, count, adjusted, &err), err);
        bool rejected[MOST] = {false}, going = true;
        for (size_t step = 0; step < count && going; step++) {
            size_t least = count;
            for (size_t i = 0; i < count; i++)
                if (!rejected[i] && (least == count || p[i] < p[least]))
                    least = i;
            going = p[least] * (double)(count - step) <= alpha;
            rejected[least] = going;
        }
        for (size_t i = 0; i < count; i++)
            assert_true(rejected[i] == (adjusted[i] <= alpha));
    }
}

static void bad_values(void **state)
{
    (void)state;
    static const double bad[] = {-0.1, 1.1, NAN};
    for (size_t i = 0; i < 3; i++) {
        double p[2] = {0.5, bad[i]}, adjusted[2] = {7, 7};
        struct error err = ERROR_INIT;
        assert_int_equal(holm_adjust(p, 2, adjusted, &err), STATUS_PLAN);
        assert_non_null(strstr(err.text, "p-value 2"));
        assert_true(adjusted[0] == 7 && adjusted[1] == 7);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(published),
                                       cmocka_unit_test(same_as_stepping_down),
                                       cmocka_unit_test(bad_values)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
