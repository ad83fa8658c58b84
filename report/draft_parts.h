/*
 * What reading, checking and filling a form share; nobody else includes this. See draft_form.h.
 */
#ifndef PROFFER_DRAFT_PARTS_H
#define PROFFER_DRAFT_PARTS_H

#include "report/draft_form.h"
#include "report/number_text.h"

#include "base/arena.h"

#include <stdbool.h>
#include <stdio.h>

enum draft_verb {
    DRAFT_TITLE,
    DRAFT_MATTER,
    DRAFT_CONFIDENTIALITY,
    DRAFT_DATE,
    DRAFT_FORM,
    DRAFT_SUMMARY,
    DRAFT_DEFINITIONS,
    DRAFT_METHODS,
    DRAFT_RUN,
    DRAFT_RELEASE,
    DRAFT_UNIT,
    DRAFT_POPULATION,
    DRAFT_METHOD,
    DRAFT_NOTES,
    DRAFT_VALUE,
    DRAFT_TABLE,
    DRAFT_BLANK,
    DRAFT_WHEN,
    DRAFT_OTHERWISE,
    DRAFT_END
};
enum { DRAFT_VERBS = DRAFT_END + 1, DRAFT_ROWS_MAX = 1000 };

/* What follows the verb of a place. */
enum draft_shape {
    SHAPE_BARE,
    SHAPE_NAME,    /* [NAME] */
    SHAPE_MAY_OF,  /* [of TABLE] */
    SHAPE_OF,      /* of TABLE */
    SHAPE_CELL,    /* COLUMN of TABLE [where COLUMN = VALUE [and ...]] */
    SHAPE_COLUMNS, /* TABLE [with COLUMN[, COLUMN...]] [where as above] */
    SHAPE_TEXT     /* anything up to the end */
};

struct draft_verb_type {
    const char *name;
    enum draft_shape shape;
    const char *usage; /* "{{value COLUMN of TABLE}}" */
};
extern const struct draft_verb_type draft_verb_types[DRAFT_VERBS]; /* by enum draft_verb */

struct draft_word {
    const char *text; /* NULL: not given */
    size_t at;        /* bytes into the form */
};

struct draft_condition {
    struct draft_word column, value;
};

struct draft_place {
    enum draft_verb verb;
    size_t at;
    struct draft_word table, name; /* name: of a column, a query or a fact; the text of a blank */
    struct draft_condition *conditions;
    size_t condition_count;
    struct draft_word *columns;
    size_t column_count;
    bool block;    /* a list or a table */
    size_t indent; /* of a block: bytes before it on its line */
};

/* Text as it is, then a place; the last piece has none. */
struct draft_piece {
    const char *text;
    size_t len;
    struct draft_place *place;
};

struct draft_form {
    struct arena arena;
    const char *path, *text;
    size_t len;
    char sha256[65];
    struct draft_piece *pieces; /* on the heap, for growing */
    size_t piece_count, piece_capacity;
};

/* Reads the place that begins at PLACE->at into PLACE; *END is behind its "}}". */
PROFFER_MUST_USE enum status draft_place_read(struct draft_form *form, struct draft_place *place,
                                              size_t *end, struct error *err);

/* The error for a mistake AT so many bytes of FORM; returns STATUS_PLAN. */
enum status draft_fault(const struct draft_form *form, size_t at, struct error *err,
                        const char *format, ...) __attribute__((format(printf, 4, 5)));

/* FORM filled from RESULT, onto OUT. Errors of OUT stay with OUT. */
void draft_fill(const struct draft_form *form, const struct result *result, FILE *out);

/* A list or a table at PLACE; a marked blank where it has nothing. */
void draft_put_block(const struct draft_form *form, const struct draft_place *place,
                     const struct result *result, FILE *out);

/* The table that PLACE names, or NULL. */
const struct result_table *draft_table(const struct result *result,
                                       const struct draft_place *place);

/* The column of that id in TABLE; SIZE_MAX if there is none. */
size_t draft_column(const struct result_table *table, const char *id);

/* Meets the row all conditions of PLACE? */
bool draft_row_fits(const struct draft_place *place, const struct result_table *table, size_t row);

/* VALUE of COLUMN: numbers as bounds need them, "withheld". In words, or as LOOK says in a table.
 * Not for null. */
void draft_put_value(const struct result_column *column, const struct result_value *value,
                     const struct number_look *look, FILE *out);

/* The marks around a blank; the text between them is the caller's. */
#define DRAFT_BLANK_OPEN  "**[ "
#define DRAFT_BLANK_CLOSE " ]**"

#endif
