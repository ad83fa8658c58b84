/*
 * Sets of units that a query finds: what a search finds of what it leaves behind, and the strata of
 * a frame.
 *
 *     unit           is found by terms, patterns, identifiers or works
 *     conversation   where the conversation is
 *     exchange       where the exchange is; by a topic where its conversation has it
 *     user           where any of the user's conversations in the population is
 */
#ifndef PROFFER_UNIT_SET_H
#define PROFFER_UNIT_SET_H

#include "base/error.h"
#include "queries/tally_source.h"
#include "queries/unit.h"

#include <stddef.h>
#include <stdint.h>

struct unit_set {
    struct bitmap **rows; /* [parts] rows as units->rows has them, all of them in there */
    size_t parts;
};

/* An empty set. Release also on failure. */
PROFFER_MUST_USE enum status unit_set_init(struct unit_set *set, const struct catalogue *catalogue,
                                           struct error *err);
void unit_set_release(struct unit_set *set);

enum { UNIT_SET_ANY_SLOT = -1 };

/*
 * Adds the units that query NUMBER finds: of kind terms, identifiers, regex or topics by rules
 * those of its slot SLOT or of any; of kind overlap those with a run of at least WORDS words with a
 * work on any side (0: any run that was looked for). STATUS_PLAN for other kinds.
 */
PROFFER_MUST_USE enum status unit_set_add(struct unit_set *set, const struct units *units,
                                          const struct tally_source *source, size_t number,
                                          long slot, uint32_t words, struct error *err);

/*
 * The same of every slot of query NUMBER at once, of a kind that has slots, where UNITS are
 * conversations: SETS[query_term_slots], initialised. Opens the query's hits once.
 */
PROFFER_MUST_USE enum status unit_set_add_slots(struct unit_set *sets, const struct units *units,
                                                const struct tally_source *source, size_t number,
                                                struct error *err);

/* Adds the units that CONVERSATIONS ([part]) are, have or belong to. */
PROFFER_MUST_USE enum status unit_set_spread(struct unit_set *set, const struct units *units,
                                             struct bitmap *const *conversations,
                                             struct error *err);

static inline bool unit_set_has(const struct unit_set *set, size_t part, uint32_t row)
{
    return bitmap_contains(set->rows[part], row);
}

#endif
