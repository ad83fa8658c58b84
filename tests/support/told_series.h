/*
 * Series of reports, each with a plan of its own, over many made logs, and a reader who reckons
 * with all that they show (told_history.h): with a ledger, and without. Series of queries that are
 * told apart by words alone are simpler (query_series.h).
 */
#ifndef PROFFER_TEST_TOLD_SERIES_H
#define PROFFER_TEST_TOLD_SERIES_H

#include "tests/support/told_history.h"

enum { TOLD_SERIES_REPORTS = 4, TOLD_SERIES_MIN_USERS = 5 };

/* What a test's series are, by their numbers and those of their reports. DIR is a folder for files.
 */
struct told_series_kind {
    size_t (*reports)(size_t series); /* how many there are: at most TOLD_SERIES_REPORTS */
    bool by_fields;                   /* they are judged with tables by fields */

    void (*write_plan)(char *text, size_t room, const char *dir, size_t series, size_t number);

    /* Logs, opened, and whose catalogue has what the queries of all reports find. */
    void (*make)(struct made *made, struct made_atoms *truth, const char *dir, size_t series,
                 unsigned seed);

    /* What a reader has of one report; and sums of which no table tells, by all of them. */
    void (*see_report)(struct seen *seen, const struct made_atoms *truth,
                       const struct made_report *report, size_t series, size_t number);
    void (*see_hidden)(struct seen *seen, const struct made_atoms *truth, size_t series);
};

/* All COUNT series, each over RUNS logs of the seeds from SEED on. With a ledger nothing of few
 * users may follow, of which there are more than SMALL numbers, and without, one in twenty must;
 * and more than half of all figures must be shown. */
void told_series_hold(const struct told_series_kind *kind, size_t count, unsigned seed,
                      unsigned runs, size_t small);

/* Logs for a series whose plan has only search terms, of a size and hits by SEED, added to FIRST.
 */
void told_series_make(struct made *made, const char *plan, unsigned seed, unsigned first);

#endif
