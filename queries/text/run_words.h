/*
 * The slow, exact way from a raw run to its words: folding, cutting into words, and looking each
 * one up in the patterns. What it finds is remembered by the memo.
 */
#ifndef PROFFER_RUN_WORDS_H
#define PROFFER_RUN_WORDS_H

#include "queries/text/term_eval.h"
#include "queries/text/word_hash.h"
#include "queries/text/word_memo.h"

struct run_words {
    /* Of the last run. */
    uint64_t words;
    struct memo_hit *hits;
    size_t hit_count, hit_capacity;
    uint64_t *hashes; /* of its words, where KEY is set */
    size_t hash_capacity;
    const struct word_key *key; /* NULL: no hashes are made */
    /* Sets of two or more patterns that words matched so far; see run_words_trim. */
    struct pattern_sets sets;

    /* Private. */
    const struct term_set *set; /* NULL: words are counted only */
    const struct fold_table *table;
    unsigned flags;
    struct pattern_walk *walk;
    struct fold_buffer fold;
    char *word; /* the open word, folded */
    size_t word_len, word_capacity;
    bool open, single;
    struct intern set_keys; /* number s: the patterns of sets.starts[s] */
    struct intern seen;     /* words that matched, for matcher_leaf_words */
    uint32_t *seen_sets;
    uint64_t *seen_counts;
    size_t seen_sets_capacity, seen_counts_capacity;
    size_t seen_limit;
};

/* SET may be NULL. TABLE is not owned. STATUS_INTERNAL without memory. */
PROFFER_MUST_USE enum status run_words_init(struct run_words *run, const struct term_set *set,
                                            const struct fold_table *table, struct error *err);
void run_words_release(struct run_words *run);

/* The words of BYTES, which is a raw run or a part of one cut as fold.c allows. */
PROFFER_MUST_USE enum status run_words_find(struct run_words *run, const char *bytes, size_t len,
                                            struct error *err);

/* Forgets what is not needed where tables have grown large. True if numbers in sets and of seen
 * words have changed, so that the memo must forget too. Only between conversations. */
bool run_words_trim(struct run_words *run);

/* How many words are kept for each leaf: the first ones in order of bytes. */
enum { SEEN_PER_PATTERN = 1000, SEEN_LENGTH_MAX = 255 };
#define SEEN_NONE UINT32_MAX

/* Has all words counted anew. Only between conversations. */
void run_words_forget_counts(struct run_words *run);

/* Calls VISIT for each kept pair of a pattern and a word, words in order of bytes. */
PROFFER_MUST_USE enum status run_words_seen(const struct run_words *run,
                                            void (*visit)(void *context, uint32_t pattern,
                                                          struct span word, uint64_t count),
                                            void *context, struct error *err);

#endif
