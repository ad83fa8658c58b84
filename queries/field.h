/*
 * The fields of a conversation by name: those made from its time, those with a fixed meaning, the
 * free ones that the plan's `logs.fields` adds, and how the values of time fields are spelled.
 *
 *     name                            in `by`   in filters   in logs.fields
 *     id, user                        no        yes          yes
 *     time                            no        no           yes
 *     day month quarter year weekday  yes       yes          no
 *     model country language account  yes       yes          yes
 *     a free name                     yes       yes          yes
 */
#ifndef PROFFER_FIELD_H
#define PROFFER_FIELD_H

#include "base/suggest.h"
#include "queries/plan.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum field_role {
    FIELD_ROLE_NONE,     /* no such field */
    FIELD_ROLE_IDENTITY, /* id, user */
    FIELD_ROLE_TIME,     /* time itself */
    FIELD_ROLE_CALENDAR, /* day, month, ... */
    FIELD_ROLE_STORED    /* model, ..., free fields */
};

/*
 * What NAME is under the plan's MAPS (COUNT rows; free fields are those without fixed meaning, in
 * their order). OUT gets kind, name (pointing to static memory or MAPS) and `stored` (SIZE_MAX for
 * identity), without values.
 */
enum field_role field_find(const struct plan_field_map *maps, size_t count, const char *name,
                           struct plan_field *out);

/* Offers all names that `by` accepts (and id, user if IDENTITIES). */
void field_offer(const struct plan_field_map *maps, size_t count, bool identities,
                 struct suggest *suggest);

/* True if NAME has a meaning of its own, so that a free field cannot have it. */
bool field_name_fixed(const char *name);

enum { FIELD_DAY_TEXT = 16 };

/*
 * How the value of a calendar field is written for a day (days since 1970, years 1 to 9999):
 * "2023-01-31", "2023-01", "2023-Q1", "2023", "Tuesday". KIND is not PLAN_FIELD_STORED.
 */
void field_day_text(enum plan_field_kind kind, int64_t day, char text[static FIELD_DAY_TEXT]);

/* True if TEXT is a value that a field of that kind can have; any text is one of a stored field. */
bool field_value_good(enum plan_field_kind kind, const char *text);

/* How to write such a value, for hints: "2023-Q1". */
const char *field_value_example(enum plan_field_kind kind);

#endif
