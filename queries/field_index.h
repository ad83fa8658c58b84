/*
 * The values of one field over a whole catalogue, numbered: months in order, dictionary values
 * bytewise sorted or in the plan's order.
 *
 * Values come from the logs, so they are text: one that is over 64 bytes or has control characters
 * is shown as `other`, and so is one that the plan's `values` do not list.
 */
#ifndef PROFFER_FIELD_INDEX_H
#define PROFFER_FIELD_INDEX_H

#include "base/error.h"
#include "base/intern.h"
#include "queries/catalogue/catalogue.h"
#include "queries/plan.h"

#include <stddef.h>
#include <stdint.h>

#define FIELD_INDEX_NONE UINT32_MAX

struct field_index {
    const struct catalogue *catalogue;
    struct plan_field field;
    struct intern labels; /* label i belongs to code i, in the order in which rows are shown */
    size_t count;
    int64_t first_day; /* of a time field, with day_count: the days that have a code */
    size_t day_count;
    uint32_t *day_codes; /* [day_count] code of each day's period */
    uint32_t **maps;     /* of a stored field: [part][local code] -> code */
    uint32_t unknown;    /* code of rows without a value; FIELD_INDEX_NONE in the raw index */
    bool ordered;        /* its codes are all to be shown, zero or not (periods, listed values) */
};

/* For a table. FIRST_DAY and LAST_DAY bound a time field's periods (days since 1970); with
 * LAST_DAY < FIRST_DAY there are none. Release also on failure. */
PROFFER_MUST_USE enum status field_index_init(struct field_index *index,
                                              const struct catalogue *catalogue,
                                              const struct plan_field *field, int64_t first_day,
                                              int64_t last_day, struct error *err);

/* For a filter: values as the logs have them, absent ones have no code. Also field `user`. */
PROFFER_MUST_USE enum status field_index_init_raw(struct field_index *index,
                                                  const struct catalogue *catalogue,
                                                  const struct plan_field *field,
                                                  struct error *err);
void field_index_release(struct field_index *index);

/* The code of a row; FIELD_INDEX_NONE in a raw index for a row without a value, and for a day
 * outside the index's. */
uint32_t field_index_code(const struct field_index *index, size_t part, uint32_t row);

#endif
