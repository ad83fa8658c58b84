/*
 * Tying connected reports to the patterns of their terms (terms_patterns.h): what its parts share.
 * The cells are hidden figures; each figure of a report is the sum of those that it counts.
 */
#ifndef PROFFER_TERMS_TYING_H
#define PROFFER_TERMS_TYING_H

#include "base/error.h"
#include "queries/tally.h"
#include "queries/tally_source.h"
#include "queries/tally_ties.h"
#include "queries/terms_cells.h"
#include "queries/terms_core.h"
#include "queries/terms_possible.h"

#include <stddef.h>
#include <stdint.h>

struct terms_tying {
    const struct connected_reports *of;
    const struct tally_source *source;
    struct tally *tally;
    struct cells_term *terms;     /* [of->term_count] */
    struct cells_period *periods; /* distinct ones */
    size_t *period_of;            /* [of->report_count] */
    size_t *option_period;        /* [of->option_count] */
    struct cells_groups *groups;  /* distinct ones */
    size_t *groups_of;            /* [of->report_count] SIZE_MAX for none */
    size_t own_groups;            /* so many are of reports, the others of counts beside them */
    size_t now_groups;            /* and so many not of what earlier reports counted */
    struct cells_wish wish;
    struct terms_cells cells;
    struct terms_possible possible;
    uint32_t first; /* hidden figure of the first cell */
    struct places places;
    struct error *err;
};

/* ---- one tie at a time ---- */

/* Adds a figure, or a hidden one, to the tie at hand; and takes a cell from it. */
PROFFER_MUST_USE enum status terms_tying_add(struct terms_tying *t, size_t table, size_t row,
                                             uint32_t column, int sign);
PROFFER_MUST_USE enum status terms_tying_add_cell(struct terms_tying *t, uint32_t cell);
/* Makes the tie: what was added is nothing in all. */
PROFFER_MUST_USE enum status terms_tying_bind(struct terms_tying *t);

/* ---- all of a report ---- */

/* All of a search term report: its terms or their combinations, and its groups by fields. */
PROFFER_MUST_USE enum status terms_tie_rows(struct terms_tying *t, size_t report);
/* Its combinations of terms, which are ATOMS. */
PROFFER_MUST_USE enum status terms_tie_combinations(struct terms_tying *t, size_t report,
                                                    const struct tally_atoms *atoms);
/* The rows of a report of no search terms, and what is hidden of its union. */
PROFFER_MUST_USE enum status terms_tie_found(struct terms_tying *t, size_t report);
/* The options. */
PROFFER_MUST_USE enum status terms_tie_options(struct terms_tying *t);

#endif
