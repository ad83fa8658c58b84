/* Queries under common names of what their slots find: see slots_query.h. */
#include "queries/slots_query.h"

#include "base/memory.h"
#include "queries/query_terms.h"
#include "queries/told_plan.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

void slots_queries_init(struct slots_queries *s)
{
    *s = (struct slots_queries){.arena = ARENA_INIT};
    intern_init(&s->keys);
}

void slots_queries_release(struct slots_queries *s)
{
    arena_release(&s->arena);
    intern_release(&s->keys);
    free(s->items);
    free(s->places.of_row);
    free(s->places.masks);
    *s = (struct slots_queries){.arena = ARENA_INIT};
}

bool slots_query_is_one(const struct plan_query *query)
{
    return query->kind == QUERY_TERMS || query->kind == QUERY_IDENTIFIERS ||
           query->kind == QUERY_REGEX || (query->kind == QUERY_TOPICS && query->topic_count);
}

enum slots_way slots_way_of(const struct plan_query *query)
{
    bool first = query->kind == QUERY_TOPICS && !query->multi_label;
    return query->kind == QUERY_TERMS ? SLOTS_TERMS : first ? SLOTS_FIRST : SLOTS_EACH;
}

/* The key of a slot's text, in BUFFER; *NUMBER is INTERN_NONE where it finds nothing. */
static enum status add_key(struct slots_queries *s, const struct plan_query *query, size_t slot,
                           uint32_t *number, struct error *err)
{
    const struct plan_term *term = query_term(query, slot);
    bool found = query->kind == QUERY_IDENTIFIERS || query->kind == QUERY_REGEX;
    const char *what = query->kind == QUERY_IDENTIFIERS ? term->name : term->parsed;
    *number = INTERN_NONE;
    if (!what || term->problem)
        return STATUS_OK;
    char *text =
        query->kind == QUERY_IDENTIFIERS ? arena_printf(&s->arena, "i%d %s", query->examples, what)
        : found
            ? arena_printf(&s->arena, "r%d%d %s", query->ignore_case, query->unicode_classes, what)
            : arena_printf(&s->arena, "t%d %s", (int)query->within, what);
    return text ? intern_add(&s->keys, text, strlen(text), number, err) : error_nomem(err);
}

static size_t find_population(struct slots_queries *s, const struct told_wish *population)
{
    size_t number = 0;
    while (number < s->population_count && !told_wish_same(&s->populations[number], population))
        number++;
    assert(number < SLOTS_POPULATIONS_MAX);
    if (number == s->population_count)
        s->populations[s->population_count++] = *population;
    return number;
}

enum status slots_queries_add(struct slots_queries *s, const struct plan_query *query,
                              size_t number, size_t table, const struct told_wish *population,
                              bool anew, struct error *err)
{
    struct slots_query *grown = mem_grow(s->items, &s->capacity, s->count + 1, sizeof *grown);
    if (!grown)
        return error_nomem(err);
    s->items = grown;
    struct slots_query *item = &grown[s->count];
    *item = (struct slots_query){.query = query,
                                 .number = number,
                                 .table = table,
                                 .way = slots_way_of(query),
                                 .count = query_term_slots(query),
                                 .population = find_population(s, population),
                                 .anew = anew};
    item->keys = arena_zalloc(&s->arena, item->count + 1, sizeof *item->keys);
    if (!item->keys)
        return error_nomem(err);
    for (size_t slot = 0; slot < item->count; slot++)
        TRY(add_key(s, query, slot, &item->keys[slot], err));
    s->count++;
    return STATUS_OK;
}

/* ---- places ---- */

_Static_assert((int)TOLD_PLAN_QUERIES_MAX < (int)SLOTS_POPULATIONS_MAX,
               "one more is the report's own");

static enum status mark_rows(struct slots_queries *s, const struct tally_source *own,
                             struct error *err)
{
    struct told_population population;
    const struct catalogue *catalogue = own->catalogue;
    enum status status = STATUS_OK;
    told_population_init(&population, own);
    for (size_t i = 0; i < s->population_count; i++) {
        const struct tally_source *source;
        TRY_CLEANUP(told_population_source(&population, &s->populations[i], &source, err));
        for (size_t p = 0; p < catalogue->count; p++)
            for (uint32_t row = 0; row < catalogue->parts[p].rows; row++)
                if (population_has(source->population, p, row))
                    s->places.of_row[catalogue->parts[p].first_row + row] |= UINT32_C(1) << i;
    }
cleanup:
    told_population_release(&population);
    return status;
}

static enum status find_masks(struct slots_queries *s, uint64_t rows, struct error *err)
{
    struct slots_places *places = &s->places;
    struct intern masks;
    enum status status = STATUS_OK;
    intern_init(&masks);
    for (uint64_t row = 0; row < rows && status == STATUS_OK && !places->too_many; row++) {
        uint32_t mask = places->of_row[row], number;
        if (!mask || (row && mask == places->of_row[row - 1]))
            continue;
        status = intern_add(&masks, (const char *)&mask, sizeof mask, &number, err);
        places->too_many = masks.count > SLOTS_MASKS_MAX;
    }
    places->masks = mem_zalloc(masks.count + 1, sizeof *places->masks);
    if (status == STATUS_OK && !places->masks)
        status = error_nomem(err);
    for (size_t i = 0; status == STATUS_OK && i < masks.count; i++)
        memcpy(&places->masks[places->mask_count++], masks.items[i].text, sizeof *places->masks);
    intern_release(&masks);
    return status;
}

/* Where not all masks are known, nothing is within another one but what is the same. */
static void find_within(struct slots_queries *s)
{
    struct slots_places *places = &s->places;
    for (size_t i = 0; i < s->population_count; i++) {
        places->within[i] = places->too_many ? UINT32_C(1) << i : UINT32_MAX;
        for (size_t m = 0; m < places->mask_count; m++)
            if (places->masks[m] >> i & 1)
                places->within[i] &= places->masks[m];
    }
}

enum status slots_queries_place(struct slots_queries *s, const struct tally_source *source,
                                struct error *err)
{
    uint64_t rows = source->catalogue->rows;
    s->places.of_row = mem_zalloc((size_t)rows + 1, sizeof *s->places.of_row);
    if (!s->places.of_row)
        return error_nomem(err);
    TRY(mark_rows(s, source, err));
    TRY(find_masks(s, rows, err));
    find_within(s);
    for (size_t i = 0; i < s->count; i++) {
        size_t own = s->items[i].population, first = 0;
        while (!slots_population_within(s, own, first) || !slots_population_within(s, first, own))
            first++;
        s->items[i].population = first;
    }
    return STATUS_OK;
}

bool slots_population_within(const struct slots_queries *s, size_t a, size_t b)
{
    return s->places.within[a] >> b & 1;
}
