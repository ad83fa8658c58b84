/*
 * Series of reports whose queries find some of the same, over many made logs, and a reader who
 * reckons with all that they show (seen_sums.h): of one report with what ties its queries and
 * without, of several with a ledger and without.
 */
#ifndef PROFFER_TEST_QUERY_SERIES_H
#define PROFFER_TEST_QUERY_SERIES_H

#include "queries/tally_source.h"
#include "release/gate.h"
#include "tests/support/made_ties.h"
#include "tests/support/seen_sums.h"

enum { QUERY_SERIES_REPORTS = 3, QUERY_SERIES_QUERIES = 3, QUERY_SERIES_MIN_USERS = 5 };

/* Of each report the queries, as a test writes them. */
struct query_series {
    const char *reports[QUERY_SERIES_REPORTS][QUERY_SERIES_QUERIES];
};

/* What was judged, all that the functions below want to see of it. */
struct query_report {
    const struct tally_source *source;
    const struct tally *tally;
    const struct release *release;
};

/* What a test's queries are. A list of queries ends with NULL. */
struct query_series_kind {
    const char *name; /* for messages */

    /* A plan with QUERIES and, if there is ALL_OF, after them the one that it names, given the
     * first: it asks for all by which rows are told apart. DIR is a folder for files. */
    void (*write_plan)(char *text, size_t room, const char *dir, const char *const *queries);
    const char *(*all_of)(const char *query);

    /* Logs, opened and with a population, in which PLAN's queries find something. */
    void (*make)(struct made *made, struct made_atoms *truth, const char *const *queries,
                 const char *plan, unsigned seed);

    /* Where one report's population is not that of its plan: narrows PLAN's. May be NULL. */
    void (*narrow)(struct plan *plan, const char *const *queries);

    /* What a reader has of one report, of which the cells of tables are counted in SUMS; and sums
     * of which no table tells, by the queries of all reports. */
    void (*see_report)(struct seen *seen, const struct made_atoms *truth,
                       const struct query_report *report, const char *const *queries,
                       struct seen_totals *sums);
    void (*see_hidden)(struct seen *seen, const struct made_atoms *truth,
                       const char *const *queries);

    /* Whose a figure is; NULL: reports are not judged without ties. */
    made_ties_query *query_of;
};

/* The first reports of ALL, each over RUNS logs of the seeds from SEED on. Adds to SUMS what
 * follows with all ties, and without those between its queries, if it has several. */
void query_series_within(const struct query_series_kind *kind, const struct query_series *all,
                         size_t count, unsigned seed, unsigned runs, struct seen_totals sums[2]);

/* All reports of each of ALL, likewise: with a ledger, and without. */
void query_series_told(const struct query_series_kind *kind, const struct query_series *all,
                       size_t count, unsigned seed, unsigned runs, struct seen_totals sums[2]);

/* Logs in which words hit the same rows in every query: some dense, some of few users, by SEED;
 * rows without an id, a time and so on by GAP_PERCENT, and then some that come again. */
void query_series_make_words(struct made *made, const char *plan, unsigned seed,
                             unsigned gap_percent);

#endif
