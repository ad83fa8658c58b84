/*
 * The native chart of a table, drawn from the cells: one series as columns, bars or a line; two
 * as columns side by side; or, where the values have bounds, a point each on a line from its high
 * to its low end.
 */
#include "report/chart_scale.h"
#include "report/xlsx_book.h"

#include "base/memory.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

enum { COLOR = 0x2F5D8A, COLOR_BESIDE = 0xD08B3C };

/* Pixels. */
enum {
    CHART_WIDTH = 640,
    CHART_HEIGHT = 360,
    CHART_SLANTED_HEIGHT = 480,
    CHART_ROW_HEIGHT = 26,
    CHART_GAP = 80, /* between a table and the chart beside it, and right of it */
    LINE_HEIGHT = 20,
    CHART_HEIGHT_MAX = 1000
};

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
static enum status set_chart_title(lxw_chart *chart, const char *title, double zoom,
                                   struct error *err)
{
    char *clean = xlsx_cell_text(title, 160);
    char *safe = clean ? mem_printf("%s%s", *clean == '=' ? " " : "", clean) : NULL;
    free(clean);
    if (!safe)
        return error_nomem(err);
    chart_title_set_name(chart, safe);
    free(safe);
    lxw_chart_font font = {.size = 12 * zoom, .bold = LXW_TRUE};
    chart_title_set_name_font(chart, &font);
    return STATUS_OK;
}

/* What a printed page holds, in pixels: a letter page in landscape leaves about so much, and more
 * as far as the sheet is printed smaller, so that its width fits. */
static const double page_width = 980, page_height = 620, character = 7.2;

/* How much smaller than it is a sheet is printed, as a factor of its size; at least 1. */
static double shrinking(double width)
{
    return width > page_width ? width / page_width : 1;
}

bool xlsx_chart_beside(double total)
{
    return total * character + CHART_WIDTH + CHART_GAP <= page_width;
}

/* The tallest chart that a printed page holds. */
static int chart_height_max(double total, bool beside)
{
    double most = page_height * shrinking(total * character) - (beside ? 110 : 60);
    return most > CHART_HEIGHT_MAX ? CHART_HEIGHT_MAX : (int)most;
}

/* How much larger a chart is drawn because its page is printed smaller. */
static double zoom_of(double total)
{
    const double most = 2.5;
    return fmin(shrinking(total * character), most);
}

static void set_axis_fonts(lxw_chart *chart, enum result_chart_kind kind, size_t count, double zoom)
{
    enum { FEW = 8, MANY = 30 };
    bool slants = (kind == CHART_COLUMN || kind == CHART_RANGE) && count > FEW;
    lxw_chart_font slanted = {.rotation = -45, .size = 10 * zoom}, plain = {.size = 10 * zoom},
                   small = {.size = 8 * zoom};
    chart_axis_set_num_font(chart->x_axis, slants ? &slanted : &plain);
    chart_axis_set_num_font(chart->y_axis, kind == CHART_BAR && count > MANY ? &small : &plain);
}

/* The height that COUNT categories want. */
static double height_of(enum result_chart_kind kind, size_t count)
{
    if (kind == CHART_BAR)
        return fmax(110 + (double)count * CHART_ROW_HEIGHT, 240);
    return kind == CHART_RANGE && count > 8 ? CHART_SLANTED_HEIGHT : CHART_HEIGHT;
}

