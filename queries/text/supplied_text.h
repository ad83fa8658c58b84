/*
 * What users have pasted: the runs of a conversation's user turns, as places in the works, and the
 * question whether a stretch of a work stands in one of them. A stretch that stands in a user turn
 * stands in one of its runs, so that no other text of users need be kept.
 */
#ifndef PROFFER_SUPPLIED_TEXT_H
#define PROFFER_SUPPLIED_TEXT_H

#include "base/error.h"
#include "queries/text/suffix_index.h"
#include "queries/text/work_words.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct supplied_run {
    uint32_t place, words;
    uint32_t at; /* of its first word in `text`, once indexed */
};

struct supplied_text {
    const struct work_words *words;
    struct supplied_run *runs; /* in order */
    size_t count, capacity;
    uint32_t longest;
    /* All runs, each with a 0 after it, as numbers of their own; made when first needed. */
    size_t indexed; /* runs that are in it */
    uint32_t *text;
    size_t text_capacity;
    uint32_t *numbers; /* ascending: number I + 1 of `text` is number numbers[I] of the works */
    size_t number_count, numbers_capacity;
    struct suffix_index index;
    struct least_tree first; /* over index.order: the earliest of neighbouring suffixes */
};

void supplied_text_init(struct supplied_text *supplied, const struct work_words *words);
void supplied_text_release(struct supplied_text *supplied);
/* Forgets all runs. */
void supplied_text_reset(struct supplied_text *supplied);

/* Adds a run of WORDS words at PLACE. */
PROFFER_MUST_USE enum status supplied_text_add(struct supplied_text *supplied, uint32_t place,
                                               uint32_t words, struct error *err);

/* Do the WORDS words at PLACE stand in one of the first RUNS runs? */
PROFFER_MUST_USE enum status supplied_text_has(struct supplied_text *supplied, uint32_t place,
                                               uint32_t words, size_t runs, bool *has,
                                               struct error *err);

#endif
