/* Lists and tables of a draft: see draft_parts.h. */
#include "report/draft_parts.h"
#include "report/markdown_text.h"
#include "report/number_text.h"
#include "report/pair_label.h"

#include <stdint.h>
#include <string.h>

/* What stands before each line: the form's own blanks and tabs. */
static void put_indent(const struct draft_form *form, const struct draft_place *place, FILE *out)
{
    fwrite(form->text + place->at - place->indent, 1, place->indent, out);
}

static void put_nothing(const struct draft_form *form, const struct draft_place *place,
                        const char *what, FILE *out)
{
    put_indent(form, place, out);
    fprintf(out, DRAFT_BLANK_OPEN "not in this report: %s", what);
    if (place->table.text) {
        fputs(" ", out);
        markdown_put(out, place->table.text);
    }
    fputs(DRAFT_BLANK_CLOSE "\n", out);
}

/* ---- lists ---- */

/* "- **NAME**: VALUE", or without the name. */
static void put_item(const struct draft_form *form, const struct draft_place *place,
                     const char *name, const char *value, FILE *out)
{
    put_indent(form, place, out);
    fputs("- ", out);
    if (name && *name) {
        fputs("**", out);
        markdown_put(out, name);
        fputs("**: ", out);
    }
    markdown_put(out, value);
    fputc('\n', out);
}

enum names { NO_NAMES, NAMES, LABELS };

static void put_pairs(const struct draft_form *form, const struct draft_place *place,
                      const struct result_pairs *pairs, enum names names, FILE *out)
{
    for (size_t i = 0; i < pairs->count; i++) {
        char label[128] = "";
        if (names == LABELS)
            pair_label(pairs->items[i].name, label, sizeof label);
        put_item(form, place, names == NAMES ? pairs->items[i].name : label, pairs->items[i].value,
                 out);
    }
    if (pairs->count == 0)
        put_nothing(form, place, draft_verb_types[place->verb].name, out);
}

/* The policy in words: the banner, what is said in short and the statements, not the facts. */
static void put_statements(const struct draft_form *form, const struct draft_place *place,
                           const struct result_pairs *pairs, FILE *out)
{
    size_t count = 0;
    for (size_t i = 0; i < pairs->count; i++) {
        const char *name = pairs->items[i].name;
        if (strcmp(name, "banner") != 0 && strcmp(name, "in_short") != 0 &&
            strncmp(name, "statement_", strlen("statement_")) != 0)
            continue;
        put_item(form, place, NULL, pairs->items[i].value, out);
        count++;
    }
    if (count == 0)
        put_nothing(form, place, "release", out);
}

static void put_notes(const struct draft_form *form, const struct draft_place *place,
                      const struct result *result, FILE *out)
{
    const struct result_table *table = draft_table(result, place);
    for (size_t i = 0; table && i < table->note_count; i++)
        put_item(form, place, NULL, table->notes[i], out);
    if (!table)
        put_nothing(form, place, "notes of", out);
    else if (table->note_count == 0)
        put_item(form, place, NULL, "There are no notes.", out);
}

/* ---- tables ---- */

static size_t column_count(const struct draft_place *place, const struct result_table *table)
{
    return place->column_count ? place->column_count : table->column_count;
}

/* The I-th column that PLACE shows; SIZE_MAX if the table lacks it. */
static size_t column_at(const struct draft_place *place, const struct result_table *table, size_t i)
{
    return place->column_count ? draft_column(table, place->columns[i].text) : i;
}

static bool is_number(enum result_type type)
{
    return type == RESULT_COUNT || type == RESULT_SHARE || type == RESULT_NUMBER;
}

static void put_heads(const struct draft_form *form, const struct draft_place *place,
                      const struct result_table *table, FILE *out)
{
    size_t count = column_count(place, table);
    put_indent(form, place, out);
    fputc('|', out);
    for (size_t i = 0; i < count; i++) {
        size_t c = column_at(place, table, i);
        fputc(' ', out);
        markdown_put(out, c == SIZE_MAX ? place->columns[i].text : table->columns[c].title);
        fputs(" |", out);
    }
    fputc('\n', out);
    put_indent(form, place, out);
    fputc('|', out);
    for (size_t i = 0; i < count; i++) {
        size_t c = column_at(place, table, i);
        fputs(c != SIZE_MAX && is_number(table->columns[c].type) ? " ---: |" : " --- |", out);
    }
    fputc('\n', out);
}

enum { LOOKS_MAX = 64 };

/* How numbers of the table's first columns are set. */
static void find_looks(const struct result_table *table, struct number_look looks[static LOOKS_MAX])
{
    for (size_t c = 0; c < table->column_count && c < LOOKS_MAX; c++) {
        struct number_extent extent = number_extent_of(table, c);
        looks[c] = number_look_of(&table->columns[c], &extent);
    }
}

static void put_row(const struct draft_form *form, const struct draft_place *place,
                    const struct result_table *table, size_t row,
                    const struct number_look looks[static LOOKS_MAX], FILE *out)
{
    size_t count = column_count(place, table);
    put_indent(form, place, out);
    fputc('|', out);
    for (size_t i = 0; i < count; i++) {
        size_t c = column_at(place, table, i);
        fputc(' ', out);
        if (c == SIZE_MAX)
            fputs("not told", out);
        else if (result_value_at(table, row, c)->kind == VALUE_TEXT &&
                 !*result_value_at(table, row, c)->text)
            fputs("-", out);
        else
            draft_put_value(&table->columns[c], result_value_at(table, row, c),
                            c < LOOKS_MAX ? &looks[c] : NULL, out);
        fputs(" |", out);
    }
    fputc('\n', out);
}

static void put_table(const struct draft_form *form, const struct draft_place *place,
                      const struct result *result, FILE *out)
{
    char all[NUMBER_TEXT_SIZE], shown[NUMBER_TEXT_SIZE];
    const struct result_table *table = draft_table(result, place);
    struct number_look looks[LOOKS_MAX];
    size_t fitting = 0;
    if (!table) {
        put_nothing(form, place, "the table", out);
        return;
    }
    find_looks(table, looks);
    put_heads(form, place, table, out);
    for (size_t row = 0; row < table->row_count && !ferror(out); row++)
        if (draft_row_fits(place, table, row) && ++fitting <= DRAFT_ROWS_MAX)
            put_row(form, place, table, row, looks, out);
    if (fitting > 0 && fitting <= DRAFT_ROWS_MAX)
        return;
    fputc('\n', out);
    put_indent(form, place, out);
    if (fitting == 0) {
        fputs("The report has no such row.\n", out);
        return;
    }
    number_count_text(fitting, all);
    number_count_text(DRAFT_ROWS_MAX, shown);
    fprintf(out, "These are the first %s of %s rows; the other files of the report have all.\n",
            shown, all);
}

void draft_put_block(const struct draft_form *form, const struct draft_place *place,
                     const struct result *result, FILE *out)
{
    switch (place->verb) {
    case DRAFT_SUMMARY:
        put_pairs(form, place, &result->summary, NO_NAMES, out);
        return;
    case DRAFT_DEFINITIONS:
        put_pairs(form, place, &result->definitions, NAMES, out);
        return;
    case DRAFT_METHODS:
        put_pairs(form, place, &result->methods, NAMES, out);
        return;
    case DRAFT_RUN:
        put_pairs(form, place, &result->run, LABELS, out);
        return;
    case DRAFT_RELEASE:
        put_statements(form, place, &result->release, out);
        return;
    case DRAFT_NOTES:
        put_notes(form, place, result, out);
        return;
    default:
        put_table(form, place, result, out);
    }
}
