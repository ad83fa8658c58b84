/* Building the base columns of a part: see part_build.h. */
#include "queries/catalogue/part_build.h"

#include "base/buffer.h"
#include "base/intern.h"
#include "base/memory.h"
#include "queries/catalogue/bitmap.h"

#include <stdlib.h>
#include <string.h>

/* A column of strings kept as codes in order of first sight, re-coded by sorted order at the end.
 */
struct coded {
    const char *name;
    struct intern dictionary;
    uint32_t *codes;
    size_t capacity;
};

/* How often something odd was seen, for the rows that have it at all. */
struct marked {
    const char *name;
    struct bitmap *rows;
    uint32_t *counts;
    size_t count, capacity;
};

struct numbers {
    void *values;
    size_t capacity;
};

struct part_builder {
    struct coded *coded; /* user, then the fields */
    size_t coded_count;
    struct marked *marked;
    size_t marked_count;
    struct numbers offset, time, turns, exchanges, words, id_offsets;
    struct buffer ids;
    uint32_t rows, exchange_total;
};

void part_builder_free(struct part_builder *b)
{
    if (!b)
        return;
    for (size_t i = 0; b->coded && i < b->coded_count; i++) {
        intern_release(&b->coded[i].dictionary);
        free(b->coded[i].codes);
    }
    for (size_t i = 0; b->marked && i < b->marked_count; i++) {
        bitmap_free(b->marked[i].rows);
        free(b->marked[i].counts);
    }
    free(b->coded);
    free(b->marked);
    free(b->offset.values);
    free(b->time.values);
    free(b->turns.values);
    free(b->exchanges.values);
    free(b->words.values);
    free(b->id_offsets.values);
    buffer_release(&b->ids);
    free(b);
}

struct part_builder *part_builder_new(const char *const *field_names, size_t field_count,
                                      const char *const *mark_names, size_t mark_count)
{
    struct part_builder *b = mem_zalloc(1, sizeof *b);
    if (!b)
        return NULL;
    buffer_init(&b->ids, SIZE_MAX);
    b->coded = mem_zalloc(field_count + 1, sizeof *b->coded);
    b->marked = mem_zalloc(mark_count, sizeof *b->marked);
    if (!b->coded || !b->marked) {
        part_builder_free(b);
        return NULL;
    }
    b->coded_count = field_count + 1;
    for (size_t i = 0; i < b->coded_count; i++) {
        b->coded[i].name = i ? field_names[i - 1] : "user";
        intern_init(&b->coded[i].dictionary);
    }
    for (size_t i = 0; i < mark_count; i++) {
        b->marked[i].name = mark_names[i];
        b->marked[i].rows = bitmap_new();
        b->marked_count++;
        if (!b->marked[i].rows) {
            part_builder_free(b);
            return NULL;
        }
    }
    return b;
}

uint32_t part_builder_rows(const struct part_builder *b)
{
    return b->rows;
}

uint32_t part_builder_exchanges(const struct part_builder *b)
{
    return b->exchange_total;
}

static enum status add_code(struct coded *column, uint32_t row, struct span text, struct error *err)
{
    uint32_t *grown = mem_grow(column->codes, &column->capacity, (size_t)row + 1, sizeof *grown);
    if (!grown)
        return error_nomem(err);
    column->codes = grown;
    column->codes[row] = PART_NO_CODE;
    if (!text.data)
        return STATUS_OK;
    return intern_add(&column->dictionary, text.data, text.len, &column->codes[row], err);
}

static enum status add_mark(struct marked *mark, uint32_t row, uint32_t count, struct error *err)
{
    uint32_t *grown = mem_grow(mark->counts, &mark->capacity, mark->count + 1, sizeof *grown);
    if (!grown)
        return error_nomem(err);
    mark->counts = grown;
    mark->counts[mark->count++] = count;
    bitmap_add(mark->rows, row);
    return STATUS_OK;
}

/* Room for one more value of SIZE bytes; returns its place or NULL. */
static void *next_value(struct numbers *column, uint32_t row, size_t size)
{
    char *grown = mem_grow(column->values, &column->capacity, (size_t)row + 1, size);
    if (!grown)
        return NULL;
    column->values = grown;
    return grown + (size_t)row * size;
}

