/* Where a part of options is told, too: in reports of terms, topics, overlap, and by period. */
#ifndef PROFFER_OPTION_HOMES_H
#define PROFFER_OPTION_HOMES_H

#include "base/error.h"
#include "queries/option_days.h"
#include "queries/option_parts.h"
#include "queries/tally.h"
#include "queries/tally_ties.h"
#include "queries/told_sets.h"

#include <stdbool.h>
#include <stdint.h>

/* Ties the hidden figure of PART and MEASURE to the figures of such tables: of the query that it
 * asks, whose table is of the part's days; or, of days, of all that are by time. Exchanges and
 * words are those of a period. FILTERS, or NULL: the tables are of what has that part, too, and so
 * is PART's set. DAYS is of all parts. PLACES is empty before and after. */
PROFFER_MUST_USE enum status option_part_home(struct told_sets *sets, struct tally *tally,
                                              const struct option_part *part,
                                              const struct option_part *filters,
                                              enum option_measure measure, struct option_days *days,
                                              struct places *places, struct error *err);

#endif
