/*
 * What can be told of a run of words without looking it up: for each window of a number of words
 * a 32-bit mark that is the same wherever the same words stand, and that neighbouring windows
 * mostly share, so that few marks need to be looked up.
 *
 * The mark of a window is the least of the hashes of the shorter runs ("grams") that it holds:
 * winnowing (S. Schleimer, D. Wilkerson, A. Aiken, "Winnowing: Local Algorithms for Document
 * Fingerprinting", SIGMOD 2003). Of windows of 12 words with grams of 8 every third begins a new
 * mark. Two equal windows have equal marks; windows with equal marks need not be equal.
 */
#ifndef PROFFER_WORD_GRAMS_H
#define PROFFER_WORD_GRAMS_H

#include "base/error.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { GRAM_STRETCH = 4096 }; /* windows that are looked at together */

struct word_grams {
    uint32_t window, gram; /* in words */
    uint32_t *marks;       /* [GRAM_STRETCH + window + slack] */
    uint32_t *changes;     /* [GRAM_STRETCH + slack] windows of the stretch that begin a new mark */
    bool portable;
};

/* For windows of WINDOW words (at least 1). PORTABLE: no vector instructions; equal results. */
PROFFER_MUST_USE enum status word_grams_init(struct word_grams *grams, uint32_t window,
                                             bool portable, struct error *err);
void word_grams_release(struct word_grams *grams);

/*
 * The marks of the windows that begin at HASHES[0 .. COUNT-1], COUNT at most GRAM_STRETCH, which
 * reads COUNT + window - 1 hashes: into grams->marks[COUNT]. Returns how many windows have another
 * mark than the one before (the first one always counts), and puts them into grams->changes,
 * ascending.
 */
size_t word_grams_find(struct word_grams *grams, const uint64_t *hashes, size_t count);

/* The hash of the WINDOW words at HASHES. */
uint64_t word_window_hash(const uint64_t *hashes, uint32_t window);

/* word_window_hash of COUNT windows, the first of which begins at HASHES, into OUT. */
void word_window_hashes(const uint64_t *hashes, size_t count, uint32_t window, uint64_t *out);

#endif
