/* Where the rows of a table lie in another population: see row_standing.h. */
#include "queries/row_standing.h"

#include "base/intern.h"
#include "base/memory.h"
#include "queries/field.h"
#include "queries/field_relation.h"
#include "queries/period_label.h"

#include <stdlib.h>
#include <string.h>

/* Of longer periods it is not asked which of their days a filter passes. */
enum { DAYS_MAX = 4000 };

bool standing_same(const struct tally_table *a, const struct tally_table *b)
{
    return a->from == b->from && a->to == b->to &&
           plan_filters_same(a->filters, a->filter_count, b->filters, b->filter_count);
}

static const char *label_of(const struct tally_table *table, size_t row, size_t field)
{
    return table->key_values[row * table->key_count + field];
}

static bool is_total(const struct tally_table *table, size_t row)
{
    return row + 1 == table->row_count;
}

/* Of what is within, and of what is out of it, whether there may be any. */
struct may {
    bool within, out;
};

static enum standing stands(struct may may)
{
    if (may.within && may.out)
        return STANDS_ASTRIDE;
    return may.within ? STANDS_INSIDE : STANDS_OUTSIDE;
}

/* ---- days ---- */

/* The days that a row's labels and its population leave. False where it has no time, and so is of
 * no day. */
static bool days_of(const struct tally_table *table, size_t row, int64_t *first, int64_t *last)
{
    *first = table->from;
    *last = table->to;
    for (size_t i = 0; !is_total(table, row) && i < table->by_count; i++) {
        int64_t from, to;
        if (table->by[i].kind == PLAN_FIELD_STORED)
            continue;
        if (strcmp(label_of(table, row, i), "no time") == 0)
            return false;
        if (!period_days(table->by[i].kind, label_of(table, row, i), &from, &to))
            continue;
        *first = from > *first ? from : *first;
        *last = to < *last ? to : *last;
    }
    return true;
}

static enum standing stands_in_days(const struct tally_table *table, size_t row,
                                    const struct tally_table *other)
{
    int64_t first, last;
    if (table->from >= other->from && table->to <= other->to)
        return STANDS_INSIDE;
    if (!days_of(table, row, &first, &last) || last < other->from || first > other->to)
        return STANDS_OUTSIDE;
    return first >= other->from && last <= other->to ? STANDS_INSIDE : STANDS_ASTRIDE;
}

/* ---- a filter on a field of the calendar ---- */

static bool passes_text(const struct plan_filter *filter, const char *text)
{
    bool listed = false;
    for (size_t i = 0; !listed && i < filter->value_count; i++)
        listed = strcmp(filter->values[i], text) == 0;
    return listed != filter->exclude;
}

static bool passes_day(const struct plan_filter *filter, int64_t day)
{
    char text[FIELD_DAY_TEXT];
    field_day_text(filter->field.kind, day, text);
    return passes_text(filter, text);
}

static bool is_calendar(const struct plan_filter *filter)
{
    return filter->field.kind != PLAN_FIELD_STORED;
}

/* What its own population leaves of a day. */
static bool has_day(const struct tally_table *table, int64_t day)
{
    for (size_t i = 0; i < table->filter_count; i++)
        if (is_calendar(&table->filters[i]) && !passes_day(&table->filters[i], day))
            return false;
    return true;
}

static bool is_of_weekday(const struct tally_table *table, size_t row, int64_t day)
{
    for (size_t i = 0; !is_total(table, row) && i < table->by_count; i++) {
        char text[FIELD_DAY_TEXT];
        if (table->by[i].kind != PLAN_FIELD_WEEKDAY)
            continue;
        field_day_text(PLAN_FIELD_WEEKDAY, day, text);
        if (strcmp(text, label_of(table, row, i)) != 0)
            return false;
    }
    return true;
}

static enum standing stands_in_calendar(const struct tally_table *table, size_t row,
                                        const struct plan_filter *filter)
{
    struct may may = {false, false};
    int64_t first, last;
    if (!days_of(table, row, &first, &last))
        return filter->exclude ? STANDS_INSIDE : STANDS_OUTSIDE;
    if (first == INT64_MIN || last == INT64_MAX || last - first >= DAYS_MAX)
        return STANDS_ASTRIDE;
    for (int64_t day = first; day <= last && !(may.within && may.out); day++) {
        if (!has_day(table, day) || !is_of_weekday(table, row, day))
            continue;
        if (passes_day(filter, day))
            may.within = true;
        else
            may.out = true;
    }
    return stands(may);
}

/* ---- a filter on a stored field ---- */

/* Values that a filter or a list of a table names; all others, and none at all, are alike: a list
 * to include has none of them, and one to exclude leaves all. */
struct values {
    struct intern named;
    bool *own, *within; /* [named, then the rest] by the own filters; by the other one */
};

static void values_release(struct values *v)
{
    intern_release(&v->named);
    free(v->own);
    free(v->within);
}

static bool is_on(const struct plan_filter *filter, const struct plan_field *field)
{
    return filter->field.kind == PLAN_FIELD_STORED && filter->field.stored == field->stored;
}

static enum status name_all(struct values *v, char *const *values, size_t count, struct error *err)
{
    uint32_t number;
    for (size_t i = 0; i < count; i++)
        TRY(intern_add(&v->named, values[i], strlen(values[i]), &number, err));
    return STATUS_OK;
}

/* Marks in PASSES what FILTER leaves of what passed before. */
static enum status pass(const struct values *v, const struct plan_filter *filter, bool *passes,
                        struct error *err)
{
    size_t count = v->named.count + 1;
    bool *listed = mem_zalloc(count, sizeof *listed);
    if (!listed)
        return error_nomem(err);
    for (size_t i = 0; i < filter->value_count; i++)
        listed[intern_find(&v->named, filter->values[i], strlen(filter->values[i]))] = true;
    for (size_t i = 0; i < count; i++)
        passes[i] = passes[i] && listed[i] != filter->exclude;
    free(listed);
    return STATUS_OK;
}

