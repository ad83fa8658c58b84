/*
 * A growable run of bytes with a maximum size given at init, so that hostile input ends in an
 * error and not in all of the machine's memory. There is always a NUL after the last byte.
 */
#ifndef PROFFER_BUFFER_H
#define PROFFER_BUFFER_H

#include "base/error.h"

#include <stddef.h>

struct buffer {
    char *data; /* NULL while nothing was ever put in */
    size_t len;
    size_t capacity;
    size_t max; /* len never exceeds it */
};

void buffer_init(struct buffer *buf, size_t max);
void buffer_release(struct buffer *buf);

/* Empties it; keeps the memory. */
void buffer_reset(struct buffer *buf);

/* Room for LEN bytes in all. Fails over max (STATUS_INPUT) or without memory. */
PROFFER_MUST_USE enum status buffer_reserve(struct buffer *buf, size_t len, struct error *err);

PROFFER_MUST_USE enum status buffer_add(struct buffer *buf, const void *bytes, size_t len,
                                        struct error *err);
PROFFER_MUST_USE enum status buffer_addf(struct buffer *buf, struct error *err, const char *format,
                                         ...) __attribute__((format(printf, 3, 4)));

/* The contents; the caller frees them, the buffer is empty afterwards. NULL without memory. */
char *buffer_take(struct buffer *buf, size_t *len) __attribute__((warn_unused_result));

#endif
