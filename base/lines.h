/*
 * Lines of a text file that a person wrote: UTF-8 with or without byte order mark, ended by LF or
 * CRLF, the last one possibly by nothing. Blanks at both ends of a line are cut.
 */
#ifndef PROFFER_LINES_H
#define PROFFER_LINES_H

#include "base/span.h"

#include <stdbool.h>
#include <stddef.h>

struct lines {
    const char *at, *end;
    size_t number; /* of the line that was returned last, from 1 */
};

/* TEXT must outlive LINES. */
void lines_init(struct lines *lines, const char *text, size_t len);

/* The next line that is not empty into *LINE; false at the end. */
bool lines_next(struct lines *lines, struct span *line);

/* Well-formed UTF-8 (Unicode 15.0, table 3-7) without a NUL. */
bool utf8_text(const char *text, size_t len);

#endif
