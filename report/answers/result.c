/*
 * The result tree: see result.h. Strings live in one arena; the values of a table, which can be
 * many millions, in one growing block of their own. A text equal to the one above it in its column
 * (sorted keys repeat) shares its bytes.
 */
#include "report/answers/result.h"

#include "base/memory.h"
#include "base/utf8.h"

#include <assert.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char *const result_type_names[] = {
    [RESULT_STRING] = "string", [RESULT_MONTH] = "month",   [RESULT_COUNT] = "count",
    [RESULT_SHARE] = "share",   [RESULT_NUMBER] = "number", [RESULT_VERDICT] = "verdict",
};

void result_init(struct result *result)
{
    *result = (struct result){.arena = ARENA_INIT};
}

void result_release(struct result *result)
{
    for (size_t i = 0; i < result->table_count; i++) {
        free(result->tables[i]->values);
        free(result->tables[i]->bounds);
    }
    arena_release(&result->arena);
    result_init(result);
}

/* LEN bytes of TEXT with U+FFFD for each byte that is not UTF-8; a NUL inside ends it. */
static char *copy_clean(struct arena *arena, const char *text, size_t len)
{
    const char *end = text + len;
    size_t bad = 0;
    for (const char *at = text; at < end;)
        bad += utf8_next(&at, end) == UTF8_INVALID;
    if (!bad)
        return arena_strndup(arena, text, len);
    char *copy = arena_alloc(arena, len + 2 * bad + 1);
    if (!copy)
        return NULL;
    char *out = copy;
    for (const char *at = text; at < end;) {
        const char *from = at;
        if (utf8_next(&at, end) == UTF8_INVALID) {
            out += utf8_put(UTF8_REPLACEMENT, out);
        } else {
            memcpy(out, from, (size_t)(at - from));
            out += at - from;
        }
    }
    *out = '\0';
    return copy;
}

const char *result_text(struct result *result, const char *text)
{
    return text ? copy_clean(&result->arena, text, strlen(text)) : NULL;
}

const char *result_printf(struct result *result, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    int len = vsnprintf(NULL, 0, format, args);
    va_end(args);
    char *text = len < 0 ? NULL : mem_zalloc((size_t)len + 1, 1);
    if (!text)
        return NULL;
    va_start(args, format);
    vsnprintf(text, (size_t)len + 1, format, args);
    va_end(args);
    const char *copy = result_text(result, text);
    free(text);
    return copy;
}

/* As mem_grow, inside the arena: the old block is left behind. */
static void *arena_grow(struct arena *arena, void *block, size_t *capacity, size_t count,
                        size_t size)
{
    if (count < *capacity)
        return block;
    size_t wanted = *capacity ? *capacity * 2 : 8;
    void *grown = arena_zalloc(arena, wanted, size);
    if (!grown)
        return NULL;
    if (count)
        memcpy(grown, block, count * size);
    *capacity = wanted;
    return grown;
}

enum status result_pair_add(struct result *result, struct result_pairs *pairs, const char *name,
                            const char *value, struct error *err)
{
    struct result_pair *grown =
        arena_grow(&result->arena, pairs->items, &pairs->capacity, pairs->count, sizeof *grown);
    if (!grown)
        return error_nomem(err);
    pairs->items = grown;
    struct result_pair pair = {result_text(result, name), result_text(result, value ? value : "")};
    if (!pair.name || !pair.value)
        return error_nomem(err);
    pairs->items[pairs->count++] = pair;
    return STATUS_OK;
}

static bool id_taken(const struct result_column *columns, size_t count, const char *id)
{
    if (strcmp(id, "flags") == 0)
        return true;
    for (size_t i = 0; i < count; i++)
        if (strcmp(columns[i].id, id) == 0)
            return true;
    return false;
}

static enum status copy_columns(struct result *result, struct result_table *table,
                                const struct result_column *columns, size_t count,
                                struct error *err)
{
    table->columns = arena_zalloc(&result->arena, count, sizeof *table->columns);
    if (!table->columns)
        return error_nomem(err);
    for (size_t i = 0; i < count; i++) {
        struct result_column *to = &table->columns[i];
        to->type = columns[i].type;
        to->id = result_text(result, columns[i].id);
        to->title = result_text(result, columns[i].title ? columns[i].title : columns[i].id);
        to->unit = result_text(result, columns[i].unit ? columns[i].unit : "");
        for (unsigned n = 2; to->id && id_taken(table->columns, i, to->id); n++)
            to->id = result_printf(result, "%s_%u", columns[i].id, n);
        if (!to->id || !to->title || !to->unit)
            return error_nomem(err);
    }
    table->column_count = count;
    return STATUS_OK;
}

enum status result_table_add(struct result *result, const char *id, const char *kind,
                             const char *title, const char *unit,
                             const struct result_column *columns, size_t column_count,
                             struct result_table **table, struct error *err)
{
    assert(column_count > 0);
    struct result_table **grown =
        arena_grow(&result->arena, result->tables, &result->table_capacity, result->table_count,
                   sizeof(void *));
    if (!grown)
        return error_nomem(err);
    result->tables = grown;
    struct result_table *made = arena_zalloc(&result->arena, 1, sizeof *made);
    if (!made)
        return error_nomem(err);
    made->id = result_text(result, id);
    made->kind = result_text(result, kind);
    made->title = result_text(result, title);
    made->unit = result_text(result, unit ? unit : "");
    made->population = "";
    made->method = "";
    made->question = "";
    if (!made->id || !made->kind || !made->title || !made->unit)
        return error_nomem(err);
    TRY(copy_columns(result, made, columns, column_count, err));
    result->tables[result->table_count++] = made;
    *table = made;
    return STATUS_OK;
}

