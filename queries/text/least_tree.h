/*
 * The least of any stretch of an array, and the nearest value under a bound, in a few steps: the
 * least of 64 neighbours, of 64 times as many, and so on lie beside the array.
 */
#ifndef PROFFER_LEAST_TREE_H
#define PROFFER_LEAST_TREE_H

#include "base/error.h"

#include <stddef.h>
#include <stdint.h>

enum { LEAST_LEVELS = 6 }; /* 64^6 values and more */

struct least_tree {
    uint32_t *levels[LEAST_LEVELS]; /* [0] are the values */
    size_t counts[LEAST_LEVELS];
};

/* Takes VALUES[COUNT] over, also on failure. */
PROFFER_MUST_USE enum status least_tree_init_take(struct least_tree *tree, uint32_t *values,
                                                  size_t count, struct error *err);
void least_tree_release(struct least_tree *tree);

/* The first place from FROM on whose value is under BOUND; the count if there is none. */
size_t least_tree_next_under(const struct least_tree *tree, size_t from, uint32_t bound);

/* The last place up to FROM whose value is under BOUND; place 0 must be such a one. */
size_t least_tree_last_under(const struct least_tree *tree, size_t from, uint32_t bound);

#endif
