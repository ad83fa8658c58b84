/*
 * The suffixes of a text of numbers in order, with the lengths that neighbours share: what shares
 * the first D numbers with a given suffix stands side by side. The number 0 ends a text: nothing
 * shares it.
 *
 *     order   beginnings of the suffixes, ascending            rank   the place of each in it
 *     shared  [i] how many numbers suffixes i-1 and i share; 0 for i = 0
 */
#ifndef PROFFER_SUFFIX_INDEX_H
#define PROFFER_SUFFIX_INDEX_H

#include "base/error.h"
#include "queries/text/least_tree.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct suffix_index {
    const uint32_t *text; /* the owner keeps it */
    size_t count;
    uint32_t *order, *rank;
    struct least_tree shared;
};

struct suffix_range {
    uint32_t from, to; /* places in `order`, TO not included */
};

/* Of TEXT[COUNT], which ends in 0, all of it below ALPHABET; COUNT at most SUFFIX_MAX. Release also
 * on failure. */
PROFFER_MUST_USE enum status suffix_index_init(struct suffix_index *index, const uint32_t *text,
                                               size_t count, size_t alphabet, struct error *err);
void suffix_index_release(struct suffix_index *index);

/* The suffixes that share DEPTH numbers (at least 1) or more with the one at place AT. */
struct suffix_range suffix_index_around(const struct suffix_index *index, uint32_t at,
                                        uint32_t depth);

/*
 * Of suffixes RANGE that share DEPTH numbers: those whose next one is NUMBER, which is not 0. False
 * if there are none. Takes as many steps as RANGE's size has bits, which are added to *STEPS.
 */
bool suffix_index_child(const struct suffix_index *index, struct suffix_range range, uint32_t depth,
                        uint32_t number, struct suffix_range *child, uint64_t *steps);

#endif
