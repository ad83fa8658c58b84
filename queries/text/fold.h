/*
 * What a word is, per code point, and folding: the term language's words are defined on utf8proc's
 * NFKC_Casefold of the whole text. Also where a text may be cut so that folding the pieces gives
 * the same words as folding the whole.
 */
#ifndef PROFFER_FOLD_H
#define PROFFER_FOLD_H

#include "base/error.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Extra word characters: the plan's alphabet. */
enum fold_flags { FOLD_HYPHEN = 1, FOLD_APOSTROPHE = 2 };

/* What a code point is in folded text. */
enum fold_kind {
    KIND_SEPARATOR,
    KIND_LETTER, /* L*, N*, _ and the alphabet */
    KIND_MARK,   /* M*: belongs to a word that it follows */
    KIND_SINGLE  /* Han, kana, Thai, Lao, Khmer, Myanmar: a word of its own with its marks */
};

/* What a code point does in raw text: see fold.c. */
enum fold_cut { CUT_SEPARATOR, CUT_MARKS, CUT_REST, CUT_JOIN, CUT_SINGLE };

/* Kind of a code point after folding; U+0027 and U+002D by FLAGS. */
enum fold_kind fold_kind(int32_t code_point, unsigned flags);

/* Curly quotes and U+2010-2015 to plain ones, after NFKC_Casefold. */
int32_t fold_plain(int32_t code_point);

/* The classes of all code points under one alphabet; read-only once made. */
struct fold_table;
struct fold_table *fold_table_new(unsigned flags) __attribute__((warn_unused_result));
void fold_table_free(struct fold_table *table);
unsigned fold_table_flags(const struct fold_table *table);
enum fold_cut fold_cut(const struct fold_table *table, int32_t code_point);
enum fold_kind fold_table_kind(const struct fold_table *table, int32_t code_point);

/* Code points of a folded text, reused from call to call. */
struct fold_buffer {
    int32_t *points;
    size_t count, capacity;
};
#define FOLD_BUFFER_INIT                                                                           \
    {                                                                                              \
        NULL, 0, 0                                                                                 \
    }
void fold_buffer_release(struct fold_buffer *buffer);

/* NFKC_Casefold of TEXT, quotes and dashes made plain. Broken UTF-8 becomes spaces. */
PROFFER_MUST_USE enum status fold_text(const char *text, size_t len, struct fold_buffer *out,
                                       struct error *err);

/* The next code point of TEXT at *AT (below LEN), which moves on; a broken byte is U+0020. */
int32_t fold_next(const char *text, size_t len, size_t *at);

/* UTF-8 of a code point into OUT; returns its length. */
size_t fold_put(int32_t code_point, char out[static 4]);

#endif
