/*
 * A query that a report without noise told, as the ledger remembers it: what it asked, so that it
 * can be counted anew, and of each of its tables what of it was withheld and keyed hashes of what
 * was shown (told_rows.h). No value is in it. As text, one line of JSON:
 *
 *     {"form": 2,
 *      "report": DIGEST          as in told_table.h; "from", "to", "filters", "where", "min_users"
 *                                and "logs" also
 *      "kind": "terms"           a kind of told_kind.h, which has members of its own beside these
 *      "scan": DIGEST            of what is looked for (struct plan_query.scan_digest); zeros where
 *                                nothing is
 *      "tables": [{"columns": 9, "rows": TEXT}, ...]}    of those that the kind has; an empty
 *                                object where there was none, or too large a one
 *
 * One of form 1 is without a kind: it is of search terms.
 */
#ifndef PROFFER_TOLD_QUERY_H
#define PROFFER_TOLD_QUERY_H

#include "base/arena.h"
#include "base/buffer.h"
#include "base/error.h"
#include "queries/plan.h"
#include "queries/told_filters.h"
#include "queries/told_kind.h"
#include "queries/told_references.h"
#include "queries/told_rows.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { TOLD_QUERY_TEXT_MAX = 1 << 22 };

struct told_query {
    const struct told_kind *kind;
    char report[65], filters[65];
    char logs[65]; /* as in told_table.h */
    int64_t from, to;
    uint32_t min_users;
    struct plan_query query;           /* its kind, what it asks, and scan_digest */
    bool unknown;                      /* read: the plan has no such field */
    struct told_filters where;         /* the population's, as far as they can be written */
    struct told_reference *references; /* [reference_count] of a kind that refers */
    size_t reference_count;
    struct {
        size_t columns; /* 0: no table */
        struct told_row *rows;
        size_t row_count;
    } tables[TOLD_QUERY_TABLES_MAX]; /* [kind->table_count] */
};

PROFFER_MUST_USE enum status told_query_write(const struct told_query *told, struct buffer *text,
                                              struct error *err);

/* Reads TEXT into ARENA, what is looked for as it is written (not parsed), fields by PLAN's names
 * for them. *VALID is false where it is none. */
PROFFER_MUST_USE enum status told_query_read(struct told_query *told, const char *text,
                                             const struct plan *plan, struct arena *arena,
                                             bool *valid, struct error *err);

#endif
