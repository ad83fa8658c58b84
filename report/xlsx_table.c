/*
 * A sheet of a table.
 *
 *     1  title
 *     2  unit, part, where the notes are
 *     3  column titles: frozen, filtered, repeated in print
 *     4  rows ...                                  | chart, if both have room on a printed page
 *        (blank)
 *        population, method, notes, each in lines
 *        (blank)
 *        chart, if not: on the same page if it is there whole, else on the next
 */
#include "report/number_text.h"
#include "report/text_width.h"
#include "report/xlsx_book.h"

#include "base/memory.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    TITLE_ROW = 0,
    ABOUT_ROW = 1,
    HEADER_ROW = XLSX_FIRST_ROW - 1,
    FIRST_ROW = XLSX_FIRST_ROW,
    ABOVE_LINES = 7,     /* room for what stands above the rows, and a blank row below the notes */
    SHORT_ROWS = 12,     /* a table of so many is not long */
    TEXT_WIDTH_MAX = 36, /* columns of text wrap beyond it */
    TEXT_WIDTH_TIGHT = 22, /* and beyond this where the table is wide; twice that */
    LONG_TEXT = 4,         /* where a text is so many times as long */
    TABLE_WIDE = 150,
    PRINTED_CHARACTERS = 10000, /* a page's width with a wide font, times the scale in percent, */
    SCALE_MIN = 60,             /* which is one of these where a table needs several side by side */
    SCALE_MAX = 75,
    NOTE_WIDTH_MIN = 84,
    NOTE_WIDTH_MAX = 130,
    HEADER_EXTRA = 3, /* for the arrow of the filter */
    HEADER_MAX = 20
};

/* Numbers of more digits than a double holds are written as text. */
static const uint64_t exact_in_double = UINT64_C(1) << 53;

struct look {
    double width;       /* of the column, in characters */
    lxw_format *format; /* of its values */
};

static bool is_text(enum result_type type)
{
    return type == RESULT_STRING || type == RESULT_MONTH || type == RESULT_VERDICT;
}

static size_t longest_word(const char *text)
{
    size_t longest = 0;
    while (*text) {
        size_t len = strcspn(text, " ");
        size_t width = text_width(text, len);
        if (width > longest)
            longest = width;
        text += len;
        text += strspn(text, " ");
    }
    return longest;
}

static struct look column_look(const struct xlsx_book *book, const struct result_table *table,
                               size_t column, size_t text_max)
{
    const struct result_column *c = &table->columns[column];
    struct number_extent e = number_extent_of(table, column);
    struct look look = {0, book->text};
    size_t width = e.text;
    switch (c->type) {
    case RESULT_COUNT: {
        size_t digits = number_digits((double)e.count);
        width = digits > width ? digits : width;
        look.format = book->count;
        break;
    }
    case RESULT_SHARE: {
        int decimals = number_share_decimals(e.smallest);
        width = (size_t)decimals + 6 > width ? (size_t)decimals + 6 : width;
        look.format = book->share[decimals];
        break;
    }
    case RESULT_NUMBER: {
        int decimals = number_decimals(&e);
        size_t digits = number_digits(e.largest) + e.negative;
        digits += decimals > 0 ? (size_t)decimals + 1 : 0;
        width = digits > width ? digits : width;
        look.format = book->number[decimals];
        break;
    }
    case RESULT_STRING:
    case RESULT_MONTH:
    case RESULT_VERDICT:
        if (width > text_max * LONG_TEXT) /* many short lines would be hard to read */
            text_max *= 2;
        width = width > text_max ? text_max : width;
        width += c->type == RESULT_VERDICT ? 2 : 0; /* its sign */
        break;
    }
    /* The header wraps between words; HEADER_EXTRA is for the arrow of the filter. */
    size_t header = longest_word(c->title) + HEADER_EXTRA;
    header = header > HEADER_MAX ? HEADER_MAX : header;
    width += is_text(c->type) ? 3 : 2;
    look.width = (double)(width > header ? width : header);
    return look;
}

/* Looks of all columns, narrower ones if the table is wide; the total width into *TOTAL. */
static void table_looks(const struct xlsx_book *book, const struct result_table *table,
                        struct look *looks, double *total)
{
    for (size_t text_max = TEXT_WIDTH_MAX;; text_max = TEXT_WIDTH_TIGHT) {
        *total = 0;
        for (size_t c = 0; c < table->column_count; c++) {
            looks[c] = column_look(book, table, c, text_max);
            *total += looks[c].width;
        }
        if (*total <= TABLE_WIDE || text_max == TEXT_WIDTH_TIGHT)
            break;
    }
}

