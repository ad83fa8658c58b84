/*
 * Terms by fields: see terms_by.h. The groups are those of a count by the same fields. Each term's
 * hits are put into lists, one a group, and a list's users are counted with stamps.
 */
#include "queries/terms_by.h"

#include "base/memory.h"
#include "queries/tally_count.h"
#include "queries/terms_by_parts.h"
#include "queries/terms_relations.h"

#include <stdlib.h>
#include <string.h>

static const struct tally_column columns[BY_COLUMNS] = {
    [BY_CONVERSATIONS] = {"conversations", "Conversations", "conversations", TALLY_DETAIL},
    [BY_USERS] = {"users", "Users", "users", TALLY_USERS | TALLY_DETAIL},
};

struct grouping {
    struct tally count; /* of the query's fields: the groups and their names, then the total */
    const struct tally_table *groups;
    uint32_t *group_of; /* [row over all parts]; only of the population */
    struct terms_by_rows lists;
};

/* ---- groups ---- */

struct placing {
    struct grouping *grouping;
    const struct catalogue *catalogue;
};

static enum status place_row(void *context, uint32_t table_row, size_t part, uint32_t row,
                             struct error *err)
{
    const struct placing *placing = context;
    (void)err;
    placing->grouping->group_of[placing->catalogue->parts[part].first_row + row] = table_row;
    return STATUS_OK;
}

static enum status check_rows(const struct grouping *g, const struct plan_query *query,
                              bool withheld, struct error *err)
{
    int most = withheld ? TERMS_BY_JUDGED_MAX : TERMS_BY_ROWS_MAX;
    if (g->lists.groups * g->lists.slots <= (size_t)most)
        return STATUS_OK;
    (void)error_set(err, STATUS_PLAN, NULL,
                    "query \"%s\" has %zu terms in %zu groups: more than %d rows%s", query->id,
                    g->lists.slots, g->lists.groups, most,
                    withheld ? ", of which each may have to be withheld" : "");
    return error_hint(err, "count by something coarser, such as months, or split the terms");
}

static enum status find_groups(struct grouping *g, const struct tally_source *source, size_t number,
                               bool withheld, struct error *err)
{
    const struct plan_query *query = &source->plan->queries[number];
    struct placing placing = {g, source->catalogue};
    TRY(tally_count(source, number, &g->count, err));
    g->groups = &g->count.tables[0];
    g->lists = (struct terms_by_rows){
        .source = source, .slots = query->term_count, .groups = g->groups->row_count - 1};
    TRY(check_rows(g, query, withheld, err));
    g->group_of = mem_zalloc(source->catalogue->rows, sizeof *g->group_of);
    if (!g->group_of)
        return error_nomem(err);
    return tally_cross_each(source, query->id, query->by, query->by_count, place_row, &placing,
                            err);
}

/* ---- lists ---- */

/* Calls SEE for each row of the population that SLOT hits, or for all where there are no HITS. */
static enum status each_row(const struct grouping *g, const struct query_hits *hits, size_t slot,
                            void (*see)(struct grouping *g, size_t list, uint32_t row),
                            struct grouping *to, struct error *err)
{
    const struct tally_source *source = g->lists.source;
    for (size_t p = 0; p < source->catalogue->count; p++) {
        const struct catalogue_part *part = &source->catalogue->parts[p];
        struct hits found;
        uint32_t *values = NULL;
        uint64_t count = part->rows;
        if (hits) {
            TRY(query_hits_read(hits, p, slot, &found, err));
            count = bitmap_count(found.conversations);
            values = mem_zalloc(count, sizeof *values);
            if (values)
                bitmap_values(found.conversations, values);
            hits_release(&found);
            if (!values)
                return error_nomem(err);
        }
        for (uint64_t i = 0; i < count; i++) {
            uint32_t row = values ? values[i] : (uint32_t)i;
            if (row >= part->rows || !population_has(source->population, p, row))
                continue;
            uint32_t whole = (uint32_t)part->first_row + row;
            see(to, slot * g->lists.groups + g->group_of[whole], whole);
        }
        free(values);
    }
    return STATUS_OK;
}

static void count_row(struct grouping *g, size_t list, uint32_t row)
{
    (void)row;
    g->lists.start[list + 1]++;
}

static void put_row(struct grouping *g, size_t list, uint32_t row)
{
    g->lists.rows[g->lists.start[list]++] = row;
}

