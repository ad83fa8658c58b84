/*
 * The draft: a form filled from the result tree, as Markdown.
 *
 * Everything that comes from the tree is escaped (markdown_text.h): it can be words and nothing
 * else. A place that has nothing to say is a marked blank that says so, never an empty space:
 *
 *     **[ to be stated: name and position ]**                    what a person must state
 *     **[ not in this report: prevalence of rel ]**              no such table, column or row
 *     **[ no figure: prevalence of rel ]**                       an empty cell
 *     withheld                                                   a withheld one
 */
#include "report/draft_parts.h"
#include "report/markdown_text.h"
#include "report/number_text.h"
#include "report/writer.h"

#include "base/file.h"

#include <assert.h>
#include <stdint.h>
#include <string.h>

void draft_put_value(const struct result_column *column, const struct result_value *value,
                     const struct number_look *look, FILE *out)
{
    char number[NUMBER_TEXT_SIZE];
    if (value->kind == VALUE_TEXT) {
        markdown_put(out, value->text);
        return;
    }
    if (look)
        number_value_text(value, look, number);
    else
        number_sentence_text(value, column->type, number_rounding_of(column), number);
    fputs(number, out);
}

/* "prevalence of rel where stratum = all" */
static void put_name(const struct draft_place *place, FILE *out)
{
    if (place->name.text)
        markdown_put(out, place->name.text);
    if (place->name.text && place->table.text)
        fputs(" of ", out);
    if (place->table.text)
        markdown_put(out, place->table.text);
    for (size_t i = 0; i < place->condition_count; i++) {
        fputs(i ? " and " : " where ", out);
        markdown_put(out, place->conditions[i].column.text);
        fputs(" = ", out);
        markdown_put(out, place->conditions[i].value.text);
    }
}

static void put_blank(const char *why, const struct draft_place *place, FILE *out)
{
    fprintf(out, DRAFT_BLANK_OPEN "%s: ", why);
    put_name(place, out);
    fputs(DRAFT_BLANK_CLOSE, out);
}

/* TEXT, or a blank that asks for it by the verb's name. */
static void put_fact(const struct draft_place *place, const char *text, FILE *out)
{
    if (text && *text)
        markdown_put(out, text);
    else
        fprintf(out, DRAFT_BLANK_OPEN "to be stated: %s" DRAFT_BLANK_CLOSE,
                draft_verb_types[place->verb].name);
}

/* ---- cells ---- */

/* Does the cell read as WANTED, as a text or as the number that the draft shows? */
static bool reads_as(const struct result_column *column, const struct result_value *value,
                     const char *wanted)
{
    char number[NUMBER_TEXT_SIZE];
    if (value->kind == VALUE_TEXT)
        return strcmp(value->text, wanted) == 0;
    number_sentence_text(value, column->type, number_rounding_of(column), number);
    return strcmp(number, wanted) == 0;
}

bool draft_row_fits(const struct draft_place *place, const struct result_table *table, size_t row)
{
    for (size_t i = 0; i < place->condition_count; i++) {
        size_t c = draft_column(table, place->conditions[i].column.text);
        if (c == SIZE_MAX || !reads_as(&table->columns[c], result_value_at(table, row, c),
                                       place->conditions[i].value.text))
            return false;
    }
    return true;
}

/* The cell that PLACE names, with its column; NULL if it is not in RESULT. */
static const struct result_value *find_cell(const struct draft_place *place,
                                            const struct result *result,
                                            const struct result_column **column)
{
    const struct result_table *table = draft_table(result, place);
    size_t c = table ? draft_column(table, place->name.text) : SIZE_MAX;
    if (c == SIZE_MAX)
        return NULL;
    *column = &table->columns[c];
    for (size_t row = 0; row < table->row_count; row++)
        if (draft_row_fits(place, table, row))
            return result_value_at(table, row, c);
    return NULL;
}

static void put_cell(const struct draft_place *place, const struct result *result, FILE *out)
{
    const struct result_column *column;
    const struct result_value *value = find_cell(place, result, &column);
    if (!value)
        put_blank("not in this report", place, out);
    else if (value->kind == VALUE_NULL || (value->kind == VALUE_TEXT && !*value->text))
        put_blank("no figure", place, out);
    else
        draft_put_value(column, value, NULL, out);
}

