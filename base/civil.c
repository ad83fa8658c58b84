/* Calendar arithmetic: see civil.h. */
#include "base/civil.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

int64_t civil_days(struct civil_date date)
{
    int64_t year = date.year - (date.month <= 2);
    int64_t era = (year >= 0 ? year : year - 399) / 400;
    int64_t year_of_era = year - era * 400;
    int64_t day_of_year = (153 * (date.month + (date.month > 2 ? -3 : 9)) + 2) / 5 + date.day - 1;
    int64_t day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    return era * 146097 + day_of_era - 719468;
}

struct civil_date civil_from_days(int64_t days)
{
    days += 719468;
    int64_t era = (days >= 0 ? days : days - 146096) / 146097;
    int64_t day_of_era = days - era * 146097;
    int64_t year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
    int64_t day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    int64_t shifted = (5 * day_of_year + 2) / 153;
    int month = (int)(shifted < 10 ? shifted + 3 : shifted - 9);
    int day = (int)(day_of_year - (153 * shifted + 2) / 5 + 1);
    return (struct civil_date){(int)(year_of_era + era * 400 + (month <= 2)), month, day};
}

int64_t civil_day_of(int64_t seconds)
{
    return seconds >= 0 ? seconds / 86400 : -((-(seconds + 1)) / 86400) - 1;
}

int64_t civil_now(void)
{
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    return (int64_t)now.tv_sec;
}

int civil_weekday(int64_t days)
{
    return (int)(((days + 3) % 7 + 7) % 7);
}

/* COUNT digits at TEXT as a number, or -1. */
static int digits(const char *text, size_t count)
{
    int value = 0;
    for (size_t i = 0; i < count; i++) {
        if (text[i] < '0' || text[i] > '9')
            return -1;
        value = value * 10 + (text[i] - '0');
    }
    return value;
}

static int month_length(int year, int month)
{
    static const int lengths[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    return lengths[month - 1] + (month == 2 && leap);
}

bool civil_parse_date(const char *text, size_t len, int64_t *days)
{
    if (len != 10 || text[4] != '-' || text[7] != '-')
        return false;
    int year = digits(text, 4), month = digits(text + 5, 2), day = digits(text + 8, 2);
    if (year < 1 || month < 1 || month > 12 || day < 1 || day > month_length(year, month))
        return false;
    *days = civil_days((struct civil_date){year, month, day});
    return true;
}

bool civil_from_number(double number, int64_t *seconds)
{
    if (!isfinite(number))
        return false;
    for (int scaled = 0; scaled < 3 && fabs(number) >= 1e11; scaled++)
        number /= 1000;
    if (number < -62135596800.0 || number >= 253402300800.0)
        return false;
    *seconds = (int64_t)floor(number);
    return true;
}

/* "+01:30", "-0130", "+01" or "Z": seconds east of UTC. */
static bool parse_offset(const char *text, size_t len, int64_t *offset)
{
    *offset = 0;
    if (len == 0 || (len == 1 && (*text == 'Z' || *text == 'z')))
        return true;
    if (*text != '+' && *text != '-')
        return false;
    int sign = *text == '-' ? -1 : 1;
    text++;
    len--;
    bool colon = len == 5 && text[2] == ':';
    if (len != 2 && len != 4 && !colon)
        return false;
    int hours = digits(text, 2);
    int minutes = len == 2 ? 0 : digits(text + (colon ? 3 : 2), 2);
    if (hours < 0 || hours > 23 || minutes < 0 || minutes > 59)
        return false;
    *offset = sign * (hours * 3600 + minutes * 60);
    return true;
}

static bool parse_decimal(const char *text, size_t len, int64_t *seconds)
{
    char copy[40];
    if (len >= sizeof copy)
        return false;
    memcpy(copy, text, len);
    copy[len] = '\0';
    if (strspn(copy, "0123456789.+-eE") != len)
        return false;
    char *end = copy;
    double number = strtod(copy, &end);
    return end == copy + len && civil_from_number(number, seconds);
}

bool civil_parse_time(const char *text, size_t len, int64_t *seconds)
{
    int64_t days;
    if (len < 10 || !civil_parse_date(text, 10, &days))
        return len > 0 && parse_decimal(text, len, seconds);
    *seconds = days * 86400;
    if (len == 10)
        return true;
    if (len < 16 || (text[10] != 'T' && text[10] != 't' && text[10] != ' ') || text[13] != ':')
        return false;
    int hour = digits(text + 11, 2), minute = digits(text + 14, 2), second = 0;
    size_t at = 16;
    if (len >= 19 && text[16] == ':') {
        second = digits(text + 17, 2);
        at = 19;
        if (at < len && (text[at] == '.' || text[at] == ',')) {
            size_t start = ++at;
            while (at < len && text[at] >= '0' && text[at] <= '9')
                at++;
            if (at == start)
                return false;
        }
    }
    if (hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 60)
        return false;
    if (at < len && text[at] == ' ')
        at++;
    if (len - at == 3 && memcmp(text + at, "UTC", 3) == 0)
        at = len;
    int64_t offset;
    if (!parse_offset(text + at, len - at, &offset))
        return false;
    *seconds += hour * 3600 + minute * 60 + second - offset;
    return true;
}

void civil_time_text(int64_t seconds, char text[static CIVIL_TIME_TEXT])
{
    int64_t day = civil_day_of(seconds), of_day = seconds - day * 86400;
    struct civil_date date = civil_from_days(day);
    snprintf(text, CIVIL_TIME_TEXT, "%04d-%02d-%02dT%02d:%02d:%02dZ", date.year % 10000,
             date.month % 100, date.day % 100, (int)(of_day / 3600), (int)(of_day / 60 % 60),
             (int)(of_day % 60));
}
