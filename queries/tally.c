/*
 * Tallies: see tally.h. Everything lies in the tally's arena; arrays that grow double their room
 * there and leave the old one behind, which costs at most as much again.
 */
#include "queries/tally.h"

#include <assert.h>
#include <string.h>

void tally_init(struct tally *tally)
{
    *tally = (struct tally){.arena = ARENA_INIT};
}

void tally_release(struct tally *tally)
{
    arena_release(&tally->arena);
    tally_init(tally);
}

/* Room for one more in an array of COUNT objects; NULL without memory. */
static void *grow(struct arena *arena, void *items, size_t count, size_t *capacity, size_t size)
{
    if (count < *capacity)
        return items;
    size_t doubled = *capacity ? *capacity * 2 : 4;
    void *grown = arena_zalloc(arena, doubled, size);
    if (!grown)
        return NULL;
    if (count)
        memcpy(grown, items, count * size);
    *capacity = doubled;
    return grown;
}

static enum status table_fill(struct arena *arena, struct tally_table *table,
                              const struct tally_key *keys, const struct tally_column *columns,
                              struct error *err)
{
    size_t key_cells, cells;
    if (__builtin_mul_overflow(table->row_count, table->key_count, &key_cells) ||
        __builtin_mul_overflow(table->row_count, table->column_count, &cells))
        return error_nomem(err);
    table->keys = arena_zalloc(arena, table->key_count, sizeof *table->keys);
    table->columns = arena_zalloc(arena, table->column_count, sizeof *table->columns);
    table->key_values = arena_zalloc(arena, key_cells, sizeof *table->key_values);
    table->cells = arena_zalloc(arena, cells, sizeof *table->cells);
    table->row_flags = arena_zalloc(arena, table->row_count, sizeof *table->row_flags);
    if (!table->keys || !table->columns || !table->key_values || !table->cells || !table->row_flags)
        return error_nomem(err);
    if (table->key_count)
        memcpy(table->keys, keys, table->key_count * sizeof *keys);
    if (table->column_count)
        memcpy(table->columns, columns, table->column_count * sizeof *columns);
    for (size_t i = 0; i < key_cells; i++)
        table->key_values[i] = "";
    return STATUS_OK;
}

enum status tally_add_table(struct tally *tally, const char *id, size_t query,
                            const struct tally_key *keys, size_t key_count,
                            const struct tally_column *columns, size_t column_count, size_t rows,
                            struct tally_table **table, struct error *err)
{
    *table = NULL;
    struct tally_table made = {.id = id,
                               .query = query,
                               .key_count = key_count,
                               .column_count = column_count,
                               .row_count = rows};
    TRY(table_fill(&tally->arena, &made, keys, columns, err));
    struct tally_table *grown = grow(&tally->arena, tally->tables, tally->table_count,
                                     &tally->table_capacity, sizeof *grown);
    if (!grown)
        return error_nomem(err);
    tally->tables = grown;
    *table = &tally->tables[tally->table_count++];
    **table = made;
    return STATUS_OK;
}

struct tally_cell *tally_cell_at(const struct tally_table *table, size_t row, size_t column)
{
    assert(row < table->row_count && column < table->column_count);
    return &table->cells[row * table->column_count + column];
}

enum status tally_relate(struct tally *tally, struct tally_table *table,
                         const struct tally_term *terms, size_t count, bool at_most,
                         struct error *err)
{
    struct tally_relation *grown = grow(&tally->arena, table->relations, table->relation_count,
                                        &table->relation_capacity, sizeof *grown);
    struct tally_term *copy = arena_zalloc(&tally->arena, count, sizeof *copy);
    if (!grown || !copy)
        return error_nomem(err);
    if (count)
        memcpy(copy, terms, count * sizeof *copy);
    table->relations = grown;
    table->relations[table->relation_count++] =
        (struct tally_relation){.terms = copy, .count = count, .at_most = at_most};
    return STATUS_OK;
}