/* Has any row that PLACE names a value? */
static bool holds_value(const struct draft_place *place, const struct result *result)
{
    const struct result_table *table = draft_table(result, place);
    size_t c = table ? draft_column(table, place->name.text) : SIZE_MAX;
    if (c == SIZE_MAX)
        return false;
    for (size_t row = 0; row < table->row_count; row++) {
        const struct result_value *value = result_value_at(table, row, c);
        if (value->kind != VALUE_NULL && value->kind != VALUE_WITHHELD &&
            draft_row_fits(place, table, row))
            return true;
    }
    return false;
}

/* ---- other places within a line ---- */

static void put_pair(const struct draft_place *place, const struct result_pairs *pairs, FILE *out)
{
    bool any = false;
    for (size_t i = 0; i < pairs->count; i++)
        if (strcmp(pairs->items[i].name, place->name.text) == 0) {
            if (any)
                fputc(' ', out);
            markdown_put(out, pairs->items[i].value);
            any = true;
        }
    if (!any)
        put_blank("not in this report", place, out);
}

static void put_of_table(const struct draft_place *place, const struct result *result, FILE *out)
{
    const struct result_table *table = draft_table(result, place);
    if (!table) {
        put_blank("not in this report", place, out);
        return;
    }
    put_fact(place,
             place->verb == DRAFT_TITLE        ? table->title
             : place->verb == DRAFT_UNIT       ? table->unit
             : place->verb == DRAFT_POPULATION ? table->population
                                               : table->method,
             out);
}

static void put_place(const struct draft_form *form, const struct draft_place *place,
                      const struct result *result, FILE *out)
{
    if (place->block) {
        draft_put_block(form, place, result, out);
        return;
    }
    switch (place->verb) {
    case DRAFT_BLANK:
        fprintf(out, DRAFT_BLANK_OPEN "to be stated: %s" DRAFT_BLANK_CLOSE, place->name.text);
        return;
    case DRAFT_VALUE:
        put_cell(place, result, out);
        return;
    case DRAFT_MATTER:
        put_fact(place, result->matter, out);
        return;
    case DRAFT_CONFIDENTIALITY:
        put_fact(place, result->confidentiality, out);
        return;
    case DRAFT_DATE:
        put_fact(place, result->date, out);
        return;
    case DRAFT_FORM:
        markdown_put(out, path_base(form->path));
        fprintf(out, " (SHA-256 %s)", form->sha256);
        return;
    case DRAFT_SUMMARY:
        put_pair(place, &result->summary, out);
        return;
    case DRAFT_RUN:
        put_pair(place, &result->run, out);
        return;
    case DRAFT_RELEASE:
        put_pair(place, &result->release, out);
        return;
    default:
        if (place->table.text)
            put_of_table(place, result, out);
        else
            put_fact(place, result->title, out);
    }
}

/* Does the text so far end where a line begins, but for blanks? */
static bool begins_line(const struct draft_piece *piece)
{
    size_t len = piece->len;
    while (len > 0 && (piece->text[len - 1] == ' ' || piece->text[len - 1] == '\t'))
        len--;
    return len == 0 || piece->text[len - 1] == '\n';
}

/* Text of the form. After a number at the beginning of a line, a dot would make it a list. */
static void put_text(const struct draft_piece *piece, bool after_first, FILE *out)
{
    if (after_first && piece->len > 0 && (*piece->text == '.' || *piece->text == ')'))
        fputc('\\', out);
    fwrite(piece->text, 1, piece->len, out);
}

void draft_fill(const struct draft_form *form, const struct result *result, FILE *out)
{
    bool skipping = false, held = false, after_first = false;
    for (size_t i = 0; i < form->piece_count; i++) {
        const struct draft_piece *piece = &form->pieces[i];
        const struct draft_place *place = piece->place;
        if (!skipping)
            put_text(piece, after_first, out);
        after_first = false;
        if (!place)
            continue;
        if (place->verb == DRAFT_WHEN) {
            held = holds_value(place, result);
            skipping = !held;
        } else if (place->verb == DRAFT_OTHERWISE) {
            skipping = held;
        } else if (place->verb == DRAFT_END) {
            skipping = false;
        } else if (!skipping) {
            put_place(form, place, result, out);
            after_first = !place->block && place->verb != DRAFT_BLANK && begins_line(piece);
        }
    }
}

enum status draft_report_write(const struct result *result, const char *path, struct error *err)
{
    struct file_out out;
    assert(result->draft_form);
    TRY(file_out_open(&out, path, 0644, err));
    draft_fill(result->draft_form, result, out.stream);
    return file_out_commit(&out, err);
}
