/*
 * Where identifiers may be in a text: the few bytes that begin, end or stand inside of one, found
 * for 64 bytes at a time.
 *
 *     @  _  J    each
 *     :          after a digit and three more bytes: 2001:
 *     z  A       after an I: AIza, AKIA
 *     -          the first of a run
 *
 * The first digits of runs are told apart from these, since most of them begin short numbers.
 */
#ifndef PROFFER_IDENTIFIER_MARKS_H
#define PROFFER_IDENTIFIER_MARKS_H

#include <stddef.h>
#include <stdint.h>

/* Of 64 bytes, bit i for byte i. */
struct identifier_block {
    uint64_t marks;
    uint64_t runs;   /* first digits of runs */
    uint64_t digits; /* every digit */
};

/* The classes of the 64 bytes before. */
struct identifier_carry {
    uint64_t digits, hyphens, is;
};

/* The BLOCKS times 64 bytes at TEXT into OUT. Blocks come in the text's order; CARRY is zero before
 * the first one. */
typedef void identifier_mark(const char *text, size_t blocks, struct identifier_carry *carry,
                             struct identifier_block *out);

/* The fastest one for this machine, and the one that every machine has; they give the same. */
identifier_mark *identifier_mark_best(void);
identifier_mark *identifier_mark_portable(void);

#endif