/* As report.json has it: 15 significant digits. */
static double rounded(double value)
{
    char text[40];
    snprintf(text, sizeof text, "%.15g", value);
    return strtod(text, NULL);
}

static enum status put_value(struct xlsx_book *book, lxw_worksheet *sheet, lxw_row_t row,
                             lxw_col_t column, const struct result_value *value, lxw_format *format,
                             struct error *err)
{
    switch (value->kind) {
    case VALUE_TEXT:
        return xlsx_write_text(sheet, row, column, value->text, XLSX_CELL_MAX, format, err);
    case VALUE_COUNT:
        if (value->count > exact_in_double) {
            char text[24];
            snprintf(text, sizeof text, "%" PRIu64, value->count);
            return xlsx_status(worksheet_write_string(sheet, row, column, text, format), err);
        }
        return xlsx_status(worksheet_write_number(sheet, row, column, (double)value->count, format),
                           err);
    case VALUE_REAL:
        return xlsx_status(worksheet_write_number(sheet, row, column, rounded(value->real), format),
                           err);
    case VALUE_WITHHELD:
        return xlsx_status(worksheet_write_string(sheet, row, column, "withheld", book->withheld),
                           err);
    case VALUE_NULL:
        break;
    }
    return STATUS_OK;
}

static enum status put_about(struct xlsx_book *book, lxw_worksheet *sheet,
                             const struct xlsx_part *part, lxw_col_t column, struct error *err)
{
    char text[400];
    size_t used = (size_t)snprintf(text, sizeof text, "Table \"%.120s\".", part->table->id);
    if (*part->table->unit)
        used +=
            (size_t)snprintf(text + used, sizeof text - used, " Unit: %.60s.", part->table->unit);
    if (part->parts > 1)
        used +=
            (size_t)snprintf(text + used, sizeof text - used,
                             " Part %zu of %zu: rows %zu to %zu of %zu.", part->number, part->parts,
                             part->first + 1, part->first + part->count, part->table->row_count);
    snprintf(text + used, sizeof text - used, " Notes from row %zu on.",
             (size_t)FIRST_ROW + part->count + 2);
    return xlsx_write_text(sheet, ABOUT_ROW, column, text, XLSX_CELL_MAX, book->note, err);
}

/* TEXT after LABEL in lines of WIDTH, each a cell that flows over its empty neighbours. */
static enum status put_lines(struct xlsx_book *book, lxw_worksheet *sheet, lxw_row_t *row,
                             lxw_col_t column, const char *label, const char *text, size_t width,
                             struct error *err)
{
    if (!*text)
        return STATUS_OK;
    char *whole = mem_printf("%s%s", label, text);
    if (!whole)
        return error_nomem(err);
    enum status status = STATUS_OK;
    const char *at = whole;
    for (size_t left = strlen(whole); left > 0 && status == STATUS_OK;) {
        size_t next, len = text_width_line(at, left, width, &next);
        char *line = mem_strndup(at, len);
        status = line ? xlsx_write_text(sheet, *row, column, line, XLSX_CELL_MAX, book->note, err)
                      : error_nomem(err);
        free(line);
        *row += 1;
        at += next;
        left -= next;
    }
    free(whole);
    return status;
}

static enum status put_notes(struct xlsx_book *book, lxw_worksheet *sheet, lxw_row_t *row,
                             lxw_col_t column, const struct result_table *table, bool title_cut,
                             size_t width, struct error *err)
{
    if (title_cut)
        TRY(put_lines(book, sheet, row, column, "Title: ", table->title, width, err));
    TRY(put_lines(book, sheet, row, column, "Population: ", table->population, width, err));
    TRY(put_lines(book, sheet, row, column, "Method: ", table->method, width, err));
    for (size_t i = 0; i < table->note_count; i++)
        TRY(put_lines(book, sheet, row, column, "Note: ", table->notes[i], width, err));
    return STATUS_OK;
}

static enum status set_header_height(lxw_worksheet *sheet, const struct result_table *table,
                                     const struct look *looks, struct error *err)
{
    unsigned most = 1;
    for (size_t c = 0; c < table->column_count; c++) {
        unsigned lines = xlsx_lines(table->columns[c].title, looks[c].width - 2);
        most = lines > most ? lines : most;
    }
    return xlsx_set_lines(sheet, HEADER_ROW, most, err);
}

/* Whether a text stands in the row above, too: in a long table it is read there, and here shrinks
 * to one line. */
