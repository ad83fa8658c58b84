/*
 * Relations of sets that an earlier pass of the gate found (release/set_relations.h), for a pass
 * that shows none but sets that were shown then: what few users are left of is no more than was.
 */
#ifndef PROFFER_RELATIONS_AGAIN_H
#define PROFFER_RELATIONS_AGAIN_H

#include "base/error.h"
#include "cli/shown_sets.h"
#include "release/set_relations.h"

#include <stdbool.h>

/* What a pass showed, and all that was found of it. */
struct relations_found {
    struct shown_sets shown;
    struct set_relations relations;
};

void relations_found_release(struct relations_found *found);

/* Keeps SHOWN, which is empty then, and a copy of RELATIONS instead of what was kept. */
PROFFER_MUST_USE enum status relations_found_take(struct relations_found *found,
                                                  struct shown_sets *shown,
                                                  const struct set_relations *relations,
                                                  struct error *err);

/* Those of BEFORE of which all sets are in NOW, by its numbers. *KNOWN is false where sets are in
 * NOW that were not shown, or not so, or where not all were compared: they must be looked for. */
PROFFER_MUST_USE enum status relations_again(const struct relations_found *before,
                                             const struct shown_sets *now,
                                             struct set_relations *relations, bool *known,
                                             struct error *err);

#endif
