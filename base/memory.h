/*
 * Memory: allocation with overflow checks and a status instead of a crash.
 *
 * All of the program's own memory comes from here (malloc, calloc, realloc underneath, which the
 * fault tests replace at link time). Zero-sized requests return a valid pointer.
 */
#ifndef PROFFER_MEMORY_H
#define PROFFER_MEMORY_H

#include <stddef.h>

/* COUNT objects of SIZE bytes, zeroed; NULL when there is no memory or the product overflows. */
void *mem_zalloc(size_t count, size_t size) __attribute__((malloc, warn_unused_result));

/*
 * The same for an array of many megabytes that is read and written here and there: asks for large
 * pages, so that finding a page costs less. Freed by free.
 */
void *mem_zalloc_large(size_t count, size_t size) __attribute__((malloc, warn_unused_result));

/* A copy of LEN bytes with a NUL after them; NULL when there is no memory. */
char *mem_strndup(const char *text, size_t len) __attribute__((malloc, warn_unused_result));
char *mem_strdup(const char *text) __attribute__((malloc, warn_unused_result));

/* A formatted string; NULL when there is no memory. */
char *mem_printf(const char *format, ...)
    __attribute__((malloc, warn_unused_result, format(printf, 1, 2)));

/* Resizes to COUNT objects of SIZE bytes; on failure NULL, and the old block stays. */
void *mem_resize(void *block, size_t count, size_t size) __attribute__((warn_unused_result));

/*
 * Makes room for NEED objects of SIZE bytes in a growing array: doubles *CAPACITY. Returns the
 * block, or NULL (the old block stays, *CAPACITY unchanged). Typical use:
 *     struct x *grown = mem_grow(a->items, &a->capacity, a->count + 1, sizeof *grown);
 */
void *mem_grow(void *block, size_t *capacity, size_t need, size_t size)
    __attribute__((warn_unused_result));

#endif
