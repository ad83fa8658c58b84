/*
 * The result tree: what a report says, in one columnar form that feeds every writer. Writers see
 * nothing else. No message text, title, user or record id is ever in it.
 */
#ifndef PROFFER_RESULT_H
#define PROFFER_RESULT_H

#include "base/arena.h"
#include "base/error.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum result_type {
    RESULT_STRING,
    RESULT_MONTH,
    RESULT_COUNT,
    RESULT_SHARE, /* a number from 0 to 1 */
    RESULT_NUMBER,
    RESULT_VERDICT
};

extern const char *const result_type_names[]; /* "string", "month", "count", ... */

struct result_column {
    const char *id, *title;
    enum result_type type;
    const char *unit; /* "conversations", "" for none */
};

enum result_value_kind { VALUE_NULL, VALUE_TEXT, VALUE_COUNT, VALUE_REAL, VALUE_WITHHELD };

struct result_value {
    enum result_value_kind kind;
    union {
        const char *text;
        uint64_t count;
        double real;
    };
};

/* A range is drawn as a point between its ends: columns X_low and X_high beside the value X. */
enum result_chart_kind { CHART_NONE, CHART_COLUMN, CHART_BAR, CHART_LINE, CHART_RANGE };

/*
 * A picture of the table: CATEGORY column against VALUE column and, of columns, another one BESIDE
 * it (0: none). Rows from FIRST, COUNT of them.
 */
struct result_chart {
    enum result_chart_kind kind;
    size_t category, value;
    size_t first_row, row_count;
    const char *title;
    const char *alt; /* what the picture shows, in words */
    size_t beside;   /* of the same type as VALUE; not 0 where it is drawn too */
};

/* Ends between which the true value of a cell with noise lies. */
struct result_bound {
    size_t cell; /* row * column_count + column */
    struct result_value low, high;
};

struct result_table {
    const char *id, *kind, *title, *unit, *population, *method;
    const char *question; /* digest of what its query asks in every period, or "" */
    const char **notes;
    size_t note_count, note_capacity;
    struct result_column *columns;
    size_t column_count;
    struct result_value *values; /* [row * column_count + column]; on the heap, for growing */
    size_t row_count, row_capacity;
    size_t filled;               /* of the row being filled */
    struct result_bound *bounds; /* on the heap, ascending by cell; none after result_spread */
    size_t bound_count, bound_capacity;
    struct result_chart chart;
};

/* Names of `run` and `release` are keys of JSON objects: lower case with underscores, unique. */
struct result_pair {
    const char *name, *value;
};

struct result_pairs {
    struct result_pair *items;
    size_t count, capacity;
};

struct draft_form;
/*
 * What the cover says of the matter, as the plan states it. A text of "" and a caption without
 * lines are blanks that someone is to fill in; NULL and not has_caption: there is no such line.
 */
struct result_cover {
    bool has_caption;
    const char **caption;
    size_t caption_count;
    const char *offered_as, *inspection;
    const char *stamp_prefix; /* of the stamp on each printed page; NULL: none */
    uint32_t stamp_first, stamp_digits;
};

struct result {
    struct arena arena; /* owns all strings and arrays but the tables' values */
    const char *title, *matter, *confidentiality, *date;
    struct result_cover cover;
    struct result_pairs run;         /* provenance: versions, digests, counts of files and bytes */
    struct result_pairs release;     /* policy and guarantee; the first is the banner */
    struct result_pairs definitions; /* word, meaning */
    struct result_pairs methods;     /* method, what it is and where it is from */
    struct result_pairs summary;     /* query id, one line in words */
    struct result_table **tables;    /* the first is `completeness` */
    size_t table_count, table_capacity;
    const struct draft_form *draft_form; /* of the draft, which is its owner's; NULL: none */
};

void result_init(struct result *result);
void result_release(struct result *result);

/*
 * A copy in the result's arena; NULL without memory or for NULL. Bytes that are not UTF-8 become
 * U+FFFD, so that no writer meets them.
 */
const char *result_text(struct result *result, const char *text);
const char *result_printf(struct result *result, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

PROFFER_MUST_USE enum status result_pair_add(struct result *result, struct result_pairs *pairs,
                                             const char *name, const char *value,
                                             struct error *err);

/*
 * A new table; strings and columns are copied. Column ids become keys of JSON rows: one that came
 * before, or is "flags", gets the ending "_2", "_3", ...
 */
PROFFER_MUST_USE enum status result_table_add(struct result *result, const char *id,
                                              const char *kind, const char *title, const char *unit,
                                              const struct result_column *columns,
                                              size_t column_count, struct result_table **table,
                                              struct error *err);
PROFFER_MUST_USE enum status result_note(struct result *result, struct result_table *table,
                                         const char *text, struct error *err);

/*
 * Rows are filled cell by cell from the left; a row begins with the first put after a whole row.
 * Text is copied. The type of the column and the kind of the value must agree (asserted). NaN and
 * infinities become null; so does a text of NULL.
 */
PROFFER_MUST_USE enum status result_put_text(struct result *result, struct result_table *table,
                                             const char *text, struct error *err);
PROFFER_MUST_USE enum status result_put_count(struct result *result, struct result_table *table,
                                              uint64_t count, struct error *err);
PROFFER_MUST_USE enum status result_put_real(struct result *result, struct result_table *table,
                                             double real, struct error *err);
PROFFER_MUST_USE enum status result_put_null(struct result *result, struct result_table *table,
                                             struct error *err);
PROFFER_MUST_USE enum status result_put_withheld(struct result *result, struct result_table *table,
                                                 struct error *err);

/* VALUE of another table. */
PROFFER_MUST_USE enum status result_put_value(struct result *result, struct result_table *table,
                                              const struct result_value *value, struct error *err);

/* Bounds of the cell that was put last: of the kind of its value. */
PROFFER_MUST_USE enum status result_bound_count(struct result_table *table, uint64_t low,
                                                uint64_t high, struct error *err);
PROFFER_MUST_USE enum status result_bound_real(struct result_table *table, double low, double high,
                                               struct error *err);

/*
 * Once all tables are filled, of a result with noise: bounds become columns of their own, X_low and
 * X_high, right of X; columns in which nothing is told are left out, with a note that names them,
 * and so are tables in which nothing is.
 */
PROFFER_MUST_USE enum status result_spread(struct result *result, struct error *err);

const struct result_table *result_table_find(const struct result *result, const char *id);
const struct result_value *result_value_at(const struct result_table *table, size_t row,
                                           size_t column);

#endif
