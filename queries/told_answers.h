/*
 * Queries that earlier reports told, counted anew and put behind the tables of this one (struct
 * tally_table, told_before), so that the gate judges all of them together, as far as they tell of
 * the same (told_kind.h: search terms, identifiers, patterns, topics by rules, works, options).
 *
 * What is still as it was shown is known. Of logs that have changed since, figures of rows that
 * have changed tell nothing of those now; they are what nobody was told (TALLY_UNKNOWN); where it
 * is known what the logs had, queries are counted as they were, too (told_plan_then). Of a query
 * that this report asks again the figures that are as they were shown are known in its own tables
 * (struct tally_table, known_before).
 */
#ifndef PROFFER_TOLD_ANSWERS_H
#define PROFFER_TOLD_ANSWERS_H

#include "base/digest.h"
#include "base/error.h"
#include "queries/tally.h"
#include "queries/tally_source.h"
#include "queries/told_plan.h"

#include <stddef.h>
#include <stdint.h>

/* What became of the remembered queries. */
struct told_answers_count {
    size_t together; /* judged together with this report's */
    size_t unlike;   /* of another population, or not to be counted as they were told */
    size_t left_out; /* too many */
    size_t then;     /* judged as they were, too, of what the logs had then */
};

/*
 * Adds to TALLY, after all its own tables and their ties, those of TOLD that ledger entries up to
 * LAST have, without those of REPORT itself. SOURCE is of the plan's own queries, its state of all
 * that TOLD has. KEY is that of the digests. TOLD must live as long as the tally.
 */
PROFFER_MUST_USE enum status told_answers_add(const struct tally_source *source,
                                              const struct told_plan *told, uint64_t last,
                                              const char *report, const struct sha256 *key,
                                              struct tally *tally,
                                              struct told_answers_count *counts, struct error *err);

/* What of query NUMBER of PLAN, of TALLY, a report tells, in ARENA: the caller fills in marks and
 * digests, and then has the rows of each table hashed. *ANY is false where there is no table, or
 * the query is of no kind that is remembered. A table too large is left out, and counted in
 * *TOO_LARGE. */
PROFFER_MUST_USE enum status told_answers_of(struct told_query *told, const struct plan *plan,
                                             size_t number, const struct tally *tally,
                                             size_t tables[static TOLD_QUERY_TABLES_MAX],
                                             struct arena *arena, size_t *too_large, bool *any,
                                             struct error *err);

#endif
