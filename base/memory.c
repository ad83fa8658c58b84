/* Memory: see memory.h. */
#include "base/memory.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

void *mem_zalloc(size_t count, size_t size)
{
    if (count == 0 || size == 0)
        return calloc(1, 1);
    if (count > SIZE_MAX / size)
        return NULL;
    return calloc(count, size);
}

void *mem_zalloc_large(size_t count, size_t size)
{
    const uintptr_t page = (uintptr_t)1 << 21;
    char *block = mem_zalloc(count, size);
    /* Of so many bytes libc has fresh pages, which nothing has touched yet. */
    if (block && count * size >= 2 * page) {
        uintptr_t from = ((uintptr_t)block + page - 1) & ~(page - 1);
        uintptr_t to = ((uintptr_t)block + count * size) & ~(page - 1);
        /* Where the system has no such pages, small ones do. */
        (void)madvise(block + (from - (uintptr_t)block), to - from, MADV_HUGEPAGE);
    }
    return block;
}

char *mem_strndup(const char *text, size_t len)
{
    if (len == SIZE_MAX)
        return NULL;
    char *copy = malloc(len + 1);
    if (!copy)
        return NULL;
    if (len)
        memcpy(copy, text, len);
    copy[len] = '\0';
    return copy;
}

char *mem_strdup(const char *text)
{
    return mem_strndup(text, strlen(text));
}

char *mem_printf(const char *format, ...)
{
    va_list args;
    va_start(args, format);
    int len = vsnprintf(NULL, 0, format, args);
    va_end(args);
    if (len < 0)
        return NULL;
    char *text = malloc((size_t)len + 1);
    if (!text)
        return NULL;
    va_start(args, format);
    vsnprintf(text, (size_t)len + 1, format, args);
    va_end(args);
    return text;
}

void *mem_resize(void *block, size_t count, size_t size)
{
    if (size && count > SIZE_MAX / size)
        return NULL;
    size_t bytes = count * size;
    return realloc(block, bytes ? bytes : 1);
}

void *mem_grow(void *block, size_t *capacity, size_t need, size_t size)
{
    if (block && need <= *capacity)
        return block;
    size_t wanted = *capacity ? *capacity : 8;
    while (wanted < need) {
        if (wanted > SIZE_MAX / 2)
            return NULL;
        wanted *= 2;
    }
    void *grown = mem_resize(block, wanted, size);
    if (grown)
        *capacity = wanted;
    return grown;
}
