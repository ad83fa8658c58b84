/* Overlap found in a part: see overlap_rows.h. */
#include "queries/catalogue/overlap_rows.h"

#include "base/buffer.h"
#include "base/memory.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const side_names[OVERLAP_ROWS_SIDES] = {"prompt", "supplied", "originated"};

struct numbers {
    uint32_t *values;
    size_t count, capacity;
};

/* Columns by number; SIDES of some. */
enum {
    PROMPT_WORDS,
    OUTPUT_WORDS,
    EXCHANGE,
    LONGEST,
    COVERED = LONGEST + OVERLAP_ROWS_SIDES,
    WORK = COVERED + OVERLAP_ROWS_SIDES,
    PIECE,
    COLUMNS = PIECE + OVERLAP_ROWS_SIDES
};

/* What a column is called; COLUMN_NAME bytes. */
enum { COLUMN_NAME = 32 };
static void column_name(size_t column, char name[static COLUMN_NAME])
{
    static const char *const plain[] = {[PROMPT_WORDS] = "prompt_words",
                                        [OUTPUT_WORDS] = "output_words",
                                        [EXCHANGE] = "exchange",
                                        [WORK] = "work"};
    static const struct {
        size_t first;
        const char *name;
    } sided[] = {{LONGEST, "longest"}, {COVERED, "covered"}, {PIECE, "piece"}};
    for (size_t i = 0; i < sizeof sided / sizeof *sided; i++)
        if (column >= sided[i].first && column < sided[i].first + OVERLAP_ROWS_SIDES) {
            snprintf(name, COLUMN_NAME, "%s.%s", sided[i].name,
                     side_names[column - sided[i].first]);
            return;
        }
    snprintf(name, COLUMN_NAME, "%s", plain[column]);
}

struct overlap_builder {
    struct numbers columns[COLUMNS];
    uint64_t *starts;
    size_t start_count, start_capacity;
};

struct overlap_builder *overlap_builder_new(void)
{
    return mem_zalloc(1, sizeof(struct overlap_builder));
}

void overlap_builder_free(struct overlap_builder *builder)
{
    if (!builder)
        return;
    for (size_t i = 0; i < COLUMNS; i++)
        free(builder->columns[i].values);
    free(builder->starts);
    free(builder);
}

static enum status add(struct overlap_builder *builder, size_t column, uint64_t value,
                       struct error *err)
{
    struct numbers *to = &builder->columns[column];
    uint32_t *grown = mem_grow(to->values, &to->capacity, to->count + 1, sizeof *grown);
    if (!grown)
        return error_nomem(err);
    to->values = grown;
    grown[to->count++] = value < UINT32_MAX ? (uint32_t)value : UINT32_MAX;
    return STATUS_OK;
}

static enum status add_sides(struct overlap_builder *builder, size_t column, const uint32_t *values,
                             struct error *err)
{
    for (size_t side = 0; side < OVERLAP_ROWS_SIDES; side++)
        TRY(add(builder, column + side, values[side], err));
    return STATUS_OK;
}

static enum status add_start(struct overlap_builder *builder, struct error *err)
{
    uint64_t *grown = mem_grow(builder->starts, &builder->start_capacity, builder->start_count + 1,
                               sizeof *grown);
    if (!grown)
        return error_nomem(err);
    builder->starts = grown;
    grown[builder->start_count++] = builder->columns[WORK].count;
    return STATUS_OK;
}

enum status overlap_builder_row(struct overlap_builder *builder, uint64_t prompt_words,
                                uint64_t output_words, struct error *err)
{
    TRY(add(builder, PROMPT_WORDS, prompt_words, err));
    return add(builder, OUTPUT_WORDS, output_words, err);
}

enum status overlap_builder_exchange(struct overlap_builder *builder,
                                     const struct overlap_row_exchange *exchange, struct error *err)
{
    TRY(add_start(builder, err));
    TRY(add(builder, EXCHANGE, exchange->exchange, err));
    TRY(add_sides(builder, LONGEST, exchange->longest, err));
    return add_sides(builder, COVERED, exchange->covered, err);
}

enum status overlap_builder_work(struct overlap_builder *builder, uint32_t work,
                                 const uint32_t longest[static OVERLAP_ROWS_SIDES],
                                 struct error *err)
{
    TRY(add(builder, WORK, work, err));
    return add_sides(builder, PIECE, longest, err);
}

/* ---- writing ---- */

struct named {
    struct span id;
    uint32_t work;
};

static int by_work(const void *a, const void *b)
{
    uint32_t left = *(const uint32_t *)a, right = *(const uint32_t *)b;
    return (left > right) - (left < right);
}

static int by_id(const void *a, const void *b)
{
    const struct span *x = &((const struct named *)a)->id, *y = &((const struct named *)b)->id;
    size_t len = x->len < y->len ? x->len : y->len;
    int order = len ? memcmp(x->data, y->data, len) : 0;
    return order ? order : (x->len > y->len) - (x->len < y->len);
}

/* The works found, once each, with the writer's numbers ascending. *COUNT of them. */
static uint32_t *distinct_works(const struct numbers *works, size_t *count)
{
    uint32_t *out = mem_zalloc(works->count, sizeof *out);
    *count = 0;
    if (!out)
        return NULL;
    if (works->count)
        memcpy(out, works->values, works->count * sizeof *out);
    qsort(out, works->count, sizeof *out, by_work);
    for (size_t i = 0; i < works->count && out[i] != OVERLAP_ROWS_COMMON; i++)
        if (*count == 0 || out[*count - 1] != out[i])
            out[(*count)++] = out[i];
    return out;
}

