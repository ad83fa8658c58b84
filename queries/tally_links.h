/*
 * Tables by fields that tell of the same: a count by month and model and one by quarter and account
 * both tell, added up, of each quarter. For every two such tables and every value of what their
 * fields have in common, the rows of the one add up to those of the other; where one is the finer
 * one, each of the other's rows is the sum of some of its rows. A reader can add up, so the gate
 * judges them together. Fields that have nothing in common share the whole population alone.
 *
 * Tables of different periods (what an earlier report told) have in common the days that both
 * periods have. Rows that lie within these are tied so, as far as time fields, or the whole period,
 * tell which do; and where the one period is part of the other, its total.
 *
 * Time fields have in common the coarser one (a month of a day); stored fields the values that both
 * list, and all others as one; fields in bins the bounds that both have (field_relation.h). What
 * tables say by all of them together is for tally_joint.h. Records without a time have a row of
 * their own in the completeness table, too. A table of sums (struct tally_table, sum_of) is tied to
 * what it sums up.
 */
#ifndef PROFFER_TALLY_LINKS_H
#define PROFFER_TALLY_LINKS_H

#include "base/error.h"
#include "queries/tally.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Rows by fields and, last, their total: those of a table, or some of one, whose total is in
 * another. */
struct linked_rows {
    const struct tally_table *table; /* by, by_count, from, to, key_values and cells of the rows */
    size_t number;                   /* of the table where they are, from row FIRST on */
    uint32_t first;
    size_t total_number; /* where the total is */
    uint32_t total_row;
    const uint32_t *total_columns; /* [column_count] in which column; NULL: the same */
};

/* Ties two such. EARLIER: one is of a report whose logs may have been others. */
PROFFER_MUST_USE enum status tally_link_rows(struct tally *tally, const struct linked_rows *a,
                                             const struct linked_rows *b, bool earlier,
                                             struct error *err);

/* Ties the tables from number FIRST on to each other and to all before them; adds to tally->ties.
 */
PROFFER_MUST_USE enum status tally_links(struct tally *tally, size_t first, struct error *err);

#endif
