/* Where a part of options is told, too: in reports of terms, topics, overlap, and by period. */
#ifndef PROFFER_OPTION_HOMES_H
#define PROFFER_OPTION_HOMES_H

#include "base/error.h"
#include "queries/option_parts.h"
#include "queries/tally.h"
#include "queries/tally_ties.h"
#include "queries/told_sets.h"

/* Ties the hidden figure of PART to the figures of such tables. PLACES is empty before and after.
 */
PROFFER_MUST_USE enum status option_part_home(struct told_sets *sets, struct tally *tally,
                                              const struct option_part *part, struct places *places,
                                              struct error *err);

#endif
