/*
 * What the sizes of samples have to do with tables. Strata's sizes were told with the frame, so
 * that nothing can withhold them: an untold table of them, "samples.strata", is tied to the table
 * of the query by which they were made, so that nothing withheld there follows from them.
 *
 *     strata by             a stratum of conversations or exchanges is         of users
 *     fields                a sum of rows
 *     topics                a sum of rows                                      at most that sum
 *     overlap               "no run", or a sum of bins                         at most that sum
 *     terms, identifiers,   any term (identifier, pattern), or no term         any term, as it is
 *     regex
 *
 * A user has the first of the topics, and the longest of the runs, of any conversation: the first
 * topic's users and those of the longest runs are the rows' own, and so are all with any run.
 *
 * What a search found, and an option or a topic of a sample, is a figure of a table each: the gate
 * shows sizes of such samples where it shows that (tally_sample.found_at).
 */
#ifndef PROFFER_TALLY_STRATA_H
#define PROFFER_TALLY_STRATA_H

#include "base/error.h"
#include "queries/tally.h"
#include "queries/tally_source.h"

/* The column whose id is UNITS; the number of columns if there is none. */
size_t tally_strata_column(const struct tally_table *table, const char *units);

/* After the tables of all queries, for spreads and samples that are there. */
PROFFER_MUST_USE enum status tally_strata_tables(const struct tally_source *source,
                                                 struct tally *tally, struct error *err);

#endif
