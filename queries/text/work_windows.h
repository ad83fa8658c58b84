/*
 * Every window of a number of words that stands in a work, by its hash: where it stands first, and
 * whether it stands at more than one place. And the marks of all windows, for what is asked before
 * that.
 *
 *     hash of a window:  high bits -> a table of its own       low bits -> a slot in it
 *     a slot:            some bits of the hash | a place, in as many bits as places need; 0: free
 *
 * A table holds some thousand windows, so that it is made in the first caches, tables side by side
 * on all processors, and is as large as it turns out to have to be.
 */
#ifndef PROFFER_WORK_WINDOWS_H
#define PROFFER_WORK_WINDOWS_H

#include "base/error.h"
#include "queries/text/work_filter.h"
#include "queries/text/work_words.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct window_table {
    uint32_t *slots; /* at place 0 no work begins, so that no slot in use is 0 */
    uint32_t count;  /* of slots; 0: no window */
};

struct work_windows {
    const struct work_words *words;
    uint32_t window; /* in words */
    struct window_table *tables;
    size_t table_count;  /* a power of two */
    unsigned place_bits; /* of a slot that are of the place */
    uint32_t tag_mask;   /* of those of the hash */
    uint64_t *repeated;  /* a bit for each place: the window there stands elsewhere too */
    uint64_t windows;    /* places at which one begins */
    struct work_filter filter;
};

/* Of WORDS, which outlive it and change no more; on THREADS threads. Release also on failure. */
PROFFER_MUST_USE enum status work_windows_init(struct work_windows *windows,
                                               const struct work_words *words, uint32_t window,
                                               unsigned threads, struct error *err);
void work_windows_release(struct work_windows *windows);

/* The first place at which the window of the words with HASHES stands; 0 if none does. */
uint32_t work_windows_find(const struct work_windows *windows, const uint64_t *hashes);

/*
 * Which of the windows with hashes WINDOW_HASHES[COUNT] (word_grams.h) may stand in a work: all
 * that do, and seldom another. Their numbers, ascending, into FOUND[COUNT], which may be
 * overwritten beyond them. Returns how many.
 */
size_t work_windows_maybe(const struct work_windows *windows, const uint64_t *window_hashes,
                          size_t count, uint32_t *found);

static inline bool work_windows_repeated(const struct work_windows *windows, size_t place)
{
    return windows->repeated[place / 64] >> place % 64 & 1;
}

#endif
