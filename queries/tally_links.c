/* Tables by fields that tell of the same: see tally_links.h. */
#include "queries/tally_links.h"

#include "queries/linked_classes.h"
#include "queries/tally_ties.h"

#include <string.h>

/* Of more than so many pairs of rows nothing is said of users. */
enum { USER_PAIRS_MAX = 1 << 20 };

/* ---- two tables ---- */

struct link {
    struct tally *tally;
    struct linked_classes classes;
    bool earlier; /* one is of an earlier report, whose logs may have been others */
};

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
    const struct linked_classes *linked = &link->classes;
    uint64_t pairs = 1;
    for (size_t side = 0; side < 2; side++)
        pairs *= linked->class_row[side][class + 1] - linked->class_row[side][class];
    if (pairs == 1) {
        TRY(linked_add_class(linked, 0, class, column, 1, places, err));
        TRY(linked_add_class(linked, 1, class, column, -1, places, err));
        return bind(link, places, false, err);
    }
    for (size_t side = 0; pairs <= USER_PAIRS_MAX && side < 2; side++)
        for (uint32_t i = linked->class_row[side][class]; i < linked->class_row[side][class + 1];
             i++) {
            TRY(linked_add_class(linked, !side, class, column, -1, places, err));
            TRY(places_add(places, linked_place(linked, side, linked->by_class[side][i], column, 1),
                           err));
            TRY(bind(link, places, true, err));
        }
    return STATUS_OK;
}

static enum status tie_classes(const struct link *link, struct places *places, struct error *err)
{
    const struct linked_classes *linked = &link->classes;
    for (uint32_t class = 0; class < linked->classes.count; class ++) {
        if (linked->apart[class] || linked->parted[class])
            continue;
        for (uint32_t column = 0; column < linked->tables[0]->column_count; column++) {
            if (linked->tables[0]->columns[column].flags & TALLY_USERS) {
                TRY(tie_users(link, class, column, places, err));
                continue;
            }
            TRY(linked_add_class(linked, 0, class, column, 1, places, err));
            TRY(linked_add_class(linked, 1, class, column, -1, places, err));
            TRY(bind(link, places, false, err));
        }
    }
    return STATUS_OK;
}

/* Where a table's whole population is part of the other's: its total, and the rows of the other
 * that lie in it. */
static enum status tie_total(const struct link *link, size_t side, struct places *places,
                             struct error *err)
{
    const struct linked_classes *linked = &link->classes;
    const struct tally_table *part = linked->tables[side], *whole = linked->tables[!side];
    size_t total = part->row_count - 1;
    bool unknown = linked->astride[!side] || linked_is_untied(linked, side, total);
    if (unknown || linked->same || !whole->by_count ||
        linked->standing[side][total] != STANDS_INSIDE)
        return STATUS_OK;
    for (uint32_t column = 0; column < part->column_count; column++) {
        int sign = part->columns[column].flags & TALLY_USERS ? -1 : 1;
        bool gone = false;
        for (uint32_t row = 0; row + 1 < whole->row_count; row++) {
            if (linked->class_of[!side][row] == INTERN_NONE)
                continue;
            gone = gone || linked_is_untied(linked, !side, row);
            TRY(places_add(places, linked_place(linked, !side, row, column, sign), err));
        }
        TRY(places_add(places, linked_place(linked, side, total, column, -sign), err));
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
    struct link link = {.tally = tally, .earlier = earlier};
    struct places places = {.items = NULL};
    TRY_CLEANUP(linked_classes_init(&link.classes, a, b, err));
    if (link.classes.same && !link.classes.common_count)
        goto cleanup;
    if (link.classes.common_count)
        TRY_CLEANUP(tie_classes(&link, &places, err));
    for (size_t side = 0; side < 2; side++)
        TRY_CLEANUP(tie_total(&link, side, &places, err));
cleanup:
    places_release(&places);
    linked_classes_release(&link.classes);
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
            !(table->row_flags[row] & LINKED_UNTIED))
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
        /* The first of earlier reports' tables is of this one's population. */
        if (a >= first && (!first || standing_same(&tally->tables[a], &tally->tables[first])))
            TRY(tie_untimed(tally, a, err));
        for (size_t b = a < first ? first : a + 1; b < tally->table_count; b++)
            if (is_by_fields(&tally->tables[b])) {
                const struct linked_rows one = all_rows(tally, a), other = all_rows(tally, b);
                TRY(tally_link_rows(tally, &one, &other, first > 0, err));
            }
    }
    return STATUS_OK;
}
