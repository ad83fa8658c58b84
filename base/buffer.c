/* A growable run of bytes: see buffer.h. */
#include "base/buffer.h"

#include "base/memory.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void buffer_init(struct buffer *buf, size_t max)
{
    *buf = (struct buffer){.max = max < SIZE_MAX ? max : SIZE_MAX - 1};
}

void buffer_release(struct buffer *buf)
{
    free(buf->data);
    *buf = (struct buffer){.max = buf->max};
}

void buffer_reset(struct buffer *buf)
{
    buf->len = 0;
    if (buf->data)
        buf->data[0] = '\0';
}

enum status buffer_reserve(struct buffer *buf, size_t len, struct error *err)
{
    if (len > buf->max)
        return error_set(err, STATUS_INPUT, NULL, "more than %zu bytes", buf->max);
    char *grown = mem_grow(buf->data, &buf->capacity, len + 1, 1);
    if (!grown)
        return error_nomem(err);
    buf->data = grown;
    return STATUS_OK;
}

enum status buffer_add(struct buffer *buf, const void *bytes, size_t len, struct error *err)
{
    if (len > buf->max - buf->len)
        return error_set(err, STATUS_INPUT, NULL, "more than %zu bytes", buf->max);
    TRY(buffer_reserve(buf, buf->len + len, err));
    if (len)
        memcpy(buf->data + buf->len, bytes, len);
    buf->len += len;
    buf->data[buf->len] = '\0';
    return STATUS_OK;
}

enum status buffer_addf(struct buffer *buf, struct error *err, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    int len = vsnprintf(NULL, 0, format, args);
    va_end(args);
    if (len < 0)
        return error_set(err, STATUS_INTERNAL, NULL, "a text cannot be formatted");
    if ((size_t)len > buf->max - buf->len)
        return error_set(err, STATUS_INPUT, NULL, "more than %zu bytes", buf->max);
    TRY(buffer_reserve(buf, buf->len + (size_t)len, err));
    va_start(args, format);
    vsnprintf(buf->data + buf->len, (size_t)len + 1, format, args);
    va_end(args);
    buf->len += (size_t)len;
    return STATUS_OK;
}

char *buffer_take(struct buffer *buf, size_t *len)
{
    char *data = buf->data ? buf->data : mem_strndup("", 0);
    if (len)
        *len = buf->len;
    size_t max = buf->max;
    *buf = (struct buffer){.max = max};
    return data;
}
