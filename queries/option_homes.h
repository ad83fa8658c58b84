/* Where a part of options is told, too: in reports of terms, topics, overlap, and by period. */
#ifndef PROFFER_OPTION_HOMES_H
#define PROFFER_OPTION_HOMES_H

#include "base/error.h"
#include "queries/option_parts.h"
#include "queries/tally.h"
#include "queries/tally_ties.h"
#include "queries/told_sets.h"

#include <stdbool.h>
#include <stdint.h>

/* The hidden figure of what MEASURE counts of a set. */
PROFFER_MUST_USE enum status option_set_hide(struct told_sets *sets, struct tally *tally,
                                             const struct unit_set *set,
                                             enum option_measure measure, uint32_t *number,
                                             struct error *err);

/* Ties the hidden figure of PART and MEASURE to the figures of such tables: of the query that it
 * asks, whose table is of the part's days; or, of days, of all that are by time. Exchanges and
 * words are those of a period. FILTERS, or NULL: the tables are of what has that part, too, and so
 * is PART's set. PLACES is empty before and after. */
PROFFER_MUST_USE enum status option_part_home(struct told_sets *sets, struct tally *tally,
                                              const struct option_part *part,
                                              const struct option_part *filters,
                                              enum option_measure measure, struct places *places,
                                              struct error *err);

#endif
