/* Cells of which tables of several populations are margins: see slice_cells.h. */
#include "queries/slice_cells.h"

#include "base/buffer.h"
#include "base/memory.h"
#include "queries/field_relation.h"
#include "queries/joint_cells.h"
#include "queries/linked_classes.h"
#include "queries/row_standing.h"
#include "queries/slice_dimension.h"

#include <stdlib.h>
#include <string.h>

/* Combinations that are looked at; bytes of labels. */
enum { STEPS = 1 << 20, TEXT_MAX = 1 << 20 };

/* ---- which tables and fields ---- */

static bool same_dimension(const struct plan_field *a, const struct plan_field *b)
{
    return slice_is_time(a)
               ? slice_is_time(b)
               : !slice_is_time(b) && a->stored == b->stored && !a->bin_count == !b->bin_count;
}

/* Has the side, by its fields or its population, anything to do with the dimension of FIELD? */
static bool knows(const struct slice_side *side, const struct plan_field *field)
{
    for (size_t i = 0; i < side->field_count; i++)
        if (same_dimension(slice_field(side, i), field))
            return true;
    for (size_t i = 0; i < side->table->filter_count; i++)
        if (same_dimension(&side->table->filters[i].field, field))
            return true;
    return slice_is_time(field) && (side->table->from != INT64_MIN || side->table->to != INT64_MAX);
}

/* Where all are of the same days, these say nothing. */
static bool same_days(const struct slice_cells *cells)
{
    for (size_t i = 1; i < cells->side_count; i++)
        if (cells->sides[i].table->from != cells->sides[0].table->from ||
            cells->sides[i].table->to != cells->sides[0].table->to)
            return false;
    return true;
}

static bool drop_own_fields(struct slice_cells *cells, struct slice_side *side)
{
    size_t kept = 0;
    bool days = same_days(cells);
    for (size_t i = 0; i < side->field_count; i++) {
        const struct plan_field *field = slice_field(side, i);
        bool shared = slice_is_time(field) && !days;
        for (size_t f = 0; f < side->table->filter_count; f++)
            shared = shared || same_dimension(&side->table->filters[f].field, field);
        for (size_t k = 0; k < cells->side_count && !shared; k++) {
            const struct slice_side *other = &cells->sides[k];
            for (size_t f = 0; other != side && f < other->field_count; f++)
                shared = shared || same_dimension(slice_field(other, f), field);
            for (size_t f = 0; other != side && f < other->table->filter_count; f++)
                shared = shared || same_dimension(&other->table->filters[f].field, field);
        }
        if (shared)
            side->fields[kept++] = side->fields[i];
    }
    bool news = kept < side->field_count;
    side->field_count = kept;
    return news;
}

/* Has it rows that no tie names? */
static bool is_loose(const struct tally_table *table)
{
    for (size_t row = 0; row < table->row_count; row++)
        if (table->row_flags[row] & LINKED_UNTIED)
            return true;
    return false;
}

static bool tells_side(const struct slice_side *fine, const struct slice_side *coarse)
{
    if (is_loose(fine->table) && !is_loose(coarse->table))
        return false;
    /* A population's size is told whatever is withheld of its tables. */
    if (!coarse->table->by_count || !standing_same(fine->table, coarse->table))
        return false;
    for (size_t i = 0; i < coarse->field_count; i++) {
        bool told = false;
        for (size_t k = 0; k < fine->field_count && !told; k++)
            told = field_tells(slice_field(fine, k), slice_field(coarse, i));
        if (!told)
            return false;
    }
    return true;
}

static bool drop_told_sides(struct slice_cells *cells)
{
    for (size_t i = 0; i < cells->side_count; i++)
        for (size_t k = 0; k < cells->side_count; k++)
            if (i != k && tells_side(&cells->sides[k], &cells->sides[i])) {
                cells->side_count--;
                memmove(&cells->sides[i], &cells->sides[i + 1],
                        (cells->side_count - i) * sizeof *cells->sides);
                return true;
            }
    return false;
}

