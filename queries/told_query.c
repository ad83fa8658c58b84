/* A remembered search term query: see told_query.h. */
#include "queries/told_query.h"

#include "base/json_io.h"
#include "queries/told_fields.h"

#include <string.h>

enum { FORM = 1 };

/* ---- writing ---- */

static json_t *write_terms(const struct plan_query *query)
{
    json_t *list = json_array();
    for (size_t i = 0; list && i < query->term_count; i++)
        json_array_append_new(list,
                              json_pack("[s, s]", query->terms[i].name, query->terms[i].source));
    if (list && json_array_size(list) == query->term_count)
        return list;
    json_decref(list);
    return NULL;
}

static json_t *write_tables(const struct told_query *told)
{
    json_t *list = json_array();
    for (size_t i = 0; list && i < TOLD_QUERY_TABLES; i++) {
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
    if (list && json_array_size(list) == TOLD_QUERY_TABLES)
        return list;
    json_decref(list);
    return NULL;
}

static json_t *write_root(const struct told_query *told)
{
    json_t *terms = write_terms(&told->query), *tables = write_tables(told);
    json_t *by = told_fields_write(told->query.by, told->query.by_count), *root = NULL;
    if (terms && tables && by)
        root = json_pack("{s:i, s:s, s:s, s:I, s:s, s:i, s:O, s:O, s:O}", "form", FORM, "report",
                         told->report, "filters", told->filters, "min_users",
                         (json_int_t)told->min_users, "scan", told->query.scan_digest, "within",
                         (int)told->query.within, "terms", terms, "by", by, "tables", tables);
    json_decref(terms);
    json_decref(tables);
    json_decref(by);
    if (root && told_days_write(root, told->from, told->to))
        return root;
    json_decref(root);
    return NULL;
}

enum status told_query_write(const struct told_query *told, struct buffer *text, struct error *err)
{
    return told_text_write(write_root(told), text, err);
}

/* ---- reading ---- */

static enum status read_terms(struct plan_query *query, const json_t *list, struct arena *arena,
                              bool *valid, struct error *err)
{
    size_t count = json_array_size(list);
    *valid = count > 0 && count <= TOLD_QUERY_TERMS_MAX;
    if (!*valid)
        return STATUS_OK;
    query->terms = arena_zalloc(arena, count, sizeof *query->terms);
    if (!query->terms)
        return error_nomem(err);
    for (size_t i = 0; i < count && *valid; i++) {
        const json_t *pair = json_array_get(list, i);
        const char *name = json_string_value(json_array_get(pair, 0));
        const char *source = json_string_value(json_array_get(pair, 1));
        struct plan_term *term = &query->terms[query->term_count++];
        *valid = name && source;
        if (!*valid)
            return STATUS_OK;
        term->name = arena_strndup(arena, name, strlen(name));
        term->source = arena_strndup(arena, source, strlen(source));
        if (!term->name || !term->source)
            return error_nomem(err);
    }
    return STATUS_OK;
}

static enum status read_tables(struct told_query *told, const json_t *list, struct arena *arena,
                               bool *valid, struct error *err)
{
    *valid = json_array_size(list) == TOLD_QUERY_TABLES;
    for (size_t i = 0; i < TOLD_QUERY_TABLES && *valid; i++) {
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

static enum status read_root(struct told_query *told, const json_t *root, const struct plan *plan,
                             struct arena *arena, bool *valid, struct error *err)
{
    uint64_t within;
    struct told_fields by;
    *valid = told_head_read(root, FORM, told->report, told->filters, &told->from, &told->to,
                            &told->min_users) &&
             told_hex_read(root, "scan", told->query.scan_digest) &&
             told_number_read(root, "within", PLAN_CONVERSATION, &within);
    if (!*valid)
        return STATUS_OK;
    told->query.within = (enum plan_within)within;
    TRY(read_terms(&told->query, json_object_get(root, "terms"), arena, valid, err));
    if (*valid)
        TRY(told_fields_read(&by, json_object_get(root, "by"), plan, arena, valid, err));
    if (!*valid)
        return STATUS_OK;
    told->query.by = by.items;
    told->query.by_count = by.count;
    told->unknown = by.unknown;
    return read_tables(told, json_object_get(root, "tables"), arena, valid, err);
}

enum status told_query_read(struct told_query *told, const char *text, const struct plan *plan,
                            struct arena *arena, bool *valid, struct error *err)
{
    json_error_t why;
    json_t *root;
    *told = (struct told_query){.query = {.kind = QUERY_TERMS, .weight = 1}};
    *valid = false;
    TRY(json_text_read(text, strlen(text), &root, &why, err));
    enum status status = STATUS_OK;
    if (root)
        status = read_root(told, root, plan, arena, valid, err);
    json_decref(root);
    return status;
}
