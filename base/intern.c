/* Interning of byte strings: see intern.h. */
#include "base/intern.h"

#include "base/memory.h"

#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

void intern_init(struct intern *in)
{
    *in = (struct intern){.arena = ARENA_INIT};
    /* Without randomness the address must do: order and numbers never depend on the seed. */
    if (getrandom(&in->seed, sizeof in->seed, GRND_NONBLOCK) != (ssize_t)sizeof in->seed)
        in->seed = (uint64_t)(uintptr_t)in * 0x9E3779B97F4A7C15u;
}

void intern_release(struct intern *in)
{
    arena_release(&in->arena);
    free(in->items);
    free(in->slots);
    *in = (struct intern){.arena = ARENA_INIT};
}

/* The slot that holds TEXT, or the free one where it belongs. */
static size_t slot_of(const struct intern *in, const char *text, size_t len)
{
    size_t mask = in->slot_count - 1;
    size_t at = (size_t)XXH3_64bits_withSeed(text, len, in->seed) & mask;
    while (in->slots[at]) {
        const struct intern_text *item = &in->items[in->slots[at] - 1];
        if (item->len == len && memcmp(item->text, text, len) == 0)
            break;
        at = (at + 1) & mask;
    }
    return at;
}

static enum status grow_slots(struct intern *in, struct error *err)
{
    size_t wanted = in->slot_count ? in->slot_count * 2 : 64;
    uint32_t *slots = mem_zalloc(wanted, sizeof *slots);
    if (!slots)
        return error_nomem(err);
    free(in->slots);
    in->slots = slots;
    in->slot_count = wanted;
    for (size_t i = 0; i < in->count; i++)
        in->slots[slot_of(in, in->items[i].text, in->items[i].len)] = (uint32_t)(i + 1);
    return STATUS_OK;
}

enum status intern_add(struct intern *in, const char *text, size_t len, uint32_t *number,
                       struct error *err)
{
    if ((in->count + 1) * 4 > in->slot_count * 3)
        TRY(grow_slots(in, err));
    size_t at = slot_of(in, text, len);
    if (in->slots[at]) {
        *number = in->slots[at] - 1;
        return STATUS_OK;
    }
    if (in->count >= INTERN_NONE - 1)
        return error_set(err, STATUS_INPUT, NULL, "more than %u distinct strings", INTERN_NONE - 1);
    struct intern_text *items = mem_grow(in->items, &in->capacity, in->count + 1, sizeof *items);
    if (!items)
        return error_nomem(err);
    in->items = items;
    char *copy = arena_strndup(&in->arena, text, len);
    if (!copy)
        return error_nomem(err);
    in->items[in->count] = (struct intern_text){copy, len};
    *number = (uint32_t)in->count++;
    in->slots[at] = *number + 1;
    return STATUS_OK;
}

uint32_t intern_find(const struct intern *in, const char *text, size_t len)
{
    if (!in->slot_count)
        return INTERN_NONE;
    uint32_t found = in->slots[slot_of(in, text, len)];
    return found ? found - 1 : INTERN_NONE;
}

static int compare_texts(const void *a, const void *b, void *items)
{
    const struct intern_text *x = (const struct intern_text *)items + *(const uint32_t *)a;
    const struct intern_text *y = (const struct intern_text *)items + *(const uint32_t *)b;
    int order = memcmp(x->text, y->text, x->len < y->len ? x->len : y->len);
    return order ? order : (x->len > y->len) - (x->len < y->len);
}

void intern_sorted(const struct intern *in, uint32_t *order)
{
    for (size_t i = 0; i < in->count; i++)
        order[i] = (uint32_t)i;
    if (in->count > 1)
        qsort_r(order, in->count, sizeof *order, compare_texts, in->items);
}