/* Numbers the works anew by their ids and writes these. */
static enum status write_ids(struct overlap_builder *builder,
                             struct span (*id)(const void *context, uint32_t work),
                             const void *context, struct segment_out *out, struct error *err)
{
    enum status status = STATUS_OK;
    struct numbers *works = &builder->columns[WORK];
    struct buffer bytes;
    size_t count;
    uint32_t *distinct = distinct_works(works, &count);
    struct named *named = mem_zalloc(count, sizeof *named);
    uint32_t *numbers = mem_zalloc(count, sizeof *numbers);
    uint64_t *offsets = mem_zalloc(count + 1, sizeof *offsets);
    buffer_init(&bytes, SIZE_MAX);
    if (!distinct || !named || !numbers || !offsets) {
        status = error_nomem(err);
        goto cleanup;
    }
    for (size_t i = 0; i < count; i++)
        named[i] = (struct named){id(context, distinct[i]), distinct[i]};
    qsort(named, count, sizeof *named, by_id);
    for (size_t i = 0; i < count; i++) {
        uint32_t *at = bsearch(&named[i].work, distinct, count, sizeof *distinct, by_work);
        numbers[at - distinct] = (uint32_t)i;
        offsets[i] = bytes.len;
        TRY_CLEANUP(buffer_add(&bytes, named[i].id.data, named[i].id.len, err));
    }
    offsets[count] = bytes.len;
    for (size_t i = 0; i < works->count; i++) {
        uint32_t *at = bsearch(&works->values[i], distinct, count, sizeof *distinct, by_work);
        if (at)
            works->values[i] = numbers[at - distinct];
    }
    status = segment_out_strings(out, "ids", offsets, count, bytes.data ? bytes.data : "", err);
cleanup:
    free(distinct);
    free(named);
    free(numbers);
    free(offsets);
    buffer_release(&bytes);
    return status;
}

enum status overlap_builder_write(struct overlap_builder *builder,
                                  struct span (*id)(const void *context, uint32_t work),
                                  const void *context, struct segment_out *out, struct error *err)
{
    TRY(add_start(builder, err));
    TRY(write_ids(builder, id, context, out, err));
    for (size_t column = 0; column < COLUMNS; column++) {
        const struct numbers *numbers = &builder->columns[column];
        char name[COLUMN_NAME];
        column_name(column, name);
        TRY(segment_out_column(out, name, NPY_U32,
                               numbers->values ? numbers->values : (uint32_t[1]){0}, numbers->count,
                               err));
    }
    return segment_out_column(out, "starts", NPY_U64, builder->starts, builder->start_count, err);
}

/* ---- reading ---- */

static enum status read_column(struct segment *segment, size_t column, size_t count,
                               const uint32_t **values, size_t *got, struct error *err)
{
    char name[COLUMN_NAME];
    const void *mapped;
    column_name(column, name);
    TRY(segment_column(segment, name, NPY_U32, count, &mapped, got, err));
    *values = mapped;
    return STATUS_OK;
}

static enum status check(const struct overlap_rows *rows, uint32_t exchanges, struct error *err)
{
    for (size_t i = 0; i < rows->exchanges; i++) {
        bool ascends = i == 0 || rows->exchange[i] > rows->exchange[i - 1];
        if (rows->exchange[i] >= exchanges || !ascends)
            return error_set(err, STATUS_INPUT, "exchange.npy", "an exchange out of range");
        if (rows->starts[i] > rows->starts[i + 1])
            return error_set(err, STATUS_INPUT, "starts.npy", "it does not ascend");
    }
    if (rows->starts[0] != 0 || rows->starts[rows->exchanges] != rows->works)
        return error_set(err, STATUS_INPUT, "starts.npy", "it does not fit the works");
    for (size_t i = 0; i < rows->works; i++)
        if (rows->work[i] >= rows->ids.count && rows->work[i] != OVERLAP_ROWS_COMMON)
            return error_set(err, STATUS_INPUT, "work.npy", "a work out of range");
    return STATUS_OK;
}

enum status overlap_rows_read(struct segment *segment, uint32_t rows, uint32_t exchanges,
                              struct overlap_rows *out, struct error *err)
{
    const void *starts;
    *out = (struct overlap_rows){.rows = rows};
    TRY(read_column(segment, PROMPT_WORDS, rows, &out->prompt_words, NULL, err));
    TRY(read_column(segment, OUTPUT_WORDS, rows, &out->output_words, NULL, err));
    TRY(read_column(segment, EXCHANGE, SIZE_MAX, &out->exchange, &out->exchanges, err));
    TRY(read_column(segment, WORK, SIZE_MAX, &out->work, &out->works, err));
    for (size_t side = 0; side < OVERLAP_ROWS_SIDES; side++) {
        TRY(read_column(segment, LONGEST + side, out->exchanges, &out->longest[side], NULL, err));
        TRY(read_column(segment, COVERED + side, out->exchanges, &out->covered[side], NULL, err));
        TRY(read_column(segment, PIECE + side, out->works, &out->piece[side], NULL, err));
    }
    TRY(segment_column(segment, "starts", NPY_U64, out->exchanges + 1, &starts, NULL, err));
    out->starts = starts;
    TRY(segment_strings(segment, "ids", &out->ids, err));
    return check(out, exchanges, err);
}
