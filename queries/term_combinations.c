/* Which terms hit a conversation together: see term_combinations.h. */
#include "queries/term_combinations.h"

#include "base/memory.h"
#include "queries/tally.h"
#include "queries/text/term_logic.h"

#include <assert.h>
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

/* The list of the terms that PATTERN has. */
static size_t list_of(const struct term_patterns *patterns, uint32_t pattern,
                      uint8_t list[static LOGIC_TERMS])
{
    size_t count = 0;
    for (size_t term = 0; term < patterns->terms; term++)
        if (patterns->bits.items[pattern].text[term])
            list[count++] = (uint8_t)term;
    return count;
}

enum status term_combinations_complete(struct term_combinations *combinations,
                                       const struct plan_query *query,
                                       const struct word_rules *rules, struct error *err)
{
    const char *forms[LOGIC_TERMS];
    enum term_within within[LOGIC_TERMS];
    struct term_patterns patterns;
    assert(query->term_count <= LOGIC_TERMS);
    for (size_t i = 0; i < query->term_count; i++) {
        forms[i] = query->terms[i].parsed;
        within[i] = (enum term_within)query->within;
    }
    enum status status = term_patterns_init(&patterns, forms, within, query->term_count, rules,
                                            TALLY_COMBINATIONS, err);
    for (uint32_t i = 0; status == STATUS_OK && patterns.complete && i < patterns.bits.count; i++) {
        uint8_t list[LOGIC_TERMS];
        size_t count = list_of(&patterns, i, list);
        if (count > 1)
            status = term_combinations_have(combinations, list, count, err);
    }
    term_patterns_release(&patterns);
    return status;
}
