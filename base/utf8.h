/*
 * UTF-8, one code point at a time (RFC 3629: no surrogates, no overlong forms, at most U+10FFFF).
 */
#ifndef PROFFER_UTF8_H
#define PROFFER_UTF8_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define UTF8_REPLACEMENT 0xFFFDu
#define UTF8_INVALID     UINT32_MAX

/*
 * The code point at *AT, which must be before END; *AT is moved behind it. For bytes that are not
 * UTF-8: UTF8_INVALID, and *AT is moved behind one byte.
 */
uint32_t utf8_next(const char **at, const char *end);

/* CODE as 1 to 4 bytes into TEXT (no NUL); their number. CODE must be a scalar value. */
size_t utf8_put(uint32_t code, char text[static 4]);

/*
 * True for code points that steer what shows them: C0 and C1 controls, DEL, line and paragraph
 * separators, bidirectional marks, embeddings, overrides and isolates, tags and noncharacters.
 */
bool utf8_steers(uint32_t code);

#endif
