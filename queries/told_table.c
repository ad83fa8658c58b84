/* A remembered table by fields: see told_table.h. */
#include "queries/told_table.h"

#include "base/json_io.h"
#include "base/memory.h"
#include "queries/field.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FORM = 1, FIELDS_MAX = 64, VALUES_MAX = 100000 };
enum { HASH_BYTES = 5, HASH_DIGITS = 10, ROW_DIGITS = 2 * HASH_DIGITS + 2 };

bool told_table_is_one(const struct tally_table *table)
{
    return table->column_count <= TOLD_TABLE_COLUMNS_MAX &&
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
                                .min_users = min_users,
                                .columns = table->column_count,
                                .row_count = table->row_count};
    told->rows = arena_zalloc(arena, told->row_count, sizeof *told->rows);
    return told->rows ? STATUS_OK : error_nomem(err);
}

/* ---- hashing ---- */

static enum status end_hash(struct digest *digest, uint64_t *out, struct error *err)
{
    struct sha256 value;
    TRY(digest_end(digest, &value, err));
    *out = sha256_head(&value, HASH_BYTES);
    return STATUS_OK;
}

static enum status add_labels(struct digest *digest, const struct tally_table *table, size_t row,
                              const char *purpose, struct error *err)
{
    TRY(digest_add_text(digest, purpose, err));
    /* A value may be called "total", too. */
    TRY(digest_add_text(digest, row + 1 == table->row_count ? "total" : "row", err));
    for (size_t i = 0; i < table->key_count; i++) {
        const char *label = table->key_values[row * table->key_count + i];
        TRY(digest_add_text(digest, label ? label : "", err));
    }
    return STATUS_OK;
}

static enum status hash_row(struct digest *digest, const struct digest *head,
                            const struct tally_table *table, size_t row, struct told_row *told,
                            struct error *err)
{
    TRY(digest_copy(digest, head, err));
    TRY(add_labels(digest, table, row, "label", err));
    TRY(end_hash(digest, &told->label, err));
    TRY(digest_copy(digest, head, err));
    TRY(add_labels(digest, table, row, "shown", err));
    TRY(digest_add(digest, &told->marks, 1, err));
    for (size_t c = 0; c < table->column_count; c++)
        if (!(told->marks >> c & 1))
            TRY(digest_add(digest, &table->cells[row * table->column_count + c].value,
                           sizeof table->cells->value, err));
    return end_hash(digest, &told->shown, err);
}

enum status told_table_hash(const struct tally_table *table, const struct sha256 *key,
                            struct told_row *rows, struct error *err)
{
    enum status status = STATUS_OK;
    struct digest *head = digest_new(), *digest = digest_new();
    if (!head || !digest)
        TRY_CLEANUP(error_nomem(err));
    TRY_CLEANUP(digest_add(head, key->bytes, sizeof key->bytes, err));
    for (size_t row = 0; row < table->row_count; row++)
        TRY_CLEANUP(hash_row(digest, head, table, row, &rows[row], err));
cleanup:
    digest_free(head);
    digest_free(digest);
    return status;
}

/* ---- writing ---- */

static json_t *write_field(const struct plan_field *field)
{
    json_t *made = json_pack("{s:s}", "field", field->name), *list = json_array();
    for (size_t i = 0; list && i < field->value_count; i++)
        json_array_append_new(list, json_string(field->values[i]));
    for (size_t i = 0; list && i < field->bin_count; i++)
        json_array_append_new(list, json_real(field->bins[i]));
    size_t count = field->value_count + field->bin_count;
    bool good = made && list && json_array_size(list) == count;
    if (good && (field->values || field->bins))
        good = json_object_set(made, field->bins ? "bins" : "values", list) == 0;
    json_decref(list);
    if (good)
        return made;
    json_decref(made);
    return NULL;
}

static json_t *write_rows(const struct told_table *told)
{
    size_t size = told->row_count * ROW_DIGITS + 1;
    char *text = mem_zalloc(size, 1);
    if (!text)
        return NULL;
    for (size_t i = 0; i < told->row_count; i++)
        snprintf(text + i * ROW_DIGITS, ROW_DIGITS + 1, "%010" PRIx64 "%02x%010" PRIx64,
                 told->rows[i].label, (unsigned)told->rows[i].marks, told->rows[i].shown);
    json_t *made = json_string(text);
    free(text);
    return made;
}

