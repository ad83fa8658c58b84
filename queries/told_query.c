/* A remembered query: see told_query.h. */
#include "queries/told_query.h"

#include "base/json_io.h"
#include "queries/told_fields.h"

#include <string.h>

enum { FORM_OF_TERMS = 1, FORM = 2 };

static const char no_scan[] = "0000000000000000000000000000000000000000000000000000000000000000";

/* ---- writing ---- */

static json_t *write_tables(const struct told_query *told)
{
    json_t *list = json_array();
    for (size_t i = 0; list && i < told->kind->table_count; i++) {
        json_t *one = json_object();
        bool good = one != NULL;
        if (good && told->tables[i].columns)
            good =
                json_object_set_new(one, "columns",
                                    json_integer((json_int_t)told->tables[i].columns)) == 0 &&
                json_object_set_new(one, "rows",
                                    told_rows_write(told->tables[i].rows, told->tables[i].row_count,
                                                    TOLD_MARKS_WIDE)) == 0;
        if (good)
            json_array_append(list, one);
        json_decref(one);
    }
    if (list && json_array_size(list) == told->kind->table_count)
        return list;
    json_decref(list);
    return NULL;
}

static bool write_where(json_t *root, const struct told_query *told)
{
    return !told->where.there ||
           json_object_set_new(root, "where",
                               told_filters_write(told->where.items, told->where.count)) == 0;
}

static json_t *write_root(const struct told_query *told)
{
    json_t *tables = write_tables(told), *root = NULL;
    if (tables)
        root =
            json_pack("{s:i, s:s, s:s, s:I, s:s, s:s, s:O}", "form", FORM, "report", told->report,
                      "filters", told->filters, "min_users", (json_int_t)told->min_users, "kind",
                      query_types[told->kind->kind].name, "scan",
                      told->kind->refers ? no_scan : told->query.scan_digest, "tables", tables);
    json_decref(tables);
    if (root && told_days_write(root, told->from, told->to) && write_where(root, told) &&
        (!*told->logs || json_object_set_new(root, "logs", json_string(told->logs)) == 0) &&
        told->kind->write(root, &told->query) &&
        (!told->kind->refers || told_references_write(root, told)))
        return root;
    json_decref(root);
    return NULL;
}

enum status told_query_write(const struct told_query *told, struct buffer *text, struct error *err)
{
    return told_text_write(write_root(told), text, err);
}

/* ---- reading ---- */

static enum status read_tables(struct told_query *told, const json_t *list, struct arena *arena,
                               bool *valid, struct error *err)
{
    *valid = json_array_size(list) == told->kind->table_count;
    for (size_t i = 0; *valid && i < told->kind->table_count; i++) {
        const json_t *one = json_array_get(list, i);
        uint64_t columns = 0;
        *valid = json_is_object(one);
        if (!*valid || json_object_size(one) == 0)
            continue;
        *valid = told_number_read(one, "columns", TOLD_WIDE_COLUMNS_MAX, &columns) && columns > 0;
        told->tables[i].columns = (size_t)columns;
        if (*valid)
            TRY(told_rows_read(json_string_value(json_object_get(one, "rows")), TOLD_MARKS_WIDE,
                               (size_t)columns, arena, &told->tables[i].rows,
                               &told->tables[i].row_count, valid, err));
    }
    return STATUS_OK;
}

/* The form, and which kind it is of; false where it is of none. */
static bool read_kind(struct told_query *told, const json_t *root, int *form)
{
    bool old = json_integer_value(json_object_get(root, "form")) == FORM_OF_TERMS;
    *form = old ? FORM_OF_TERMS : FORM;
    told->kind = old ? told_kind_find(QUERY_TERMS)
                     : told_kind_named(json_string_value(json_object_get(root, "kind")));
    if (told->kind)
        told->query.kind = told->kind->kind;
    return told->kind != NULL;
}

static enum status read_root(struct told_query *told, const json_t *root, const struct plan *plan,
                             struct arena *arena, bool *valid, struct error *err)
{
    struct told_reading reading = {.root = root, .plan = plan, .arena = arena};
    int form = FORM;
    *valid = read_kind(told, root, &form) &&
             told_head_read(root, form, told->report, told->filters, &told->from, &told->to,
                            &told->min_users) &&
             told_hex_read(root, "scan", told->query.scan_digest) &&
             (!json_object_get(root, "logs") || told_hex_read(root, "logs", told->logs));
    if (!*valid)
        return STATUS_OK;
    TRY(told_filters_read(&told->where, json_object_get(root, "where"), plan, arena, valid, err));
    if (*valid && told->kind->refers)
        TRY(told_references_read(told, root, arena, valid, err));
    if (*valid)
        TRY(told->kind->read(&told->query, &reading, valid, err));
    told->unknown = reading.unknown;
    *valid = *valid && told_references_hold(told);
    return *valid ? read_tables(told, json_object_get(root, "tables"), arena, valid, err)
                  : STATUS_OK;
}

enum status told_query_read(struct told_query *told, const char *text, const struct plan *plan,
                            struct arena *arena, bool *valid, struct error *err)
{
    json_error_t why;
    json_t *root;
    *told = (struct told_query){.query = {.weight = 1}};
    *valid = false;
    TRY(json_text_read(text, strlen(text), &root, &why, err));
    enum status status = STATUS_OK;
    if (root)
        status = read_root(told, root, plan, arena, valid, err);
    json_decref(root);
    return status;
}
