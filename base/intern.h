/*
 * Interning: equal byte strings get one dense number, in order of first sight. Open addressing over
 * XXH3 with a seed of its own per table, so that hostile keys cannot be chosen to collide.
 */
#ifndef PROFFER_INTERN_H
#define PROFFER_INTERN_H

#include "base/arena.h"
#include "base/error.h"

#include <stddef.h>
#include <stdint.h>

struct intern_text {
    const char *text; /* NUL-terminated; may hold NULs of its own */
    size_t len;
};

struct intern {
    struct arena arena;
    struct intern_text *items; /* items[0 .. count-1] by number */
    size_t count, capacity;
    uint32_t *slots; /* number + 1, or 0 for free */
    size_t slot_count;
    uint64_t seed;
};

#define INTERN_NONE UINT32_MAX

void intern_init(struct intern *in);
void intern_release(struct intern *in);

/* Puts the number of TEXT into *NUMBER, making one if it is new. */
PROFFER_MUST_USE enum status intern_add(struct intern *in, const char *text, size_t len,
                                        uint32_t *number, struct error *err);

/* The number of TEXT, or INTERN_NONE. */
uint32_t intern_find(const struct intern *in, const char *text, size_t len);

/*
 * Numbers in bytewise order of their strings: ORDER[count] is filled with numbers, smallest string
 * first.
 */
void intern_sorted(const struct intern *in, uint32_t *order);

#endif
