/* The end of a run as JSON: see run_json.h. */
#include "cli/run_json.h"

#include <stdio.h>
#include <string.h>

enum status run_json_file(struct run_json *told, const char *format, const char *path,
                          struct error *err)
{
    if (!told->files)
        told->files = json_object();
    /* A path need not be UTF-8: what is not becomes U+FFFD, as everywhere in a report. */
    struct result text;
    result_init(&text);
    const char *shown = result_text(&text, path);
    int failed = json_object_set_new(told->files, format, shown ? json_string(shown) : NULL);
    result_release(&text);
    if (!failed)
        return STATUS_OK;
    json_decref(told->files);
    told->files = NULL;
    return error_nomem(err);
}

/* Adds {"id": ID, KEY: TEXT}. 0, or -1 without memory. */
static int add(json_t *list, const char *id, const char *key, const char *text)
{
    return json_array_append_new(list, json_pack("{s:s, s:s}", "id", id, key, text));
}

static json_t *answers_of(const struct result *result)
{
    json_t *list = json_array();
    int bad = !list;
    for (size_t i = 0; !bad && i < result->summary.count; i++)
        bad = add(list, result->summary.items[i].name, "text", result->summary.items[i].value);
    if (!bad)
        return list;
    json_decref(list);
    return NULL;
}

/* Of each table with verdicts the first row's, which is the one over the population. */
static json_t *verdicts_of(const struct result *result)
{
    json_t *list = json_array();
    int bad = !list;
    for (size_t t = 0; t < result->table_count; t++) {
        const struct result_table *table = result->tables[t];
        for (size_t c = 0; !bad && table->row_count && c < table->column_count; c++) {
            const struct result_value *value = result_value_at(table, 0, c);
            if (table->columns[c].type == RESULT_VERDICT && value->kind == VALUE_TEXT)
                bad = add(list, table->id, "verdict", value->text);
        }
    }
    if (!bad)
        return list;
    json_decref(list);
    return NULL;
}

static const char *run_id(const struct result *result)
{
    for (size_t i = 0; i < result->run.count; i++)
        if (strcmp(result->run.items[i].name, "run_id") == 0)
            return result->run.items[i].value;
    return "";
}

enum status run_json_end(struct run_json *told, struct error *err)
{
    /* The references are the object's, also where it cannot be made. */
    json_t *root = json_pack("{s:o, s:o, s:i, s:s, s:o}", "answers", answers_of(told->result),
                             "files", told->files ? told->files : json_object(), "proffer", 1,
                             "run_id", run_id(told->result), "verdicts", verdicts_of(told->result));
    told->files = NULL;
    if (!root)
        return error_nomem(err);
    int failed = json_dumpf(root, stdout, JSON_INDENT(2) | JSON_SORT_KEYS | JSON_ENSURE_ASCII);
    json_decref(root);
    putchar('\n');
    return failed && !ferror(stdout) ? error_nomem(err) : STATUS_OK;
}
