/*
 * One pass over a message: where the words are that somebody asks for, and how many words there
 * are.
 *
 *     text -> edges of raw runs -> plain ones sifted out -> the others: memo -> occurrences
 *                                                      around anchors: companions ----^
 *
 * Belongs to one thread. Memory is bounded, save for the occurrences of one conversation and the
 * hashes of one message.
 */
#ifndef PROFFER_TEXT_PASS_H
#define PROFFER_TEXT_PASS_H

#include "base/span.h"
#include "queries/text/companions.h"
#include "queries/text/known_runs.h"
#include "queries/text/run_words.h"
#include "queries/text/word_edges.h"

enum { PASS_BLOCK = 1 << 13 };

struct text_pass {
    /* Of the conversation at hand: ascending by position. */
    struct occurrence *occurrences;
    size_t occurrence_count, occurrence_capacity;
    /* Of the last message. */
    uint64_t words;
    uint64_t *hashes; /* of its words, where they are kept */
    size_t hash_capacity;
    struct run_words run;
    bool listing; /* counts the words that leaves match */

    /* Private. */
    const struct term_set *set; /* NULL: counting only */
    const struct fold_table *table;
    struct word_edges edge_rules;
    struct word_memo memo;
    struct known_runs tables[TERM_PLACES];
    struct known_runs *known[TERM_PLACES]; /* by place; places where the same is asked share one */
    struct word_key key;
    uint32_t pattern_count;             /* of the set */
    bool look_around;                   /* there are companions, looked up around anchors */
    struct anchors anchors;             /* of the message at hand */
    bool filtering;                     /* this processor can use filters */
    size_t block;                       /* where the block at hand begins */
    uint64_t high[PASS_BLOCK / 64 + 1]; /* its bytes that are not ASCII */
    uint32_t *edges;                    /* of a block */
    uint16_t *others;                   /* of a chunk: runs not known to be plain */
    uint64_t *sifted;                   /* hashes of a chunk; NULL where none are kept */
    struct span text;                   /* the message at hand */
    unsigned place;                     /* of it */
    uint64_t position;                  /* of its first word */
};

/* SET may be NULL. TABLE is not owned. STATUS_INTERNAL without memory; release in any case. */
PROFFER_MUST_USE enum status text_pass_init(struct text_pass *pass, const struct term_set *set,
                                            const struct fold_table *table, bool portable,
                                            struct error *err);
void text_pass_release(struct text_pass *pass);

/* Keeps hashes of words from now on. */
PROFFER_MUST_USE enum status text_pass_keep_hashes(struct text_pass *pass,
                                                   const struct word_key *key, struct error *err);

/* Counts the words that leaves match from now on, from 0. */
void text_pass_list_words(struct text_pass *pass);

/* Forgets the last conversation. */
void text_pass_begin(struct text_pass *pass);

/* The words of TEXT, of fewer than 2^32 bytes. PLACE is an enum text_side, or PLACE_FIELDS or more
 * for a record field; POSITION is that of its first word. */
PROFFER_MUST_USE enum status text_pass_run(struct text_pass *pass, struct span text, unsigned place,
                                           uint64_t position, struct error *err);

#endif
