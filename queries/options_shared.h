/*
 * Options of proposals that tell of the same: of one query, of several of a report, or of this one
 * and of one that an earlier report told. Two that ask alike of the same population have the same
 * conversations, exchanges, users and words; of one that lies in the other, as the plan tells
 * (option_alike.h) and the filters, each is at most the other's. And an option with one condition
 * has as many users as the row of what it asks.
 *
 * What options of one period have in common is for tally_options.h.
 */
#ifndef PROFFER_OPTIONS_SHARED_H
#define PROFFER_OPTIONS_SHARED_H

#include "base/error.h"
#include "queries/plan.h"
#include "queries/tally.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A table of options. */
struct options_report {
    const struct plan_query *query;
    size_t table;                      /* of the tally */
    int64_t from, to;                  /* the days of its population, and its filters */
    const struct plan_filter *filters; /* [filter_count] */
    size_t filter_count;
};

/* Finds the table of query NUMBER of PLAN; false where there is none. */
bool options_report_find(struct options_report *report, const struct plan *plan, size_t number,
                         const struct tally *tally);

/* Ties the options of A to those of B; each two of A, if that is B. */
PROFFER_MUST_USE enum status options_share(const struct plan *plan, const struct options_report *a,
                                           const struct options_report *b, struct tally *tally,
                                           struct error *err);

/* Ties the users of REPORT's options to rows of the queries that they ask, as far as these are
 * USED[query] (NULL: all). */
PROFFER_MUST_USE enum status options_share_users(const struct plan *plan,
                                                 const struct options_report *report,
                                                 const bool *used, struct tally *tally,
                                                 struct error *err);

/* Both, for all options of PLAN. */
PROFFER_MUST_USE enum status options_share_all(const struct plan *plan, struct tally *tally,
                                               struct error *err);

#endif