static bool is_again(const struct xlsx_part *part, size_t row, size_t column)
{
    if (row == 0 || part->count <= SHORT_ROWS ||
        part->table->columns[column].type == RESULT_VERDICT)
        return false;
    const struct result_value *here = result_value_at(part->table, part->first + row, column);
    const struct result_value *above = result_value_at(part->table, part->first + row - 1, column);
    return here->kind == VALUE_TEXT && above->kind == VALUE_TEXT &&
           strcmp(here->text, above->text) == 0;
}

static unsigned lines_of(const struct xlsx_part *part, const struct look *looks, size_t row)
{
    unsigned most = 1;
    for (size_t c = 0; c < part->table->column_count; c++) {
        const struct result_value *value = result_value_at(part->table, part->first + row, c);
        if (value->kind != VALUE_TEXT || is_again(part, row, c))
            continue;
        unsigned lines = xlsx_lines(value->text, looks[c].width - 1);
        most = lines > most ? lines : most;
    }
    return most;
}

/* Of all rows, or somewhat more than a page holds. */
static size_t lines_in_all(const struct xlsx_part *part, const struct look *looks)
{
    enum { BEYOND = 1000 };
    size_t lines = 0;
    for (size_t row = 0; row < part->count && lines < BEYOND; row++)
        lines += lines_of(part, looks, row);
    return lines;
}

static enum status put_columns(struct xlsx_book *book, lxw_worksheet *sheet,
                               const struct xlsx_part *part, const struct look *looks,
                               struct error *err)
{
    const struct result_table *table = part->table;
    TRY(set_header_height(sheet, table, looks, err));
    for (size_t c = 0; c < table->column_count; c++) {
        bool text = is_text(table->columns[c].type);
        TRY(xlsx_write_text(sheet, HEADER_ROW, (lxw_col_t)c, table->columns[c].title, 255,
                            text ? book->column : book->column_number, err));
    }
    for (size_t row = 0; row < part->count; row++) {
        TRY(xlsx_set_lines(sheet, (lxw_row_t)(FIRST_ROW + row), lines_of(part, looks, row), err));
        for (size_t c = 0; c < table->column_count; c++) {
            const struct result_value *value = result_value_at(table, part->first + row, c);
            lxw_format *format = looks[c].format;
            if (table->columns[c].type == RESULT_VERDICT && value->kind == VALUE_TEXT &&
                verdict_mark_of(value->text) < VERDICT_MARKS)
                format = book->verdicts[verdict_mark_of(value->text)];
            else if (is_again(part, row, c))
                format = book->again;
            TRY(put_value(book, sheet, (lxw_row_t)(FIRST_ROW + row), (lxw_col_t)c, value, format,
                          err));
        }
    }
    return STATUS_OK;
}

/* Pages side by side that columns need at SCALE percent, the first one on each of them. */
static size_t pages_across(const struct look *looks, size_t columns, unsigned scale)
{
    static const double edge = 0.72; /* what a column's width leaves out */
    double width = (double)PRINTED_CHARACTERS / scale, first = looks[0].width + edge, used = first;
    size_t pages = 1;
    for (size_t c = 1; c < columns; c++) {
        double own = looks[c].width + edge;
        if (used + own > width && used > first) {
            pages++;
            used = first;
        }
        used += own;
    }
    return pages;
}

/*
 * A sheet is printed a page wide, as small as that takes. Where that were too small to read, its
 * columns go on to pages at the right, with the first one on each of them: on as few pages as the
 * least scale needs, as large as that allows. Then *PRINTED, the width of the table that a page
 * holds, becomes less than it is.
 */
static enum status set_print(lxw_worksheet *sheet, const struct result_table *table,
                             const struct look *looks, double *printed, struct error *err)
{
    unsigned scale = SCALE_MIN;
    size_t columns = table->column_count, pages = pages_across(looks, columns, scale);
    if (pages == 1)
        return STATUS_OK;
    while (scale < SCALE_MAX && pages_across(looks, columns, scale + 1) == pages)
        scale++;
    *printed = fmin(*printed - 1, (double)PRINTED_CHARACTERS / scale);
    worksheet_set_print_scale(sheet, (uint16_t)scale);
    worksheet_print_across(sheet);
    return xlsx_status(worksheet_repeat_columns(sheet, 0, 0), err);
}