static enum status choose(struct slice_cells *cells, const struct tally *tally,
                          const size_t *numbers, size_t count, struct error *err)
{
    cells->sides = arena_zalloc(&cells->arena, count + 1, sizeof *cells->sides);
    if (!cells->sides)
        return error_nomem(err);
    for (size_t i = 0; i < count; i++) {
        const struct tally_table *table = &tally->tables[numbers[i]];
        struct slice_side *side = &cells->sides[cells->side_count++];
        *side = (struct slice_side){
            .table = table, .number = numbers[i], .field_count = table->by_count};
        side->fields = arena_zalloc(&cells->arena, table->by_count + 1, sizeof *side->fields);
        if (!side->fields)
            return error_nomem(err);
        for (size_t f = 0; f < table->by_count; f++)
            side->fields[f] = f;
    }
    for (bool news = true; news;) {
        news = drop_told_sides(cells);
        for (size_t i = 0; i < cells->side_count; i++)
            news = drop_own_fields(cells, &cells->sides[i]) || news;
    }
    return STATUS_OK;
}

/* ---- dimensions ---- */

static enum status add_dimension(struct slice_cells *cells, struct slice_dimension dimension,
                                 const struct plan_field *field, const struct plan_filter *filter,
                                 struct error *err)
{
    for (size_t d = 0; d < cells->dimension_count; d++)
        if (field ? slice_dimension_has(&cells->dimensions[d], field)
                  : slice_dimension_filters(&cells->dimensions[d], filter))
            return STATUS_OK;
    (void)err;
    cells->dimensions[cells->dimension_count] = dimension;
    intern_init(&cells->dimensions[cells->dimension_count++].parts);
    return STATUS_OK;
}

static enum status find_dimensions(struct slice_cells *cells, struct error *err)
{
    static const struct plan_field time = {.kind = PLAN_FIELD_DAY, .stored = SIZE_MAX};
    size_t most = 1;
    for (size_t i = 0; i < cells->side_count; i++)
        most += cells->sides[i].field_count + cells->sides[i].table->filter_count;
    cells->dimensions = arena_zalloc(&cells->arena, most, sizeof *cells->dimensions);
    if (!cells->dimensions)
        return error_nomem(err);
    for (size_t i = 0; i < cells->side_count; i++) {
        const struct slice_side *side = &cells->sides[i];
        if (knows(side, &time))
            TRY(add_dimension(cells, (struct slice_dimension){.kind = DIMENSION_TIME}, &time, NULL,
                              err));
        for (size_t f = 0; f < side->field_count; f++) {
            const struct plan_field *field = slice_field(side, f);
            enum dimension_kind kind = field->bin_count ? DIMENSION_BINS : DIMENSION_VALUES;
            TRY(add_dimension(cells,
                              (struct slice_dimension){.kind = kind, .stored = field->stored},
                              field, NULL, err));
        }
        for (size_t f = 0; f < side->table->filter_count; f++) {
            const struct plan_filter *filter = &side->table->filters[f];
            bool users = !slice_is_time(&filter->field) && filter->field.stored == SIZE_MAX;
            enum dimension_kind kind = users ? DIMENSION_USERS : DIMENSION_VALUES;
            TRY(add_dimension(
                cells,
                (struct slice_dimension){.kind = filter->extent ? DIMENSION_LOGS : kind,
                                         .stored = filter->field.stored,
                                         .users = filter},
                NULL, filter, err));
        }
    }
    return STATUS_OK;
}

/* ---- rows ---- */

/* The path of a row's labels, by which rows that are alike are found. */
static enum status class_row(struct slice_cells *cells, struct slice_side *side, size_t row,
                             struct buffer *text, struct error *err)
{
    uint32_t path = 0;
    for (size_t d = 0; d < cells->dimension_count; d++) {
        uint32_t label;
        buffer_reset(text);
        TRY(buffer_add(text, "", 1, err));
        for (size_t f = 0; f < side->field_count; f++)
            if (slice_dimension_has(&cells->dimensions[d], slice_field(side, f)))
                TRY(slice_label_add(
                    text, side->table->key_values[row * side->table->key_count + side->fields[f]],
                    err));
        TRY(intern_add(&side->labels[d], text->data, text->len, &label, err));
        TRY(joint_pair_add(&side->paths, path, label, &path, err));
    }
    side->class_of[row] = path;
    return STATUS_OK;
}

static enum status class_rows(struct slice_cells *cells, struct slice_side *side,
                              struct buffer *text, struct error *err)
{
    size_t total = side->table->row_count - 1;
    side->labels = arena_zalloc(&cells->arena, cells->dimension_count + 1, sizeof *side->labels);
    side->class_of = arena_zalloc(&cells->arena, side->table->row_count, sizeof *side->class_of);
    if (!side->labels || !side->class_of)
        return error_nomem(err);
    for (size_t d = 0; d < cells->dimension_count; d++)
        intern_init(&side->labels[d]);
    intern_init(&side->paths);
    for (size_t row = side->field_count ? 0 : total; row < (side->field_count ? total : total + 1);
         row++)
        if (tally_cell_at(side->table, row, 0)->value)
            TRY(class_row(cells, side, row, text, err));
    return STATUS_OK;
}