static enum status each_list(struct grouping *g, const struct query_hits *hits,
                             void (*see)(struct grouping *g, size_t list, uint32_t row),
                             struct error *err)
{
    for (size_t slot = 0; slot <= g->lists.slots; slot++)
        TRY(each_row(g, slot < g->lists.slots ? hits : NULL, slot, see, g, err));
    return STATUS_OK;
}

static enum status make_lists(struct grouping *g, const struct query_hits *hits, struct error *err)
{
    size_t lists = (g->lists.slots + 1) * g->lists.groups;
    g->lists.start = mem_zalloc(lists + 1, sizeof *g->lists.start);
    if (!g->lists.start)
        return error_nomem(err);
    TRY(each_list(g, hits, count_row, err));
    for (size_t i = 0; i < lists; i++)
        g->lists.start[i + 1] += g->lists.start[i];
    g->lists.rows = mem_zalloc(g->lists.start[lists], sizeof *g->lists.rows);
    if (!g->lists.rows)
        return error_nomem(err);
    TRY(each_list(g, hits, put_row, err));
    /* Each start has gone on to where the next list begins: step back. */
    memmove(g->lists.start + 1, g->lists.start, lists * sizeof *g->lists.start);
    g->lists.start[0] = 0;
    return STATUS_OK;
}

/* ---- the table ---- */

static enum status name_row(const struct grouping *g, struct tally *tally,
                            const struct tally_table *table, const char *term, size_t row,
                            struct error *err)
{
    size_t keys = g->groups->key_count, group = row % g->lists.groups;
    table->key_values[row * (keys + 1)] = term;
    for (size_t k = 0; k < keys; k++) {
        const char *name = g->groups->key_values[group * keys + k];
        const char *copy = arena_strndup(&tally->arena, name, strlen(name));
        if (!copy)
            return error_nomem(err);
        table->key_values[row * (keys + 1) + 1 + k] = copy;
    }
    return STATUS_OK;
}

static void count_list(const struct grouping *g, const struct tally_table *table, size_t list,
                       struct user_counter *counter)
{
    const struct terms_by_rows *lists = &g->lists;
    user_counter_reset(counter);
    for (uint64_t i = lists->start[list]; i < lists->start[list + 1]; i++) {
        uint32_t row;
        const struct catalogue_part *part =
            population_part(lists->source->catalogue, lists->rows[i], &row);
        user_counter_add(counter, catalogue_user(part, row));
    }
    uint32_t users = user_counter_support(counter);
    *tally_cell_at(table, list, BY_CONVERSATIONS) =
        (struct tally_cell){lists->start[list + 1] - lists->start[list], users, counter->most};
    *tally_cell_at(table, list, BY_USERS) =
        (struct tally_cell){user_counter_value(counter), users, 0};
    table->row_flags[list] |= TALLY_LESS;
}

static enum status copy_keys(const struct grouping *g, struct tally *tally, struct tally_key **out,
                             struct error *err)
{
    size_t count = g->groups->key_count;
    struct tally_key *keys = *out = arena_zalloc(&tally->arena, count + 1, sizeof *keys);
    if (!keys)
        return error_nomem(err);
    keys[0] = (struct tally_key){"term", "Term", TALLY_KEY_STRING};
    for (size_t k = 0; k < count; k++) {
        keys[k + 1] = g->groups->keys[k];
        keys[k + 1].id = arena_printf(&tally->arena, "%s", keys[k + 1].id);
        keys[k + 1].title = arena_printf(&tally->arena, "%s", keys[k + 1].title);
        if (!keys[k + 1].id || !keys[k + 1].title)
            return error_nomem(err);
    }
    return STATUS_OK;
}

/* Has a count by the query's fields rows of empty groups, too, but for "unknown"? */
static bool has_empty_groups(const struct plan_query *query)
{
    const struct plan_field *field = &query->by[0];
    return query->by_count == 1 &&
           (field->kind != PLAN_FIELD_STORED || field->values || field->bins);
}

/* A group that is listed has conversations, where empty ones are not, and their number may be
 * withheld: so one in which no term hits anything is not listed. */
