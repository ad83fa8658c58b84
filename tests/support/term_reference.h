/*
 * A slow, obvious evaluator of terms, to test the matcher against: whole texts are folded at once,
 * all intervals are listed, and every span is looked at by itself.
 */
#ifndef PROFFER_TERM_REFERENCE_H
#define PROFFER_TERM_REFERENCE_H

#include "queries/text/matcher.h"

struct reference_turn {
    enum text_side side;
    uint32_t exchange;
    struct span text;
};

struct reference_conversation {
    const struct span *fields; /* as for matcher_begin */
    size_t field_count;
    const struct reference_turn *turns;
    size_t turn_count;
};

/* The words of TEXT, folded, a NUL after each, one after the other; the caller frees them. */
char *reference_words(const char *text, size_t len, const struct word_rules *rules, size_t *count);

/*
 * Evaluates TERM. Returns whether it hits; then *HIT is filled except for `term`, and the caller
 * frees (void *)hit->exchanges. Runs out of memory by abort().
 */
bool reference_evaluate(const struct term *term, enum term_within within,
                        const struct word_rules *rules,
                        const struct reference_conversation *conversation, struct text_hit *hit);

#endif
