/*
 * The words of all works, one work after another, as numbers of 32 bits:
 *
 *     0 | words of work 0 | 0 | words of work 1 | 0 | ...
 *
 * A place is an index into that row. Number 0 ends a work and is no word; every other number stands
 * for one word by its hash (word_hash.h says why equal hashes are equal words).
 */
#ifndef PROFFER_WORK_WORDS_H
#define PROFFER_WORK_WORDS_H

#include "base/error.h"

#include <stddef.h>
#include <stdint.h>

#define WORK_PLACES_MAX ((size_t)UINT32_MAX - 4096)

struct work_words {
    uint32_t *words; /* [count] by place */
    size_t count, capacity;
    uint32_t *starts; /* [works + 1] place of each work's first word, and of a next one's */
    size_t works, starts_capacity;
    uint64_t *hashes; /* [numbers] by number; that of 0 is no word's */
    size_t numbers, hashes_capacity;
    uint32_t *slots; /* open addressing by hash: numbers, 0 is free */
    size_t slot_count;
};

PROFFER_MUST_USE enum status work_words_init(struct work_words *words, struct error *err);
void work_words_release(struct work_words *words);

/* Adds a work of COUNT words by their hashes. STATUS_INPUT beyond WORK_PLACES_MAX in all. */
PROFFER_MUST_USE enum status work_words_add(struct work_words *words, const uint64_t *hashes,
                                            size_t count, struct error *err);

/* The number of the word with HASH; 0 if no work has it. */
uint32_t work_words_number(const struct work_words *words, uint64_t hash);

/* The work that holds PLACE. */
uint32_t work_words_work(const struct work_words *words, uint32_t place);

#endif
