/* Random terms and conversations over a small vocabulary, so that terms often hit. */
#ifndef PROFFER_TERM_RANDOM_H
#define PROFFER_TERM_RANDOM_H

#include "tests/support/term_reference.h"

struct random_conversation {
    struct span fields[2];
    struct reference_turn turns[8];
    struct reference_conversation as; /* the same, to read */
    char text[16384];
    size_t used;
};

/* The rules that the random terms use: noise words, two fields, alphabet "" or "-". */
extern const struct word_rules random_rules[2];

/* A term into OUT (SIZE bytes); now and then it does not parse. */
void random_term(uint64_t *state, char *out, size_t size);

/* Phrases alone, of two to four words, so that no word is asked for by itself unless a wildcard is
 * among them. */
void random_phrases(uint64_t *state, char *out, size_t size);

void random_conversation(uint64_t *state, struct random_conversation *out);

/* Ends the test (through fail) with a message unless the matcher's hits are the reference's. */
void compare_hits(const struct term *const *terms, const enum term_within *within, size_t count,
                  const struct word_rules *rules, const struct random_conversation *conversation,
                  const struct text_hit *hits, size_t hit_count, void (*fail)(const char *message));

#endif
