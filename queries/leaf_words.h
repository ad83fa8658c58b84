/*
 * The words that the leaves of terms match: gathered while a part is scanned, summed over all parts
 * for `explain`. Internal: they are words of messages and never part of a report.
 *
 * They are counted over all accepted conversations, duplicates and those outside of the population
 * too, wherever a message (or a record field that some term names) has them.
 */
#ifndef PROFFER_LEAF_WORDS_H
#define PROFFER_LEAF_WORDS_H

#include "base/error.h"
#include "queries/catalogue/leaf_lists.h"
#include "queries/plan.h"
#include "queries/question_set.h"
#include "queries/scan.h"
#include "queries/text_reader.h"

#include <stdbool.h>
#include <stddef.h>

/* What READERS listed, a list a leaf, into LISTS[set->query_count], each made by leaf_lists_new. */
PROFFER_MUST_USE enum status leaf_words_gather(const struct question_set *set,
                                               struct text_reader *const *readers, size_t count,
                                               struct leaf_lists *const *lists, struct error *err);

/* The leaves of all terms of a plan, and where the catalogue has their words. */
struct leaf_finder;

/* STATE and PLAN outlive it. */
PROFFER_MUST_USE enum status leaf_finder_new(const struct scan_state *state,
                                             const struct plan *plan, struct leaf_finder **finder,
                                             struct error *err);
void leaf_finder_free(struct leaf_finder *finder);

/* What the catalogue knows of a leaf. */
struct leaf_words {
    bool asked;              /* some term of the plan has the leaf */
    size_t parts;            /* of the log set */
    size_t scanned, listed;  /* those whose hits are fresh; whose lists of words are, too */
    struct leaf_word *words; /* most frequent first, then by bytes */
    size_t count;
    struct leaf_lists *lists; /* owns the texts */
};

/* LEAF is as in the normal form. Release also on failure. */
PROFFER_MUST_USE enum status leaf_finder_find(const struct leaf_finder *finder, const char *leaf,
                                              struct leaf_words *out, struct error *err);
void leaf_words_release(struct leaf_words *words);

#endif
