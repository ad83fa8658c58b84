/*
 * How the drawn units of a sample are spread over its population: of each group how many the
 * population has and how many of them were drawn. Groups are the strata of the draw where it had
 * several; else the months of the conversations that the units are or belong to. (Users have no
 * month.)
 *
 * The population's numbers by month are those of a table of the tally, so that they are told or
 * withheld as they are there: the plan's count by month if it has one, else an untold table of the
 * same make, "samples.months", that is tied to the plan's other counts. Sizes of strata are told
 * (tally_strata.h).
 *
 * Units are the drawn ones, also where the query's unit is an element of them, and those inside the
 * plan's population.
 */
#ifndef PROFFER_TALLY_SPREAD_H
#define PROFFER_TALLY_SPREAD_H

#include "base/error.h"
#include "queries/labelled_sample.h"
#include "queries/tally.h"
#include "queries/tally_source.h"

/* Notes the sample of query QUERY, unless an earlier query names the same file. */
PROFFER_MUST_USE enum status tally_spread_note(const struct labelled_sample *labelled, size_t query,
                                               struct tally *tally, struct error *err);

/* After the tables of all queries: the months of those that were noted, and tally_strata_tables. */
PROFFER_MUST_USE enum status tally_spread_tables(const struct tally_source *source,
                                                 struct tally *tally, struct error *err);

#endif
