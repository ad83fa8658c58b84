/* Queries under common names of what their slots find: see slots_query.h. */
#include "queries/slots_query.h"

#include "base/memory.h"
#include "queries/query_terms.h"

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
    free(s->periods);
    *s = (struct slots_queries){.arena = ARENA_INIT};
}

bool slots_query_is_one(const struct plan_query *query)
{
    return query->kind == QUERY_TERMS || query->kind == QUERY_IDENTIFIERS ||
           query->kind == QUERY_REGEX || (query->kind == QUERY_TOPICS && query->topic_count);
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

static enum status find_period(struct slots_queries *s, struct slots_period period, size_t *number,
                               struct error *err)
{
    for (*number = 0; *number < s->period_count; ++*number)
        if (s->periods[*number].from == period.from && s->periods[*number].to == period.to)
            return STATUS_OK;
    struct slots_period *grown =
        mem_grow(s->periods, &s->period_capacity, s->period_count + 1, sizeof *grown);
    if (!grown)
        return error_nomem(err);
    s->periods = grown;
    grown[s->period_count++] = period;
    return STATUS_OK;
}

enum status slots_queries_add(struct slots_queries *s, const struct plan_query *query,
                              size_t number, size_t table, struct slots_period period, bool anew,
                              struct error *err)
{
    struct slots_query *grown = mem_grow(s->items, &s->capacity, s->count + 1, sizeof *grown);
    if (!grown)
        return error_nomem(err);
    s->items = grown;
    struct slots_query *item = &grown[s->count];
    bool first = query->kind == QUERY_TOPICS && !query->multi_label;
    *item = (struct slots_query){.query = query,
                                 .number = number,
                                 .table = table,
                                 .way = query->kind == QUERY_TERMS ? SLOTS_TERMS
                                        : first                    ? SLOTS_FIRST
                                                                   : SLOTS_EACH,
                                 .count = query_term_slots(query),
                                 .anew = anew};
    TRY(find_period(s, period, &item->period, err));
    item->keys = arena_zalloc(&s->arena, item->count + 1, sizeof *item->keys);
    if (!item->keys)
        return error_nomem(err);
    for (size_t slot = 0; slot < item->count; slot++)
        TRY(add_key(s, query, slot, &item->keys[slot], err));
    s->count++;
    return STATUS_OK;
}

bool slots_period_within(const struct slots_queries *s, size_t a, size_t b)
{
    return s->periods[a].from >= s->periods[b].from && s->periods[a].to <= s->periods[b].to;
}
