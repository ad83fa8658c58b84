/*
 * What a ledger keeps of a series of reports over made logs, in memory: texts of the queries and of
 * the tables by fields that were told, with what was withheld.
 */
#ifndef PROFFER_TEST_MADE_LEDGER_H
#define PROFFER_TEST_MADE_LEDGER_H

#include "queries/tally_source.h"
#include "queries/told_plan.h"
#include "queries/told_tables.h"
#include "release/gate.h"

enum { MADE_LEDGER_TEXTS = 32 };

struct made_ledger {
    bool remember;  /* false: it keeps nothing in mind, as if there were none */
    bool by_fields; /* reports are judged with tables by fields */
    uint32_t min_users;
    char *queries[MADE_LEDGER_TEXTS], *tables[MADE_LEDGER_TEXTS];
    size_t query_count, table_count;
    size_t together; /* queries judged again */
    size_t refused;  /* reports */
};

/* The key of its digests. */
extern const struct sha256 made_ledger_key;

/* Keeps what query NUMBER of PLAN has told; whether that is a query that is remembered. */
bool made_ledger_keep_query(struct made_ledger *ledger, const struct plan *plan, size_t number,
                            const struct tally *tally, const struct release *release);

/* Keeps TABLE, NUMBER of RELEASE; RELEASE is NULL for one of which nothing is withheld. */
void made_ledger_keep_table(struct made_ledger *ledger, const char *filters,
                            const struct tally_table *table, const struct release *release,
                            size_t number);

/* Adds the queries to TOLD, and makes its plan. */
void made_ledger_recall_queries(const struct made_ledger *ledger, struct told_plan *told);

/* Adds the tables to TALLY. */
void made_ledger_recall_tables(const struct made_ledger *ledger, const struct tally_source *source,
                               struct tally *tally, struct told_tables_count *counts);

/* Forgets all that is kept, not what is counted. */
void made_ledger_clear(struct made_ledger *ledger);

#endif
