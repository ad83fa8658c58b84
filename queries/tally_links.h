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

/* Ties the tables from number FIRST on to each other and to all before them; adds to tally->ties.
 */
PROFFER_MUST_USE enum status tally_links(struct tally *tally, size_t first, struct error *err);

#endif
