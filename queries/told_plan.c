/* A plan with queries that earlier reports told: see told_plan.h. */
#include "queries/told_plan.h"

#include "base/memory.h"
#include "queries/field_relation.h"
#include "queries/query_terms.h"

#include <stdlib.h>
#include <string.h>

enum status told_plan_init(struct told_plan *t, const struct plan *plan, const char *filters,
                           struct error *err)
{
    *t = (struct told_plan){.own = plan, .plan = *plan};
    t->plan.arena = (struct arena)ARENA_INIT;
    memcpy(t->filters, filters, sizeof t->filters);
    return scan_setup_init(&t->setup, plan, err);
}

void told_plan_release(struct told_plan *t)
{
    free(t->items);
    scan_setup_release(&t->setup);
    arena_release(&t->plan.arena);
    *t = (struct told_plan){.plan = {.arena = ARENA_INIT}};
}

/* ---- taking ---- */

struct told_days told_plan_days_of(const struct told_plan *t, const struct told_query *told)
{
    const struct plan *plan = t->own;
    bool other = strcmp(told->filters, t->filters) != 0;
    return (struct told_days){told->from, told->to,
                              other ? told->where.items : plan->population.filters,
                              other ? told->where.count : plan->population.filter_count, other};
}

/* Filters on users or ids are not written down. */
static bool can_be_other(const struct told_query *told)
{
    return told->where.there && !told->where.unknown;
}

/* Whether it can be counted as it was told. */
static enum status check(struct told_plan *t, struct told_query *told, bool *like,
                         struct error *err)
{
    char scan[65];
    const struct plan *plan = t->own;
    struct told_days days = told_plan_days_of(t, told);
    *like = !told->unknown && (!days.other || can_be_other(told)) &&
            told->from <= plan->population.to && told->to >= plan->population.from;
    if (!*like || told->kind->refers)
        return STATUS_OK;
    memcpy(scan, told->query.scan_digest, sizeof scan);
    TRY(told->kind->parse(&t->plan, &t->setup.words, &told->query, err));
    *like = strcmp(scan, told->query.scan_digest) == 0;
    return STATUS_OK;
}

enum status told_plan_take(struct told_plan *t, uint64_t entry, const char *text, bool *valid,
                           struct error *err)
{
    bool like = false;
    struct told_plan_query *grown = mem_grow(t->items, &t->capacity, t->count + 1, sizeof *grown);
    if (!grown)
        return error_nomem(err);
    t->items = grown;
    struct told_plan_query *item = &grown[t->count];
    *item = (struct told_plan_query){.entry = entry, .number = SIZE_MAX};
    TRY(told_query_read(&item->told, text, t->own, &t->plan.arena, valid, err));
    if (*valid)
        TRY(check(t, &item->told, &like, err));
    item->unlike = !like;
    t->count += *valid;
    return STATUS_OK;
}

/* ---- making ---- */

/* The same question, with the same names: its rows are called alike. */
static bool same_query(const struct plan_query *a, const struct told_query *told)
{
    const struct plan_query *b = &told->query;
    size_t slots = query_term_slots(b);
    if (a->kind != b->kind || query_term_slots(a) != slots ||
        !fields_same(a->by, a->by_count, b->by, b->by_count) || a->within != b->within ||
        strcmp(a->scan_digest, b->scan_digest) != 0)
        return false;
    for (size_t i = 0; i < slots; i++)
        if (strcmp(query_slot_name(a, i), query_slot_name(b, i)) != 0)
            return false;
    return !told->kind->same || told->kind->same(a, b);
}

struct told_days told_plan_days(const struct told_plan *t, size_t number)
{
    size_t own = t->own->query_count;
    const struct plan *plan = t->own;
    return number >= own
               ? t->days[number - own]
               : (struct told_days){plan->population.from, plan->population.to,
                                    plan->population.filters, plan->population.filter_count, false};
}

bool told_days_same(const struct told_days *a, const struct told_days *b)
{
    return a->from == b->from && a->to == b->to && a->other == b->other &&
           plan_filters_same(a->filters, a->filter_count, b->filters, b->filter_count);
}

static size_t find_query(const struct told_plan *t, const struct told_query *told)
{
    for (size_t i = 0; i < t->plan.query_count; i++) {
        const struct told_days days = told_plan_days(t, i), its = told_plan_days_of(t, told);
        if (told_days_same(&days, &its) && same_query(&t->plan.queries[i], told))
            return i;
    }
    return SIZE_MAX;
}

