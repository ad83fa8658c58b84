/*
 * A search term query that a report without noise told, as the ledger remembers it: what it asked,
 * so that it can be counted anew, and of each of its tables what of it was withheld and keyed
 * hashes of what was shown (told_rows.h). No value is in it. As text, one line of JSON:
 *
 *     {"form": 1,
 *      "report": DIGEST          as in told_table.h; "from", "to", "filters", "min_users" also
 *      "scan": DIGEST            of what is looked for (struct plan_query.scan_digest)
 *      "within": 2               enum plan_within
 *      "terms": [["T1", "lawsuit OR suit"], ...]
 *      "by": [...]               told_fields.h
 *      "tables": [{"columns": 9, "rows": TEXT}, ...]}    of terms, of pairs, by fields; an empty
 *                                object where there was none, or too large a one
 */
#ifndef PROFFER_TOLD_QUERY_H
#define PROFFER_TOLD_QUERY_H

#include "base/arena.h"
#include "base/buffer.h"
#include "base/error.h"
#include "queries/plan.h"
#include "queries/told_rows.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { TOLD_QUERY_TEXT_MAX = 1 << 22, TOLD_QUERY_TERMS_MAX = 10000 };

enum told_query_table { TOLD_OF_TERMS, TOLD_OF_PAIRS, TOLD_BY_FIELDS, TOLD_QUERY_TABLES };

struct told_query {
    char report[65], filters[65];
    int64_t from, to;
    uint32_t min_users;
    struct plan_query query; /* its kind, terms, within, fields and scan_digest */
    bool unknown;            /* read: the plan has no such field */
    struct {
        size_t columns; /* 0: no table */
        struct told_row *rows;
        size_t row_count;
    } tables[TOLD_QUERY_TABLES];
};

PROFFER_MUST_USE enum status told_query_write(const struct told_query *told, struct buffer *text,
                                              struct error *err);

/* Reads TEXT into ARENA, terms as they are written (not parsed), fields by PLAN's names for them.
 * *VALID is false where it is none. */
PROFFER_MUST_USE enum status told_query_read(struct told_query *told, const char *text,
                                             const struct plan *plan, struct arena *arena,
                                             bool *valid, struct error *err);

#endif
