/* The progress meter by a clock of its own: rate, time left once the rate is steady, and width. */
#include "tests/support/support.h"

#include "cli/meter.h"

#include <string.h>

enum { WIDE = 200 };

#define GB UINT64_C(1000000000)

static bool line_at(struct meter *meter, int64_t ms, uint64_t done, char line[static 256])
{
    return meter_line(meter, ms, WIDE, "scanning", done, 100 * GB, 7, line, 256);
}

/* Not in the first second, then five lines a second at most. */
static void test_when(void **state)
{
    (void)state;
    struct meter meter;
    char line[256];
    meter_start(&meter, 5000);
    assert_false(line_at(&meter, 5000, 0, line));
    assert_false(line_at(&meter, 5999, GB, line));
    assert_true(line_at(&meter, 6000, GB, line));
    assert_string_equal(line, "scanning:   1.0 %  1.00 of 100.00 GB  1.00 GB/s  7 conversations");
    assert_false(line_at(&meter, 6199, GB, line));
    assert_true(line_at(&meter, 6200, GB, line));
}

/* At a steady gigabyte a second the time left is told after three seconds, and falls. */
static void test_time_left(void **state)
{
    (void)state;
    struct meter meter;
    char line[256];
    meter_start(&meter, 0);
    for (int64_t ms = 1000; ms < 3000; ms += 200) {
        assert_true(line_at(&meter, ms, (uint64_t)ms * (GB / 1000), line));
        assert_null(strstr(line, "left"));
    }
    assert_true(line_at(&meter, 3000, 3 * GB, line));
    assert_non_null(strstr(line, "1.00 GB/s  1:37 left"));
    for (int64_t ms = 3200; ms <= 40000; ms += 200)
        assert_true(line_at(&meter, ms, (uint64_t)ms * (GB / 1000), line));
    assert_string_equal(
        line, "scanning:  40.0 %  40.00 of 100.00 GB  1.00 GB/s  1:00 left  7 conversations");
    /* All done: no time is left. */
    assert_true(line_at(&meter, 100000, 100 * GB, line));
    assert_null(strstr(line, "left"));
    assert_non_null(strstr(line, "100.0 %"));
}

/* A rate that changes much has no time left; one that stands still neither. */
static void test_unsteady(void **state)
{
    (void)state;
    struct meter meter;
    char line[256];
    meter_start(&meter, 0);
    for (int64_t ms = 1000; ms <= 10000; ms += 200)
        assert_true(line_at(&meter, ms, 10 * GB, line)); /* nothing since the first line */
    assert_null(strstr(line, "left"));
    assert_non_null(strstr(line, "1.00 GB/s"));
}

static void test_hours(void **state)
{
    (void)state;
    struct meter meter;
    char line[256];
    meter_start(&meter, 0);
    for (int64_t ms = 1000; ms <= 10000; ms += 200)
        assert_true(line_at(&meter, ms, (uint64_t)ms * 10000, line));
    assert_non_null(strstr(line, "0.01 GB/s  2 h 46 min left"));
}

/* A line fits its terminal: the conversations go first, then it is cut. */
static void test_width(void **state)
{
    (void)state;
    struct meter meter;
    char line[256];
    meter_start(&meter, 0);
    assert_true(meter_line(&meter, 1000, 60, "scanning", GB, 100 * GB, 7, line, sizeof line));
    assert_string_equal(line, "scanning:   1.0 %  1.00 of 100.00 GB  1.00 GB/s");
    assert_true(meter_line(&meter, 2000, 11, "scanning", GB, 100 * GB, 7, line, sizeof line));
    assert_string_equal(line, "scanning: ");
    /* Nothing to do is all done. */
    assert_true(meter_line(&meter, 3000, 80, "scanning", 0, 0, 0, line, sizeof line));
    assert_string_equal(line, "scanning: 100.0 %  0.00 of 0.00 GB  0.00 GB/s  0 conversations");
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_when),
                                       cmocka_unit_test(test_time_left),
                                       cmocka_unit_test(test_unsteady),
                                       cmocka_unit_test(test_hours), cmocka_unit_test(test_width)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
