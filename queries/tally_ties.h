/* Making ties (tally.h) between figures of several tables. */
#ifndef PROFFER_TALLY_TIES_H
#define PROFFER_TALLY_TIES_H

#include "base/error.h"
#include "queries/plan.h"
#include "queries/tally.h"

#include <stdbool.h>
#include <stddef.h>

/* Whether figures of few users are withheld, so that what follows from others matters. */
static inline bool ties_matter(const struct plan *plan)
{
    return !plan->release.noise.mechanism && plan->release.min_users > 1;
}

/* A list of places to be tied. */
struct places {
    struct tally_place *items;
    size_t count, capacity;
};

void places_release(struct places *places);
PROFFER_MUST_USE enum status places_add(struct places *places, struct tally_place place,
                                        struct error *err);

/* Ties them and empties the list. STATUS_INTERNAL if that does not hold on the tally's own numbers:
 * then either these or what was thought to be known is wrong. */
PROFFER_MUST_USE enum status places_bind(struct places *places, struct tally *tally, bool at_most,
                                         struct error *err);

/* The same where it holds; where not, as of rows of an earlier report's table that changed logs
 * have changed, it is no tie, and the list is emptied. */
PROFFER_MUST_USE enum status places_bind_held(struct places *places, struct tally *tally,
                                              bool at_most, struct error *err);

/* The cell of a place. */
const struct tally_cell *tally_place_cell(const struct tally *tally, struct tally_place place);

#endif
