/*
 * report.json: the result tree as JSON, one row a line.
 *
 *     { "completeness": TABLE, "confidentiality", "cover": {"caption": [], "inspection",
 *       "offered_as", "stamp": {"digits","first","prefix"}}, "date", "definitions":
 *       [{"meaning","word"}], "matter", "methods": [{"name","text"}], "proffer": 1, "release": {},
 * "run": {}, "summary": [{"id","text"}], "tables": [TABLE...], "title" }
 *
 * Keys are sorted at every level. Rows go through Jansson one at a time, so that memory does not
 * grow with the table; the levels above them are written by hand. Counts are JSON integers and
 * must fit in 63 bits; other numbers have 15 significant digits. Nothing depends on the clock, the
 * locale or a hash seed: the same tree gives the same bytes.
 */
#include "report/writer.h"

#include "base/file.h"

#include <errno.h>
#include <inttypes.h>
#include <jansson.h>
#include <string.h>

enum { DUMP_FLAGS = JSON_COMPACT | JSON_SORT_KEYS | JSON_ENCODE_ANY | JSON_REAL_PRECISION(15) };

/* Writes and frees VALUE, which may be NULL for lack of memory. */
static enum status put_json(FILE *out, json_t *value, struct error *err)
{
    if (!value)
        return error_nomem(err);
    int failed = json_dumpf(value, out, DUMP_FLAGS);
    json_decref(value);
    if (ferror(out))
        return error_errno(err, STATUS_INPUT, errno ? errno : EIO, NULL, "cannot write");
    return failed ? error_nomem(err) : STATUS_OK;
}

static json_t *text_or_null(const char *text)
{
    return text ? json_string(text) : json_null();
}

/* `LEAD"text"` */
static enum status put_text(FILE *out, const char *lead, const char *text, struct error *err)
{
    fputs(lead, out);
    return put_json(out, text_or_null(text), err);
}

/* Adds a member and reports a failure once, by setting *OBJECT to NULL. */
static void set(json_t **object, const char *key, json_t *value)
{
    if (!*object) {
        json_decref(value);
        return;
    }
    if (json_object_set_new(*object, key, value) != 0) {
        json_decref(*object);
        *object = NULL;
    }
}

static enum status put_row(FILE *out, const struct result_table *table, size_t row,
                           struct error *err)
{
    json_t *object = json_object(), *flags = NULL;
    bool flags_failed = false;
    for (size_t c = 0; c < table->column_count; c++) {
        const struct result_value *value = result_value_at(table, row, c);
        const char *key = table->columns[c].id;
        switch (value->kind) {
        case VALUE_TEXT:
            set(&object, key, json_string(value->text));
            break;
        case VALUE_COUNT:
            if (value->count > (uint64_t)INT64_MAX) {
                json_decref(object);
                json_decref(flags);
                return error_set(err, STATUS_INTERNAL, table->id,
                                 "count %" PRIu64 " in column \"%s\" is over 63 bits", value->count,
                                 key);
            }
            set(&object, key, json_integer((json_int_t)value->count));
            break;
        case VALUE_REAL:
            set(&object, key, json_real(value->real));
            break;
        case VALUE_WITHHELD:
            if (!flags && !flags_failed) {
                flags = json_object();
                flags_failed = !flags;
            }
            set(&flags, key, json_string("withheld"));
            flags_failed = flags_failed || !flags;
            set(&object, key, json_null());
            break;
        case VALUE_NULL:
            set(&object, key, json_null());
            break;
        }
    }
    if (flags_failed) {
        json_decref(object);
        object = NULL;
    } else if (flags) {
        set(&object, "flags", flags);
    }
    return put_json(out, object, err);
}

static enum status put_columns(FILE *out, const struct result_table *table, struct error *err)
{
    for (size_t c = 0; c < table->column_count; c++) {
        const struct result_column *column = &table->columns[c];
        json_t *object = json_object();
        set(&object, "id", json_string(column->id));
        set(&object, "title", json_string(column->title));
        set(&object, "type", json_string(result_type_names[column->type]));
        set(&object, "unit", json_string(column->unit));
        fputs(c ? ",\n" : "\n", out);
        TRY(put_json(out, object, err));
    }
    return STATUS_OK;
}

static enum status put_table(FILE *out, const struct result_table *table, struct error *err)
{
    fputs("{\"columns\":[", out);
    TRY(put_columns(out, table, err));
    TRY(put_text(out, "],\n\"id\":", table->id, err));
    TRY(put_text(out, ",\"kind\":", table->kind, err));
    TRY(put_text(out, ",\n\"method\":", table->method, err));
    fputs(",\n\"notes\":[", out);
    for (size_t i = 0; i < table->note_count; i++)
        TRY(put_text(out, i ? ",\n" : "\n", table->notes[i], err));
    TRY(put_text(out, "],\n\"population\":", table->population, err));
    if (*table->question)
        TRY(put_text(out, ",\"question\":", table->question, err));
    fputs(",\n\"rows\":[", out);
    for (size_t row = 0; row < table->row_count; row++) {
        fputs(row ? ",\n" : "\n", out);
        TRY(put_row(out, table, row, err));
    }
    TRY(put_text(out, "],\n\"title\":", table->title, err));
    TRY(put_text(out, ",\"unit\":", table->unit, err));
    fputc('}', out);
    return STATUS_OK;
}