/* Numbers from zero, with their title where NAMED, categories all labelled. */
static enum status set_axes(lxw_chart *chart, enum result_chart_kind kind,
                            const struct result_column *value, bool named, size_t count,
                            double zoom, struct error *err)
{
    const char *number = value->type == RESULT_SHARE ? "0.0###%" : "#,##0";
    /* In the library's bar charts the values run along the x axis. */
    bool bar = kind == CHART_BAR;
    lxw_chart_axis *numbers = bar ? chart->x_axis : chart->y_axis;
    chart_axis_set_num_format(numbers, number);
    chart_axis_set_min(numbers, 0);
    lxw_chart_line grid = {.color = 0xD9D9D9, .width = 0.75};
    chart_axis_major_gridlines_set_line(numbers, &grid);
    set_axis_fonts(chart, kind, count, zoom);
    lxw_chart_font name_font = {.size = 10 * zoom, .bold = LXW_FALSE};
    char *axis = xlsx_cell_text(value->title, 80);
    if (!axis)
        return error_nomem(err);
    if (named && *axis && *axis != '=') {
        chart_axis_set_name(numbers, axis);
        chart_axis_set_name_font(numbers, &name_font);
    }
    free(axis);
    if (bar) { /* the first row on top, the numbers below the last */
        chart_axis_set_reverse(chart->y_axis);
        chart_axis_set_crossing_max(chart->y_axis);
        chart_axis_set_interval_unit(chart->y_axis, 1);
    } else if (kind == CHART_RANGE && count > 8) {
        chart_axis_set_interval_unit(chart->x_axis, 1);
    }
    return STATUS_OK;
}

/* What is drawn of a part, and from which cells. */
struct picture {
    const struct xlsx_part *part;
    const struct result_chart *chart;
    struct chart_scale scale;
    size_t from, to; /* rows of the sheet, counted from 0 */
    double zoom;
    bool withheld; /* some of the values are */
};

static bool some_withheld(const struct picture *picture, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (result_value_at(picture->part->table, picture->chart->first_row + i,
                            picture->chart->value)
                ->kind == VALUE_WITHHELD)
            return true;
    return false;
}

/* False if all that would be drawn is withheld, or columns and bars of no height: then there is no
 * chart. */
static bool has_figures(const struct picture *picture, size_t count)
{
    const struct result_chart *chart = picture->chart;
    size_t column =
        chart->kind == CHART_RANGE && picture->scale.bounded ? picture->scale.high : chart->value;
    double number;
    for (size_t i = 0; i < count; i++)
        if (chart_number(result_value_at(picture->part->table, chart->first_row + i, column),
                         &number) &&
            (number > 0 || chart->kind == CHART_LINE || chart->kind == CHART_RANGE))
            return true;
    return false;
}

static lxw_chart_series *add_series(const struct picture *picture, lxw_chart *chart, size_t column)
{
    char categories[200], values[200];
    const char *name = picture->part->name;
    range_formula(categories, sizeof categories, name, picture->chart->category, picture->from,
                  picture->to);
    range_formula(values, sizeof values, name, column, picture->from, picture->to);
    return chart_add_series(chart, categories, values);
}

static enum status put_values(const struct picture *picture, lxw_chart *chart, struct error *err)
{
    lxw_chart_fill fill = {.color = COLOR};
    lxw_chart_line line = {.color = COLOR, .width = 2};
    lxw_chart_series *series = add_series(picture, chart, picture->chart->value);
    if (!series)
        return error_nomem(err);
    if (picture->chart->kind == CHART_LINE)
        chart_series_set_line(series, &line);
    else
        chart_series_set_fill(series, &fill);
    return STATUS_OK;
}

/* A series is named after its column, for the legend. */
static enum status name_series(lxw_chart_series *series, const struct result_column *column,
                               struct error *err)
{
    char *name = xlsx_cell_text(column->title, 80);
    if (!name)
        return error_nomem(err);
    if (*name && *name != '=')
        chart_series_set_name(series, name);
    free(name);
    return STATUS_OK;
}

