/* Periods by their labels: see period_label.h. */
#include "queries/period_label.h"

#include "base/civil.h"

#include <stdio.h>

bool period_days(enum plan_field_kind kind, const char *label, int64_t *first, int64_t *last)
{
    static const int months[] = {[PLAN_FIELD_DAY] = 0,
                                 [PLAN_FIELD_MONTH] = 1,
                                 [PLAN_FIELD_QUARTER] = 3,
                                 [PLAN_FIELD_YEAR] = 12};
    int year, month = 1, day = 1, quarter = 1;
    char rest;
    bool ok =
        kind == PLAN_FIELD_DAY     ? sscanf(label, "%4d-%2d-%2d%c", &year, &month, &day, &rest) == 3
        : kind == PLAN_FIELD_MONTH ? sscanf(label, "%4d-%2d%c", &year, &month, &rest) == 2
        : kind == PLAN_FIELD_QUARTER ? sscanf(label, "%4d-Q%1d%c", &year, &quarter, &rest) == 2
        : kind == PLAN_FIELD_YEAR    ? sscanf(label, "%4d%c", &year, &rest) == 1
                                     : false;
    if (!ok)
        return false;
    if (kind == PLAN_FIELD_QUARTER)
        month = 3 * quarter - 2;
    *first = *last = civil_days((struct civil_date){year, month, day});
    if (!months[kind])
        return true;
    int next = month - 1 + months[kind];
    *last = civil_days((struct civil_date){year + next / 12, next % 12 + 1, 1}) - 1;
    return true;
}
