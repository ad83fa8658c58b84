/*
 * The native chart of a table: columns, bars, or a line with its bounds, drawn from the cells.
 */
#include "report/xlsx_book.h"

#include "base/memory.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Pixels. */
enum { CHART_WIDTH = 640, CHART_HEIGHT = 360, CHART_ROW_HEIGHT = 22, CHART_HEIGHT_MAX = 1000 };

/* ='Sheet'!$A$4:$A$9 into FORMULA. */
static void range_formula(char *formula, size_t size, const char *name, size_t column, size_t first,
                          size_t last)
{
    char letters[LXW_MAX_COL_NAME_LENGTH];
    lxw_col_to_name(letters, (lxw_col_t)column, LXW_FALSE);
    snprintf(formula, size, "='%s'!$%s$%zu:$%s$%zu", name, letters, first + 1, letters, last + 1);
}

static uint8_t chart_type(enum result_chart_kind kind)
{
    return kind == CHART_LINE  ? LXW_CHART_LINE
           : kind == CHART_BAR ? LXW_CHART_BAR
                               : LXW_CHART_COLUMN;
}

/* TITLE of a chart, which must not begin as a formula does. */
static enum status set_chart_title(lxw_chart *chart, const char *title, struct error *err)
{
    char *clean = xlsx_cell_text(title, 160);
    char *safe = clean ? mem_printf("%s%s", *clean == '=' ? " " : "", clean) : NULL;
    free(clean);
    if (!safe)
        return error_nomem(err);
    chart_title_set_name(chart, safe);
    free(safe);
    lxw_chart_font font = {.size = 12, .bold = LXW_TRUE};
    chart_title_set_name_font(chart, &font);
    return STATUS_OK;
}

/*
 * The tallest chart that a printed page holds, in pixels: a letter page in landscape leaves about
 * 980 by 620 pixels, which the sheet's width in print scales.
 */
static int chart_height_max(double total, bool beside)
{
    const double page_width = 980, page_height = 620, character = 7.2;
    double width = total * character + (beside ? CHART_WIDTH + 80 : 0);
    double header = beside ? 110 : 60;
    double scale = width > page_width ? width / page_width : 1;
    double most = page_height * scale - header;
    return most > CHART_HEIGHT_MAX ? CHART_HEIGHT_MAX : (int)most;
}

/* Numbers from zero with their title, categories all labelled; the height that they want. */
static enum status set_axes(lxw_chart *chart, enum result_chart_kind kind,
                            const struct result_column *value, size_t count, int height_max,
                            int *height, struct error *err)
{
    const char *number = value->type == RESULT_SHARE ? "0.0###%" : "#,##0";
    /* In the library's bar charts the values run along the x axis. */
    bool bar = kind == CHART_BAR;
    lxw_chart_axis *numbers = bar ? chart->x_axis : chart->y_axis;
    chart_axis_set_num_format(numbers, number);
    chart_axis_set_min(numbers, 0);
    lxw_chart_line grid = {.color = 0xD9D9D9, .width = 0.75};
    chart_axis_major_gridlines_set_line(numbers, &grid);
    lxw_chart_font slanted = {.rotation = -45};
    if (kind == CHART_COLUMN && count > 8)
        chart_axis_set_num_font(chart->x_axis, &slanted);
    lxw_chart_font name_font = {.size = 10, .bold = LXW_FALSE};
    char *axis = xlsx_cell_text(value->title, 80);
    if (!axis)
        return error_nomem(err);
    if (*axis && *axis != '=') {
        chart_axis_set_name(numbers, axis);
        chart_axis_set_name_font(numbers, &name_font);
    }
    free(axis);
    *height = CHART_HEIGHT;
    if (bar) { /* the first row on top, the numbers below the last */
        chart_axis_set_reverse(chart->y_axis);
        chart_axis_set_crossing_max(chart->y_axis);
        int wanted = 110 + (int)count * CHART_ROW_HEIGHT;
        *height = wanted < 240 ? 240 : wanted > height_max ? height_max : wanted;
        chart_axis_set_interval_unit(chart->y_axis, 1);
        lxw_chart_font small = {.size = 8};
        if (count > 30)
            chart_axis_set_num_font(chart->y_axis, &small);
    }
    return STATUS_OK;
}

/* False if all that would be drawn is withheld: then there is no chart. */
static bool has_figures(const struct xlsx_part *part, size_t first, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        enum result_value_kind kind =
            result_value_at(part->table, part->first + first + i, part->table->chart.value)->kind;
        if (kind == VALUE_COUNT || kind == VALUE_REAL)
            return true;
    }
    return false;
}

