/*
 * Tables that fit together: of two counts one may be coarser than the other (by quarter and by
 * month; by month and by month and model), so that each of its rows is the sum of some rows of the
 * finer one. A reader can add up; so such tables are judged together by the gate, as one table with
 * all their rows and what ties them to each other. So is a table of sums (struct tally_table,
 * sum_of).
 */
#ifndef PROFFER_TALLY_LINKS_H
#define PROFFER_TALLY_LINKS_H

#include "base/error.h"
#include "queries/tally.h"
#include "queries/tally_source.h"

/* After all tables; adds to tally->joints. */
PROFFER_MUST_USE enum status tally_links(const struct tally_source *source, struct tally *tally,
                                         struct error *err);

#endif
