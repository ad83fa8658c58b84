/* Periods by their labels: "2023-01-31", "2023-01", "2023-Q1", "2023". */
#ifndef PROFFER_PERIOD_LABEL_H
#define PROFFER_PERIOD_LABEL_H

#include "queries/plan.h"

#include <stdbool.h>
#include <stdint.h>

/* The first and the last day of the period of KIND that LABEL names; false for other labels, and
 * for weekdays, which are no period. */
bool period_days(enum plan_field_kind kind, const char *label, int64_t *first, int64_t *last);

#endif
