/* Tables by fields that tell of the same: see tally_links.h. */
#include "queries/tally_links.h"

#include "base/buffer.h"
#include "base/intern.h"
#include "base/memory.h"
#include "queries/field_relation.h"
#include "queries/period_label.h"
#include "queries/tally_ties.h"

#include <stdlib.h>
#include <string.h>

/* Rows of earlier reports' tables that no tie names. */
enum { UNTIED = TALLY_GONE | TALLY_CHANGED };

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
    const struct linked_rows *rows[2];
    const struct tally_table *tables[2];
    struct common *common; /* [common_count] */
    size_t common_count;
    int64_t from, to;       /* the days that both periods have */
    bool earlier;           /* one is of an earlier report, whose logs may have been others */
    struct intern classes;  /* of rows that are alike in what the tables have in common */
    bool parted[2];         /* some of a table's rows lie in them in part */
    bool *apart;            /* [rows of both tables] a class of which nothing is known so */
    uint32_t *class_of[2];  /* [rows without the total]; INTERN_NONE: out of those days */
    uint32_t *class_row[2]; /* [classes + 1] into by_class */
    uint32_t *by_class[2];  /* rows, class after class */
};

static void link_release(struct link *link)
{
    free(link->common);
    arena_release(&link->arena);
    intern_release(&link->classes);
    free(link->apart);
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

/* Where the days of a row's conversations lie: within what both periods have, out of it, or in
 * part.
 */
enum standing { INSIDE, OUTSIDE, ASTRIDE };

static enum standing stands(const struct link *link, size_t side, size_t row)
{
    const struct tally_table *table = link->tables[side];
    if (table->from >= link->from && table->to <= link->to)
        return INSIDE;
    for (size_t i = 0; i < table->by_count; i++) {
        const char *label = table->key_values[row * table->key_count + i];
        int64_t first, last;
        if (table->by[i].kind == PLAN_FIELD_STORED || table->by[i].kind == PLAN_FIELD_WEEKDAY)
            continue;
        /* Those without a time are in no period. */
        if (!period_days(table->by[i].kind, label, &first, &last))
            return OUTSIDE;
        first = first > table->from ? first : table->from;
        last = last < table->to ? last : table->to;
        if (last < link->from || first > link->to)
            return OUTSIDE;
        if (first >= link->from && last <= link->to)
            return INSIDE;
    }
    return ASTRIDE;
}

static enum status classify(struct link *link, size_t side, struct buffer *text, struct error *err)
{
    const struct tally_table *table = link->tables[side];
    link->class_of[side] = mem_zalloc(table->row_count, sizeof **link->class_of);
    if (!link->class_of[side])
        return error_nomem(err);
    for (size_t row = 0; row + 1 < table->row_count; row++) {
        enum standing standing = stands(link, side, row);
        link->class_of[side][row] = INTERN_NONE;
        link->parted[side] |= standing == ASTRIDE;
        if (standing == OUTSIDE)
            continue;
        buffer_reset(text);
        TRY(buffer_add(text, "", 1, err)); /* nothing in common is one class */
        for (size_t i = 0; i < link->common_count; i++) {
            char scratch[FIELD_LABEL];
            const struct common *common = &link->common[i];
            const char *label = field_label_in(
                &common->to, common->sides[side], common->unknown_apart,
                table->key_values[row * table->key_count + common->fields[side]], scratch);
            TRY(buffer_add(text, label, strlen(label) + 1, err));
        }
        TRY(intern_add(&link->classes, text->data, text->len, &link->class_of[side][row], err));
        if (table->row_flags[row] & UNTIED || standing == ASTRIDE)
            link->apart[link->class_of[side][row]] = true;
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
        if (link->class_of[side][row] != INTERN_NONE)
            at[link->class_of[side][row] + 2]++;
    for (size_t i = 1; i < classes + 2; i++)
        at[i] += at[i - 1];
    for (size_t row = 0; row < rows; row++)
        if (link->class_of[side][row] != INTERN_NONE)
            list[at[link->class_of[side][row] + 1]++] = (uint32_t)row;
    return STATUS_OK;
}

static struct tally_place place_of(const struct link *link, size_t side, size_t row,
                                   uint32_t column, int sign)
{
    const struct linked_rows *rows = link->rows[side];
    if (row + 1 < rows->table->row_count)
        return (struct tally_place){(uint32_t)rows->number, rows->first + (uint32_t)row, column,
                                    sign};
    return (struct tally_place){(uint32_t)rows->total_number, rows->total_row,
                                rows->total_columns ? rows->total_columns[column] : column, sign};
}

static enum status add_class(const struct link *link, size_t side, uint32_t class, uint32_t column,
                             int sign, struct places *places, struct error *err)
{
    for (uint32_t i = link->class_row[side][class]; i < link->class_row[side][class + 1]; i++)
        TRY(places_add(places, place_of(link, side, link->by_class[side][i], column, sign), err));
    return STATUS_OK;
}

static enum status bind(const struct link *link, struct places *places, bool at_most,
                        struct error *err)
{
    return link->earlier ? places_bind_held(places, link->tally, at_most, err)
                         : places_bind(places, link->tally, at_most, err);
}

/* Users of several rows do not add up: none of a row are more than those of all rows of the other
 * side. Of one row and one row they are the same. */
static enum status tie_users(const struct link *link, uint32_t class, uint32_t column,
                             struct places *places, struct error *err)
{
    uint64_t pairs = 1;
    for (size_t side = 0; side < 2; side++)
        pairs *= link->class_row[side][class + 1] - link->class_row[side][class];
    if (pairs == 1) {
        TRY(add_class(link, 0, class, column, 1, places, err));
        TRY(add_class(link, 1, class, column, -1, places, err));
        return bind(link, places, false, err);
    }
    for (size_t side = 0; pairs <= USER_PAIRS_MAX && side < 2; side++)
        for (uint32_t i = link->class_row[side][class]; i < link->class_row[side][class + 1]; i++) {
            TRY(add_class(link, !side, class, column, -1, places, err));
            TRY(places_add(places, place_of(link, side, link->by_class[side][i], column, 1), err));
            TRY(bind(link, places, true, err));
        }
    return STATUS_OK;
}

static enum status tie_classes(const struct link *link, struct places *places, struct error *err)
{
    for (uint32_t class = 0; class < link->classes.count; class ++)
        for (uint32_t column = 0; !link->apart[class] && column < link->tables[0]->column_count;
             column++) {
            if (link->tables[0]->columns[column].flags & TALLY_USERS) {
                TRY(tie_users(link, class, column, places, err));
                continue;
            }
            TRY(add_class(link, 0, class, column, 1, places, err));
            TRY(add_class(link, 1, class, column, -1, places, err));
            TRY(bind(link, places, false, err));
        }
    return STATUS_OK;
}

/* Where a table's whole period is part of the other's: its total, and the rows of the other that
 * lie in it. */
static enum status tie_total(const struct link *link, size_t side, struct places *places,
                             struct error *err)
{
    const struct tally_table *part = link->tables[side], *whole = link->tables[!side];
    uint32_t total = (uint32_t)part->row_count - 1;
    bool unknown = link->parted[!side] || part->row_flags[total] & UNTIED;
    if (unknown || !whole->by_count || part->from < link->from || part->to > link->to ||
        (whole->from == part->from && whole->to == part->to))
        return STATUS_OK;
    for (uint32_t column = 0; column < part->column_count; column++) {
        int sign = part->columns[column].flags & TALLY_USERS ? -1 : 1;
        bool gone = false;
        for (uint32_t row = 0; row + 1 < whole->row_count; row++) {
            if (link->class_of[!side][row] == INTERN_NONE)
                continue;
            gone = gone || whole->row_flags[row] & UNTIED;
            TRY(places_add(places, place_of(link, !side, row, column, sign), err));
        }
        TRY(places_add(places, place_of(link, side, total, column, -sign), err));
        if (gone)
            places->count = 0;
        else
            TRY(bind(link, places, sign < 0, err));
    }
    return STATUS_OK;
}

enum status tally_link_rows(struct tally *tally, const struct linked_rows *a,
                            const struct linked_rows *b, bool earlier, struct error *err)
{
    enum status status = STATUS_OK;
    struct link link = {.tally = tally,
                        .arena = ARENA_INIT,
                        .rows = {a, b},
                        .from = INT64_MIN,
                        .to = INT64_MAX,
                        .earlier = earlier};
    struct places places = {.items = NULL};
    struct buffer text;
    buffer_init(&text, CLASS_TEXT_MAX);
    intern_init(&link.classes);
    for (size_t side = 0; side < 2; side++) {
        link.tables[side] = link.rows[side]->table;
        link.from = link.tables[side]->from > link.from ? link.tables[side]->from : link.from;
        link.to = link.tables[side]->to < link.to ? link.tables[side]->to : link.to;
    }
    TRY_CLEANUP(find_common(&link, err));
    bool same =
        link.tables[0]->from == link.tables[1]->from && link.tables[0]->to == link.tables[1]->to;
    if (link.from > link.to || (same && !link.common_count))
        goto cleanup;
    link.apart =
        mem_zalloc(link.tables[0]->row_count + link.tables[1]->row_count, sizeof *link.apart);
    if (!link.apart)
        TRY_CLEANUP(error_nomem(err));
    for (size_t side = 0; side < 2; side++)
        TRY_CLEANUP(classify(&link, side, &text, err));
    for (size_t side = 0; side < 2; side++)
        TRY_CLEANUP(sort_rows(&link, side, err));
    if (link.common_count)
        TRY_CLEANUP(tie_classes(&link, &places, err));
    for (size_t side = 0; side < 2; side++)
        TRY_CLEANUP(tie_total(&link, side, &places, err));
cleanup:
    places_release(&places);
    buffer_release(&text);
    link_release(&link);
    return status;
}

static struct linked_rows all_rows(const struct tally *tally, size_t number)
{
    const struct tally_table *table = &tally->tables[number];
    return (struct linked_rows){table, number, 0, number, (uint32_t)table->row_count - 1, NULL};
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
    /* Of a period records without a time are no part. */
    if (strcmp(complete->id, "completeness") != 0 || table->from != INT64_MIN ||
        table->to != INT64_MAX)
        return STATUS_OK;
    struct places places = {.items = NULL};
    enum status status = STATUS_OK;
    while (there < complete->row_count &&
           strcmp(complete->key_values[there * complete->key_count], "without a time") != 0)
        there++;
    if (field == table->key_count || there == complete->row_count)
        return STATUS_OK;
    for (size_t row = 0; status == STATUS_OK && row + 1 < table->row_count; row++)
        if (strcmp(table->key_values[row * table->key_count + field], "no time") == 0 &&
            !(table->row_flags[row] & UNTIED))
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
    return (table->by_count > 0 && table->row_count > 1) || table->told_before;
}

enum status tally_links(struct tally *tally, size_t first, struct error *err)
{
    for (size_t a = 0; a < tally->table_count; a++) {
        if (a >= first && tally->tables[a].row_of)
            TRY(tie_sums(tally, a, err));
        if (!is_by_fields(&tally->tables[a]))
            continue;
        if (a >= first)
            TRY(tie_untimed(tally, a, err));
        for (size_t b = a < first ? first : a + 1; b < tally->table_count; b++)
            if (is_by_fields(&tally->tables[b])) {
                const struct linked_rows one = all_rows(tally, a), other = all_rows(tally, b);
                TRY(tally_link_rows(tally, &one, &other, first > 0, err));
            }
    }
    return STATUS_OK;
}
