/* What two terms share: see told_pairs.h. */
#include "queries/told_pairs.h"

#include <string.h>

bool told_pairs_is_table(const char *id)
{
    size_t len = strlen(id);
    return len > 6 && strcmp(id + len - 6, ".pairs") == 0;
}

static uint32_t slot_of(const struct plan_query *query, const char *name)
{
    uint32_t slot = 0;
    while (slot < query->term_count && strcmp(query->terms[slot].name, name) != 0)
        slot++;
    return slot;
}

void told_pairs_sides(const struct told_sets *sets, size_t table, uint32_t row,
                      const struct told_set *sides[static 2])
{
    const struct tally_table *pairs = &sets->tally->tables[table];
    const struct plan_query *query = &sets->source->plan->queries[pairs->query];
    for (size_t i = 0; i < 2; i++)
        sides[i] = told_sets_find(sets, pairs->query,
                                  slot_of(query, pairs->key_values[2 * (size_t)row + i]));
}

static enum status add_row(struct told_sets *sets, size_t table, uint32_t row, struct error *err)
{
    const struct told_set *sides[2];
    struct told_set *told = NULL;
    told_pairs_sides(sets, table, row, sides);
    if (!sides[0] || !sides[1])
        return STATUS_OK;
    size_t first = (size_t)(sides[0] - sets->items), second = (size_t)(sides[1] - sets->items);
    TRY(told_sets_add(sets, table, sets->tally->tables[table].query, row, &told, err));
    const struct unit_set *a = &sets->items[first].set, *b = &sets->items[second].set;
    for (size_t p = 0; p < told->set.parts; p++) {
        bitmap_or(told->set.rows[p], a->rows[p]);
        bitmap_and(told->set.rows[p], b->rows[p]);
    }
    return STATUS_OK;
}

enum status told_pairs_add(struct told_sets *sets, struct error *err)
{
    for (size_t t = 0; t < sets->tally->table_count; t++) {
        const struct tally_table *table = &sets->tally->tables[t];
        if (!told_pairs_is_table(table->id) || table->row_count > TOLD_ROWS_MAX)
            continue;
        for (uint32_t row = 0; row < table->row_count; row++)
            TRY(add_row(sets, t, row, err));
    }
    return STATUS_OK;
}
