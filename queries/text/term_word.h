/* From the words of a term, as written, to leaves. */
#ifndef PROFFER_TERM_WORD_H
#define PROFFER_TERM_WORD_H

#include "queries/text/fold.h"
#include "queries/text/term_tree.h"

/* Words being read. Errors and warnings go out through the two functions. */
struct term_words {
    void *context;
    /* Fills the error and returns STATUS_PLAN. AT and LEN are bytes of the text given. */
    enum status (*fail)(void *context, size_t at, size_t len, const char *hint, const char *text);
    void (*warn)(void *context, size_t at, size_t len, const char *text);
    struct arena *arena;
    unsigned flags;
    struct fold_buffer fold;
    struct term_leaf *leaves;
    size_t count, capacity;
};

unsigned word_rules_flags(const struct word_rules *rules);

void term_words_release(struct term_words *words);

/* Adds the leaves of TEXT, which is a word or the inside of quotes. */
PROFFER_MUST_USE enum status term_words_add(struct term_words *words, const char *text, size_t len,
                                            bool quoted, struct error *err);

/* The only word of TEXT, folded, in ARENA; *WORD is NULL if there is not exactly one. */
PROFFER_MUST_USE enum status term_single_word(const char *text, size_t len, unsigned flags,
                                              struct arena *arena, char **word, size_t *word_len,
                                              struct error *err);

#endif