static json_t *write_root(const struct told_table *told)
{
    json_t *by = json_array();
    for (size_t i = 0; by && i < told->by_count; i++)
        json_array_append_new(by, write_field(&told->by[i]));
    json_t *rows = write_rows(told);
    json_t *root = NULL;
    if (by && rows && json_array_size(by) == told->by_count)
        root =
            json_pack("{s:i, s:s, s:O, s:s, s:I, s:I, s:O}", "form", FORM, "report", told->report,
                      "by", by, "filters", told->filters, "min_users", (json_int_t)told->min_users,
                      "columns", (json_int_t)told->columns, "rows", rows);
    json_decref(by);
    json_decref(rows);
    bool good = root != NULL;
    if (good && told->from != INT64_MIN)
        good = json_object_set_new(root, "from", json_integer(told->from)) == 0;
    if (good && told->to != INT64_MAX)
        good = json_object_set_new(root, "to", json_integer(told->to)) == 0;
    if (good)
        return root;
    json_decref(root);
    return NULL;
}

enum status told_table_write(const struct told_table *told, struct buffer *text, struct error *err)
{
    json_t *root = write_root(told);
    char *line = root ? json_text_make(root, JSON_COMPACT | JSON_SORT_KEYS) : NULL;
    enum status status = line ? STATUS_OK : error_nomem(err);
    if (line)
        status = buffer_add(text, line, strlen(line) + 1, err);
    free(line);
    json_decref(root);
    return status;
}

/* ---- reading ---- */

static bool read_hex(const json_t *root, const char *key, char hex[static 65])
{
    const char *text = json_string_value(json_object_get(root, key));
    if (!text || strlen(text) != 64 || strspn(text, "0123456789abcdef") != 64)
        return false;
    memcpy(hex, text, 65);
    return true;
}

static bool read_number(const json_t *root, const char *key, json_int_t most, uint64_t *out)
{
    const json_t *number = json_object_get(root, key);
    json_int_t value = json_integer_value(number);
    *out = (uint64_t)value;
    return json_is_integer(number) && value >= 0 && value <= most;
}

/* A day, or none. */
static bool read_day(const json_t *root, const char *key, int64_t *out)
{
    const json_t *number = json_object_get(root, key);
    if (!number)
        return true;
    *out = json_integer_value(number);
    return json_is_integer(number) && *out > -4000000 && *out < 4000000;
}

static enum status read_values(struct plan_field *field, const json_t *list, struct arena *arena,
                               bool *valid, struct error *err)
{
    size_t count = json_array_size(list);
    *valid = json_is_array(list) && count <= VALUES_MAX;
    if (!*valid)
        return STATUS_OK;
    field->values = arena_zalloc(arena, count + 1, sizeof *field->values);
    if (!field->values)
        return error_nomem(err);
    for (size_t i = 0; i < count && *valid; i++) {
        const char *text = json_string_value(json_array_get(list, i));
        *valid = text != NULL;
        if (text &&
            !(field->values[field->value_count++] = arena_strndup(arena, text, strlen(text))))
            return error_nomem(err);
    }
    return STATUS_OK;
}

static enum status read_bins(struct plan_field *field, const json_t *list, struct arena *arena,
                             bool *valid, struct error *err)
{
    size_t count = json_array_size(list);
    *valid = count > 0 && count <= VALUES_MAX;
    if (!*valid)
        return STATUS_OK;
    field->bins = arena_zalloc(arena, count, sizeof *field->bins);
    if (!field->bins)
        return error_nomem(err);
    for (size_t i = 0; i < count && *valid; i++) {
        const json_t *number = json_array_get(list, i);
        field->bins[i] = json_number_value(number);
        *valid = json_is_number(number) && isfinite(field->bins[i]) &&
                 (i == 0 || field->bins[i] > field->bins[i - 1]);
        field->bin_count++;
    }
    return STATUS_OK;
}

