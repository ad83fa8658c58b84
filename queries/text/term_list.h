/* The terms of a terms file: one a line, with names. */
#ifndef PROFFER_TERM_LIST_H
#define PROFFER_TERM_LIST_H

#include "base/arena.h"
#include "base/error.h"

#include <stddef.h>

struct term_line {
    const char *name; /* as written, or T and the term's number */
    const char *source;
    size_t len;
    size_t line; /* from 1 */
};

struct term_list {
    struct arena arena; /* owns the texts */
    struct term_line *items;
    size_t count, capacity;
};

void term_list_init(struct term_list *list);
void term_list_release(struct term_list *list);

/*
 * Reads TEXT: `NAME: term` or `term` a line, NAME being [A-Z][A-Z0-9_-]*[0-9]; a term without name
 * is T and its number among all terms. A line that begins with "# " is a comment; blank lines are
 * skipped; a BOM and CRLF are fine. Invalid UTF-8, a carriage return inside a line (a file whose
 * lines end in it alone would be one long phrase), a name twice and an empty term are errors at
 * "FILE:LINE", FILE as given.
 */
PROFFER_MUST_USE enum status term_list_read(struct term_list *list, const char *file,
                                            const char *text, size_t len, struct error *err);

/* The length of the NAME that begins TEXT and is followed by a colon, or 0. */
size_t term_name_length(const char *text, size_t len);

#endif
