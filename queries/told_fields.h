/*
 * What a table that a report told is by, and of which days, as the ledger remembers it: members of
 * a JSON object, and the fields as [{"field": "month"}, {"field": "tier", "values": [...]},
 * {"field": "score", "bins": [...]}]. What is read is not trusted.
 */
#ifndef PROFFER_TOLD_FIELDS_H
#define PROFFER_TOLD_FIELDS_H

#include "base/arena.h"
#include "base/buffer.h"
#include "base/error.h"
#include "base/json_io.h"
#include "queries/plan.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Fields by PLAN's names for them. */
struct told_fields {
    struct plan_field *items; /* [count] */
    size_t count;
    bool unknown; /* read: the plan has no such field */
};

/* NULL for lack of memory. */
json_t *told_fields_write(const struct plan_field *fields, size_t count);
/* Reads LIST into ARENA. *VALID is false where it is none. */
PROFFER_MUST_USE enum status told_fields_read(struct told_fields *fields, const json_t *list,
                                              const struct plan *plan, struct arena *arena,
                                              bool *valid, struct error *err);

/* Appends ROOT, which it takes and which is NULL for lack of memory, as one line with its NUL. */
PROFFER_MUST_USE enum status told_text_write(json_t *root, struct buffer *text, struct error *err);

/* Members "from" and "to" of ROOT: days since 1970; none where the period is open. False for lack
 * of memory, or where a number is no day. */
bool told_days_write(json_t *root, int64_t from, int64_t to);
/* Reads them; false where one is none. */
bool told_days_read(const json_t *root, int64_t *from, int64_t *to);

/* What all entries begin with: "form", which is FORM, "report", "filters", "from", "to" and
 * "min_users". False where one is missing or wrong. */
bool told_head_read(const json_t *root, int form, char report[static 65], char filters[static 65],
                    int64_t *from, int64_t *to, uint32_t *min_users);

/* A digest as hexadecimal text; a number from 0 to MOST. False where ROOT has no such member. */
bool told_hex_read(const json_t *root, const char *key, char hex[static 65]);
bool told_number_read(const json_t *root, const char *key, json_int_t most, uint64_t *out);

/* The number of LEN digits, which are known to be hexadecimal and in lower case. */
uint64_t told_hex_number(const char *text, size_t len);

#endif
