/*
 * Which parts of options (option_parts.h) conversations have together: masks, a bit a part, with
 * their conversations and users, exchanges and words; those that occur, and others that could.
 */
#ifndef PROFFER_OPTION_MASKS_H
#define PROFFER_OPTION_MASKS_H

#include "base/error.h"
#include "queries/option_parts.h"
#include "queries/tally_source.h"
#include "queries/term_combinations.h"

#include <stdint.h>

struct option_masks {
    struct term_combinations found;  /* lists are masks; too_many: then there is nothing else */
    uint64_t *sums[OPTION_MEASURES]; /* [found.lists.count] exchanges, words; else NULL */
    uint32_t *few; /* [masks * (min_users - 1)] of those of fewer users, which these are; there
                      where some parts are filters */
};

void option_masks_init(struct option_masks *masks);
void option_masks_release(struct option_masks *masks);

/* Finds those of PARTS, which are at most OPTION_PARTS_MAX, in the population of SOURCE. */
PROFFER_MUST_USE enum status option_masks_find(struct option_masks *masks,
                                               const struct option_parts *parts,
                                               const struct tally_source *source,
                                               struct error *err);

/* Mask number I. */
uint64_t option_mask_at(const struct option_masks *masks, size_t i);

#endif
