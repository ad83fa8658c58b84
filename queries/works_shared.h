/*
 * Overlap reports that have works in common: two queries of one report, or of this one and of one
 * that an earlier report told.
 *
 * A run that stands in some work of the one stands in the other's works where these are the same,
 * or more; and of so many words or more it is a run of each query that asks for runs of as many or
 * fewer. So of each side, the numbers of units with a run of so many words or more, of both
 * queries, form one chain by words: those of as many words are the same, and those of more words
 * are among those of fewer. A work that both have has a chain of its own. What lies between two
 * neighbours of a chain is a hidden figure where few users have it.
 *
 * Of two populations of which the one is part of the other, by its days and filters, the same holds
 * one way. What follows from such as overlap, and from several, is for works_combined.h.
 *
 * A common work is one of the same id, where the queries have a file in common. Whether one set
 * lies in the other is looked up in the logs: a piece of a work ends where common text begins,
 * which depends on the other works and on the shortest run, so that of works with common text it
 * may fail, and then nothing is tied.
 *
 * Not reckoned with: which works of the one and of the other a conversation has together, of one
 * population; and, as within one query, on which sides it has runs of so many words and on which of
 * more.
 */
#ifndef PROFFER_WORKS_SHARED_H
#define PROFFER_WORKS_SHARED_H

#include "base/error.h"
#include "queries/plan.h"
#include "queries/tally.h"
#include "queries/tally_source.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* An overlap report among a tally's tables. */
struct works_report {
    const struct tally_source *source; /* of its population */
    const struct plan_query *query;
    size_t number;             /* of the query, as tables have it */
    size_t runs, words, works; /* tables; or SIZE_MAX */
    int64_t from, to;          /* its population, as the plan's */
    const struct plan_filter *filters;
    size_t filter_count;
};

/* Finds the tables of query NUMBER of SOURCE's plan; false where there are none. */
bool works_report_find(struct works_report *report, const struct tally_source *source,
                       size_t number, const struct tally *tally);

/* Ties A and B. */
PROFFER_MUST_USE enum status works_share(const struct works_report *a, const struct works_report *b,
                                         struct tally *tally, struct error *err);

/* Ties each two of the plan's. */
PROFFER_MUST_USE enum status works_share_all(const struct tally_source *source, struct tally *tally,
                                             struct error *err);

#endif
