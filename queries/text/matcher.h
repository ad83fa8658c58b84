/*
 * Matching: each message is tokenised once; words go through a memo to the leaves they match; only
 * terms with a leaf hit are evaluated.
 *
 *     matcher_begin, then matcher_turn for each turn in order, then matcher_end -> hits
 *
 * A matcher belongs to one thread; the term set is shared. Results do not depend on what was
 * matched before. Memory is bounded: the memo has a fixed size, and occurrence lists are those of
 * one conversation.
 */
#ifndef PROFFER_MATCHER_H
#define PROFFER_MATCHER_H

#include "base/error.h"
#include "base/span.h"
#include "queries/text/term.h"
#include "queries/text/text_hit.h"
#include "queries/text/word_hash.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct matcher;

/* SET may be NULL: then only words are counted. NULL without memory. */
struct matcher *matcher_new(const struct term_set *set) __attribute__((warn_unused_result));
/* As above on the paths that every processor has, whatever this one could do. */
struct matcher *matcher_new_portable(const struct term_set *set)
    __attribute__((warn_unused_result));
/* As above with the word rules that count words where there is no set. */
struct matcher *matcher_new_counting(const struct word_rules *rules)
    __attribute__((warn_unused_result));
void matcher_free(struct matcher *matcher);

/* Begins a conversation. FIELDS[i] is the text of the i-th of rules->fields (absent: data NULL). */
PROFFER_MUST_USE enum status matcher_begin(struct matcher *matcher, const struct span *fields,
                                           struct error *err);

/* The next turn, in exchange EXCHANGE (not descending, from 0). TEXT is valid UTF-8. Adds the
 * number of its words to *WORDS. */
PROFFER_MUST_USE enum status matcher_turn(struct matcher *matcher, enum text_side side,
                                          uint32_t exchange, struct span text, uint64_t *words,
                                          struct error *err);

/* Ends the conversation. *HITS has the terms that hit it, valid until the next matcher_begin. */
PROFFER_MUST_USE enum status matcher_end(struct matcher *matcher, const struct text_hit **hits,
                                         size_t *count, struct error *err);

/* Keeps the hash of each word of the turn at hand from now on. Before the first conversation. */
PROFFER_MUST_USE enum status matcher_keep_hashes(struct matcher *matcher,
                                                 const struct word_key *key, struct error *err);
/* The hashes of the words of the last turn, in order: as many as it has words. Valid until the next
 * turn. */
const uint64_t *matcher_hashes(const struct matcher *matcher, size_t *count);

/* Has the words that leaves match counted from now on, which costs time; what was counted before is
 * forgotten. Between conversations. */
void matcher_list_words(struct matcher *matcher);

/* Adds to COUNTS[term_set_pattern_count] how often each pattern occurred since matcher_list_words,
 * for term_set_weigh. */
PROFFER_MUST_USE enum status matcher_add_pattern_counts(const struct matcher *matcher,
                                                        uint64_t *counts, struct error *err);

/*
 * The words that each leaf matched since matcher_list_words, for `explain`: calls VISIT for each
 * pair, words in folded form: of each leaf the first 1,000 in order of bytes.
 */
PROFFER_MUST_USE enum status matcher_leaf_words(const struct matcher *matcher,
                                                void (*visit)(void *context, uint32_t term,
                                                              size_t leaf, struct span word,
                                                              uint64_t count),
                                                void *context, struct error *err);

#endif
