/*
 * Relations of sets (release/set_relations.h) of which no figure can be withheld: a population's
 * own numbers are always told, and so is what earlier reports told.
 */
#ifndef PROFFER_RELATIONS_FIXED_H
#define PROFFER_RELATIONS_FIXED_H

#include "base/error.h"
#include "cli/shown_sets.h"
#include "cli/told_sums.h"
#include "release/set_relations.h"

#include <stdint.h>

/* STATUS_REFUSED where one of these has this report's population and what an earlier report told:
 * whoever has both would know how many of few users there are. The others, all of this report, are
 * left out. */
PROFFER_MUST_USE enum status relations_fixed(uint32_t min_users, const struct shown_sets *shown,
                                             struct set_relations *relations, struct error *err);

/* That refusal: of a population's number of conversations, or of users. */
enum status population_differs(enum told_of of, uint32_t min_users, struct error *err);

#endif
