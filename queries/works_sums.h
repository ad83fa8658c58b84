/* Figures of overlap reports as sums of cells (works_cells.h): for works_combined.c alone. */
#ifndef PROFFER_WORKS_SUMS_H
#define PROFFER_WORKS_SUMS_H

#include "base/error.h"
#include "queries/tally.h"
#include "queries/tally_source.h"
#include "queries/works_cells.h"
#include "queries/works_shared.h"

#include <stdbool.h>
#include <stddef.h>

/* A report, and by number its population and its query. */
struct works_member {
    const struct works_report *report;
    size_t population, query;
};

struct works_judged {
    struct works_member *reports; /* [report_count] */
    size_t report_count;
    struct told_wish *populations; /* [population_count] */
    size_t population_count;
    size_t *queries; /* [query_count] distinct ones */
    size_t query_count;
    struct works_wish wish;
    size_t made; /* cells and sums so far */
};

/* Of so many cells and sums in all. */
enum { WORKS_ALL_MAX = 4096 };

/* Hides the cells of J's wish, and sums of them, and ties them to the figures of its reports. *DONE
 * is false where there are too many, and then nothing is done. */
PROFFER_MUST_USE enum status works_judge(struct works_judged *j, const struct tally_source *source,
                                         struct tally *tally, bool *done, struct error *err);

/* The name (works_name) of the work of ROW of a table of works. The caller frees it. */
PROFFER_MUST_USE enum status works_row_name(const struct tally_table *table, size_t row,
                                            char **name, struct error *err);

#endif
