/* A remembered table by fields: see told_table.h. */
#include "queries/told_table.h"

#include "base/json_io.h"
#include "queries/told_fields.h"

#include <string.h>

enum { FORM = 1 };

bool told_table_is_one(const struct tally_table *table)
{
    return table->column_count <= TOLD_NARROW_COLUMNS_MAX &&
           (table->own_total || (table->by_count && table->row_count > 1));
}

bool told_table_is_large(const struct tally_table *table)
{
    return table->row_count > TOLD_TABLE_ROWS_MAX;
}

enum status told_table_of(struct told_table *told, const struct tally_table *table,
                          uint32_t min_users, struct arena *arena, struct error *err)
{
    *told = (struct told_table){.by = (struct plan_field *)table->by,
                                .by_count = table->by_count,
                                .from = table->from,
                                .to = table->to,
                                .where = {.items = (struct plan_filter *)(uintptr_t)table->filters,
                                          .count = table->filter_count},
                                .min_users = min_users,
                                .columns = table->column_count,
                                .row_count = table->row_count};
    told->where.there = told_filters_are_plain(table->filters, table->filter_count);
    told->rows = arena_zalloc(arena, told->row_count, sizeof *told->rows);
    return told->rows ? STATUS_OK : error_nomem(err);
}

/* ---- writing ---- */

static bool write_filters(const struct told_table *told, json_t *root)
{
    return !told->where.there ||
           json_object_set_new(root, "where",
                               told_filters_write(told->where.items, told->where.count)) == 0;
}

static json_t *write_root(const struct told_table *told)
{
    json_t *by = told_fields_write(told->by, told->by_count);
    json_t *rows = told_rows_write(told->rows, told->row_count, TOLD_MARKS_NARROW);
    json_t *root = NULL;
    if (by && rows)
        root =
            json_pack("{s:i, s:s, s:O, s:s, s:I, s:I, s:O}", "form", FORM, "report", told->report,
                      "by", by, "filters", told->filters, "min_users", (json_int_t)told->min_users,
                      "columns", (json_int_t)told->columns, "rows", rows);
    json_decref(by);
    json_decref(rows);
    if (root && told_days_write(root, told->from, told->to) && write_filters(told, root) &&
        (!*told->logs || json_object_set_new(root, "logs", json_string(told->logs)) == 0))
        return root;
    json_decref(root);
    return NULL;
}

enum status told_table_write(const struct told_table *told, struct buffer *text, struct error *err)
{
    return told_text_write(write_root(told), text, err);
}

/* ---- reading ---- */

static enum status read_root(struct told_table *told, const json_t *root, const struct plan *plan,
                             struct arena *arena, bool *valid, struct error *err)
{
    uint64_t columns;
    struct told_fields by;
    *valid = told_head_read(root, FORM, told->report, told->filters, &told->from, &told->to,
                            &told->min_users) &&
             told_number_read(root, "columns", TOLD_NARROW_COLUMNS_MAX, &columns) && columns > 0 &&
             (!json_object_get(root, "logs") || told_hex_read(root, "logs", told->logs));
    if (!*valid)
        return STATUS_OK;
    told->columns = (size_t)columns;
    TRY(told_filters_read(&told->where, json_object_get(root, "where"), plan, arena, valid, err));
    if (!*valid)
        return STATUS_OK;
    TRY(told_fields_read(&by, json_object_get(root, "by"), plan, arena, valid, err));
    told->by = by.items;
    told->by_count = by.count;
    told->unknown = by.unknown;
    if (*valid)
        TRY(told_rows_read(json_string_value(json_object_get(root, "rows")), TOLD_MARKS_NARROW,
                           told->columns, arena, &told->rows, &told->row_count, valid, err));
    *valid = *valid && told->row_count > 0;
    return STATUS_OK;
}

enum status told_table_read(struct told_table *told, const char *text, const struct plan *plan,
                            struct arena *arena, bool *valid, struct error *err)
{
    json_error_t why;
    json_t *root;
    *told = (struct told_table){.from = INT64_MIN, .to = INT64_MAX};
    *valid = false;
    TRY(json_text_read(text, strlen(text), &root, &why, err));
    enum status status = STATUS_OK;
    if (root)
        status = read_root(told, root, plan, arena, valid, err);
    json_decref(root);
    return status;
}
