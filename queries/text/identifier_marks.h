/*
 * Where identifiers may be in a text: the few bytes that begin, end or stand inside of one, found
 * for 64 bytes at a time.
 *
 *     @  :  _  J  z          each
 *     0-9                    the first of a run
 *     -                      the first of a run
 *     A-Z                    the fourth of a run
 */
#ifndef PROFFER_IDENTIFIER_MARKS_H
#define PROFFER_IDENTIFIER_MARKS_H

#include <stddef.h>
#include <stdint.h>

/* What the blocks before say of the next one. */
struct identifier_carry {
    uint64_t digit, hyphen; /* 1: the last byte was one */
    uint64_t capitals;      /* bits of the last four bytes, the lowest the last */
};

/* The marks of the 64 bytes at TEXT, bit i for byte i. Blocks come in the text's order. */
typedef uint64_t identifier_mark(const char *text, struct identifier_carry *carry);

/* The fastest one for this machine, and the one that every machine has; they give the same. */
identifier_mark *identifier_mark_best(void);
identifier_mark *identifier_mark_portable(void);

#endif
