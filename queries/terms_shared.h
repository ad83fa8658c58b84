/*
 * Search term reports that have terms in common: two queries of one report, or of this one and of
 * one that an earlier report told.
 *
 * Each is sums of the numbers of conversations that combinations of its terms have
 * (terms_joint.h). Two such tables of combinations, over the terms A and over the terms B, are
 * margins of one over both that nobody is told: for each combination of the terms in common, with
 * those that only the one has and with those that only the other has, they have as many
 * conversations. Nothing more follows of two of them (N. N. Vorob'ev, Theory of Probability and its
 * Applications 7, 1962). Of three that have terms in common in a ring more may, and of terms that
 * are made of each other's words: see terms_combined.h.
 *
 * So what is tied is: all figures of a term in common but those that depend on the other terms; of
 * two such terms, what they share; of such a term, its groups, as two tables by fields are tied
 * (tally_links.h); and the sums of combinations by the terms in common.
 *
 * Of two periods that overlap the groups of a term in common are tied that lie in both; and where
 * the one is part of the other, its figures are at most the other's.
 */
#ifndef PROFFER_TERMS_SHARED_H
#define PROFFER_TERMS_SHARED_H

#include "base/error.h"
#include "queries/plan.h"
#include "queries/slots_query.h"
#include "queries/tally.h"
#include "queries/tally_source.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A search term report among a tally's tables; for terms_combined.h also another query that finds
 * something in the text (slots_query.h), whose slots are its terms. */
struct terms_report {
    const struct plan_query *query;
    enum slots_way way;
    size_t number; /* of the query, as tables and combinations have it */
    size_t own;    /* table of its terms; of pairs and by fields, or SIZE_MAX */
    size_t pairs, by;
    int64_t from, to; /* its population, as the plan's */
    const struct plan_filter *filters;
    size_t filter_count;
};

/* Have both the same days and filters? */
bool terms_report_same_population(const struct terms_report *a, const struct terms_report *b);

/* Finds the tables of query NUMBER of PLAN; false where there are none. */
bool terms_report_find(struct terms_report *report, const struct plan *plan, size_t number,
                       const struct tally *tally);

/* Ties A and B. */
PROFFER_MUST_USE enum status terms_share(const struct terms_report *a, const struct terms_report *b,
                                         struct tally *tally, struct error *err);

/* Ties each two of PLAN's. */
PROFFER_MUST_USE enum status terms_share_all(const struct plan *plan, struct tally *tally,
                                             struct error *err);

#endif
