/*
 * Queries whose rows are sets of conversations that are found in the text, slot by slot (kinds of
 * identifiers, patterns, topics by rules, search terms), brought under common names: two slots with
 * the same key find the same, whatever else their queries ask for.
 *
 *     kind          key
 *     terms         within, the term's normal form
 *     topics        the same of the rule
 *     identifiers   whether examples count, the kind
 *     regex         both options, the pattern
 */
#ifndef PROFFER_SLOTS_QUERY_H
#define PROFFER_SLOTS_QUERY_H

#include "base/arena.h"
#include "base/error.h"
#include "base/intern.h"
#include "queries/plan.h"
#include "queries/tally.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What the rows of a query's own table say of its slots. */
enum slots_way {
    SLOTS_FIRST, /* a conversation is in the row of the first slot that finds it */
    SLOTS_EACH,  /* in those of all */
    SLOTS_TERMS  /* the same, and more: combinations of slots (tally_atoms) */
};

struct slots_query {
    const struct plan_query *query;
    size_t number; /* as tables and hits have it */
    size_t table;  /* its own */
    enum slots_way way;
    uint32_t *keys; /* [count] number of each slot's key; INTERN_NONE: it finds nothing */
    size_t count;
    size_t period; /* among those of the queries */
    bool anew;     /* an earlier report told it, and it was counted anew */
};

struct slots_period {
    int64_t from, to;
};

struct slots_queries {
    struct arena arena;
    struct intern keys;
    struct slots_query *items; /* [count] */
    size_t count, capacity;
    struct slots_period *periods; /* [period_count] that differ */
    size_t period_count, period_capacity;
};

void slots_queries_init(struct slots_queries *queries);
void slots_queries_release(struct slots_queries *queries);

/* Whether QUERY is one of them. */
bool slots_query_is_one(const struct plan_query *query);

/* Adds QUERY, which must live as long, with its NUMBER, its TABLE and its period. */
PROFFER_MUST_USE enum status slots_queries_add(struct slots_queries *queries,
                                               const struct plan_query *query, size_t number,
                                               size_t table, struct slots_period period, bool anew,
                                               struct error *err);

/* Whether period A lies within period B, of these. */
bool slots_period_within(const struct slots_queries *queries, size_t a, size_t b);

#endif