static enum status values_init(struct values *v, const struct tally_table *table,
                               const struct plan_filter *filter, struct error *err)
{
    *v = (struct values){.own = NULL};
    intern_init(&v->named);
    TRY(name_all(v, filter->values, filter->value_count, err));
    for (size_t i = 0; i < table->filter_count; i++)
        if (is_on(&table->filters[i], &filter->field))
            TRY(name_all(v, table->filters[i].values, table->filters[i].value_count, err));
    size_t count = v->named.count + 1;
    v->own = mem_zalloc(count, sizeof *v->own);
    v->within = mem_zalloc(count, sizeof *v->within);
    if (!v->own || !v->within)
        return error_nomem(err);
    memset(v->own, true, count * sizeof *v->own);
    memset(v->within, true, count * sizeof *v->within);
    for (size_t i = 0; i < table->filter_count; i++)
        if (is_on(&table->filters[i], &filter->field))
            TRY(pass(v, &table->filters[i], v->own, err));
    return pass(v, filter, v->within, err);
}

static void add_value(const struct values *v, size_t value, struct may *may)
{
    may->within = may->within || (v->own[value] && v->within[value]);
    may->out = may->out || (v->own[value] && !v->within[value]);
}

/* All values that FIELD (NULL: none, whatever the value) calls LABEL. "other" and "unknown" may be
 * values, too. */
static struct may values_called(const struct values *v, const struct plan_field *field,
                                const char *label)
{
    struct may may = {false, false};
    size_t rest = v->named.count;
    bool other = field && strcmp(label, "other") == 0;
    uint32_t named = field ? intern_find(&v->named, label, strlen(label)) : INTERN_NONE;
    if (named != INTERN_NONE)
        add_value(v, named, &may);
    if (named == INTERN_NONE || other || strcmp(label, "unknown") == 0)
        add_value(v, rest, &may);
    for (size_t i = 0; (!field || other) && i < rest; i++)
        if (!field || !field_lists(field, v->named.items[i].text))
            add_value(v, i, &may);
    return may;
}

/* By one of the table's fields that decides it, else by its population. */
static enum standing stands_by_values(const struct tally_table *table, size_t row,
                                      const struct values *v, const struct plan_filter *filter,
                                      const struct may *others)
{
    for (size_t i = 0; !is_total(table, row) && i < table->by_count; i++) {
        const struct plan_field *field = &table->by[i];
        if (!is_on(filter, field) || field->bin_count)
            continue;
        const char *label = label_of(table, row, i);
        struct may may = strcmp(label, "other") == 0 ? others[i] : values_called(v, field, label);
        if (stands(may) != STANDS_ASTRIDE)
            return stands(may);
    }
    return stands(others[table->by_count]);
}

/* ---- all of them ---- */

static bool is_identity(const struct plan_filter *filter)
{
    return filter->field.kind == PLAN_FIELD_STORED && filter->field.stored == SIZE_MAX;
}

static bool has_filter(const struct tally_table *table, const struct plan_filter *filter)
{
    for (size_t i = 0; i < table->filter_count; i++)
        if (plan_filter_same(&table->filters[i], filter) ||
            plan_extent_within(table->filters[i].extent, filter->extent))
            return true;
    return false;
}

static bool has_time(const struct tally_table *table)
{
    for (size_t i = 0; i < table->by_count; i++)
        if (table->by[i].kind != PLAN_FIELD_STORED)
            return true;
    return false;
}

static void put(enum standing *standing, enum standing more)
{
    if (*standing != STANDS_OUTSIDE && more != STANDS_INSIDE)
        *standing = more;
}

static enum status put_stored(const struct tally_table *table, const struct plan_filter *filter,
                              enum standing *standing, struct error *err)
{
    struct values values;
    struct may *others = NULL; /* [by_count, then of all values] of what is called "other" */
    enum status status = STATUS_OK;
    TRY_CLEANUP(values_init(&values, table, filter, err));
    others = mem_zalloc(table->by_count + 1, sizeof *others);
    if (!others)
        TRY_CLEANUP(error_nomem(err));
    for (size_t i = 0; i < table->by_count; i++)
        if (is_on(filter, &table->by[i]))
            others[i] = values_called(&values, &table->by[i], "other");
    others[table->by_count] = values_called(&values, NULL, "");
    for (size_t row = 0; row < table->row_count; row++)
        put(&standing[row], stands_by_values(table, row, &values, filter, others));
cleanup:
    free(others);
    values_release(&values);
    return status;
}

static void put_other(const struct tally_table *table, const struct plan_filter *filter,
                      enum standing *standing)
{
    enum standing all = STANDS_ASTRIDE;
    bool by_row = is_calendar(filter) && has_time(table);
    if (is_calendar(filter))
        all = stands_in_calendar(table, table->row_count - 1, filter);
    for (size_t row = 0; row < table->row_count; row++)
        put(&standing[row], by_row ? stands_in_calendar(table, row, filter) : all);
}

enum status row_standings(const struct tally_table *table, const struct tally_table *other,
                          enum standing *standing, struct error *err)
{
    for (size_t row = 0; row < table->row_count; row++)
        standing[row] = stands_in_days(table, row, other);
    for (size_t i = 0; i < other->filter_count; i++) {
        const struct plan_filter *filter = &other->filters[i];
        if (has_filter(table, filter))
            continue;
        if (!is_calendar(filter) && !is_identity(filter))
            TRY(put_stored(table, filter, standing, err));
        else
            put_other(table, filter, standing);
    }
    return STATUS_OK;
}
