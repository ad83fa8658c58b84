/*
 * What tables tell apart of one dimension (slice_cells.h): a day, a value, a bin or a user is to
 * each of them a label, or out of its population; those that are the same to all are one part.
 */
#ifndef PROFFER_SLICE_DIMENSION_H
#define PROFFER_SLICE_DIMENSION_H

#include "base/buffer.h"
#include "base/error.h"
#include "base/intern.h"
#include "queries/plan.h"
#include "queries/slice_cells.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum dimension_kind {
    DIMENSION_TIME,
    DIMENSION_VALUES,
    DIMENSION_BINS,
    DIMENSION_USERS,
    DIMENSION_LOGS
};

struct slice_dimension {
    enum dimension_kind kind;
    size_t stored;                   /* of values and bins */
    const struct plan_filter *users; /* of users */
    struct intern parts;             /* [side_count] labels' numbers, or SLICE_OUT */
};

static inline bool slice_is_time(const struct plan_field *field)
{
    return field->kind != PLAN_FIELD_STORED;
}

static inline const struct plan_field *slice_field(const struct slice_side *side, size_t i)
{
    return &side->table->by[side->fields[i]];
}

/* Whether a field, or a filter's, lies in the dimension. */
bool slice_dimension_has(const struct slice_dimension *dimension, const struct plan_field *field);
bool slice_dimension_filters(const struct slice_dimension *dimension,
                             const struct plan_filter *filter);

/* Appends LABEL with its NUL: labels of a side are numbered so, after one byte. */
PROFFER_MUST_USE enum status slice_label_add(struct buffer *text, const char *label,
                                             struct error *err);

/* Finds the parts of dimension D, whose sides have their labels; or that CELLS are left out. */
PROFFER_MUST_USE enum status slice_dimension_fill(struct slice_cells *cells, size_t d,
                                                  int64_t first, int64_t last, struct buffer *text,
                                                  struct error *err);

#endif