enum status part_builder_add(struct part_builder *b, const struct part_row *row, struct error *err)
{
    if (b->rows >= PART_ROWS_MAX || row->exchanges > PART_ROWS_MAX - b->exchange_total)
        return error_set(err, STATUS_INPUT, NULL,
                         "more than %u conversations or exchanges in a part", PART_ROWS_MAX);
    uint64_t *offset = next_value(&b->offset, b->rows, sizeof *offset);
    int64_t *time = next_value(&b->time, b->rows, sizeof *time);
    uint32_t *turns = next_value(&b->turns, b->rows, sizeof *turns);
    uint32_t *exchanges = next_value(&b->exchanges, b->rows, sizeof *exchanges);
    uint32_t *words = next_value(&b->words, b->rows, sizeof *words);
    uint64_t *id_offset = next_value(&b->id_offsets, b->rows, sizeof *id_offset);
    if (!offset || !time || !turns || !exchanges || !words || !id_offset)
        return error_nomem(err);
    *offset = row->offset;
    *time = row->time;
    *turns = row->turns;
    *exchanges = row->exchanges;
    *words = row->words;
    *id_offset = b->ids.len;
    if (row->id.data)
        TRY(buffer_add(&b->ids, row->id.data, row->id.len, err));
    TRY(add_code(&b->coded[0], b->rows, row->user, err));
    for (size_t i = 1; i < b->coded_count; i++)
        TRY(add_code(&b->coded[i], b->rows, row->fields[i - 1], err));
    for (size_t i = 0; i < b->marked_count; i++)
        if (row->marks[i])
            TRY(add_mark(&b->marked[i], b->rows, row->marks[i], err));
    b->exchange_total += row->exchanges;
    b->rows++;
    return STATUS_OK;
}

/* Codes by sorted order, and the dictionary in that order. */
static enum status write_coded(struct coded *column, uint32_t rows, struct segment_out *out,
                               struct error *err)
{
    enum status status = STATUS_OK;
    size_t count = column->dictionary.count;
    uint32_t *order = mem_zalloc(count, sizeof *order);
    uint32_t *rank = mem_zalloc(count, sizeof *rank);
    uint64_t *offsets = mem_zalloc(count + 1, sizeof *offsets);
    struct buffer bytes;
    buffer_init(&bytes, SIZE_MAX);
    char *name = mem_printf("%s.dictionary", column->name);
    if (!order || !rank || !offsets || !name) {
        status = error_nomem(err);
        goto cleanup;
    }
    intern_sorted(&column->dictionary, order);
    for (size_t i = 0; i < count; i++) {
        const struct intern_text *item = &column->dictionary.items[order[i]];
        rank[order[i]] = (uint32_t)i;
        offsets[i] = bytes.len;
        TRY_CLEANUP(buffer_add(&bytes, item->text, item->len, err));
    }
    offsets[count] = bytes.len;
    for (uint32_t row = 0; row < rows; row++)
        if (column->codes[row] != PART_NO_CODE)
            column->codes[row] = rank[column->codes[row]];
    TRY_CLEANUP(segment_out_column(out, column->name, NPY_U32, column->codes, rows, err));
    TRY_CLEANUP(segment_out_strings(out, name, offsets, count, bytes.data, err));
cleanup:
    free(order);
    free(rank);
    free(offsets);
    free(name);
    buffer_release(&bytes);
    return status;
}

static enum status write_mark(struct marked *mark, struct segment_out *out, struct error *err)
{
    if (!mark->count)
        return STATUS_OK;
    enum status status = STATUS_OK;
    struct buffer bytes;
    buffer_init(&bytes, SIZE_MAX);
    char *rows_name = mem_printf("%s.roaring", mark->name);
    char *counts_name = mem_printf("%s.counts", mark->name);
    if (!rows_name || !counts_name) {
        status = error_nomem(err);
        goto cleanup;
    }
    TRY_CLEANUP(bitmap_write(mark->rows, &bytes, err));
    TRY_CLEANUP(segment_out_file(out, rows_name, bytes.data, bytes.len, err));
    TRY_CLEANUP(segment_out_column(out, counts_name, NPY_U32, mark->counts, mark->count, err));
cleanup:
    free(rows_name);
    free(counts_name);
    buffer_release(&bytes);
    return status;
}

enum status part_builder_write(struct part_builder *b, struct segment_out *out, struct error *err)
{
    uint64_t *end = next_value(&b->id_offsets, b->rows, sizeof *end);
    if (!end)
        return error_nomem(err);
    *end = b->ids.len;
    TRY(segment_out_strings(out, "id", b->id_offsets.values, b->rows, b->ids.data, err));
    const struct {
        const char *name;
        enum npy_type type;
        const struct numbers *column;
    } columns[] = {{"offset", NPY_U64, &b->offset},
                   {"time", NPY_I64, &b->time},
                   {"turns", NPY_U32, &b->turns},
                   {"exchanges", NPY_U32, &b->exchanges},
                   {"words", NPY_U32, &b->words}};
    for (size_t i = 0; i < sizeof columns / sizeof *columns; i++)
        TRY(segment_out_column(out, columns[i].name, columns[i].type, columns[i].column->values,
                               b->rows, err));
    for (size_t i = 0; i < b->coded_count; i++)
        TRY(write_coded(&b->coded[i], b->rows, out, err));
    for (size_t i = 0; i < b->marked_count; i++)
        TRY(write_mark(&b->marked[i], out, err));
    return STATUS_OK;
}
