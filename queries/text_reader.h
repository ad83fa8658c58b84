/*
 * All that looks for something in the text of conversations, for one question set: each message
 * goes through here once, to the matcher of terms and to every other finder that the set needs.
 *
 *     text_reader_begin, then text_reader_turn for each turn in order, then text_reader_end -> hits
 *
 * A reader belongs to one thread; the question set is shared.
 */
#ifndef PROFFER_TEXT_READER_H
#define PROFFER_TEXT_READER_H

#include "base/error.h"
#include "base/span.h"
#include "queries/question_set.h"
#include "queries/text/overlap_finder.h"
#include "queries/text/text_hit.h"

#include <stddef.h>
#include <stdint.h>

/* The finders of a set whose hits have slots of queries. */
enum text_finder { FINDER_TERMS, FINDER_IDENTIFIERS, FINDER_PATTERNS, FINDER_COUNT };

/* What one finder found in a conversation. */
struct hit_list {
    const struct question_ref *refs; /* by the hits' numbers */
    const struct text_hit *hits;
    size_t count;
};

/* What a query of overlap found in it. */
struct overlap_result {
    uint32_t query; /* position among the set's queries */
    struct overlap_found found;
};

struct text_reader;

/* NULL without memory. */
struct text_reader *text_reader_new(const struct question_set *set)
    __attribute__((warn_unused_result));
void text_reader_free(struct text_reader *reader);

/* Begins a conversation. FIELDS as for matcher_begin. */
PROFFER_MUST_USE enum status text_reader_begin(struct text_reader *reader,
                                               const struct span *fields, struct error *err);
/* The next turn, in exchange EXCHANGE (not descending, from 0). TEXT is valid UTF-8. Adds the
 * number of its words to *WORDS. */
PROFFER_MUST_USE enum status text_reader_turn(struct text_reader *reader, enum text_side side,
                                              uint32_t exchange, struct span text, uint64_t *words,
                                              struct error *err);
/* Ends the conversation. LISTS are valid until the next one begins. */
PROFFER_MUST_USE enum status text_reader_end(struct text_reader *reader,
                                             struct hit_list lists[static FINDER_COUNT],
                                             struct error *err);

/* After text_reader_end: what the set's queries of overlap found, one result each, valid as long.
 */
const struct overlap_result *text_reader_overlaps(const struct text_reader *reader, size_t *count);

/* As matcher_add_pattern_counts, of the set's terms. */
PROFFER_MUST_USE enum status text_reader_add_pattern_counts(const struct text_reader *reader,
                                                            uint64_t *counts, struct error *err);
/* The words that leaves of terms match: as matcher_list_words and matcher_leaf_words, TERM being
 * the number in the question set. */
void text_reader_list_words(struct text_reader *reader);
PROFFER_MUST_USE enum status text_reader_words(const struct text_reader *reader,
                                               void (*visit)(void *context, uint32_t term,
                                                             size_t leaf, struct span word,
                                                             uint64_t count),
                                               void *context, struct error *err);

#endif
