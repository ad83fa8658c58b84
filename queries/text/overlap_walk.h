/*
 * The runs of words that one text shares with works.
 *
 * A run is a stretch of consecutive words of the text, of at least a window's length, that stands
 * in one work without a gap, and that cannot be made longer at either end without losing that: the
 * longest run of the text is the longest stretch shared with any work. Runs may overlap, but none
 * lies in another. They come in order, by beginning and by end.
 *
 * A piece is the same for one work: a stretch that stands at one place of that work and cannot be
 * made longer there, as far as it holds no common text (a window at more than WORK_COMMON_PLACES
 * places of the works). The longest piece of a work is the longest stretch shared with it, common
 * text aside. A run that holds common text is reported as a piece of OVERLAP_COMMON, whole.
 */
#ifndef PROFFER_OVERLAP_WALK_H
#define PROFFER_OVERLAP_WALK_H

#include "base/error.h"
#include "queries/text/word_grams.h"
#include "queries/text/works_index.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define OVERLAP_COMMON UINT32_MAX

struct overlap_sink {
    void *context;
    /* A run of WORDS words from word AT of the text on, which stands at PLACE of the works. */
    enum status (*run)(void *context, uint32_t at, uint32_t words, uint32_t place,
                       struct error *err);
    /* A piece of WORK at PLACE; pieces come after the run in which they begin. */
    enum status (*piece)(void *context, uint32_t work, uint32_t words, uint32_t place,
                         struct error *err);
};

struct overlap_walk {
    const struct works_index *index;
    struct word_grams grams;
    uint32_t *passed;   /* [GRAM_STRETCH + 1] changes whose marks works have; then windows */
    uint32_t *numbers;  /* [GRAM_STRETCH] windows of such marks */
    uint64_t *hashes;   /* [GRAM_STRETCH] of those windows */
    size_t *candidates; /* windows of the text at hand that may stand in a work, ascending */
    size_t candidate_count, candidate_capacity;
    uint64_t steps; /* comparisons made so far, by which tests see that time is linear */
};

/* PORTABLE as for word_grams_init. Release also on failure. */
PROFFER_MUST_USE enum status overlap_walk_init(struct overlap_walk *walk,
                                               const struct works_index *index, bool portable,
                                               struct error *err);
void overlap_walk_release(struct overlap_walk *walk);

/* Tells SINK the runs and pieces of the text whose words have HASHES[COUNT]. */
PROFFER_MUST_USE enum status overlap_walk_text(struct overlap_walk *walk, const uint64_t *hashes,
                                               size_t count, const struct overlap_sink *sink,
                                               struct error *err);

#endif
