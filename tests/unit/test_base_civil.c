/*
 * Dates and times: published days (ISO 8601 and RFC 3339 examples, the Unix epoch), then a walk
 * over every day of ten thousand years against a calendar that only counts.
 */
#include "tests/support/support.h"

#include "base/civil.h"

#include <math.h>
#include <string.h>
#include <time.h>

static void test_published(void **state)
{
    (void)state;
    static const struct {
        struct civil_date date;
        int64_t days;
        int weekday;
    } known[] = {
        {{1970, 1, 1}, 0, 3},         /* the Unix epoch, a Thursday */
        {{2000, 2, 29}, 11016, 1},    /* leap in the fourth century */
        {{2000, 3, 1}, 11017, 2},     /* Hinnant's era begins here */
        {{1900, 3, 1}, -25508, 3},    /* 1900 was no leap year */
        {{1582, 10, 15}, -141427, 4}, /* the Gregorian calendar begins, a Friday */
        {{1, 1, 1}, -719162, 0},      /* a Monday, proleptic */
        {{9999, 12, 31}, 2932896, 4}, {{2038, 1, 19}, 24855, 1},
        {{1969, 7, 20}, -165, 6}, /* a Sunday */
    };
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
        assert_int_equal(civil_days(known[i].date), known[i].days);
        assert_int_equal(civil_weekday(known[i].days), known[i].weekday);
    }
}

static void test_every_day(void **state)
{
    (void)state;
    static const int lengths[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    int64_t day = -719162;
    for (int year = 1; year <= 9999; year++) {
        int leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
        for (int month = 1; month <= 12; month++)
            for (int d = 1; d <= lengths[month - 1] + (month == 2 && leap); d++, day++) {
                struct civil_date date = civil_from_days(day);
                if (date.year != year || date.month != month || date.day != d ||
                    civil_days(date) != day || civil_weekday(day) != (int)((day + 719162) % 7))
                    fail_msg("%04d-%02d-%02d", year, month, d);
            }
    }
    assert_int_equal(day, 2932897);
}

static void test_day_of(void **state)
{
    (void)state;
    assert_int_equal(civil_day_of(0), 0);
    assert_int_equal(civil_day_of(86399), 0);
    assert_int_equal(civil_day_of(86400), 1);
    assert_int_equal(civil_day_of(-1), -1);
    assert_int_equal(civil_day_of(-86400), -1);
    assert_int_equal(civil_day_of(-86401), -2);
    assert_int_equal(civil_day_of(INT64_MAX), INT64_MAX / 86400);
    assert_int_equal(civil_day_of(INT64_MIN), INT64_MIN / 86400 - 1);
}

static void test_dates(void **state)
{
    (void)state;
    int64_t days;
    assert_true(civil_parse_date("2023-01-31", 10, &days));
    assert_int_equal(days, 19388);
    static const char *const bad[] = {"2023-02-29", "2023-1-31",   "2023-13-01", "2023-00-01",
                                      "2023-01-00", "2023-01-32",  "0000-01-01", "2023/01/31",
                                      "20230131",   "2023-01-31 ", "",           "-023-01-31",
                                      "1900-02-29", "2023-04-31"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        assert_false(civil_parse_date(bad[i], strlen(bad[i]), &days));
}

static void test_times(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        int64_t seconds;
    } good[] = {
        /* RFC 3339, 5.8 */
        {"1985-04-12T23:20:50.52Z", 482196050},
        {"1996-12-19T16:39:57-08:00", 851042397},
        {"1990-12-31T23:59:60Z", 662688000},
        {"1990-12-31T15:59:60-08:00", 662688000},
        {"1937-01-01T12:00:27.87+00:20", -1041337173},
        /* what logs write */
        {"2023-01-31", 1675123200},
        {"2023-01-31 10:00:00", 1675159200},
        {"2023-01-31t10:00:00z", 1675159200},
        {"2023-01-31T10:00", 1675159200},
        {"2023-01-31 10:00:00 UTC", 1675159200},
        {"2023-01-31 10:00:00.123456+00:00", 1675159200},
        {"2023-01-31T10:00:00+0530", 1675139400},
        {"2023-01-31T10:00:00-01", 1675162800},
        {"1675159200", 1675159200},
        {"1675159200.9", 1675159200},
        {"-1.5", -2},
        {"1675159200123", 1675159200},
        {"1675159200123456", 1675159200},
        {"1675159200123456789", 1675159200},
        {"1.6751592e9", 1675159200},
    };
    int64_t seconds;
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
        if (!civil_parse_time(good[i].text, strlen(good[i].text), &seconds))
            fail_msg("%s", good[i].text);
        if (seconds != good[i].seconds)
            fail_msg("%s: %lld", good[i].text, (long long)seconds);
    }
    static const char *const bad[] = {"",
                                      "yesterday",
                                      "2023-01-31T",
                                      "2023-01-31T10",
                                      "2023-01-31T24:00:00Z",
                                      "2023-01-31T10:60:00Z",
                                      "2023-01-31T10:00:61Z",
                                      "2023-01-31T10:00:00.Z",
                                      "2023-01-31T10:00:00+24:00",
                                      "2023-01-31T10:00:00+5",
                                      "2023-01-31T10:00:00Zx",
                                      "2023-02-30T10:00:00Z",
                                      "2023-01-31X10:00:00Z",
                                      "12 34",
                                      "1e400",
                                      "nan",
                                      "inf",
                                      "0x10",
                                      "--1",
                                      "11111111111111111111111111111111111111111111111111"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        if (civil_parse_time(bad[i], strlen(bad[i]), &seconds))
            fail_msg("%s", bad[i]);
}

static void test_numbers(void **state)
{
    (void)state;
    int64_t seconds;
    assert_true(civil_from_number(-0.5, &seconds));
    assert_int_equal(seconds, -1);
    assert_true(civil_from_number(99999999999.0, &seconds)); /* 5138 in seconds */
    assert_int_equal(seconds, 99999999999);
    assert_true(civil_from_number(1e11, &seconds)); /* from here on milliseconds */
    assert_int_equal(seconds, 100000000);
    assert_false(civil_from_number((double)NAN, &seconds));
    assert_false(civil_from_number((double)INFINITY, &seconds));
    assert_false(civil_from_number(1e300, &seconds));
}

/* A second is told as soon as it has begun: time(2) would be some milliseconds behind. */
static void test_now(void **state)
{
    (void)state;
    struct timespec begun, before, after;
    clock_gettime(CLOCK_REALTIME, &begun);
    nanosleep(&(struct timespec){.tv_nsec = (1000000000 - begun.tv_nsec) / 1000 * 999}, NULL);
    do {
        clock_gettime(CLOCK_REALTIME, &before);
        int64_t now = civil_now();
        clock_gettime(CLOCK_REALTIME, &after);
        assert_true(before.tv_sec <= now && now <= after.tv_sec);
    } while (before.tv_sec == begun.tv_sec || before.tv_nsec < 20000000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_published), cmocka_unit_test(test_every_day),
        cmocka_unit_test(test_day_of),    cmocka_unit_test(test_dates),
        cmocka_unit_test(test_times),     cmocka_unit_test(test_numbers),
        cmocka_unit_test(test_now),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
