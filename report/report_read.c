/* Reading a report.json back, through Jansson: see report_read.h. */
#include "report/report_read.h"

#include "base/file.h"
#include "base/json_io.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

static enum status no_report(const char *what, struct error *err)
{
    return error_set(err, STATUS_INPUT, NULL, "not a report of this program: %s", what);
}

static const char *member_text(const json_t *object, const char *key)
{
    return json_string_value(json_object_get(object, key));
}

static const char *text_or_empty(const json_t *object, const char *key)
{
    const char *text = member_text(object, key);
    return text ? text : "";
}

static enum status read_columns(const json_t *list, struct result_column **columns,
                                struct error *err)
{
    size_t count = json_array_size(list);
    if (count == 0)
        return no_report("a table has no columns", err);
    *columns = calloc(count, sizeof **columns);
    if (!*columns)
        return error_nomem(err);
    for (size_t i = 0; i < count; i++) {
        const json_t *item = json_array_get(list, i);
        struct result_column *to = &(*columns)[i];
        const char *type = text_or_empty(item, "type");
        int known = RESULT_VERDICT;
        while (known >= 0 && strcmp(result_type_names[known], type) != 0)
            known--;
        to->id = member_text(item, "id");
        if (known < 0 || !to->id)
            return no_report("a column without id or known type", err);
        to->type = (enum result_type)known;
        to->title = member_text(item, "title");
        to->unit = member_text(item, "unit");
    }
    return STATUS_OK;
}

static enum status read_value(struct result *result, struct result_table *table, size_t column,
                              const json_t *row, struct error *err)
{
    const struct result_column *c = &table->columns[column];
    const json_t *value = json_object_get(row, c->id);
    bool integer = c->type == RESULT_COUNT;
    bool number = c->type == RESULT_SHARE || c->type == RESULT_NUMBER;
    if (!value || json_is_null(value)) {
        if (member_text(json_object_get(row, "flags"), c->id))
            return result_put_withheld(result, table, err);
        return result_put_null(result, table, err);
    }
    if (integer && json_is_integer(value) && json_integer_value(value) >= 0)
        return result_put_count(result, table, (uint64_t)json_integer_value(value), err);
    if (number && json_is_number(value))
        return result_put_real(result, table, json_number_value(value), err);
    if (!integer && !number && json_is_string(value))
        return result_put_text(result, table, json_string_value(value), err);
    return no_report("a value that does not fit its column", err);
}

static enum status read_table(struct result *result, const json_t *from, struct error *err)
{
    enum status status = STATUS_OK;
    struct result_column *columns = NULL;
    struct result_table *table;
    const char *id = member_text(from, "id"), *kind = member_text(from, "kind");
    const json_t *list = json_object_get(from, "columns");
    if (!id || !kind || !json_is_array(json_object_get(from, "rows")))
        return no_report("a table without id, kind or rows", err);
    TRY_CLEANUP(read_columns(list, &columns, err));
    TRY_CLEANUP(result_table_add(result, id, kind, text_or_empty(from, "title"),
                                 member_text(from, "unit"), columns, json_array_size(list), &table,
                                 err));
    for (size_t i = 0; i < table->column_count; i++)
        if (strcmp(table->columns[i].id, columns[i].id) != 0) {
            status = no_report("two columns of one id", err);
            goto cleanup;
        }
    table->population = result_text(result, text_or_empty(from, "population"));
    table->method = result_text(result, text_or_empty(from, "method"));
    table->question = result_text(result, text_or_empty(from, "question"));
    if (!table->population || !table->method || !table->question) {
        status = error_nomem(err);
        goto cleanup;
    }
    size_t i;
    json_t *item;
    json_array_foreach(json_object_get(from, "notes"), i, item)
    {
        if (json_is_string(item))
            TRY_CLEANUP(result_note(result, table, json_string_value(item), err));
    }
    json_array_foreach(json_object_get(from, "rows"), i, item)
    {
        if (!json_is_object(item)) {
            status = no_report("a row that is no object", err);
            goto cleanup;
        }
        for (size_t c = 0; c < table->column_count; c++)
            TRY_CLEANUP(read_value(result, table, c, item, err));
    }
cleanup:
    free(columns);
    return status;
}

static enum status read_list(struct result *result, const json_t *list, const char *name,
                             const char *value, struct result_pairs *to, struct error *err)
{
    size_t i;
    json_t *item;
    json_array_foreach(list, i, item)
    {
        TRY(result_pair_add(result, to, text_or_empty(item, name), text_or_empty(item, value),
                            err));
    }
    return STATUS_OK;
}

static enum status read_object(struct result *result, json_t *object, struct result_pairs *to,
                               struct error *err)
{
    const char *key;
    json_t *value;
    json_object_foreach(object, key, value)
    {
        const char *text = json_string_value(value);
        TRY(result_pair_add(result, to, key, text ? text : "", err));
    }
    return STATUS_OK;
}

static enum status keep_text(struct result *result, const json_t *root, const char *key,
                             const char **to, struct error *err)
{
    const char *text = member_text(root, key);
    *to = result_text(result, text);
    return text && !*to ? error_nomem(err) : STATUS_OK;
}

static enum status read_root(struct result *result, const json_t *root, struct error *err)
{
    const json_t *tables = json_object_get(root, "tables");
    const json_t *completeness = json_object_get(root, "completeness");
    if (json_integer_value(json_object_get(root, "proffer")) != 1 || !json_is_array(tables))
        return no_report("no member \"proffer\": 1 or no tables", err);
    TRY(keep_text(result, root, "title", &result->title, err));
    TRY(keep_text(result, root, "matter", &result->matter, err));
    TRY(keep_text(result, root, "confidentiality", &result->confidentiality, err));
    TRY(keep_text(result, root, "date", &result->date, err));
    TRY(read_object(result, json_object_get(root, "run"), &result->run, err));
    TRY(read_object(result, json_object_get(root, "release"), &result->release, err));
    TRY(read_list(result, json_object_get(root, "definitions"), "word", "meaning",
                  &result->definitions, err));
    TRY(read_list(result, json_object_get(root, "methods"), "name", "text", &result->methods, err));
    TRY(read_list(result, json_object_get(root, "summary"), "id", "text", &result->summary, err));
    if (json_is_object(completeness))
        TRY(read_table(result, completeness, err));
    size_t i;
    json_t *item;
    json_array_foreach(tables, i, item)
    {
        TRY(read_table(result, item, err));
    }
    return STATUS_OK;
}

enum status report_parse(struct result *result, const char *name, const char *text, size_t len,
                         struct error *err)
{
    json_error_t why;
    json_t *root = NULL;
    TRY(json_text_read(text, len, &root, &why, err));
    if (!root)
        return error_set(err, STATUS_INPUT, name, "not JSON: line %d, column %d: %s", why.line,
                         why.column, why.text);
    enum status status = read_root(result, root, err);
    json_decref(root);
    return status == STATUS_INPUT ? error_within(err, name) : status;
}

enum status report_read_digest(struct result *result, const char *path, size_t max,
                               struct sha256 *digest, struct error *err)
{
    char *text;
    size_t len;
    TRY(file_read(path, max, &text, &len, err));
    enum status status = sha256_of(text, len, digest, err);
    if (status == STATUS_OK)
        status = report_parse(result, path, text, len, err);
    free(text);
    return status;
}

enum status report_read(struct result *result, const char *path, struct error *err)
{
    enum { REPORT_MAX = 1 << 30 };
    struct sha256 digest;
    return report_read_digest(result, path, REPORT_MAX, &digest, err);
}