enum status result_note(struct result *result, struct result_table *table, const char *text,
                        struct error *err)
{
    const char **grown = arena_grow(&result->arena, table->notes, &table->note_capacity,
                                    table->note_count, sizeof *grown);
    const char *copy = grown ? result_text(result, text) : NULL;
    if (grown)
        table->notes = grown;
    if (!copy)
        return error_nomem(err);
    table->notes[table->note_count++] = copy;
    return STATUS_OK;
}

static bool value_fits(enum result_type type, enum result_value_kind kind)
{
    switch (kind) {
    case VALUE_TEXT:
        return type == RESULT_STRING || type == RESULT_MONTH || type == RESULT_VERDICT;
    case VALUE_COUNT:
        return type == RESULT_COUNT;
    case VALUE_REAL:
        return type == RESULT_SHARE || type == RESULT_NUMBER;
    case VALUE_NULL:
    case VALUE_WITHHELD:
        break;
    }
    return true;
}

static enum status put(struct result_table *table, struct result_value value, struct error *err)
{
    if (table->filled == table->column_count)
        table->filled = 0;
    size_t width = table->column_count;
    assert(value_fits(table->columns[table->filled].type, value.kind));
    if (table->filled == 0) {
        size_t capacity = table->row_capacity;
        struct result_value *grown =
            mem_grow(table->values, &capacity, table->row_count + 1, width * sizeof *grown);
        if (!grown)
            return error_nomem(err);
        table->values = grown;
        table->row_capacity = capacity;
        for (size_t i = 0; i < width; i++)
            grown[table->row_count * width + i] = (struct result_value){.kind = VALUE_NULL};
        table->row_count++;
    }
    table->values[(table->row_count - 1) * width + table->filled++] = value;
    return STATUS_OK;
}

enum status result_put_text(struct result *result, struct result_table *table, const char *text,
                            struct error *err)
{
    if (!text)
        return result_put_null(result, table, err);
    size_t column = table->filled % table->column_count;
    size_t above = column == 0 ? table->row_count : table->row_count - 1;
    if (above > 0) {
        const struct result_value *last = result_value_at(table, above - 1, column);
        if (last->kind == VALUE_TEXT && strcmp(last->text, text) == 0)
            return put(table, *last, err);
    }
    const char *copy = result_text(result, text);
    if (!copy)
        return error_nomem(err);
    return put(table, (struct result_value){.kind = VALUE_TEXT, .text = copy}, err);
}

enum status result_put_count(struct result *result, struct result_table *table, uint64_t count,
                             struct error *err)
{
    (void)result;
    return put(table, (struct result_value){.kind = VALUE_COUNT, .count = count}, err);
}

enum status result_put_real(struct result *result, struct result_table *table, double real,
                            struct error *err)
{
    if (!isfinite(real))
        return result_put_null(result, table, err);
    return put(table, (struct result_value){.kind = VALUE_REAL, .real = real}, err);
}

enum status result_put_null(struct result *result, struct result_table *table, struct error *err)
{
    (void)result;
    return put(table, (struct result_value){.kind = VALUE_NULL}, err);
}

enum status result_put_withheld(struct result *result, struct result_table *table,
                                struct error *err)
{
    (void)result;
    return put(table, (struct result_value){.kind = VALUE_WITHHELD}, err);
}

enum status result_put_value(struct result *result, struct result_table *table,
                             const struct result_value *value, struct error *err)
{
    switch (value->kind) {
    case VALUE_TEXT:
        return result_put_text(result, table, value->text, err);
    case VALUE_COUNT:
        return result_put_count(result, table, value->count, err);
    case VALUE_REAL:
        return result_put_real(result, table, value->real, err);
    case VALUE_WITHHELD:
        return result_put_withheld(result, table, err);
    case VALUE_NULL:
        break;
    }
    return result_put_null(result, table, err);
}

static enum status add_bound(struct result_table *table, struct result_value low,
                             struct result_value high, struct error *err)
{
    struct result_bound *grown =
        mem_grow(table->bounds, &table->bound_capacity, table->bound_count + 1, sizeof *grown);
    if (!grown)
        return error_nomem(err);
    table->bounds = grown;
    size_t cell = (table->row_count - 1) * table->column_count + table->filled - 1;
    grown[table->bound_count++] = (struct result_bound){cell, low, high};
    return STATUS_OK;
}

enum status result_bound_count(struct result_table *table, uint64_t low, uint64_t high,
                               struct error *err)
{
    return add_bound(table, (struct result_value){.kind = VALUE_COUNT, .count = low},
                     (struct result_value){.kind = VALUE_COUNT, .count = high}, err);
}

enum status result_bound_real(struct result_table *table, double low, double high,
                              struct error *err)
{
    return add_bound(table, (struct result_value){.kind = VALUE_REAL, .real = low},
                     (struct result_value){.kind = VALUE_REAL, .real = high}, err);
}

const struct result_table *result_table_find(const struct result *result, const char *id)
{
    for (size_t i = 0; i < result->table_count; i++)
        if (strcmp(result->tables[i]->id, id) == 0)
            return result->tables[i];
    return NULL;
}

const struct result_value *result_value_at(const struct result_table *table, size_t row,
                                           size_t column)
{
    assert(row < table->row_count && column < table->column_count);
    return &table->values[row * table->column_count + column];
}
