/* Which terms hit a conversation together: see term_combinations.h. */
#include "queries/term_combinations.h"

#include "base/memory.h"
#include "queries/tally.h"

#include <stdlib.h>
#include <string.h>

void term_combinations_init(struct term_combinations *combinations)
{
    *combinations = (struct term_combinations){.items = NULL};
    intern_init(&combinations->lists);
}

void term_combinations_release(struct term_combinations *combinations)
{
    intern_release(&combinations->lists);
    free(combinations->items);
    combinations->items = NULL;
}

static enum status find(struct term_combinations *combinations, const uint8_t *list, size_t count,
                        struct term_combination **found, struct error *err)
{
    uint32_t number;
    size_t before = combinations->lists.count;
    TRY(intern_add(&combinations->lists, (const char *)list, count, &number, err));
    struct term_combination *grown =
        mem_grow(combinations->items, &combinations->capacity, number + 1ull, sizeof *grown);
    if (!grown)
        return error_nomem(err);
    combinations->items = grown;
    if (combinations->lists.count > before)
        grown[number] = (struct term_combination){0, 0, 0};
    *found = &grown[number];
    return STATUS_OK;
}

enum status term_combinations_add(struct term_combinations *combinations, const uint8_t *list,
                                  size_t count, uint32_t user, struct error *err)
{
    struct term_combination *item = NULL;
    if (combinations->too_many)
        return STATUS_OK;
    TRY(find(combinations, list, count, &item, err));
    item->conversations++;
    item->users += item->last_user != user + 1;
    item->last_user = user + 1;
    combinations->too_many = combinations->lists.count > TALLY_COMBINATIONS;
    return STATUS_OK;
}

enum status term_combinations_have(struct term_combinations *combinations, const uint8_t *list,
                                   size_t count, struct error *err)
{
    struct term_combination *item;
    return find(combinations, list, count, &item, err);
}

enum status term_combinations_complete(struct term_combinations *combinations, unsigned terms,
                                       struct error *err)
{
    for (unsigned bits = 1; bits < 1u << terms; bits++) {
        uint8_t list[32];
        size_t count = 0;
        for (unsigned term = 0; term < terms; term++)
            if (bits >> term & 1)
                list[count++] = (uint8_t)term;
        if (count > 1)
            TRY(term_combinations_have(combinations, list, count, err));
    }
    return STATUS_OK;
}
