/*
 * A table by fields that a report without noise told, as the ledger remembers it: what is needed to
 * count it anew, which of its cells were withheld, and keyed hashes by which it can be seen what of
 * it is still as it was shown. No value is in it. As text, one line of JSON:
 *
 *     {"form": 1,
 *      "report": DIGEST          of the report that told it, as its entry of kind "pattern" has it
 *      "by": [{"field": "month"}, {"field": "tier", "values": [...]}, {"field": .., "bins": [...]}]
 *      "from": DAY, "to": DAY    of the population, days since 1970; without where it is open
 *      "filters": DIGEST         keyed, of the population's filters: their values may name users
 *      "where": [...]            told_filters.h, where they do not; entries of older programs have
 * none "logs": DIGEST          of what the logs had (told_logs.h); as "where"
 *      "min_users": 11, "columns": 5, "rows": TEXT}             told_rows.h, narrow
 */
#ifndef PROFFER_TOLD_TABLE_H
#define PROFFER_TOLD_TABLE_H

#include "base/arena.h"
#include "base/buffer.h"
#include "base/digest.h"
#include "base/error.h"
#include "queries/plan.h"
#include "queries/tally.h"
#include "queries/told_filters.h"
#include "queries/told_rows.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { TOLD_TABLE_TEXT_MAX = 1 << 20 };

struct told_table {
    char report[65], filters[65];
    struct plan_field *by; /* [by_count] */
    size_t by_count;
    bool unknown;  /* read: the plan has no such field */
    char logs[65]; /* what the logs had: the question of its entry in the ledger; "" for none */
    int64_t from, to;
    struct told_filters where; /* shared with the table that it is of */
    /* Where the logs have grown since: the filter on what they had; else NULL */
    const struct plan_filter *then;
    uint32_t min_users;
    size_t columns, row_count;
    struct told_row *rows;
};

/* Whether TABLE is one that can be remembered so, but for its size; and whether that is too large.
 * One by no fields is its report's population. */
bool told_table_is_one(const struct tally_table *table);
bool told_table_is_large(const struct tally_table *table);

/* Of a table that a report tells, in ARENA; the caller fills marks, report and filters. Fields are
 * shared with TABLE. */
PROFFER_MUST_USE enum status told_table_of(struct told_table *told, const struct tally_table *table,
                                           uint32_t min_users, struct arena *arena,
                                           struct error *err);

PROFFER_MUST_USE enum status told_table_write(const struct told_table *told, struct buffer *text,
                                              struct error *err);

/* Reads TEXT into ARENA, fields by PLAN's names for them. *VALID is false where it is none. */
PROFFER_MUST_USE enum status told_table_read(struct told_table *told, const char *text,
                                             const struct plan *plan, struct arena *arena,
                                             bool *valid, struct error *err);

#endif