enum status tally_hide(struct tally *tally, struct tally_cell cell, uint32_t *number,
                       struct error *err)
{
    struct tally_cell *grown = grow(&tally->arena, tally->hidden, tally->hidden_count,
                                    &tally->hidden_capacity, sizeof *grown);
    if (!grown || tally->hidden_count >= TALLY_HIDDEN)
        return error_nomem(err);
    tally->hidden = grown;
    *number = (uint32_t)tally->hidden_count++;
    grown[*number] = cell;
    return STATUS_OK;
}

enum status tally_add_atoms(struct tally *tally, size_t query, size_t count,
                            struct tally_atoms **atoms, struct error *err)
{
    struct tally_atoms made = {.query = query, .count = count};
    struct tally_atoms *grown = grow(&tally->arena, tally->atoms, tally->atoms_count,
                                     &tally->atoms_capacity, sizeof *grown);
    made.lists = arena_zalloc(&tally->arena, count, sizeof *made.lists);
    made.lengths = arena_zalloc(&tally->arena, count, sizeof *made.lengths);
    if (!grown || !made.lists || !made.lengths)
        return error_nomem(err);
    tally->atoms = grown;
    *atoms = &grown[tally->atoms_count++];
    **atoms = made;
    return STATUS_OK;
}

const struct tally_atoms *tally_atoms_find(const struct tally *tally, size_t query)
{
    for (size_t i = 0; i < tally->atoms_count; i++)
        if (tally->atoms[i].query == query)
            return &tally->atoms[i];
    return NULL;
}

enum status tally_add_union(struct tally *tally, const struct tally_union *of, struct error *err)
{
    struct tally_union *grown = grow(&tally->arena, tally->unions, tally->union_count,
                                     &tally->union_capacity, sizeof *grown);
    if (!grown)
        return error_nomem(err);
    tally->unions = grown;
    grown[tally->union_count++] = *of;
    return STATUS_OK;
}

const struct tally_union *tally_union_find(const struct tally *tally, size_t query)
{
    for (size_t i = 0; i < tally->union_count; i++)
        if (tally->unions[i].query == query)
            return &tally->unions[i];
    return NULL;
}

enum status tally_bind(struct tally *tally, const struct tally_place *places, size_t count,
                       bool at_most, struct error *err)
{
    struct tally_tie *grown =
        grow(&tally->arena, tally->ties, tally->tie_count, &tally->tie_capacity, sizeof *grown);
    struct tally_place *copy = arena_zalloc(&tally->arena, count, sizeof *copy);
    if (!grown || !copy)
        return error_nomem(err);
    if (count)
        memcpy(copy, places, count * sizeof *copy);
    tally->ties = grown;
    grown[tally->tie_count++] =
        (struct tally_tie){.places = copy, .count = count, .at_most = at_most};
    return STATUS_OK;
}

enum status tally_add_sample(struct tally *tally, const struct tally_sample *sample,
                             struct error *err)
{
    struct tally_sample *grown = grow(&tally->arena, tally->samples, tally->sample_count,
                                      &tally->sample_capacity, sizeof *grown);
    if (!grown)
        return error_nomem(err);
    tally->samples = grown;
    tally->samples[tally->sample_count++] = *sample;
    return STATUS_OK;
}

enum status tally_add_spread(struct tally *tally, const struct tally_spread *spread,
                             struct error *err)
{
    struct tally_spread *grown = grow(&tally->arena, tally->spreads, tally->spread_count,
                                      &tally->spread_capacity, sizeof *grown);
    if (!grown)
        return error_nomem(err);
    tally->spreads = grown;
    grown[tally->spread_count++] = *spread;
    return STATUS_OK;
}

enum status tally_add_difference(struct tally *tally, const struct tally_difference *difference,
                                 struct error *err)
{
    struct tally_difference *grown =
        grow(&tally->arena, tally->differences, tally->difference_count,
             &tally->difference_capacity, sizeof *grown);
    if (!grown)
        return error_nomem(err);
    tally->differences = grown;
    grown[tally->difference_count++] = *difference;
    return STATUS_OK;
}
