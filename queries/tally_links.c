/* Tables by fields that tell of the same: see tally_links.h. */
#include "queries/tally_links.h"

#include "base/buffer.h"
#include "base/intern.h"
#include "base/memory.h"
#include "queries/field_relation.h"
#include "queries/tally_ties.h"

#include <stdlib.h>
#include <string.h>

/* Of more than so many pairs of rows nothing is said of users. */
enum { CLASS_TEXT_MAX = 1 << 20, USER_PAIRS_MAX = 1 << 20 };

/* ---- what two fields have in common ---- */

/* What two fields, of the one table and the other, have in common. */
struct common {
    size_t fields[2];     /* which of each table's */
    struct plan_field to; /* which both tell */
    const struct plan_field *sides[2];
    bool unknown_apart; /* field_label_in */
};

/* Conversations of rows without a value of the field. */
static uint64_t unknown_of(const struct tally_table *table, size_t field)
{
    uint64_t sum = 0;
    for (size_t row = 0; row + 1 < table->row_count; row++)
        if (strcmp(table->key_values[row * table->key_count + field], "unknown") == 0)
            sum += tally_cell_at(table, row, 0)->value;
    return sum;
}

/* ---- two tables ---- */

struct link {
    struct tally *tally;
    struct arena arena;
    size_t numbers[2];
    const struct tally_table *tables[2];
    struct common *common; /* [common_count] */
    size_t common_count;
    struct intern classes;  /* of rows that are alike in what the tables have in common */
    uint32_t *class_of[2];  /* [rows without the total] */
    uint32_t *class_row[2]; /* [classes + 1] into by_class */
    uint32_t *by_class[2];  /* rows, class after class */
};

static void link_release(struct link *link)
{
    free(link->common);
    arena_release(&link->arena);
    intern_release(&link->classes);
    for (size_t side = 0; side < 2; side++) {
        free(link->class_of[side]);
        free(link->class_row[side]);
        free(link->by_class[side]);
    }
}

static enum status find_common(struct link *link, struct error *err)
{
    const struct tally_table *a = link->tables[0], *b = link->tables[1];
    link->common = mem_zalloc(a->by_count * b->by_count, sizeof *link->common);
    if (!link->common)
        return error_nomem(err);
    for (size_t i = 0; i < a->by_count; i++)
        for (size_t j = 0; j < b->by_count; j++) {
            struct common *common = &link->common[link->common_count];
            bool any;
            TRY(field_in_common(&a->by[i], &b->by[j], &link->arena, &common->to, &any, err));
            if (!any)
                continue;
            common->fields[0] = i;
            common->fields[1] = j;
            common->sides[0] = &a->by[i];
            common->sides[1] = &b->by[j];
            common->unknown_apart = unknown_of(a, i) == unknown_of(b, j);
            link->common_count++;
        }
    return STATUS_OK;
}

static enum status classify(struct link *link, size_t side, struct buffer *text, struct error *err)
{
    const struct tally_table *table = link->tables[side];
    link->class_of[side] = mem_zalloc(table->row_count, sizeof **link->class_of);
    if (!link->class_of[side])
        return error_nomem(err);
    for (size_t row = 0; row + 1 < table->row_count; row++) {
        buffer_reset(text);
        for (size_t i = 0; i < link->common_count; i++) {
            char scratch[FIELD_LABEL];
            const struct common *common = &link->common[i];
            const char *label = field_label_in(
                &common->to, common->sides[side], common->unknown_apart,
                table->key_values[row * table->key_count + common->fields[side]], scratch);
            TRY(buffer_add(text, label, strlen(label) + 1, err));
        }
        TRY(intern_add(&link->classes, text->data, text->len, &link->class_of[side][row], err));
    }
    return STATUS_OK;
}

/* Lists the rows of each class (counting sort). */
static enum status sort_rows(struct link *link, size_t side, struct error *err)
{
    size_t rows = link->tables[side]->row_count - 1, classes = link->classes.count;
    uint32_t *at = link->class_row[side] = mem_zalloc(classes + 2, sizeof *at);
    uint32_t *list = link->by_class[side] = mem_zalloc(rows, sizeof *list);
    if (!at || !list)
        return error_nomem(err);
    for (size_t row = 0; row < rows; row++)
        at[link->class_of[side][row] + 2]++;
    for (size_t i = 1; i < classes + 2; i++)
        at[i] += at[i - 1];
    for (size_t row = 0; row < rows; row++)
        list[at[link->class_of[side][row] + 1]++] = (uint32_t)row;
    return STATUS_OK;
}

static enum status add_class(const struct link *link, size_t side, uint32_t class, uint32_t column,
                             int sign, struct places *places, struct error *err)
{
    for (uint32_t i = link->class_row[side][class]; i < link->class_row[side][class + 1]; i++)
        TRY(places_add(places,
                       (struct tally_place){(uint32_t)link->numbers[side], link->by_class[side][i],
                                            column, sign},
                       err));
    return STATUS_OK;
}

/* Users of several rows do not add up: none of a row are more than those of all rows of the other
 * side. */
