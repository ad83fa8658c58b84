/*
 * An arena: many small allocations that die together. One lives per conversation (reset, not
 * freed, between two), others hold the strings of a plan or a dictionary.
 *
 *     block -> block -> block      each: header | bytes used ......| free
 */
#ifndef PROFFER_ARENA_H
#define PROFFER_ARENA_H

#include <stddef.h>

struct arena_block;

struct arena {
    struct arena_block *first, *current;
    size_t total; /* bytes handed out since the last reset */
};

#define ARENA_INIT                                                                                 \
    {                                                                                              \
        NULL, NULL, 0                                                                              \
    }

/* Memory aligned for any type, not zeroed; NULL when there is none. Lives until reset or release.
 */
void *arena_alloc(struct arena *arena, size_t size) __attribute__((warn_unused_result));
void *arena_zalloc(struct arena *arena, size_t count, size_t size)
    __attribute__((warn_unused_result));

/* A copy of LEN bytes, NUL-terminated. */
char *arena_strndup(struct arena *arena, const char *text, size_t len)
    __attribute__((warn_unused_result));
char *arena_printf(struct arena *arena, const char *format, ...)
    __attribute__((warn_unused_result, format(printf, 2, 3)));

/* Forgets all allocations and keeps the blocks; blocks beyond KEEP bytes in all are freed. */
void arena_reset(struct arena *arena, size_t keep);
void arena_release(struct arena *arena);

#endif
