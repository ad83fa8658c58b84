/* Fields by name: see field.h. */
#include "queries/field.h"

#include "base/civil.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct fixed_field {
    const char *name;
    enum field_role role;
    enum plan_field_kind kind;
    size_t stored;
} fixed_fields[] = {
    {"id", FIELD_ROLE_IDENTITY, PLAN_FIELD_STORED, SIZE_MAX},
    {"user", FIELD_ROLE_IDENTITY, PLAN_FIELD_STORED, SIZE_MAX},
    {"time", FIELD_ROLE_TIME, PLAN_FIELD_STORED, SIZE_MAX},
    {"day", FIELD_ROLE_CALENDAR, PLAN_FIELD_DAY, SIZE_MAX},
    {"month", FIELD_ROLE_CALENDAR, PLAN_FIELD_MONTH, SIZE_MAX},
    {"quarter", FIELD_ROLE_CALENDAR, PLAN_FIELD_QUARTER, SIZE_MAX},
    {"year", FIELD_ROLE_CALENDAR, PLAN_FIELD_YEAR, SIZE_MAX},
    {"weekday", FIELD_ROLE_CALENDAR, PLAN_FIELD_WEEKDAY, SIZE_MAX},
    {"model", FIELD_ROLE_STORED, PLAN_FIELD_STORED, 0},
    {"country", FIELD_ROLE_STORED, PLAN_FIELD_STORED, 1},
    {"language", FIELD_ROLE_STORED, PLAN_FIELD_STORED, 2},
    {"account", FIELD_ROLE_STORED, PLAN_FIELD_STORED, 3},
};
enum { FIXED = sizeof fixed_fields / sizeof fixed_fields[0], STORED_FIXED = 4 };

static const char *const weekdays[] = {"Monday", "Tuesday",  "Wednesday", "Thursday",
                                       "Friday", "Saturday", "Sunday"};

static const struct fixed_field *find_fixed(const char *name)
{
    for (size_t i = 0; i < FIXED; i++)
        if (strcmp(fixed_fields[i].name, name) == 0)
            return &fixed_fields[i];
    return NULL;
}

bool field_name_fixed(const char *name)
{
    return find_fixed(name) != NULL;
}

enum field_role field_find(const struct plan_field_map *maps, size_t count, const char *name,
                           struct plan_field *out)
{
    *out = (struct plan_field){.kind = PLAN_FIELD_STORED, .stored = SIZE_MAX};
    const struct fixed_field *fixed = find_fixed(name);
    if (fixed) {
        /* Names are never written through; the struct serves both static and arena strings. */
        out->name = (char *)(uintptr_t)fixed->name;
        out->kind = fixed->kind;
        out->stored = fixed->stored;
        return fixed->role;
    }
    size_t stored = STORED_FIXED;
    for (size_t i = 0; i < count; i++) {
        if (find_fixed(maps[i].name))
            continue;
        if (strcmp(maps[i].name, name) == 0) {
            out->name = maps[i].name;
            out->stored = stored;
            return FIELD_ROLE_STORED;
        }
        stored++;
    }
    return FIELD_ROLE_NONE;
}

void field_offer(const struct plan_field_map *maps, size_t count, bool identities,
                 struct suggest *suggest)
{
    for (size_t i = 0; i < FIXED; i++)
        if (fixed_fields[i].role == FIELD_ROLE_CALENDAR ||
            fixed_fields[i].role == FIELD_ROLE_STORED ||
            (identities && fixed_fields[i].role == FIELD_ROLE_IDENTITY))
            suggest_offer(suggest, fixed_fields[i].name);
    for (size_t i = 0; i < count; i++)
        if (!find_fixed(maps[i].name))
            suggest_offer(suggest, maps[i].name);
}

void field_day_text(enum plan_field_kind kind, int64_t day, char text[static FIELD_DAY_TEXT])
{
    struct civil_date date = civil_from_days(day);
    unsigned year = (unsigned)date.year % 10000, month = (unsigned)date.month % 100;
    switch (kind) {
    case PLAN_FIELD_DAY:
        snprintf(text, FIELD_DAY_TEXT, "%04u-%02u-%02u", year, month, (unsigned)date.day % 100);
        return;
    case PLAN_FIELD_MONTH:
        snprintf(text, FIELD_DAY_TEXT, "%04u-%02u", year, month);
        return;
    case PLAN_FIELD_QUARTER:
        snprintf(text, FIELD_DAY_TEXT, "%04u-Q%u", year, (month + 2) / 3);
        return;
    case PLAN_FIELD_YEAR:
        snprintf(text, FIELD_DAY_TEXT, "%04u", year);
        return;
    case PLAN_FIELD_WEEKDAY:
        snprintf(text, FIELD_DAY_TEXT, "%s", weekdays[civil_weekday(day)]);
        return;
    case PLAN_FIELD_STORED:
        break;
    }
    assert(kind != PLAN_FIELD_STORED);
    text[0] = '\0';
}

bool field_value_good(enum plan_field_kind kind, const char *text)
{
    char date[FIELD_DAY_TEXT] = "", again[FIELD_DAY_TEXT];
    int64_t day;
    switch (kind) {
    case PLAN_FIELD_STORED:
        return true;
    case PLAN_FIELD_WEEKDAY:
        for (size_t i = 0; i < 7; i++)
            if (strcmp(weekdays[i], text) == 0)
                return true;
        return false;
    case PLAN_FIELD_DAY:
        snprintf(date, sizeof date, "%.12s", text);
        break;
    case PLAN_FIELD_MONTH:
        snprintf(date, sizeof date, "%.9s-01", text);
        break;
    case PLAN_FIELD_YEAR:
        snprintf(date, sizeof date, "%.6s-01-01", text);
        break;
    case PLAN_FIELD_QUARTER:
        if (strlen(text) != 7 || text[5] != 'Q' || text[6] < '1' || text[6] > '4')
            return false;
        snprintf(date, sizeof date, "%.5s%02d-01", text, 3 * (text[6] - '1') + 1);
        break;
    }
    if (!civil_parse_date(date, strlen(date), &day))
        return false;
    field_day_text(kind, day, again);
    return strcmp(again, text) == 0;
}

const char *field_value_example(enum plan_field_kind kind)
{
    static const char *const examples[] = {
        [PLAN_FIELD_DAY] = "2023-01-31",  [PLAN_FIELD_MONTH] = "2023-01",
        [PLAN_FIELD_QUARTER] = "2023-Q1", [PLAN_FIELD_YEAR] = "2023",
        [PLAN_FIELD_WEEKDAY] = "Monday",  [PLAN_FIELD_STORED] = "",
    };
    return examples[kind];
}
