/*
 * The words that the leaves of a query's terms match in a part, with counts: for `explain` alone,
 * never for a report.
 *
 *     leaves.offsets.npy, leaves.bytes.npy   the leaves as written in normal form, bytewise
 *                                            ascending, each once
 *     words.offsets.npy, words.bytes.npy     the words, bytewise ascending, each once
 *     starts.npy                             [leaves + 1] where each leaf's words begin in:
 *     word.npy, count.npy                    a word's number and how often it stands in the part;
 *                                            ascending within a leaf, at most LEAF_WORDS_MAX
 *
 * Of more words the bytewise first ones are kept. A word among the first ones of all lists together
 * is among the first ones of each list that has it, so lists cut like this add up exactly: what is
 * written does not depend on how the work was shared, nor what is summed on how parts were cut.
 */
#ifndef PROFFER_LEAF_LISTS_H
#define PROFFER_LEAF_LISTS_H

#include "base/error.h"
#include "base/span.h"
#include "queries/catalogue/segment.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { LEAF_WORDS_MAX = 1000 };

/* ---- writing, and adding up ---- */

struct leaf_lists;

struct leaf_lists *leaf_lists_new(void) __attribute__((warn_unused_result));
void leaf_lists_free(struct leaf_lists *lists);

/* The number of LEAF, which has a list from now on, be it empty; *FRESH (may be NULL) says whether
 * it had none before. */
PROFFER_MUST_USE enum status leaf_lists_leaf(struct leaf_lists *lists, const char *leaf, size_t len,
                                             uint32_t *number, bool *fresh, struct error *err);
/* Adds COUNT of WORD to a leaf. */
PROFFER_MUST_USE enum status leaf_lists_add(struct leaf_lists *lists, uint32_t leaf,
                                            struct span word, uint64_t count, struct error *err);
PROFFER_MUST_USE enum status leaf_lists_write(struct leaf_lists *lists, struct segment_out *out,
                                              struct error *err);

struct leaf_word {
    struct span word;
    uint64_t count;
};

/* The words of a leaf in order of bytes; the caller frees *WORDS, whose texts LISTS owns. */
PROFFER_MUST_USE enum status leaf_lists_get(struct leaf_lists *lists, uint32_t leaf,
                                            struct leaf_word **words, size_t *count,
                                            struct error *err);

/* ---- reading ---- */

/* Adds what the segment has of LEAF to the list NUMBER. *FOUND: it has a list of it. */
PROFFER_MUST_USE enum status leaf_lists_read(struct segment *segment, const char *leaf, size_t len,
                                             struct leaf_lists *lists, uint32_t number, bool *found,
                                             struct error *err);

#endif
