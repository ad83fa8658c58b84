/*
 * How wide text is when set in a fixed-width face, and what of it must not reach a terminal.
 *
 * Widths follow the East Asian Width ranges of Unicode 15 (UAX #11) in blocks: wide scripts and
 * emoji are 2, combining marks of the common blocks, joiners and variation selectors 0, all else 1.
 * Good enough for columns; no grapheme clusters, no bidirectional layout.
 */
#ifndef PROFFER_TEXT_WIDTH_H
#define PROFFER_TEXT_WIDTH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Columns of one code point: 0, 1 or 2. */
unsigned text_width_code(uint32_t code);

/* Columns of LEN bytes of UTF-8; a byte that is none counts as one. */
size_t text_width(const char *text, size_t len);

/* True for code points that steer what shows them: as utf8_steers. */
bool text_code_steers(uint32_t code);

/*
 * The longest beginning of TEXT that is at most WIDTH columns wide, in bytes; *USED its columns.
 */
size_t text_width_fit(const char *text, size_t len, size_t width, size_t *used);

/*
 * One line of TEXT for a width: breaks after the last space that fits, else inside the word. The
 * return is its bytes without trailing spaces; *NEXT is where the rest begins. A newline ends it.
 */
size_t text_width_line(const char *text, size_t len, size_t width, size_t *next);

#endif