/* Two columns side by side, told apart by a legend. */
static enum status put_pair(const struct picture *picture, lxw_chart *chart, struct error *err)
{
    const size_t columns[] = {picture->chart->value, picture->chart->beside};
    for (size_t i = 0; i < 2; i++) {
        lxw_chart_fill fill = {.color = i ? COLOR_BESIDE : COLOR};
        lxw_chart_series *series = add_series(picture, chart, columns[i]);
        if (!series)
            return error_nomem(err);
        chart_series_set_fill(series, &fill);
        TRY(name_series(series, &picture->part->table->columns[columns[i]], err));
    }
    lxw_chart_font font = {.size = 10 * picture->zoom};
    chart_legend_set_font(chart, &font);
    chart_legend_set_position(chart, LXW_CHART_LEGEND_BOTTOM);
    chart_set_series_gap(chart, 60);
    return STATUS_OK;
}

/* High ends, low ends and values, joined by lines from high to low; the values have a marker. */
static enum status put_range(const struct picture *picture, lxw_chart *chart, struct error *err)
{
    const size_t parts[] = {picture->scale.high, picture->scale.low, picture->chart->value};
    enum { PARTS = sizeof parts / sizeof *parts };
    lxw_chart_line none = {.none = LXW_TRUE}, line = {.color = 0x404040, .width = 1.5};
    lxw_chart_fill fill = {.color = COLOR};
    for (size_t i = 0; i < PARTS; i++) {
        lxw_chart_series *series = add_series(picture, chart, parts[i]);
        bool value = i == PARTS - 1;
        if (!series)
            return error_nomem(err);
        chart_series_set_line(series, &none);
        chart_series_set_marker_type(series,
                                     value ? LXW_CHART_MARKER_CIRCLE : LXW_CHART_MARKER_NONE);
        if (!value)
            continue;
        chart_series_set_marker_size(series, 7);
        chart_series_set_marker_fill(series, &fill);
        chart_series_set_marker_line(series, &none);
    }
    chart_set_high_low_lines(chart, &line);
    xlsx_make_stock(chart);
    return STATUS_OK;
}

static void set_log_axis(lxw_chart *chart, const struct chart_scale *scale)
{
    chart_axis_set_log_base(chart->y_axis, 10);
    chart_axis_set_min(chart->y_axis, pow(10, scale->least));
    chart_axis_set_max(chart->y_axis, pow(10, scale->most));
    chart_axis_set_num_format(chart->y_axis, "0.0#######%");
}

/* TEXT and, after LEAD, what its axis does, and after WITHHELD that not all is drawn; the caller
 * frees it. */
static char *with_remarks(const struct picture *picture, const char *text, const char *lead,
                          const char *withheld)
{
    const struct chart_scale *scale = &picture->scale;
    return mem_printf("%s%s%s%s%s%s", text, scale->log ? lead : "",
                      scale->log ? "logarithmic axis" : "",
                      scale->log && scale->zeros ? ", on which 0 is not drawn" : "",
                      picture->withheld ? withheld : "",
                      picture->withheld ? "withheld figures are not drawn" : "");
}

static enum status insert(const struct picture *picture, lxw_worksheet *sheet, lxw_chart *chart,
                          lxw_row_t row, lxw_col_t column, int height, struct error *err)
{
    char *told = with_remarks(picture, picture->chart->alt ? picture->chart->alt : "",
                              " The chart has a ", " In the chart ");
    char *alt = told ? xlsx_cell_text(told, 1000) : NULL;
    free(told);
    if (!alt)
        return error_nomem(err);
    lxw_chart_options options = {.x_scale = CHART_WIDTH * picture->zoom / 480.0,
                                 .y_scale = height / 288.0,
                                 .object_position = LXW_OBJECT_MOVE_DONT_SIZE,
                                 .description = *alt ? alt : NULL};
    lxw_error code = worksheet_insert_chart_opt(sheet, row, column, chart, &options);
    free(alt);
    return xlsx_status(code, err);
}

static enum result_chart_kind kind_of(const struct picture *picture)
{
    return picture->scale.bounded ? CHART_RANGE : picture->chart->kind;
}

