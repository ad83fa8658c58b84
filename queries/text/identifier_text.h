/* Looking around in text for identifiers: classes of bytes, and what may stand beside one. */
#ifndef PROFFER_IDENTIFIER_TEXT_H
#define PROFFER_IDENTIFIER_TEXT_H

#include "base/span.h"
#include "queries/text/identifier.h"

#include <stdbool.h>
#include <stddef.h>

#define IDENTIFIER_NONE ((struct identifier_place){0, 0, false})

static inline bool is_digit_at(struct span text, size_t at)
{
    return at < text.len && text.data[at] >= '0' && text.data[at] <= '9';
}

static inline bool is_upper(char c)
{
    return c >= 'A' && c <= 'Z';
}

static inline bool is_ascii_letter(char c)
{
    return is_upper(c) || (c >= 'a' && c <= 'z');
}

static inline bool is_alnum(char c)
{
    return is_ascii_letter(c) || (c >= '0' && c <= '9');
}

/* The byte at AT, or NUL outside of the text. */
static inline char char_at(struct span text, size_t at)
{
    return at < text.len ? text.data[at] : '\0';
}

/* -1: none. */
int hex_value(char c);

/* Does a letter, digit, mark or underscore end just before AT, or begin at AT? */
bool word_before(struct span text, size_t at);
bool word_at(struct span text, size_t at);

/* The bytes of a blank at AT, or before it: U+0020, U+00A0, or the narrow one, U+202F; 0: none. */
size_t blank_at(struct span text, size_t at);
size_t blank_before(struct span text, size_t at);

/* The bytes of the letter or mark beyond ASCII that ends before AT, or begins at it; 0: none. */
size_t wide_letter_before(struct span text, size_t at);
size_t wide_letter_at(struct span text, size_t at);

/* Can a number begin at FROM, or end before TO, as a whole: does it not hang together with more? */
bool number_begins(struct span text, size_t from);
bool number_ends(struct span text, size_t to);

/* Is one of the words (lower case, ends with NULL) within the 24 bytes before AT, with no digit
 * between? */
bool word_stands_before(struct span text, size_t at, const char *const *words);

/* Do the bytes at AT read as LITERAL? */
bool reads_as(struct span text, size_t at, const char *literal);

#endif
