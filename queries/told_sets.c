/* What a report tells the size of: see told_sets.h. */
#include "queries/told_sets.h"

#include "base/memory.h"
#include "queries/overlap_relations.h"
#include "queries/query_terms.h"
#include "queries/tally_proposals.h"
#include "queries/told_crossed.h"
#include "queries/told_labels.h"
#include "queries/told_none.h"
#include "queries/told_overlap.h"
#include "queries/told_pairs.h"
#include "queries/told_records.h"
#include "queries/told_term_columns.h"

#include <stdlib.h>
#include <string.h>

void told_sets_release(struct told_sets *d)
{
    for (size_t i = 0; i < d->count; i++)
        unit_set_release(&d->items[i].set);
    free(d->items);
    user_counter_release(&d->counter);
    units_release(&d->units);
}

/* ---- counting ---- */

struct walk {
    struct user_counter *counter;
    const struct catalogue_part *part;
    const struct bitmap *without; /* or NULL */
    uint64_t rows;
};

static bool see_row(uint32_t row, void *context)
{
    struct walk *walk = context;
    if (walk->without && bitmap_contains(walk->without, row))
        return true;
    walk->rows++;
    user_counter_add(walk->counter, catalogue_user(walk->part, row));
    return true;
}

uint32_t told_sets_difference(struct told_sets *d, const struct unit_set *a,
                              const struct unit_set *b, uint64_t *conversations)
{
    struct walk walk = {.counter = &d->counter};
    user_counter_reset(&d->counter);
    for (size_t p = 0; p < a->parts; p++) {
        walk.part = &d->source->catalogue->parts[p];
        walk.without = b ? b->rows[p] : NULL;
        bitmap_each(a->rows[p], see_row, &walk);
    }
    *conversations = walk.rows;
    return user_counter_support(&d->counter);
}

uint64_t told_sets_common(const struct unit_set *a, const struct unit_set *b)
{
    uint64_t common = 0;
    for (size_t p = 0; p < a->parts; p++)
        common += bitmap_and_count(a->rows[p], b->rows[p]);
    return common;
}

/* ---- the sets ---- */

size_t told_sets_table_named(const struct told_sets *d, const char *id)
{
    size_t table = 0;
    while (table < d->tally->table_count && strcmp(d->tally->tables[table].id, id) != 0)
        table++;
    return table;
}

/* The column of that id; TOLD_NOWHERE if there is none. */
static uint32_t column_of(const struct told_sets *d, size_t table, const char *id)
{
    if (table == d->tally->table_count)
        return TOLD_NOWHERE;
    const struct tally_table *of = &d->tally->tables[table];
    for (uint32_t column = 0; column < of->column_count; column++)
        if (strcmp(of->columns[column].id, id) == 0)
            return column;
    return TOLD_NOWHERE;
}

bool told_sets_is_whole(const struct told_sets *d, const struct told_set *set)
{
    return !set->rest &&
           set->column[TOLD_CONVERSATIONS] == column_of(d, set->table, "conversations");
}

size_t told_sets_table(const struct told_sets *d, size_t query)
{
    return told_sets_table_named(d, d->source->plan->queries[query].id);
}

const struct told_set *told_sets_find(const struct told_sets *d, size_t query, uint32_t row)
{
    size_t table = told_sets_table(d, query);
    for (size_t i = 0; i < d->count; i++)
        if (d->items[i].query == query && d->items[i].table == table && d->items[i].row == row &&
            told_sets_is_whole(d, &d->items[i]))
            return &d->items[i];
    return NULL;
}

/* One more, without rows. */
static enum status add_at(struct told_sets *d, const struct told_place *place,
                          struct told_set **out, struct error *err)
{
    struct told_set *grown = mem_grow(d->items, &d->capacity, d->count + 1, sizeof *grown);
    if (!grown)
        return error_nomem(err);
    d->items = grown;
    *out = &grown[d->count++];
    **out = (struct told_set){.table = place->table, .query = place->query, .row = place->row};
    memcpy((*out)->column, place->column, sizeof place->column);
    return STATUS_OK;
}

enum status told_sets_add(struct told_sets *d, size_t table, size_t query, uint32_t row,
                          struct told_set **out, struct error *err)
{
    const struct told_place place = {
        table, query, row, {column_of(d, table, "conversations"), column_of(d, table, "users")}};
    TRY(add_at(d, &place, out, err));
    return unit_set_init(&(*out)->set, d->source->catalogue, err);
}

enum status told_sets_take(struct told_sets *d, const struct told_place *place,
                           struct unit_set *set, struct error *err)
{
    struct told_set *told = NULL;
    uint64_t conversations;
    uint32_t users = told_sets_difference(d, set, NULL, &conversations);
    if (users < d->source->plan->release.min_users) {
        unit_set_release(set);
        return STATUS_OK;
    }
    TRY(add_at(d, place, &told, err));
    told->set = *set;
    told->taken = true;
    told->conversations = conversations;
    told->users = users;
    *set = (struct unit_set){.rows = NULL};
    return STATUS_OK;
}

/* The same of a query's own table; SIZE_MAX: of everything. */
static enum status add_told(struct told_sets *d, size_t query, uint32_t row, struct told_set **out,
                            struct error *err)
{
    const char *id = query == SIZE_MAX ? "completeness" : d->source->plan->queries[query].id;
    return told_sets_add(d, told_sets_table_named(d, id), query, row, out, err);
}

static enum status add_found(struct told_sets *d, size_t query, uint32_t row, long slot,
                             struct error *err)
{
    struct told_set *told = NULL;
    TRY(add_told(d, query, row, &told, err));
    return unit_set_add(&told->set, &d->units, d->source, query, slot, 0, err);
}

