/*
 * What a reader has of a series of reports over the same logs: with a ledger, under which each is
 * judged together with those before it, and, to compare, without.
 */
#ifndef PROFFER_TEST_TOLD_HISTORY_H
#define PROFFER_TEST_TOLD_HISTORY_H

#include "tests/support/made_report.h"
#include "tests/support/seen_sums.h"

struct told_history {
    struct made_ledger ledger;
    struct seen seen;        /* of the series so far */
    struct seen_totals sums; /* of all series that have ended */
};

/* REMEMBER: with a ledger. */
void told_history_init(struct told_history *history, bool remember, uint32_t min_users);

/* What a reader has of REPORT, which was not refused; CONTEXT is the caller's. */
typedef void told_history_see(struct told_history *history, const struct made_report *report,
                              const void *context);

/* Judges a report of PLAN, whose population is its own, over MADE, lets SEE add what it tells, and
 * keeps its queries, all of which must be of kinds that are remembered, or counts by fields. */
void told_history_report(struct told_history *history, const struct made *made,
                         const struct plan *plan, told_history_see *see, const void *context);

/* Counts what follows for the reader of a series, and forgets the series. */
void told_history_end(struct told_history *history);

/* A line about the series number NUMBER. */
void told_history_print(const struct told_history *with, const struct told_history *without,
                        size_t number);

#endif
