/*
 * Overlap with works in one conversation, exchange by exchange and side by side.
 *
 * Runs and pieces are those of overlap_walk.h, of user turns (prompts) and of assistant turns
 * (outputs); other turns are not searched. A run or piece of an output is prompt-supplied if all of
 * it stands without a gap in one user turn before it (which is of an earlier or of this exchange);
 * else it is model-originated. A run that the model carries on by one word beyond what the user
 * gave is thus model-originated as a whole.
 *
 * Covered are the words that some run of the side holds; a word of an output that runs of both
 * kinds hold is covered by the model-originated one.
 */
#ifndef PROFFER_OVERLAP_FINDER_H
#define PROFFER_OVERLAP_FINDER_H

#include "base/error.h"
#include "queries/text/overlap_walk.h"
#include "queries/text/text_hit.h"
#include "queries/text/works_index.h"

#include <stddef.h>
#include <stdint.h>

enum overlap_side { OVERLAP_PROMPT, OVERLAP_SUPPLIED, OVERLAP_ORIGINATED, OVERLAP_SIDES };

/* What an exchange shares with one work, or (OVERLAP_COMMON) by runs with common text. */
struct overlap_work {
    uint32_t work;
    uint32_t longest[OVERLAP_SIDES]; /* words of the longest piece; 0: none */
};

/* An exchange with a run on some side. */
struct overlap_exchange {
    uint32_t exchange;               /* ordinal, from 0 */
    uint32_t longest[OVERLAP_SIDES]; /* words of the longest run; 0: none */
    uint32_t covered[OVERLAP_SIDES]; /* words */
    size_t first_work, work_count;   /* of overlap_found.works, ascending by work */
};

struct overlap_found {
    uint64_t prompt_words, output_words;      /* of the conversation */
    const struct overlap_exchange *exchanges; /* ascending */
    size_t exchange_count;
    const struct overlap_work *works;
    size_t work_count;
};

struct overlap_finder;

/* INDEX is shared by all threads' finders. NULL without memory. */
struct overlap_finder *overlap_finder_new(const struct works_index *index)
    __attribute__((warn_unused_result));
void overlap_finder_free(struct overlap_finder *finder);

void overlap_finder_begin(struct overlap_finder *finder);
/* The next turn, in exchange EXCHANGE (not descending), by its words' HASHES[COUNT]. */
PROFFER_MUST_USE enum status overlap_finder_turn(struct overlap_finder *finder, enum text_side side,
                                                 uint32_t exchange, const uint64_t *hashes,
                                                 size_t count, struct error *err);
/* Ends the conversation; *FOUND is valid until the next one begins. */
PROFFER_MUST_USE enum status overlap_finder_end(struct overlap_finder *finder,
                                                struct overlap_found *found, struct error *err);

#endif
