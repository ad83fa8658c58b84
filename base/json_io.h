/*
 * JSON text to Jansson's tree and back, with want of memory told apart from all else.
 *
 * Jansson 2.14 does not always notice that memory ran out. Its lexer takes a cut token for bad
 * syntax, or drops a character of a text: so a text is read twice, and what does not come out the
 * same was a want of memory. Its json_dumps may leave out a key: so a tree is written into a buffer
 * of our own, whose size is asked first.
 */
#ifndef PROFFER_JSON_IO_H
#define PROFFER_JSON_IO_H

#include "base/error.h"

#include <jansson.h>

/*
 * Reads LEN bytes; doubled keys are refused. *ROOT is NULL, with STATUS_OK, where the text is not
 * JSON; *WHY (may be NULL) then says what is wrong. Fails only for want of memory.
 */
PROFFER_MUST_USE enum status json_text_read(const char *text, size_t len, json_t **root,
                                            json_error_t *why, struct error *err);

/* The text of ROOT by Jansson's FLAGS; NULL when there is no memory. The caller frees it. */
char *json_text_make(const json_t *root, size_t flags) __attribute__((warn_unused_result));

#endif
