/* Rows of two tables by what they have in common: see linked_classes.h. */
#include "queries/linked_classes.h"

#include "base/buffer.h"
#include "base/memory.h"
#include "queries/field_relation.h"

#include <stdlib.h>
#include <string.h>

enum { CLASS_TEXT_MAX = 1 << 20 };

/* What two fields, of the one table and the other, have in common. */
struct linked_common {
    size_t fields[2];     /* which of each table's */
    struct plan_field to; /* which both tell */
    const struct plan_field *sides[2];
    bool unknown_apart; /* field_label_in */
};

void linked_classes_release(struct linked_classes *linked)
{
    free(linked->common);
    arena_release(&linked->arena);
    intern_release(&linked->classes);
    free(linked->apart);
    free(linked->parted);
    for (size_t side = 0; side < 2; side++) {
        free(linked->standing[side]);
        free(linked->class_of[side]);
        free(linked->class_row[side]);
        free(linked->by_class[side]);
    }
}

/* ---- what two fields have in common ---- */

/* Conversations of rows without a value of the field, as far as they may be in both populations. */
static uint64_t unknown_of(const struct linked_classes *linked, size_t side, size_t field)
{
    const struct tally_table *table = linked->tables[side];
    uint64_t sum = 0;
    for (size_t row = 0; row + 1 < table->row_count; row++)
        if (linked->standing[side][row] != STANDS_OUTSIDE &&
            strcmp(table->key_values[row * table->key_count + field], "unknown") == 0)
            sum += tally_cell_at(table, row, 0)->value;
    return sum;
}

static enum status find_common(struct linked_classes *linked, struct error *err)
{
    const struct tally_table *a = linked->tables[0], *b = linked->tables[1];
    linked->common = mem_zalloc(a->by_count * b->by_count, sizeof *linked->common);
    if (!linked->common)
        return error_nomem(err);
    for (size_t i = 0; i < a->by_count; i++)
        for (size_t j = 0; j < b->by_count; j++) {
            struct linked_common *common = &linked->common[linked->common_count];
            bool any;
            TRY(field_in_common(&a->by[i], &b->by[j], &linked->arena, &common->to, &any, err));
            if (!any)
                continue;
            common->fields[0] = i;
            common->fields[1] = j;
            common->sides[0] = &a->by[i];
            common->sides[1] = &b->by[j];
            common->unknown_apart = unknown_of(linked, 0, i) == unknown_of(linked, 1, j);
            linked->common_count++;
        }
    return STATUS_OK;
}

/* ---- classes ---- */

static enum status classify(struct linked_classes *linked, size_t side, struct buffer *text,
                            struct error *err)
{
    const struct tally_table *table = linked->tables[side];
    linked->class_of[side] = mem_zalloc(table->row_count, sizeof **linked->class_of);
    if (!linked->class_of[side])
        return error_nomem(err);
    for (size_t row = 0; row + 1 < table->row_count; row++) {
        enum standing standing = linked->standing[side][row];
        linked->class_of[side][row] = INTERN_NONE;
        linked->astride[side] |= standing == STANDS_ASTRIDE;
        if (standing == STANDS_OUTSIDE)
            continue;
        buffer_reset(text);
        TRY(buffer_add(text, "", 1, err)); /* nothing in common is one class */
        for (size_t i = 0; i < linked->common_count; i++) {
            char scratch[FIELD_LABEL];
            const struct linked_common *common = &linked->common[i];
            const char *label = field_label_in(
                &common->to, common->sides[side], common->unknown_apart,
                table->key_values[row * table->key_count + common->fields[side]], scratch);
            TRY(buffer_add(text, label, strlen(label) + 1, err));
        }
        uint32_t class;
        TRY(intern_add(&linked->classes, text->data, text->len, &class, err));
        linked->class_of[side][row] = class;
        linked->apart[class] |= linked_is_untied(linked, side, row);
        linked->parted[class] |= standing == STANDS_ASTRIDE;
    }
    return STATUS_OK;
}

/* Lists the rows of each class (counting sort). */
static enum status sort_rows(struct linked_classes *linked, size_t side, struct error *err)
{
    size_t rows = linked->tables[side]->row_count - 1, classes = linked->classes.count;
    uint32_t *at = linked->class_row[side] = mem_zalloc(classes + 2, sizeof *at);
    uint32_t *list = linked->by_class[side] = mem_zalloc(rows, sizeof *list);
    if (!at || !list)
        return error_nomem(err);
    for (size_t row = 0; row < rows; row++)
        if (linked->class_of[side][row] != INTERN_NONE)
            at[linked->class_of[side][row] + 2]++;
    for (size_t i = 1; i < classes + 2; i++)
        at[i] += at[i - 1];
    for (size_t row = 0; row < rows; row++)
        if (linked->class_of[side][row] != INTERN_NONE)
            list[at[linked->class_of[side][row] + 1]++] = (uint32_t)row;
    return STATUS_OK;
}

static enum status make_room(struct linked_classes *linked, struct error *err)
{
    size_t rows = linked->tables[0]->row_count + linked->tables[1]->row_count;
    linked->apart = mem_zalloc(rows, sizeof *linked->apart);
    linked->parted = mem_zalloc(rows, sizeof *linked->parted);
    for (size_t side = 0; side < 2; side++)
        linked->standing[side] =
            mem_zalloc(linked->tables[side]->row_count, sizeof **linked->standing);
    return linked->apart && linked->parted && linked->standing[0] && linked->standing[1]
               ? STATUS_OK
               : error_nomem(err);
}

enum status linked_classes_init(struct linked_classes *linked, const struct linked_rows *a,
                                const struct linked_rows *b, struct error *err)
{
    enum status status = STATUS_OK;
    struct buffer text;
    *linked = (struct linked_classes){.arena = ARENA_INIT, .rows = {a, b}};
    intern_init(&linked->classes);
    buffer_init(&text, CLASS_TEXT_MAX);
    for (size_t side = 0; side < 2; side++)
        linked->tables[side] = linked->rows[side]->table;
    linked->same = standing_same(linked->tables[0], linked->tables[1]);
    TRY_CLEANUP(make_room(linked, err));
    for (size_t side = 0; side < 2; side++)
        TRY_CLEANUP(row_standings(linked->tables[side], linked->tables[!side],
                                  linked->standing[side], err));
    TRY_CLEANUP(find_common(linked, err));
    if (linked->same && !linked->common_count)
        goto cleanup;
    for (size_t side = 0; side < 2; side++)
        TRY_CLEANUP(classify(linked, side, &text, err));
    for (size_t side = 0; side < 2; side++)
        TRY_CLEANUP(sort_rows(linked, side, err));
cleanup:
    buffer_release(&text);
    return status;
}

/* ---- places ---- */

struct tally_place linked_place(const struct linked_classes *linked, size_t side, size_t row,
                                uint32_t column, int sign)
{
    const struct linked_rows *rows = linked->rows[side];
    if (row + 1 < rows->table->row_count)
        return (struct tally_place){(uint32_t)rows->number, rows->first + (uint32_t)row, column,
                                    sign};
    return (struct tally_place){(uint32_t)rows->total_number, rows->total_row,
                                rows->total_columns ? rows->total_columns[column] : column, sign};
}

enum status linked_add_class(const struct linked_classes *linked, size_t side, uint32_t class,
                             uint32_t column, int sign, struct places *places, struct error *err)
{
    for (uint32_t i = linked->class_row[side][class]; i < linked->class_row[side][class + 1]; i++)
        TRY(places_add(places, linked_place(linked, side, linked->by_class[side][i], column, sign),
                       err));
    return STATUS_OK;
}
