/* One term's rows by fields: see terms_slice.h. */
#include "queries/terms_slice.h"

#include "queries/terms_by.h"
#include "queries/terms_relations.h"

static const struct tally_column columns[BY_COLUMNS] = {
    [BY_CONVERSATIONS] = {"conversations", "Conversations", "conversations", 0},
    [BY_USERS] = {"users", "Users", "users", TALLY_USERS}};
static const uint32_t total_columns[BY_COLUMNS] = {
    [BY_CONVERSATIONS] = CONVERSATIONS, [BY_USERS] = USERS};

/* The labels of a row of groups are those after the term's own. */
static void copy_row(struct tally_table *to, size_t row, const struct tally_table *from,
                     size_t from_row)
{
    for (size_t i = 0; i < to->key_count; i++)
        to->key_values[row * to->key_count + i] =
            from->key_values[from_row * from->key_count + 1 + i];
    for (size_t c = 0; c < BY_COLUMNS; c++)
        to->cells[row * BY_COLUMNS + c] = *tally_cell_at(from, from_row, c);
}

enum status terms_slice_make(struct terms_slice *slice, const struct terms_report *report,
                             uint32_t slot, const struct tally *tally, struct arena *arena,
                             struct error *err)
{
    const struct tally_table *own = &tally->tables[report->own];
    const struct tally_table *by = report->by == SIZE_MAX ? NULL : &tally->tables[report->by];
    size_t fields = by ? report->query->by_count : 0;
    size_t groups = by ? by->row_count / report->query->term_count : 0;
    struct tally_table *table = &slice->table;
    *table = (struct tally_table){.id = own->id,
                                  .by = report->query->by,
                                  .by_count = fields,
                                  .from = report->from,
                                  .to = report->to,
                                  .filters = report->filters,
                                  .filter_count = report->filter_count,
                                  .key_count = fields,
                                  .columns = (struct tally_column *)(uintptr_t)columns,
                                  .column_count = BY_COLUMNS,
                                  .row_count = groups + 1};
    table->key_values = arena_zalloc(arena, (groups + 1) * fields + 1, sizeof *table->key_values);
    table->cells = arena_zalloc(arena, (groups + 1) * BY_COLUMNS, sizeof *table->cells);
    table->row_flags = arena_zalloc(arena, groups + 1, sizeof *table->row_flags);
    if (!table->key_values || !table->cells || !table->row_flags)
        return error_nomem(err);
    for (size_t g = 0; g < groups; g++)
        copy_row(table, g, by, slot * groups + g);
    for (size_t c = 0; c < BY_COLUMNS; c++)
        table->cells[groups * BY_COLUMNS + c] = *tally_cell_at(own, slot, total_columns[c]);
    slice->rows = (struct linked_rows){.table = table,
                                       .number = by ? report->by : report->own,
                                       .first = (uint32_t)(slot * groups),
                                       .total_number = report->own,
                                       .total_row = slot,
                                       .total_columns = total_columns};
    return STATUS_OK;
}