/* What each slot of a query finds, and any of them: of topics there is no row for that. */
static enum status add_slots(struct told_sets *d, size_t number, uint32_t slots, struct error *err)
{
    bool any = d->source->plan->queries[number].kind != QUERY_TOPICS;
    size_t first = d->count;
    struct unit_set *sets = mem_zalloc(slots + 1ull, sizeof *sets);
    enum status status = sets ? STATUS_OK : error_nomem(err);
    struct told_set *told = NULL;
    for (uint32_t slot = 0; status == STATUS_OK && slot < slots + any; slot++)
        status = add_told(d, number, slot, &told, err);
    for (uint32_t slot = 0; status == STATUS_OK && slot < slots; slot++)
        sets[slot] = d->items[first + slot].set; /* shared, not owned */
    if (status == STATUS_OK)
        status = unit_set_add_slots(sets, &d->units, d->source, number, err);
    for (uint32_t slot = 0; status == STATUS_OK && any && slot < slots; slot++)
        for (size_t p = 0; p < sets[slot].parts; p++)
            bitmap_or(d->items[first + slots].set.rows[p], sets[slot].rows[p]);
    free(sets);
    return status;
}

static enum status add_query(struct told_sets *d, size_t number, struct error *err)
{
    const struct plan_query *query = &d->source->plan->queries[number];
    uint32_t slots = (uint32_t)query_term_slots(query), bins = (uint32_t)query->bin_count;
    if (query->kind == QUERY_OVERLAP)
        return add_found(d, number, overlap_row(VIEW_ANYWHERE, bins, bins), UNIT_SET_ANY_SLOT, err);
    if (query->kind == QUERY_PROPOSALS) {
        for (size_t i = 0; i < query->option_count; i++) {
            struct told_set *told = NULL;
            TRY(add_told(d, number, (uint32_t)i, &told, err));
            TRY(proposals_select(&told->set, &d->units, d->source, &query->options[i], err));
        }
        return STATUS_OK;
    }
    return query_reads_text(query) ? add_slots(d, number, slots, err) : STATUS_OK;
}

static enum status add_everything(struct told_sets *d, struct error *err)
{
    struct told_set *told = NULL;
    TRY(add_told(d, SIZE_MAX, 0, &told, err));
    told->everything = true;
    for (size_t p = 0; p < told->set.parts; p++)
        bitmap_or(told->set.rows[p], d->units.rows[p]);
    return STATUS_OK;
}

static int compare_users(const void *a, const void *b)
{
    const struct told_set *left = a, *right = b;
    if (left->users != right->users)
        return left->users < right->users ? -1 : 1;
    if (left->table != right->table)
        return left->table < right->table ? -1 : 1;
    if (left->row != right->row)
        return left->row < right->row ? -1 : 1;
    return (left->column[0] > right->column[0]) - (left->column[0] < right->column[0]);
}

/* Counts the sets from FIRST on, but for those that are, and puts all in order. */
static void count_from(struct told_sets *d, size_t first)
{
    for (size_t i = first; i < d->count; i++)
        if (d->items[i].conversations == 0)
            d->items[i].users =
                told_sets_difference(d, &d->items[i].set, NULL, &d->items[i].conversations);
    qsort(d->items, d->count, sizeof *d->items, compare_users);
}

enum status told_sets_init_none(struct told_sets *d, const struct tally_source *source,
                                const struct tally *tally, struct error *err)
{
    *d = (struct told_sets){.source = source, .tally = tally};
    TRY(units_init(&d->units, source->population, UNIT_CONVERSATION, UNIT_BY_ID, err));
    return user_counter_init(&d->counter, source->catalogue->users, err);
}

enum status told_sets_init_query(struct told_sets *d, const struct tally_source *source,
                                 const struct tally *tally, size_t number, struct error *err)
{
    TRY(told_sets_init_none(d, source, tally, err));
    TRY(add_query(d, number, err));
    count_from(d, 0);
    return STATUS_OK;
}

enum status told_sets_init(struct told_sets *d, const struct tally_source *source,
                           const struct tally *tally, struct error *err)
{
    TRY(told_sets_init_none(d, source, tally, err));
    TRY(add_everything(d, err));
    for (size_t i = 0; i < source->plan->query_count; i++)
        TRY(add_query(d, i, err));
    count_from(d, 0);
    return STATUS_OK;
}

enum status told_sets_add_counts(struct told_sets *d, struct error *err)
{
    size_t first = d->count;
    for (size_t i = 0; i < d->source->plan->query_count; i++)
        TRY(told_none_add(d, i, err));
    for (size_t i = 0; i < d->source->plan->query_count; i++)
        TRY(told_none_add_any_topic(d, i, err));
    for (size_t i = 0; i < d->tally->table_count; i++)
        if (d->tally->tables[i].by_count)
            TRY(told_crossed_add_count(d, i, err));
    for (size_t i = 0; i < d->source->plan->query_count; i++) {
        const struct plan_query *query = &d->source->plan->queries[i];
        if (query->kind == QUERY_TERMS && query->by_count)
            TRY(told_crossed_add_terms(d, i, err));
        if (query->kind == QUERY_TERMS)
            TRY(told_term_columns_add(d, i, err));
        if (query->kind == QUERY_OVERLAP)
            TRY(told_overlap_add(d, i, err));
    }
    TRY(told_labels_add(d, err));
    TRY(told_pairs_add(d, err));
    TRY(told_records_add(d, err));
    count_from(d, first);
    return STATUS_OK;
}
