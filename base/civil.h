/*
 * Dates and times of the proleptic Gregorian calendar, UTC only; no time zone database.
 * Day arithmetic after H. Hinnant, "chrono-Compatible Low-Level Date Algorithms" (2013).
 */
#ifndef PROFFER_CIVIL_H
#define PROFFER_CIVIL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* No time: what a record without one carries. */
#define CIVIL_NONE INT64_MIN

struct civil_date {
    int year; /* 1 to 9999 where it came from a text */
    int month, day;
};

/* Days since 1970-01-01 of a date, and back. */
int64_t civil_days(struct civil_date date);
struct civil_date civil_from_days(int64_t days);

/* Floor of SECONDS / 86,400. */
int64_t civil_day_of(int64_t seconds);

/* What this machine's clock says, in whole seconds since 1970. It is never behind what another
 * program was told before, as time(2) is: by a tick of the kernel, so that just after a second's
 * beginning it still tells the one before. */
int64_t civil_now(void);

/* 0 is Monday, 6 is Sunday (ISO 8601). */
int civil_weekday(int64_t days);

/* "2023-01-31" and nothing else; false if it is no such date. */
bool civil_parse_date(const char *text, size_t len, int64_t *days);

/*
 * A time as logs write it, to whole seconds since 1970 (rounded down): RFC 3339 with 'T' or a
 * space, fraction, 'Z' or an offset (none means UTC), "2023-01-31" alone as its midnight; or a
 * decimal number of seconds, or of milliseconds, microseconds or nanoseconds when it is so large
 * that seconds would be past the year 5138 (1e11). Years 1 to 9999. False if it is no time.
 */
bool civil_parse_time(const char *text, size_t len, int64_t *seconds);

enum { CIVIL_TIME_TEXT = 32 };
/* "2023-01-31T12:00:00Z" of seconds since 1970, in years 1 to 9999. */
void civil_time_text(int64_t seconds, char text[static CIVIL_TIME_TEXT]);

/* The same scale rule for a number. False for NaN, infinity and years outside 1 to 9999. */
bool civil_from_number(double number, int64_t *seconds);

#endif