static enum status tie_users(const struct link *link, uint32_t class, uint32_t column,
                             struct places *places, struct error *err)
{
    uint64_t pairs = 1;
    for (size_t side = 0; side < 2; side++)
        pairs *= link->class_row[side][class + 1] - link->class_row[side][class];
    for (size_t side = 0; pairs <= USER_PAIRS_MAX && side < 2; side++)
        for (uint32_t i = link->class_row[side][class]; i < link->class_row[side][class + 1]; i++) {
            TRY(add_class(link, !side, class, column, -1, places, err));
            TRY(places_add(places,
                           (struct tally_place){(uint32_t)link->numbers[side],
                                                link->by_class[side][i], column, 1},
                           err));
            TRY(places_bind(places, link->tally, true, err));
        }
    return STATUS_OK;
}

static enum status tie_classes(const struct link *link, struct places *places, struct error *err)
{
    for (uint32_t class = 0; class < link->classes.count; class ++)
        for (uint32_t column = 0; column < link->tables[0]->column_count; column++) {
            if (link->tables[0]->columns[column].flags & TALLY_USERS) {
                TRY(tie_users(link, class, column, places, err));
                continue;
            }
            TRY(add_class(link, 0, class, column, 1, places, err));
            TRY(add_class(link, 1, class, column, -1, places, err));
            TRY(places_bind(places, link->tally, false, err));
        }
    return STATUS_OK;
}

static enum status tie_tables(struct tally *tally, const size_t numbers[2], struct error *err)
{
    enum status status = STATUS_OK;
    struct link link = {.tally = tally, .arena = ARENA_INIT};
    struct places places = {.items = NULL};
    struct buffer text;
    buffer_init(&text, CLASS_TEXT_MAX);
    intern_init(&link.classes);
    for (size_t side = 0; side < 2; side++) {
        link.numbers[side] = numbers[side];
        link.tables[side] = &tally->tables[numbers[side]];
    }
    TRY_CLEANUP(find_common(&link, err));
    if (!link.common_count)
        goto cleanup;
    for (size_t side = 0; side < 2; side++)
        TRY_CLEANUP(classify(&link, side, &text, err));
    for (size_t side = 0; side < 2; side++)
        TRY_CLEANUP(sort_rows(&link, side, err));
    status = tie_classes(&link, &places, err);
cleanup:
    places_release(&places);
    buffer_release(&text);
    link_release(&link);
    return status;
}

/* ---- records without a time ---- */

/* The field of a table by which its rows have a time; the key count if there is none. */
static size_t time_field(const struct tally_table *table)
{
    size_t field = 0;
    while (field < table->by_count && table->by[field].kind == PLAN_FIELD_STORED)
        field++;
    return field;
}

static enum status tie_untimed(struct tally *tally, size_t number, struct error *err)
{
    const struct tally_table *table = &tally->tables[number], *complete = &tally->tables[0];
    size_t field = time_field(table), there = 0;
    if (strcmp(complete->id, "completeness") != 0)
        return STATUS_OK;
    struct places places = {.items = NULL};
    enum status status = STATUS_OK;
    while (there < complete->row_count &&
           strcmp(complete->key_values[there * complete->key_count], "without a time") != 0)
        there++;
    if (field == table->key_count || there == complete->row_count)
        return STATUS_OK;
    for (size_t row = 0; status == STATUS_OK && row + 1 < table->row_count; row++)
        if (strcmp(table->key_values[row * table->key_count + field], "no time") == 0)
            status = places_add(&places,
                                (struct tally_place){(uint32_t)number, (uint32_t)row, 0, 1}, err);
    if (status == STATUS_OK)
        status = places_add(&places, (struct tally_place){0, (uint32_t)there, 0, -1}, err);
    if (status == STATUS_OK)
        status = places_bind(&places, tally, false, err);
    places_release(&places);
    return status;
}

/* ---- sums ---- */

/* Each row of table NUMBER, whose one column sums up that of another table by its rows. */
static enum status tie_sums(struct tally *tally, size_t number, struct error *err)
{
    const struct tally_table *sums = &tally->tables[number];
    const struct tally_table *of = &tally->tables[sums->sum_of];
    struct places places = {.items = NULL};
    enum status status = STATUS_OK;
    uint32_t column = 0;
    while (column < of->column_count && strcmp(of->columns[column].id, sums->columns[0].id) != 0)
        column++;
    if (column == of->column_count)
        return STATUS_OK;
    for (uint32_t row = 0; status == STATUS_OK && row < sums->row_count; row++) {
        for (uint32_t fine = 0; status == STATUS_OK && fine + 1 < of->row_count; fine++)
            if (sums->row_of[fine] == row)
                status = places_add(
                    &places, (struct tally_place){(uint32_t)sums->sum_of, fine, column, 1}, err);
        if (status == STATUS_OK)
            status = places_add(&places, (struct tally_place){(uint32_t)number, row, 0, -1}, err);
        if (status == STATUS_OK)
            status = places_bind(&places, tally, false, err);
    }
    places_release(&places);
    return status;
}

/* ---- all tables ---- */

static bool is_by_fields(const struct tally_table *table)
{
    return table->by_count > 0 && table->row_count > 1;
}

enum status tally_links(struct tally *tally, struct error *err)
{
    for (size_t a = 0; a < tally->table_count; a++) {
        if (tally->tables[a].row_of)
            TRY(tie_sums(tally, a, err));
        if (!is_by_fields(&tally->tables[a]))
            continue;
        TRY(tie_untimed(tally, a, err));
        for (size_t b = a + 1; b < tally->table_count; b++)
            if (is_by_fields(&tally->tables[b]))
                TRY(tie_tables(tally, (const size_t[]){a, b}, err));
    }
    return STATUS_OK;
}