/* Adds a query where there is room. */
static enum status add_query(struct told_plan *t, struct told_plan_query *item, struct error *err)
{
    struct plan *plan = &t->plan;
    struct plan_query *query = &item->told.query;
    size_t slots = query_term_slots(query) + query->option_count,
           added = plan->query_count - t->own->query_count;
    bool ready = true;
    if (added >= TOLD_PLAN_QUERIES_MAX || t->slots + slots > TOLD_PLAN_SLOTS_MAX)
        return STATUS_OK;
    if (item->told.kind->ready)
        TRY(item->told.kind->ready(query, &ready, err));
    item->unlike = !ready;
    if (!ready)
        return STATUS_OK;
    query->id = query->title =
        arena_printf(&plan->arena, "earlier %s %zu", query_types[query->kind].name, added);
    if (!query->id)
        return error_nomem(err);
    item->number = plan->query_count;
    t->days[added] = told_plan_days_of(t, &item->told);
    t->slots += slots;
    plan->queries[plan->query_count++] = *query;
    return STATUS_OK;
}

/* Those that refer to others, or those that do not. */
static enum status make_all(struct told_plan *t, bool refers, struct error *err)
{
    for (size_t i = t->count; i-- > 0;) {
        struct told_plan_query *item = &t->items[i];
        if (item->unlike || item->told.kind->refers != refers)
            continue;
        item->unlike = refers && !told_references_resolve(&item->told, t);
        if (item->unlike)
            continue;
        if (refers)
            item->told.query.scan_digest[0] = '\0';
        item->number = find_query(t, &item->told);
        if (item->number == SIZE_MAX)
            TRY(add_query(t, item, err));
    }
    return STATUS_OK;
}

enum status told_plan_make(struct told_plan *t, struct error *err)
{
    size_t own = t->own->query_count;
    struct plan_query *queries =
        arena_zalloc(&t->plan.arena, own + TOLD_PLAN_QUERIES_MAX, sizeof *queries);
    if (!queries)
        return error_nomem(err);
    if (own)
        memcpy(queries, t->own->queries, own * sizeof *queries);
    t->plan.queries = queries;
    TRY(make_all(t, false, err));
    return make_all(t, true, err);
}

/* ---- as it was told, of fewer logs ---- */

static enum status days_then(struct told_plan *t, const struct told_query *told,
                             const struct plan_filter *then, struct told_days *days,
                             struct error *err)
{
    *days = told_plan_days_of(t, told);
    size_t count = days->filter_count;
    struct plan_filter *filters = arena_zalloc(&t->plan.arena, count + 1, sizeof *filters);
    if (!filters)
        return error_nomem(err);
    for (size_t i = 0; i < count; i++)
        filters[i] = days->filters[i];
    filters[count] = *then;
    *days = (struct told_days){days->from, days->to, filters, count + 1, true};
    return STATUS_OK;
}

/* The number of the query that is counted so; one more where there is none and there is room. */
static enum status query_then(struct told_plan *t, const struct told_plan_query *item,
                              const struct told_days *days, size_t *number, struct error *err)
{
    size_t own = t->own->query_count, added = t->plan.query_count - own;
    for (*number = own; *number < t->plan.query_count; ++*number) {
        const struct plan_query *query = &t->plan.queries[*number];
        if (query->hits_of == item->number + 1 && told_days_same(&t->days[*number - own], days) &&
            same_query(query, &item->told))
            return STATUS_OK;
    }
    if (added >= TOLD_PLAN_QUERIES_MAX) {
        *number = SIZE_MAX;
        return STATUS_OK;
    }
    struct plan_query *query = &t->plan.queries[*number];
    *query = t->plan.queries[item->number];
    query->hits_of = item->number + 1;
    query->id = query->title =
        arena_printf(&t->plan.arena, "then %s %zu", query_types[query->kind].name, added);
    if (!query->id)
        return error_nomem(err);
    t->days[added] = *days;
    t->plan.query_count++;
    return STATUS_OK;
}

enum status told_plan_then(struct told_plan *t, size_t number, const struct plan_filter *then,
                           struct error *err)
{
    struct told_plan_query item = t->items[number];
    struct told_days days;
    if (item.number == SIZE_MAX)
        return STATUS_OK;
    TRY(days_then(t, &item.told, then, &days, err));
    size_t added;
    TRY(query_then(t, &item, &days, &added, err));
    if (added == SIZE_MAX)
        return STATUS_OK;
    item.number = added;
    struct told_plan_query *grown = mem_grow(t->items, &t->capacity, t->count + 1, sizeof *grown);
    if (!grown)
        return error_nomem(err);
    t->items = grown;
    item.then = true;
    grown[t->count++] = item;
    return STATUS_OK;
}