/* Shares of nearly all: an axis that a spreadsheet chooses would go on to 120 %. */
static bool is_nearly_all(const struct picture *picture)
{
    const struct result_table *table = picture->part->table;
    const struct result_chart *of = picture->chart;
    size_t top = picture->scale.bounded ? picture->scale.high : of->value;
    double number;
    if (table->columns[of->value].type != RESULT_SHARE || picture->scale.log)
        return false;
    for (size_t row = picture->from; row <= picture->to; row++)
        if (chart_number(result_value_at(table, row - XLSX_FIRST_ROW, top), &number) &&
            number > 0.8)
            return true;
    return false;
}

static enum status draw(const struct picture *picture, lxw_chart *chart, struct error *err)
{
    const struct result_table *table = picture->part->table;
    const struct result_chart *of = picture->chart;
    const char *title = of->title && *of->title ? of->title : table->title;
    char *axis = with_remarks(picture, title, "; ", "; ");
    char *told =
        axis ? mem_printf("%s%s", axis,
                          picture->scale.bounded && of->kind != CHART_RANGE ? ", with bounds" : "")
             : NULL;
    free(axis);
    if (!told)
        return error_nomem(err);
    enum status status = set_chart_title(chart, told, picture->zoom, err);
    free(told);
    TRY(status);
    chart_legend_set_position(chart, LXW_CHART_LEGEND_NONE);
    bool pair = !picture->scale.bounded && of->kind == CHART_COLUMN && of->beside;
    TRY(picture->scale.bounded ? put_range(picture, chart, err)
        : pair                 ? put_pair(picture, chart, err)
                               : put_values(picture, chart, err));
    TRY(set_axes(chart, kind_of(picture), &table->columns[of->value], !pair,
                 picture->to - picture->from + 1, picture->zoom, err));
    if (is_nearly_all(picture))
        chart_axis_set_max(kind_of(picture) == CHART_BAR ? chart->x_axis : chart->y_axis, 1);
    if (picture->scale.log)
        set_log_axis(chart, &picture->scale);
    return STATUS_OK;
}

/* False where there is nothing to draw. */
static bool plan_picture(const struct xlsx_part *part, double total, struct picture *picture)
{
    const struct result_chart *of = &part->table->chart;
    size_t first = of->first_row, count = of->row_count;
    if (of->kind == CHART_NONE || part->number != 1 || first >= part->count || count == 0)
        return false;
    if (count > part->count - first)
        count = part->count - first;
    *picture = (struct picture){part,
                                of,
                                chart_scale_of(part->table, count),
                                XLSX_FIRST_ROW + first,
                                XLSX_FIRST_ROW + first + count - 1,
                                zoom_of(total),
                                false};
    picture->withheld = some_withheld(picture, count);
    return has_figures(picture, count);
}

static int picture_height(const struct picture *picture, double total, bool beside)
{
    double wanted = height_of(kind_of(picture), picture->to - picture->from + 1) * picture->zoom;
    return (int)fmin(wanted, chart_height_max(total, beside));
}

bool xlsx_chart_fits(const struct xlsx_part *part, double total, size_t lines)
{
    struct picture picture;
    return plan_picture(part, total, &picture) &&
           (double)lines * LINE_HEIGHT + picture_height(&picture, total, false) <=
               page_height * shrinking(total * character);
}

enum status xlsx_put_chart(struct xlsx_book *book, lxw_worksheet *sheet,
                           const struct xlsx_part *part, lxw_row_t row, lxw_col_t column,
                           double total, struct error *err)
{
    struct picture picture;
    if (!plan_picture(part, total, &picture))
        return STATUS_OK;
    uint8_t type = picture.scale.bounded ? LXW_CHART_LINE : chart_type(picture.chart->kind);
    lxw_chart *chart = workbook_add_chart(book->workbook, type);
    if (!chart)
        return error_nomem(err);
    TRY(draw(&picture, chart, err));
    return insert(&picture, sheet, chart, row, column,
                  picture_height(&picture, total, column >= part->table->column_count), err);
}
