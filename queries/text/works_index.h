/*
 * Works, made ready for the question which runs of a text's words stand in one of them.
 *
 *     works_index_new, works_index_add for each work in order, works_index_finish; then read-only
 *
 * Memory: 10 to 11 bytes a word of works that repeat little (4 the words, 6 the windows), 25 where
 * every word stands in two works; 8 bytes a word more while it is made.
 */
#ifndef PROFFER_WORKS_INDEX_H
#define PROFFER_WORKS_INDEX_H

#include "base/error.h"
#include "queries/text/work_repeats.h"
#include "queries/text/work_windows.h"
#include "queries/text/work_words.h"

#include <stddef.h>
#include <stdint.h>

/* Windows of fewer words would be everywhere, of more nowhere. */
enum { WORKS_WINDOW_LEAST = 4, WORKS_WINDOW_MOST = 1000 };

struct works_index {
    uint32_t window; /* least words of a run */
    struct work_words words;
    struct work_windows windows;
    struct work_repeats repeats;
    uint64_t word_count; /* of all works */
    size_t empty, brief; /* works without a word; with fewer than a window's */
};

/* For runs of WINDOW words and more. NULL without memory. */
struct works_index *works_index_new(uint32_t window) __attribute__((warn_unused_result));
void works_index_free(struct works_index *index);

/*
 * Adds the next work by its words' HASHES[COUNT]; works are numbered from 0. Texts that are
 * compared with them must be cut into words by the same rules and hashed by the same key
 * (word_hash.h).
 */
PROFFER_MUST_USE enum status works_index_add(struct works_index *index, const uint64_t *hashes,
                                             size_t count, struct error *err);
/* Makes the index, on THREADS threads. No work can be added afterwards. */
PROFFER_MUST_USE enum status works_index_finish(struct works_index *index, unsigned threads,
                                                struct error *err);

#endif
