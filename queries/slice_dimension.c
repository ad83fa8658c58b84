/* Parts of a dimension: see slice_dimension.h. */
#include "queries/slice_dimension.h"

#include "base/memory.h"
#include "queries/field.h"
#include "queries/field_relation.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Days that are told apart. */
enum { DAYS_MAX = 4000 };

bool slice_dimension_has(const struct slice_dimension *dimension, const struct plan_field *field)
{
    if (slice_is_time(field))
        return dimension->kind == DIMENSION_TIME;
    enum dimension_kind kind = field->bin_count ? DIMENSION_BINS : DIMENSION_VALUES;
    return field->stored != SIZE_MAX && dimension->kind == kind &&
           dimension->stored == field->stored;
}

bool slice_dimension_filters(const struct slice_dimension *dimension,
                             const struct plan_filter *filter)
{
    if (dimension->kind == DIMENSION_LOGS || filter->extent)
        return dimension->kind == DIMENSION_LOGS && filter->extent;
    if (dimension->kind == DIMENSION_USERS)
        return plan_filter_same(dimension->users, filter);
    return slice_dimension_has(dimension, &filter->field);
}

enum status slice_label_add(struct buffer *text, const char *label, struct error *err)
{
    return buffer_add(text, label, strlen(label) + 1, err);
}

/* One value, day or number of it. */
struct point {
    const char *value; /* of values; NULL: any other; */
    int64_t day;
    double number;
    bool none;                        /* no value, no time */
    bool other;                       /* any value that nothing names; no number */
    bool passes;                      /* of users */
    const struct plan_extent *extent; /* of what the logs had: the first that has it; or NULL */
};

static const char *label_of(const struct plan_field *field, const struct point *point,
                            char text[static FIELD_LABEL])
{
    if (point->none)
        return slice_is_time(field) ? "no time" : "unknown";
    if (slice_is_time(field)) {
        field_day_text(field->kind, point->day, text);
        return text;
    }
    if (point->other)
        return "other";
    if (field->bin_count) {
        size_t bin = 0;
        while (bin < field->bin_count && point->number >= field->bins[bin])
            bin++;
        field_bin_text(field, bin, text);
        return text;
    }
    return field_lists(field, point->value) ? point->value : "other";
}

static bool passes(const struct slice_dimension *dimension, const struct plan_filter *filter,
                   const struct point *point)
{
    char text[FIELD_LABEL];
    bool listed = false;
    if (dimension->kind == DIMENSION_USERS)
        return point->passes;
    if (dimension->kind == DIMENSION_LOGS)
        return plan_extent_within(point->extent, filter->extent);
    const char *value = point->value;
    if (dimension->kind == DIMENSION_TIME && !point->none)
        value = label_of(&filter->field, point, text);
    for (size_t i = 0; value && !point->none && !point->other && i < filter->value_count; i++)
        listed = listed || strcmp(filter->values[i], value) == 0;
    return listed != filter->exclude;
}

static bool in_population(const struct slice_dimension *dimension, const struct slice_side *side,
                          const struct point *point)
{
    const struct tally_table *table = side->table;
    bool whole = table->from == INT64_MIN && table->to == INT64_MAX;
    if (dimension->kind == DIMENSION_TIME && !whole &&
        (point->none || point->day < table->from || point->day > table->to))
        return false;
    for (size_t i = 0; i < table->filter_count; i++)
        if (slice_dimension_filters(dimension, &table->filters[i]) &&
            !passes(dimension, &table->filters[i], point))
            return false;
    return true;
}

/* Adds what all sides say of a point, unless one says that nothing is there. */
static enum status add_point(struct slice_cells *cells, size_t d, const struct point *point,
                             struct buffer *text, struct error *err)
{
    struct slice_dimension *dimension = &cells->dimensions[d];
    uint32_t *labels = mem_zalloc(cells->side_count, sizeof *labels), number;
    enum status status = labels ? STATUS_OK : error_nomem(err);
    bool empty = false;
    for (size_t i = 0; status == STATUS_OK && !empty && i < cells->side_count; i++) {
        const struct slice_side *side = &cells->sides[i];
        labels[i] = SLICE_OUT;
        if (!in_population(dimension, side, point))
            continue;
        buffer_reset(text);
        TRY_CLEANUP(buffer_add(text, "", 1, err));
        for (size_t f = 0; f < side->field_count; f++) {
            char scratch[FIELD_LABEL];
            if (slice_dimension_has(dimension, slice_field(side, f)))
                TRY_CLEANUP(
                    slice_label_add(text, label_of(slice_field(side, f), point, scratch), err));
        }
        labels[i] = intern_find(&side->labels[d], text->data, text->len);
        empty = labels[i] == INTERN_NONE;
    }
    if (!empty)
        TRY_CLEANUP(intern_add(&dimension->parts, (const char *)labels,
                               cells->side_count * sizeof *labels, &number, err));
cleanup:
    free(labels);
    return status;
}