static size_t end_column(const struct result_table *table, size_t column, const char *ending)
{
    const char *id = table->columns[column].id;
    size_t len = strlen(id);
    for (size_t c = 0; c < table->column_count; c++)
        if (strncmp(table->columns[c].id, id, len) == 0 &&
            strcmp(table->columns[c].id + len, ending) == 0)
            return c;
    return SIZE_MAX;
}

/*
 * The bounds of a line as two lines more, dashed, and what joins low and high of each point, which
 * not every program draws; a legend then says which line is which.
 */
static enum status add_bounds(lxw_chart *chart, const struct xlsx_part *part,
                              lxw_chart_series *values, const char *categories, size_t from,
                              size_t to, struct error *err)
{
    static const char *const endings[] = {"_low", "_high"}, *const names[] = {"Low", "High"};
    const struct result_chart *picture = &part->table->chart;
    lxw_chart_line dashed = {.color = 0x7F7F7F, .width = 1, .dash_type = LXW_CHART_LINE_DASH_DASH};
    size_t columns[2];
    for (size_t e = 0; e < 2; e++)
        columns[e] = end_column(part->table, picture->value, endings[e]);
    if (picture->kind != CHART_LINE || columns[0] == SIZE_MAX || columns[1] == SIZE_MAX) {
        chart_legend_set_position(chart, LXW_CHART_LEGEND_NONE);
        return STATUS_OK;
    }
    chart_series_set_name(values, "Value");
    for (size_t e = 0; e < 2; e++) {
        char formula[200];
        range_formula(formula, sizeof formula, part->name, columns[e], from, to);
        lxw_chart_series *series = chart_add_series(chart, categories, formula);
        if (!series)
            return error_nomem(err);
        chart_series_set_name(series, names[e]);
        chart_series_set_line(series, &dashed);
    }
    lxw_chart_line thin = {.color = 0x7F7F7F, .width = 0.75};
    chart_set_high_low_lines(chart, &thin);
    chart_legend_set_position(chart, LXW_CHART_LEGEND_BOTTOM);
    return STATUS_OK;
}

enum status xlsx_put_chart(struct xlsx_book *book, lxw_worksheet *sheet,
                           const struct xlsx_part *part, lxw_row_t row, lxw_col_t column,
                           double total, struct error *err)
{
    const struct result_table *table = part->table;
    const struct result_chart *picture = &table->chart;
    size_t first = picture->first_row, count = picture->row_count;
    if (first >= part->count || count == 0)
        return STATUS_OK;
    if (count > part->count - first)
        count = part->count - first;
    if (!has_figures(part, first, count))
        return STATUS_OK;
    lxw_chart *chart = workbook_add_chart(book->workbook, chart_type(picture->kind));
    if (!chart)
        return error_nomem(err);
    char categories[200], values[200];
    size_t from = XLSX_FIRST_ROW + first, to = from + count - 1;
    range_formula(categories, sizeof categories, part->name, picture->category, from, to);
    range_formula(values, sizeof values, part->name, picture->value, from, to);
    lxw_chart_series *series = chart_add_series(chart, categories, values);
    if (!series)
        return error_nomem(err);
    const struct result_column *value = &table->columns[picture->value];
    lxw_chart_fill fill = {.color = 0x2F5D8A};
    lxw_chart_line line = {.color = 0x2F5D8A, .width = 2};
    if (picture->kind == CHART_LINE)
        chart_series_set_line(series, &line);
    else
        chart_series_set_fill(series, &fill);
    TRY(add_bounds(chart, part, series, categories, from, to, err));
    TRY(set_chart_title(chart, picture->title && *picture->title ? picture->title : table->title,
                        err));
    int height = 0;
    TRY(set_axes(chart, picture->kind, value, count, chart_height_max(total, column > 0), &height,
                 err));
    char *alt = xlsx_cell_text(picture->alt ? picture->alt : "", 1000);
    if (!alt)
        return error_nomem(err);
    lxw_chart_options options = {.x_scale = CHART_WIDTH / 480.0,
                                 .y_scale = height / 288.0,
                                 .object_position = LXW_OBJECT_MOVE_DONT_SIZE,
                                 .description = *alt ? alt : NULL};
    lxw_error code = worksheet_insert_chart_opt(sheet, row, column, chart, &options);
    free(alt);
    return xlsx_status(code, err);
}