/* Column widths, frozen rows, filter, repeated rows: all that must be there before the cells. */
static enum status set_up(const struct xlsx_book *book, lxw_worksheet *sheet,
                          const struct xlsx_part *part, const struct look *looks, struct error *err)
{
    bool named;
    size_t columns = part->table->column_count;
    lxw_col_t last = (lxw_col_t)(columns - 1);
    lxw_row_t end = (lxw_row_t)(FIRST_ROW + (part->count ? part->count - 1 : 0));
    for (size_t c = 0; c < columns; c++)
        TRY(xlsx_status(
            worksheet_set_column(sheet, (lxw_col_t)c, (lxw_col_t)c, looks[c].width, NULL), err));
    worksheet_freeze_panes(sheet, FIRST_ROW, 0);
    TRY(xlsx_status(worksheet_repeat_rows(sheet, HEADER_ROW, HEADER_ROW), err));
    TRY(xlsx_name_table(book, sheet, part, &named, err));
    if (!named) /* a named table has its own filter */
        TRY(xlsx_status(worksheet_autofilter(sheet, HEADER_ROW, 0, end, last), err));
    char range[80], letters[LXW_MAX_COL_NAME_LENGTH];
    lxw_col_to_name(letters, last, LXW_FALSE);
    snprintf(range, sizeof range, "A%d:%s%zu", FIRST_ROW + 1, letters, (size_t)end + 1);
    return xlsx_status(worksheet_ignore_errors(sheet, LXW_IGNORE_NUMBER_STORED_AS_TEXT, range),
                       err);
}

/* NEXT is the first row below the notes, AT where they begin. No page cuts a chart. */
static enum status place_chart(struct xlsx_book *book, lxw_worksheet *sheet,
                               const struct xlsx_part *part, const struct look *looks, double total,
                               lxw_row_t next, lxw_col_t at, struct error *err)
{
    size_t notes = next - FIRST_ROW - part->count;
    if (part->table->chart.kind == CHART_NONE || part->number != 1)
        return STATUS_OK;
    if (xlsx_chart_beside(total))
        return xlsx_put_chart(book, sheet, part, FIRST_ROW,
                              (lxw_col_t)(part->table->column_count + 1), total, err);
    if (!xlsx_chart_fits(part, total, ABOVE_LINES + lines_in_all(part, looks) + notes)) {
        lxw_row_t breaks[] = {next, 0};
        TRY(xlsx_status(worksheet_set_h_pagebreaks(sheet, breaks), err));
    }
    return xlsx_put_chart(book, sheet, part, next + 1, at, total, err);
}

enum status xlsx_write_part(struct xlsx_book *book, const struct xlsx_part *part, struct error *err)
{
    const struct result_table *table = part->table;
    lxw_worksheet *sheet;
    double total, printed;
    if (table->column_count > LXW_COL_MAX - 20)
        return error_set(err, STATUS_INPUT, table->id, "a sheet cannot hold %zu columns",
                         table->column_count);
    struct look *looks = mem_zalloc(table->column_count, sizeof *looks);
    if (!looks)
        return error_nomem(err);
    enum status status = STATUS_OK;
    table_looks(book, table, looks, &total);
    size_t width = total < NOTE_WIDTH_MIN   ? NOTE_WIDTH_MIN
                   : total > NOTE_WIDTH_MAX ? NOTE_WIDTH_MAX
                                            : (size_t)total;
    TRY_CLEANUP(xlsx_add_sheet(book, part->name, &sheet, err));
    TRY_CLEANUP(set_up(book, sheet, part, looks, err));
    printed = total;
    TRY_CLEANUP(set_print(sheet, table, looks, &printed, err));
    /* What flows over several columns would be cut where the first one is printed again: it
     * begins in the second. */
    lxw_col_t at = printed < total ? 1 : 0;
    if (at > 0 && (double)width > printed - looks[0].width)
        width = printed - looks[0].width > NOTE_WIDTH_MIN ? (size_t)(printed - looks[0].width)
                                                          : NOTE_WIDTH_MIN;
    size_t title_max = width * 3 / 4; /* its letters are larger */
    TRY_CLEANUP(xlsx_write_text(sheet, TITLE_ROW, at, table->title, title_max, book->title, err));
    TRY_CLEANUP(put_about(book, sheet, part, at, err));
    TRY_CLEANUP(put_columns(book, sheet, part, looks, err));
    lxw_row_t row = (lxw_row_t)(FIRST_ROW + part->count + 1);
    bool cut = text_width(table->title, strlen(table->title)) > title_max;
    TRY_CLEANUP(put_notes(book, sheet, &row, at, table, cut, width, err));
    TRY_CLEANUP(place_chart(book, sheet, part, looks, printed, row, at, err));
cleanup:
    free(looks);
    return status;
}
