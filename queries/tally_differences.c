/* Differences of what is told: see tally_differences.h. */
#include "queries/tally_differences.h"

#include "base/memory.h"
#include "queries/overlap_relations.h"
#include "queries/query_terms.h"
#include "queries/tally_proposals.h"
#include "queries/unit_set.h"

#include <stdlib.h>
#include <string.h>

/* A set of conversations whose size stands in a row of a table. */
struct told {
    size_t table, query;
    uint32_t row;
    struct unit_set set;
    uint64_t conversations;
    uint32_t users;
};

struct differences {
    const struct tally_source *source;
    struct tally *tally;
    struct units units;
    struct user_counter counter;
    struct told *told; /* [count]; after told_sort ascending by users */
    size_t count, capacity;
    uint32_t min_users;
};

static void differences_release(struct differences *d)
{
    for (size_t i = 0; i < d->count; i++)
        unit_set_release(&d->told[i].set);
    free(d->told);
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

/* Conversations and users of A without B (NULL: of all of A). */
static uint32_t count_difference(struct differences *d, const struct unit_set *a,
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

static uint64_t count_common(const struct unit_set *a, const struct unit_set *b)
{
    uint64_t common = 0;
    for (size_t p = 0; p < a->parts; p++)
        common += bitmap_and_count(a->rows[p], b->rows[p]);
    return common;
}

/* ---- the sets ---- */

static size_t table_of(const struct differences *d, const char *id)
{
    size_t table = 0;
    while (table < d->tally->table_count && strcmp(d->tally->tables[table].id, id) != 0)
        table++;
    return table;
}

/* A new set, still empty, for a row of a query's table. */
static enum status add_told(struct differences *d, size_t query, uint32_t row, struct told **out,
                            struct error *err)
{
    struct told *grown = mem_grow(d->told, &d->capacity, d->count + 1, sizeof *grown);
    if (!grown)
        return error_nomem(err);
    d->told = grown;
    struct told *told = *out = &grown[d->count++];
    *told =
        (struct told){.table = query == SIZE_MAX ? table_of(d, "completeness")
                                                 : table_of(d, d->source->plan->queries[query].id),
                      .query = query,
                      .row = row};
    return unit_set_init(&told->set, d->source->catalogue, err);
}

static enum status add_found(struct differences *d, size_t query, uint32_t row, long slot,
                             struct error *err)
{
    struct told *told;
    TRY(add_told(d, query, row, &told, err));
    return unit_set_add(&told->set, &d->units, d->source, query, slot, 0, err);
}

/* What each slot of a query finds, and any of them: of topics there is no row for that. */
static enum status add_slots(struct differences *d, size_t number, uint32_t slots,
                             struct error *err)
{
    bool any = d->source->plan->queries[number].kind != QUERY_TOPICS;
    size_t first = d->count;
    struct unit_set *sets = mem_zalloc(slots + 1ull, sizeof *sets);
    enum status status = sets ? STATUS_OK : error_nomem(err);
    struct told *told;
    for (uint32_t slot = 0; status == STATUS_OK && slot < slots + any; slot++)
        status = add_told(d, number, slot, &told, err);
    for (uint32_t slot = 0; status == STATUS_OK && slot < slots; slot++)
        sets[slot] = d->told[first + slot].set; /* shared, not owned */
    if (status == STATUS_OK)
        status = unit_set_add_slots(sets, &d->units, d->source, number, err);
    for (uint32_t slot = 0; status == STATUS_OK && any && slot < slots; slot++)
        for (size_t p = 0; p < sets[slot].parts; p++)
            bitmap_or(d->told[first + slots].set.rows[p], sets[slot].rows[p]);
    free(sets);
    return status;
}

static enum status add_query(struct differences *d, size_t number, struct error *err)
{
    const struct plan_query *query = &d->source->plan->queries[number];
    uint32_t slots = (uint32_t)query_term_slots(query), bins = (uint32_t)query->bin_count;
    if (query->kind == QUERY_OVERLAP)
        return add_found(d, number, overlap_row(VIEW_ANYWHERE, bins, bins), UNIT_SET_ANY_SLOT, err);
    if (query->kind == QUERY_PROPOSALS) {
        for (size_t i = 0; i < query->option_count; i++) {
            struct told *told;
            TRY(add_told(d, number, (uint32_t)i, &told, err));
            TRY(proposals_select(&told->set, &d->units, d->source, &query->options[i], err));
        }
        return STATUS_OK;
    }
    return query_reads_text(query) ? add_slots(d, number, slots, err) : STATUS_OK;
}

static enum status add_everything(struct differences *d, struct error *err)
{
    struct told *told;
    TRY(add_told(d, SIZE_MAX, 0, &told, err));
    for (size_t p = 0; p < told->set.parts; p++)
        bitmap_or(told->set.rows[p], d->units.rows[p]);
    return STATUS_OK;
}

static int compare_users(const void *a, const void *b)
{
    const struct told *left = a, *right = b;
    if (left->users != right->users)
        return left->users < right->users ? -1 : 1;
    if (left->table != right->table)
        return left->table < right->table ? -1 : 1;
    return (left->row > right->row) - (left->row < right->row);
}

/* ---- what lies between ---- */

static enum status note(struct differences *d, size_t table, uint32_t row, uint32_t users,
                        uint64_t conversations, struct error *err)
{
    struct tally_difference difference = {table, row, users, conversations};
    return tally_add_difference(d->tally, &difference, err);
}

static bool is_small(const struct differences *d, uint32_t users)
{
    return users > 0 && users < d->min_users;
}

/* INNER, if it lies in OUTER and leaves few users between. */
static enum status compare_nested(struct differences *d, const struct told *inner,
                                  const struct told *outer, struct error *err)
{
    uint64_t conversations;
    if (inner->conversations >= outer->conversations ||
        count_common(&inner->set, &outer->set) != inner->conversations)
        return STATUS_OK;
    uint32_t users = count_difference(d, &outer->set, &inner->set, &conversations);
    return is_small(d, users) ? note(d, inner->table, inner->row, users, conversations, err)
                              : STATUS_OK;
}

/* What lies between two sets has at least as many users as the one has more than the other. */
static enum status compare_all(struct differences *d, struct error *err)
{
    for (size_t i = 0; i < d->count; i++) {
        const struct told *a = &d->told[i];
        if (a->users < d->min_users)
            continue; /* small itself, or nothing */
        for (size_t j = i + 1; j < d->count && d->told[j].users - a->users < d->min_users; j++) {
            TRY(compare_nested(d, a, &d->told[j], err));
            if (d->told[j].users == a->users)
                TRY(compare_nested(d, &d->told[j], a, err));
        }
    }
    return STATUS_OK;
}

static const struct told *told_of(const struct differences *d, size_t query, uint32_t row)
{
    for (size_t i = 0; i < d->count; i++)
        if (d->told[i].query == query && d->told[i].row == row)
            return &d->told[i];
    return NULL;
}

static uint32_t slot_of(const struct plan_query *query, const char *name)
{
    uint32_t slot = 0;
    while (slot < query->term_count && strcmp(query->terms[slot].name, name) != 0)
        slot++;
    return slot;
}

/* A table of pairs: each term's conversations less those that both have. */
static enum status compare_pairs(struct differences *d, size_t table, struct error *err)
{
    const struct tally_table *pairs = &d->tally->tables[table];
    const struct plan_query *query = &d->source->plan->queries[pairs->query];
    for (uint32_t row = 0; row < pairs->row_count; row++) {
        const struct told *sides[2] = {
            told_of(d, pairs->query, slot_of(query, pairs->key_values[2 * (size_t)row])),
            told_of(d, pairs->query, slot_of(query, pairs->key_values[2 * (size_t)row + 1]))};
        for (size_t i = 0; sides[0] && sides[1] && i < 2; i++) {
            uint64_t conversations;
            uint32_t users = count_difference(d, &sides[i]->set, &sides[!i]->set, &conversations);
            if (is_small(d, users) && sides[i]->users >= d->min_users)
                TRY(note(d, table, row, users, conversations, err));
        }
    }
    return STATUS_OK;
}

static bool is_pairs(const char *id)
{
    size_t len = strlen(id);
    return len > 6 && strcmp(id + len - 6, ".pairs") == 0;
}

enum status tally_differences(const struct tally_source *source, struct tally *tally,
                              struct error *err)
{
    struct differences d = {
        .source = source, .tally = tally, .min_users = source->plan->release.min_users};
    enum status status = STATUS_OK;
    if (d.min_users < 2)
        return STATUS_OK;
    TRY_CLEANUP(units_init(&d.units, source->population, UNIT_CONVERSATION, UNIT_BY_ID, err));
    TRY_CLEANUP(user_counter_init(&d.counter, source->catalogue->users, err));
    TRY_CLEANUP(add_everything(&d, err));
    for (size_t i = 0; i < source->plan->query_count; i++)
        TRY_CLEANUP(add_query(&d, i, err));
    for (size_t i = 0; i < d.count; i++)
        d.told[i].users = count_difference(&d, &d.told[i].set, NULL, &d.told[i].conversations);
    qsort(d.told, d.count, sizeof *d.told, compare_users);
    TRY_CLEANUP(compare_all(&d, err));
    for (size_t table = 0; table < tally->table_count; table++)
        if (is_pairs(tally->tables[table].id))
            TRY_CLEANUP(compare_pairs(&d, table, err));
cleanup:
    differences_release(&d);
    return status;
}