static void leave_out_groups(const struct grouping *g, const struct plan_query *query,
                             const struct tally_table *table)
{
    for (size_t group = 0; group < g->lists.groups; group++) {
        bool hit = has_empty_groups(query) &&
                   strcmp(g->groups->key_values[group * g->groups->key_count], "unknown") != 0;
        for (size_t slot = 0; slot < g->lists.slots; slot++) {
            const uint64_t *start = g->lists.start + slot * g->lists.groups + group;
            hit = hit || start[1] > start[0];
        }
        for (size_t slot = 0; !hit && slot < g->lists.slots; slot++)
            table->row_flags[slot * g->lists.groups + group] |= TALLY_UNLISTED;
    }
}

static enum status write_table(const struct grouping *g, size_t number, bool withheld,
                               struct tally *tally, struct error *err)
{
    const struct plan_query *query = &g->lists.source->plan->queries[number];
    size_t rows = g->lists.slots * g->lists.groups;
    struct user_counter counter;
    struct tally_key *keys;
    struct tally_table *table;
    enum status status = STATUS_OK;
    char *id = arena_printf(&tally->arena, "%s.by", query->id);
    if (!id)
        return error_nomem(err);
    TRY(copy_keys(g, tally, &keys, err));
    TRY(tally_add_table(tally, id, number, keys, g->groups->key_count + 1, columns, BY_COLUMNS,
                        rows, &table, err));
    table->lists_found = true;
    TRY_CLEANUP(user_counter_init(&counter, g->lists.source->catalogue->users, err));
    for (size_t row = 0; row < rows; row++) {
        TRY_CLEANUP(name_row(g, tally, table, query->terms[row / g->lists.groups].name, row, err));
        count_list(g, table, row, &counter);
    }
    if (withheld)
        leave_out_groups(g, query, table);
    for (uint32_t row = 0; row < rows; row++) {
        const struct tally_term at_most[] = {{row, BY_USERS, 1}, {row, BY_CONVERSATIONS, -1}};
        TRY_CLEANUP(tally_relate(tally, table, at_most, 2, true, err));
    }
cleanup:
    user_counter_release(&counter);
    return status;
}

enum status terms_by(const struct tally_source *source, size_t number,
                     const struct query_hits *hits, bool withheld, struct tally *tally,
                     struct error *err)
{
    enum status status = STATUS_OK;
    struct grouping g = {.groups = NULL};
    tally_init(&g.count);
    TRY_CLEANUP(find_groups(&g, source, number, withheld, err));
    TRY_CLEANUP(make_lists(&g, hits, err));
    TRY_CLEANUP(write_table(&g, number, withheld, tally, err));
    if (withheld)
        status = terms_by_nested(&g.lists, tally->table_count - 1, tally, err);
cleanup:
    free(g.group_of);
    free(g.lists.start);
    free(g.lists.rows);
    tally_release(&g.count);
    return status;
}

/* ---- with the term's own row ---- */

static enum status tie_term(struct tally *tally, uint32_t own, uint32_t by, uint32_t slot,
                            uint32_t groups, struct tally_place *places, struct error *err)
{
    static const enum terms_column of[] = {CONVERSATIONS, USERS};
    static const enum terms_by_column by_of[] = {BY_CONVERSATIONS, BY_USERS};
    for (size_t c = 0; c < sizeof of / sizeof *of; c++) {
        bool users = of[c] == USERS;
        places[0] = (struct tally_place){own, slot, of[c], 1};
        for (uint32_t group = 0; group < groups; group++) {
            const struct tally_place place = {by, slot * groups + group, by_of[c], 1};
            const struct tally_place within[] = {place, {own, slot, of[c], -1}};
            places[group + 1] = place;
            places[group + 1].sign = -1;
            if (users)
                TRY(tally_bind(tally, within, 2, true, err));
        }
        TRY(tally_bind(tally, places, groups + 1ull, users, err));
    }
    return STATUS_OK;
}

enum status terms_by_tie(struct tally *tally, size_t own, size_t by, uint32_t slots,
                         struct error *err)
{
    uint32_t groups = slots ? (uint32_t)tally->tables[by].row_count / slots : 0;
    enum status status = STATUS_OK;
    struct tally_place *places = mem_zalloc(groups + 1ull, sizeof *places);
    if (!places)
        return error_nomem(err);
    for (uint32_t slot = 0; status == STATUS_OK && slot < slots; slot++)
        status = tie_term(tally, (uint32_t)own, (uint32_t)by, slot, groups, places, err);
    free(places);
    return status;
}
