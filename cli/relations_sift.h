/*
 * Relations of sets (release/set_relations.h) looked at again with what this report's sets are: of
 * users what no reader knows is left out, and of conversations what leaves more users than groups
 * of them told.
 */
#ifndef PROFFER_RELATIONS_SIFT_H
#define PROFFER_RELATIONS_SIFT_H

#include "base/error.h"
#include "cli/shown_sets.h"
#include "cli/told_sums.h"
#include "release/set_relations.h"

PROFFER_MUST_USE enum status relations_sift(const struct told_sums *told, enum told_of of,
                                            const struct shown_sets *shown,
                                            struct set_relations *relations, struct error *err);

#endif
