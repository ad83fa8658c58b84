/*
 * Tables of a page. Numbers are set as in the terminal (number_text.h); a withheld value is the
 * word, null a hyphen. The first column, if it is of texts, names its row for readers that speak.
 */
#include "report/page_parts.h"

#include "report/number_text.h"
#include "report/verdict_mark.h"

#include "base/memory.h"

#include <stdlib.h>
#include <string.h>

enum {
    LONG_TEXT = 40, /* columns of text over which a text column wants more room */
    WIDE = 9,       /* columns of a table over which it is set smaller in print, */
    WIDEST = 15     /* and over which its words are broken there, where a page has no room */
};

static bool is_text(const struct result_column *column)
{
    return column->type == RESULT_STRING || column->type == RESULT_MONTH ||
           column->type == RESULT_VERDICT;
}

static void put_head(FILE *out, const struct result_table *table)
{
    fputs("<thead>\n<tr>", out);
    for (size_t c = 0; c < table->column_count; c++) {
        const struct result_column *column = &table->columns[c];
        fprintf(out, "<th scope=\"col\"%s dir=\"auto\">", is_text(column) ? "" : " class=\"n\"");
        page_put_text(out, *column->title ? column->title : column->id);
        fputs("</th>", out);
    }
    fputs("</tr>\n</thead>\n", out);
}

/* Whether a long text stands in the row above, too: it is read there, and here takes one line. */
static bool is_again(const struct result_table *table, size_t row, size_t c)
{
    enum { SHORT = 24 }; /* bytes */
    const struct result_value *here = result_value_at(table, row, c);
    if (row == 0 || here->kind != VALUE_TEXT || strlen(here->text) <= SHORT)
        return false;
    const struct result_value *above = result_value_at(table, row - 1, c);
    return above->kind == VALUE_TEXT && strcmp(here->text, above->text) == 0;
}

static void put_cell(FILE *out, const struct result_table *table, size_t row, size_t c,
                     const struct number_extent *extent)
{
    const struct result_column *column = &table->columns[c];
    const struct result_value *value = result_value_at(table, row, c);
    bool names_row = c == 0 && is_text(column);
    const char *tag = names_row ? "th" : "td", *scope = names_row ? " scope=\"row\"" : "";
    if (value->kind == VALUE_TEXT) {
        fprintf(out, "<%s%s class=\"t%s%s", tag, scope, extent->text > LONG_TEXT ? " l" : "",
                is_again(table, row, c) ? " again" : "");
        if (column->type == RESULT_VERDICT && verdict_mark_of(value->text) < VERDICT_MARKS)
            fprintf(out, " v%zu", verdict_mark_of(value->text));
        fputs("\" dir=\"auto\">", out);
        page_put_text(out, value->text);
    } else {
        char text[NUMBER_TEXT_SIZE];
        struct number_look look = number_look_of(column, extent);
        number_value_text(value, &look, text);
        fprintf(out, "<%s%s class=\"%s%s\">", tag, scope, is_text(column) ? "t" : "n",
                value->kind == VALUE_WITHHELD ? " w" : "");
        fputs(text, out);
    }
    fprintf(out, "</%s>", tag);
}

static void put_rows(FILE *out, const struct result_table *table, size_t rows,
                     const struct number_extent *extents)
{
    fputs("<tbody>\n", out);
    for (size_t row = 0; row < rows && !ferror(out); row++) {
        fputs("<tr>", out);
        for (size_t c = 0; c < table->column_count; c++)
            put_cell(out, table, row, c, &extents[c]);
        fputs("</tr>\n", out);
    }
    fputs("</tbody>\n", out);
}

static void put_said(FILE *out, const char *class, const char *lead, const char *text)
{
    if (!text || !*text)
        return;
    fprintf(out, "<p class=\"%s\" dir=\"auto\">%s", class, lead);
    page_put_text(out, text);
    fputs("</p>\n", out);
}

static void put_caption(FILE *out, const struct result_table *table)
{
    char rows[NUMBER_TEXT_SIZE];
    number_count_text(table->row_count, rows);
    fprintf(out, "<caption>%s row%s", rows, table->row_count == 1 ? "" : "s");
    if (*table->unit) {
        fputs("; counted in ", out);
        page_put_text(out, table->unit);
    }
    fputs("</caption>\n", out);
}

enum status page_put_table(FILE *out, const struct result_table *table, size_t number,
                           size_t rows_max, struct error *err)
{
    size_t rows = table->row_count < rows_max ? table->row_count : rows_max;
    struct number_extent *extents = mem_zalloc(table->column_count, sizeof *extents);
    if (!extents)
        return error_nomem(err);
    for (size_t c = 0; c < table->column_count; c++)
        extents[c] = number_extent_of(table, c);
    fprintf(out, "<section aria-labelledby=\"table-%zu\">\n<h3 id=\"table-%zu\" dir=\"auto\">",
            number, number);
    page_put_text(out, *table->title ? table->title : table->id);
    fputs("</h3>\n", out);
    put_said(out, "soft about", "", table->population);
    page_put_chart(out, table, number);
    fprintf(out,
            "<div class=\"scroll\" role=\"region\" tabindex=\"0\" aria-labelledby=\"table-%zu\">\n"
            "<table%s>\n",
            number,
            table->column_count > WIDEST ? " class=\"wide widest\""
            : table->column_count > WIDE ? " class=\"wide\""
                                         : "");
    put_caption(out, table);
    put_head(out, table);
    put_rows(out, table, rows, extents);
    fputs("</table>\n</div>\n", out);
    if (rows < table->row_count) {
        char shown[NUMBER_TEXT_SIZE], all[NUMBER_TEXT_SIZE];
        number_count_text(rows, shown);
        number_count_text(table->row_count, all);
        fprintf(out,
                "<p class=\"cut\">The first %s of %s rows are shown. This report in its other "
                "formats holds all of them.</p>\n",
                shown, all);
    }
    put_said(out, "soft", "Method: ", table->method);
    for (size_t i = 0; i < table->note_count; i++)
        put_said(out, "note", "", table->notes[i]);
    fputs("</section>\n", out);
    free(extents);
    return STATUS_OK;
}