/* ---- the search ---- */

struct search {
    struct slice_cells *cells;
    uint32_t *paths; /* [dimension_count + 1][side_count] reached so far */
    size_t steps;
};

static bool follow(const struct slice_cells *cells, const uint32_t *labels, uint32_t *paths)
{
    for (size_t i = 0; i < cells->side_count; i++) {
        if (paths[i] == SLICE_OUT)
            continue;
        paths[i] = labels[i] == SLICE_OUT
                       ? SLICE_OUT
                       : joint_pair_find(&cells->sides[i].paths, paths[i], labels[i]);
        if (paths[i] == 0)
            return false;
    }
    return true;
}

static enum status add_cell(struct slice_cells *cells, const uint32_t *paths, struct error *err)
{
    bool any = false;
    uint32_t number;
    for (size_t i = 0; i < cells->side_count; i++)
        any = any || paths[i] != SLICE_OUT;
    if (!any)
        return STATUS_OK;
    TRY(intern_add(&cells->cells, (const char *)paths, cells->side_count * sizeof *paths, &number,
                   err));
    cells->count = cells->cells.count;
    cells->left_out = cells->left_out || cells->count > JOINT_CELLS;
    return STATUS_OK;
}

static enum status search_from(struct search *s, size_t level, struct error *err)
{
    struct slice_cells *cells = s->cells;
    uint32_t *paths = s->paths + level * cells->side_count;
    if (level == cells->dimension_count)
        return add_cell(cells, paths, err);
    const struct intern *parts = &cells->dimensions[level].parts;
    for (size_t i = 0; i < parts->count && !cells->left_out; i++) {
        uint32_t *next = paths + cells->side_count;
        cells->left_out = ++s->steps > STEPS;
        memcpy(next, paths, cells->side_count * sizeof *paths);
        if (follow(cells, (const uint32_t *)(const void *)parts->items[i].text, next))
            TRY(search_from(s, level + 1, err));
    }
    return STATUS_OK;
}

static enum status find_cells(struct slice_cells *cells, int64_t first, int64_t last,
                              struct buffer *text, struct error *err)
{
    for (size_t d = 0; d < cells->dimension_count; d++)
        TRY(slice_dimension_fill(cells, d, first, last, text, err));
    struct search search = {.cells = cells};
    search.paths = arena_zalloc(&cells->arena, (cells->dimension_count + 1) * cells->side_count,
                                sizeof *search.paths);
    if (!search.paths)
        return error_nomem(err);
    return search_from(&search, 0, err);
}

enum status slice_cells_init(struct slice_cells *cells, const struct tally *tally,
                             const size_t *numbers, size_t count, int64_t first, int64_t last,
                             struct error *err)
{
    enum status status = STATUS_OK;
    struct buffer text;
    *cells = (struct slice_cells){.arena = ARENA_INIT};
    intern_init(&cells->cells);
    buffer_init(&text, TEXT_MAX);
    TRY_CLEANUP(choose(cells, tally, numbers, count, err));
    if (cells->side_count < 3)
        goto cleanup;
    TRY_CLEANUP(find_dimensions(cells, err));
    for (size_t i = 0; i < cells->side_count; i++)
        TRY_CLEANUP(class_rows(cells, &cells->sides[i], &text, err));
    TRY_CLEANUP(find_cells(cells, first, last, &text, err));
cleanup:
    buffer_release(&text);
    return status;
}

void slice_cells_release(struct slice_cells *cells)
{
    for (size_t i = 0; i < cells->side_count; i++) {
        for (size_t d = 0; cells->sides[i].labels && d < cells->dimension_count; d++)
            intern_release(&cells->sides[i].labels[d]);
        intern_release(&cells->sides[i].paths);
    }
    for (size_t d = 0; d < cells->dimension_count; d++)
        intern_release(&cells->dimensions[d].parts);
    intern_release(&cells->cells);
    arena_release(&cells->arena);
}

const uint32_t *slice_cell(const struct slice_cells *cells, size_t cell)
{
    return (const uint32_t *)(const void *)cells->cells.items[cell].text;
}