static enum status add_days(struct slice_cells *cells, size_t d, int64_t first, int64_t last,
                            struct buffer *text, struct error *err)
{
    const struct point none = {.none = true};
    cells->left_out = cells->left_out || (first <= last && last - first >= DAYS_MAX);
    for (int64_t day = first; !cells->left_out && day <= last; day++) {
        const struct point point = {.day = day};
        TRY(add_point(cells, d, &point, text, err));
    }
    return add_point(cells, d, &none, text, err);
}

static enum status add_users(struct slice_cells *cells, size_t d, struct buffer *text,
                             struct error *err)
{
    for (int i = 0; i < 2; i++) {
        const struct point point = {.passes = i == 1};
        TRY(add_point(cells, d, &point, text, err));
    }
    return STATUS_OK;
}

/* What was new with each of them, since each has all that the ones before had; and what came later.
 */
static enum status add_logs(struct slice_cells *cells, size_t d, struct buffer *text,
                            struct error *err)
{
    const struct point later = {.extent = NULL};
    for (size_t i = 0; i < cells->side_count; i++) {
        const struct tally_table *table = cells->sides[i].table;
        for (size_t f = 0; f < table->filter_count; f++) {
            const struct point point = {.extent = table->filters[f].extent};
            if (point.extent)
                TRY(add_point(cells, d, &point, text, err));
        }
    }
    return add_point(cells, d, &later, text, err);
}

/* "other" and "unknown" as values of their own do not fit in with what is called so. */
static enum status name_value(struct slice_cells *cells, struct intern *names, const char *value,
                              struct error *err)
{
    uint32_t number;
    cells->left_out =
        cells->left_out || strcmp(value, "other") == 0 || strcmp(value, "unknown") == 0;
    return intern_add(names, value, strlen(value), &number, err);
}

static enum status name_values(struct slice_cells *cells, const struct slice_dimension *dimension,
                               struct intern *names, struct error *err)
{
    for (size_t i = 0; i < cells->side_count; i++) {
        const struct slice_side *side = &cells->sides[i];
        const struct tally_table *table = side->table;
        for (size_t f = 0; f < table->filter_count; f++)
            for (size_t k = 0; slice_dimension_filters(dimension, &table->filters[f]) &&
                               k < table->filters[f].value_count;
                 k++)
                TRY(name_value(cells, names, table->filters[f].values[k], err));
        for (size_t f = 0; f < side->field_count; f++) {
            const struct plan_field *field = slice_field(side, f);
            if (!slice_dimension_has(dimension, field))
                continue;
            for (size_t k = 0; k < field->value_count; k++)
                TRY(name_value(cells, names, field->values[k], err));
            for (size_t row = 0; !field->values && row + 1 < table->row_count; row++) {
                const char *label = table->key_values[row * table->key_count + side->fields[f]];
                uint32_t number;
                if (strcmp(label, "other") != 0 && strcmp(label, "unknown") != 0)
                    TRY(intern_add(names, label, strlen(label), &number, err));
            }
        }
    }
    return STATUS_OK;
}

static enum status add_values(struct slice_cells *cells, size_t d, struct buffer *text,
                              struct error *err)
{
    const struct point none = {.none = true}, other = {.other = true};
    enum status status = STATUS_OK;
    struct intern names;
    intern_init(&names);
    TRY_CLEANUP(name_values(cells, &cells->dimensions[d], &names, err));
    for (size_t i = 0; i < names.count; i++) {
        const struct point point = {.value = names.items[i].text};
        TRY_CLEANUP(add_point(cells, d, &point, text, err));
    }
    TRY_CLEANUP(add_point(cells, d, &other, text, err));
    status = add_point(cells, d, &none, text, err);
cleanup:
    intern_release(&names);
    return status;
}

/* A bound is of the bin that it begins. */
static enum status add_bins(struct slice_cells *cells, size_t d, struct buffer *text,
                            struct error *err)
{
    const struct point none = {.none = true}, other = {.other = true}, low = {.number = -INFINITY};
    for (size_t i = 0; i < cells->side_count; i++)
        for (size_t f = 0; f < cells->sides[i].field_count; f++) {
            const struct plan_field *field = slice_field(&cells->sides[i], f);
            for (size_t k = 0;
                 slice_dimension_has(&cells->dimensions[d], field) && k < field->bin_count; k++) {
                const struct point point = {.number = field->bins[k]};
                TRY(add_point(cells, d, &point, text, err));
            }
        }
    TRY(add_point(cells, d, &low, text, err));
    TRY(add_point(cells, d, &other, text, err));
    return add_point(cells, d, &none, text, err);
}

/* ---- by kind ---- */

enum status slice_dimension_fill(struct slice_cells *cells, size_t d, int64_t first, int64_t last,
                                 struct buffer *text, struct error *err)
{
    switch (cells->dimensions[d].kind) {
    case DIMENSION_TIME:
        return add_days(cells, d, first, last, text, err);
    case DIMENSION_VALUES:
        return add_values(cells, d, text, err);
    case DIMENSION_BINS:
        return add_bins(cells, d, text, err);
    case DIMENSION_LOGS:
        return add_logs(cells, d, text, err);
    case DIMENSION_USERS:
        break;
    }
    return add_users(cells, d, text, err);
}
