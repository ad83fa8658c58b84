/*
 * The cover's lines, in order, as every writer that has a cover shows them.
 */
#ifndef PROFFER_COVER_LINE_H
#define PROFFER_COVER_LINE_H

#include "report/answers/result.h"

#include <stdbool.h>
#include <stddef.h>

struct cover_line {
    const char *label; /* "" where a line goes on with what the one before it begins */
    const char *text;
    bool blank; /* TEXT says what someone is to fill in */
};

/* Lines of the caption, which stand above the title. Line NUMBER from 0; false if there is none. */
bool cover_caption(const struct result *result, size_t number, struct cover_line *line);

/* Line NUMBER of those below the title: matter, what it is offered as, inspection, date, run. */
bool cover_fact(const struct result *result, size_t number, struct cover_line *line);

/* The number of a stamp, "ABC0000007", of sheet SHEET from 0, into TEXT; "" without a stamp. */
void cover_stamp(const struct result *result, size_t sheet, char text[static 48]);

#endif