static enum status read_field(struct told_table *told, const json_t *item, const struct plan *plan,
                              struct arena *arena, bool *valid, struct error *err)
{
    const char *name = json_string_value(json_object_get(item, "field"));
    const json_t *values = json_object_get(item, "values"), *bins = json_object_get(item, "bins");
    struct plan_field *field = &told->by[told->by_count++];
    *valid = name && !(values && bins);
    if (!*valid)
        return STATUS_OK;
    enum field_role role = field_find(plan->logs.fields, plan->logs.field_count, name, field);
    if (role != FIELD_ROLE_CALENDAR && role != FIELD_ROLE_STORED) {
        told->unknown = true;
        return STATUS_OK;
    }
    if (values)
        return read_values(field, values, arena, valid, err);
    return bins ? read_bins(field, bins, arena, valid, err) : STATUS_OK;
}

static enum status read_by(struct told_table *told, const json_t *list, const struct plan *plan,
                           struct arena *arena, bool *valid, struct error *err)
{
    size_t count = json_array_size(list);
    *valid = json_is_array(list) && count <= FIELDS_MAX;
    if (!*valid)
        return STATUS_OK;
    told->by = arena_zalloc(arena, count, sizeof *told->by);
    if (!told->by)
        return error_nomem(err);
    for (size_t i = 0; i < count && *valid; i++)
        TRY(read_field(told, json_array_get(list, i), plan, arena, valid, err));
    return STATUS_OK;
}

/* LEN digits, which are known to be hexadecimal. */
static uint64_t number_of(const char *text, size_t len)
{
    uint64_t value = 0;
    for (size_t i = 0; i < len; i++)
        value = value << 4 | (uint64_t)(text[i] <= '9' ? text[i] - '0' : text[i] - 'a' + 10);
    return value;
}

static bool read_row(struct told_row *row, const char *text, size_t columns)
{
    uint64_t all = (UINT64_C(1) << columns) - 1, marks = number_of(text + HASH_DIGITS, 2);
    *row = (struct told_row){.label = number_of(text, HASH_DIGITS),
                             .marks = (unsigned char)marks,
                             .shown = number_of(text + HASH_DIGITS + 2, HASH_DIGITS)};
    return !(marks & ~(all | TOLD_ROW_GONE)) && (!(marks & TOLD_ROW_GONE) || (marks & all) == all);
}

static enum status read_rows(struct told_table *told, const char *text, struct arena *arena,
                             bool *valid, struct error *err)
{
    size_t len = text ? strlen(text) : 0;
    told->row_count = len / ROW_DIGITS;
    *valid = len > 0 && len % ROW_DIGITS == 0 && told->row_count <= TOLD_TABLE_ROWS_MAX &&
             strspn(text, "0123456789abcdef") == len;
    if (!*valid)
        return STATUS_OK;
    told->rows = arena_zalloc(arena, told->row_count, sizeof *told->rows);
    if (!told->rows)
        return error_nomem(err);
    for (size_t i = 0; i < told->row_count && *valid; i++)
        *valid = read_row(&told->rows[i], text + i * ROW_DIGITS, told->columns);
    return STATUS_OK;
}

static enum status read_root(struct told_table *told, const json_t *root, const struct plan *plan,
                             struct arena *arena, bool *valid, struct error *err)
{
    uint64_t columns, min_users;
    *valid = json_integer_value(json_object_get(root, "form")) == FORM &&
             read_hex(root, "report", told->report) && read_hex(root, "filters", told->filters) &&
             read_day(root, "from", &told->from) && read_day(root, "to", &told->to) &&
             read_number(root, "min_users", UINT32_MAX, &min_users) &&
             read_number(root, "columns", TOLD_TABLE_COLUMNS_MAX, &columns) && columns > 0;
    if (!*valid)
        return STATUS_OK;
    told->min_users = (uint32_t)min_users;
    told->columns = (size_t)columns;
    TRY(read_by(told, json_object_get(root, "by"), plan, arena, valid, err));
    if (*valid)
        TRY(read_rows(told, json_string_value(json_object_get(root, "rows")), arena, valid, err));
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
