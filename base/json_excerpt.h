/* Where a JSON text is broken, in words and with an excerpt; part of json_read. */
#ifndef PROFFER_JSON_EXCERPT_H
#define PROFFER_JSON_EXCERPT_H

#include "base/error.h"

#include <stddef.h>

struct json_error_t; /* Jansson's */

/* STATUS_PLAN with `NAME:LINE:COLUMN` for the byte AT (at most LEN), and the two-line hint. */
enum status json_broken_at(const char *name, const char *text, size_t len, size_t at,
                           struct error *err, const char *format, ...)
    __attribute__((format(printf, 6, 7)));

/* The same for what Jansson says of TEXT. */
enum status json_broken(const char *name, const char *text, size_t len,
                        const struct json_error_t *said, struct error *err);

#endif