/* An array that keeps the order: [{"NAME_KEY": name, "VALUE_KEY": value}]. */
static enum status put_list(FILE *out, const char *lead, const struct result_pairs *pairs,
                            const char *name_key, const char *value_key, struct error *err)
{
    fputs(lead, out);
    for (size_t i = 0; i < pairs->count; i++) {
        json_t *object = json_object();
        set(&object, name_key, json_string(pairs->items[i].name));
        set(&object, value_key, json_string(pairs->items[i].value));
        fputs(i ? ",\n" : "\n", out);
        TRY(put_json(out, object, err));
    }
    fputs("]", out);
    return STATUS_OK;
}

static enum status put_object(FILE *out, const char *lead, const struct result_pairs *pairs,
                              struct error *err)
{
    json_t *object = json_object();
    for (size_t i = 0; i < pairs->count; i++)
        set(&object, pairs->items[i].name, json_string(pairs->items[i].value));
    fputs(lead, out);
    return put_json(out, object, err);
}

static json_t *caption_of(const struct result_cover *cover)
{
    json_t *lines = cover->has_caption ? json_array() : json_null();
    for (size_t i = 0; lines && i < cover->caption_count; i++)
        if (json_array_append_new(lines, json_string(cover->caption[i])) != 0) {
            json_decref(lines);
            lines = NULL;
        }
    return lines;
}

static json_t *stamp_of(const struct result_cover *cover)
{
    if (!cover->stamp_prefix)
        return json_null();
    json_t *stamp = json_object();
    set(&stamp, "digits", json_integer(cover->stamp_digits));
    set(&stamp, "first", json_integer(cover->stamp_first));
    set(&stamp, "prefix", json_string(cover->stamp_prefix));
    return stamp;
}

/* Null if the plan states none of it. */
static enum status put_cover(FILE *out, const struct result_cover *cover, struct error *err)
{
    fputs(",\n\"cover\":", out);
    if (!cover->has_caption && !cover->offered_as && !cover->inspection && !cover->stamp_prefix)
        return put_json(out, json_null(), err);
    json_t *object = json_object();
    set(&object, "caption", caption_of(cover));
    set(&object, "inspection", text_or_null(cover->inspection));
    set(&object, "offered_as", text_or_null(cover->offered_as));
    set(&object, "stamp", stamp_of(cover));
    return put_json(out, object, err);
}

static enum status put_result(FILE *out, const struct result *result, struct error *err)
{
    const struct result_table *completeness = result_table_find(result, "completeness");
    fputs("{\"completeness\":", out);
    if (completeness)
        TRY(put_table(out, completeness, err));
    else
        fputs("null", out);
    TRY(put_text(out, ",\n\"confidentiality\":", result->confidentiality, err));
    TRY(put_cover(out, &result->cover, err));
    TRY(put_text(out, ",\n\"date\":", result->date, err));
    TRY(put_list(out, ",\n\"definitions\":[", &result->definitions, "word", "meaning", err));
    TRY(put_text(out, ",\n\"matter\":", result->matter, err));
    TRY(put_list(out, ",\n\"methods\":[", &result->methods, "name", "text", err));
    fputs(",\n\"proffer\":1", out);
    TRY(put_object(out, ",\n\"release\":", &result->release, err));
    TRY(put_object(out, ",\n\"run\":", &result->run, err));
    TRY(put_list(out, ",\n\"summary\":[", &result->summary, "id", "text", err));
    fputs(",\n\"tables\":[", out);
    bool first = true;
    for (size_t i = 0; i < result->table_count; i++) {
        if (result->tables[i] == completeness)
            continue;
        fputs(first ? "\n" : ",\n", out);
        first = false;
        TRY(put_table(out, result->tables[i], err));
    }
    TRY(put_text(out, "],\n\"title\":", result->title, err));
    fputs("}\n", out);
    return STATUS_OK;
}

enum status json_report_write(const struct result *result, const char *path, struct error *err)
{
    struct file_out out;
    TRY(file_out_open(&out, path, 0644, err));
    errno = 0;
    enum status status = put_result(out.stream, result, err);
    if (status != STATUS_OK) {
        int why = errno;
        if (status == STATUS_INPUT)
            error_errno(err, status, why ? why : EIO, NULL, "cannot write \"%s\"", path);
        file_out_abandon(&out);
        return status;
    }
    return file_out_commit(&out, err);
}
