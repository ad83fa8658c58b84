/*
 * Signs that stand before verdicts, so that they differ by more than a word and never by colour
 * alone.
 */
#ifndef PROFFER_VERDICT_MARK_H
#define PROFFER_VERDICT_MARK_H

#include <stddef.h>

struct verdict_mark {
    const char *verdict; /* "supported" */
    const char *sign;    /* one character, in UTF-8 */
    const char *css;     /* the same as an escape of style sheets */
};

enum { VERDICT_MARKS = 3 };
extern const struct verdict_mark verdict_marks[VERDICT_MARKS];

/* The row of VERDICT; VERDICT_MARKS if it has none. */
size_t verdict_mark_of(const char *verdict);

#endif
