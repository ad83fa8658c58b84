/*
 * A plan with the queries that earlier reports told (told_kind.h): what has to be scanned so that
 * these can be counted anew (told_answers.h). The plan's own queries come first, by their numbers;
 * of the others each is there once, and none that is a query of the plan already.
 *
 * A query of another time altogether, or one that this program or this plan would scan otherwise
 * (other words, fields, term language), cannot be counted as it was told, or says nothing of this
 * one: it is left out. So is one of a population with other filters, unless the ledger has these
 * (told_filters.h).
 */
#ifndef PROFFER_TOLD_PLAN_H
#define PROFFER_TOLD_PLAN_H

#include "base/error.h"
#include "queries/plan.h"
#include "queries/scan_setup.h"
#include "queries/told_query.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Of more queries, or more slots (terms, kinds, patterns, topics) and options in all, the older
 * ones are left out. */
enum { TOLD_PLAN_QUERIES_MAX = 24, TOLD_PLAN_SLOTS_MAX = 2000 };

struct told_plan_query {
    struct told_query told;
    size_t number;  /* of its query in the plan made; SIZE_MAX: it is left out */
    uint64_t entry; /* of the ledger */
    bool unlike;    /* it cannot be counted as it was told */
    bool then;      /* there once more, as it was told of fewer logs */
};

struct told_plan {
    const struct plan *own;
    struct plan plan; /* as OWN, of which it shares all, with more queries; its arena is its own */
    struct scan_setup setup;
    char filters[65];
    struct told_plan_query *items; /* [count] oldest first */
    size_t count, capacity;
    size_t slots; /* of added queries */
    /* [plan.query_count - own->query_count] their populations: days, and filters, which may be
     * others than OWN's */
    struct told_days {
        int64_t from, to;
        const struct plan_filter *filters;
        size_t filter_count;
        bool other;
    } days[TOLD_PLAN_QUERIES_MAX];
};

/* With no queries but those of PLAN, which must live as long. FILTERS is the keyed digest of its
 * filters. Release also on failure. */
PROFFER_MUST_USE enum status told_plan_init(struct told_plan *told, const struct plan *plan,
                                            const char *filters, struct error *err);
void told_plan_release(struct told_plan *told);

/* Takes one that a ledger's ENTRY has as TEXT. *VALID is false where it is none. */
PROFFER_MUST_USE enum status told_plan_take(struct told_plan *told, uint64_t entry,
                                            const char *text, bool *valid, struct error *err);

/* When all are taken: adds the queries, those told last first, as long as there is room. */
PROFFER_MUST_USE enum status told_plan_make(struct told_plan *told, struct error *err);

/*
 * After the scan: adds item number ITEM once more as it was told, of fewer logs, THEN
 * (told_logs.h), which must live as long; nothing where it is left out, or there is no room.
 */
PROFFER_MUST_USE enum status told_plan_then(struct told_plan *told, size_t item,
                                            const struct plan_filter *then, struct error *err);

/* The population of query NUMBER of the plan made; and that of one that was told. */
struct told_days told_plan_days(const struct told_plan *told, size_t number);
struct told_days told_plan_days_of(const struct told_plan *told, const struct told_query *query);
bool told_days_same(const struct told_days *a, const struct told_days *b);

#endif
