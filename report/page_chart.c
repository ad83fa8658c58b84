/*
 * The chart of a table as inline SVG: columns (two of a category side by side) or a line over
 * categories from left to right, or bars from top to bottom. Values start at zero. Of a column X
 * with neighbours X_low and X_high these are drawn as whiskers; a range is a point on its whisker,
 * over powers of ten where shares are rare (chart_scale.h): there a 0 stands at the foot of the
 * plot. A withheld value is a dashed stub, or the word; null is a gap. The text for who cannot see
 * it is the chart's own alternative text.
 */
#include "report/chart_scale.h"
#include "report/page_parts.h"

#include "report/number_text.h"
#include "report/text_width.h"

#include <math.h>
#include <string.h>

/* In units of the drawing, about a pixel each. */
enum {
    WIDTH = 720,
    PLOT_HEIGHT = 250,
    TOP = 34, /* the name of the values stands here */
    BAR_STEP = 24,
    LETTER = 8,     /* wider than most: faces differ */
    LABEL_MAX = 26, /* columns of a category's text */
    SLANTED_MAX = 14
};

enum { BARS_MAX = 60, POINTS_MAX = 1000, DOTS_MAX = 60, TICKS = 5 };

struct drawing {
    FILE *out;
    const struct result_table *table;
    const struct result_chart *chart;
    struct chart_scale scale; /* its columns of bounds; a logarithmic axis */
    size_t count;             /* of rows that are drawn */
    enum result_type type;
    double top, step;           /* of the scale */
    double left, right, bottom; /* of the plot; its upper edge is TOP */
    size_t label;               /* columns of the widest category text, after cutting */
    bool withheld;              /* some value is */
};

static const struct result_value *at(const struct drawing *d, size_t row, size_t column)
{
    return result_value_at(d->table, d->chart->first_row + row, column);
}

/* Whether two columns stand side by side. */
static bool is_pair(const struct drawing *d)
{
    return d->chart->kind == CHART_COLUMN && d->chart->beside;
}

/* The number of a cell, at least 0; false if it has none. */
static bool number_of(const struct result_value *value, double *number)
{
    if (!chart_number(value, number))
        return false;
    if (*number < 0)
        *number = 0;
    return true;
}

/* Both bounds of ROW; false if it lacks one. */
static bool bounds_of(const struct drawing *d, size_t row, double *low, double *high)
{
    return d->scale.bounded && number_of(at(d, row, d->scale.low), low) &&
           number_of(at(d, row, d->scale.high), high);
}

/* The category of ROW as text, and how much of it is shown. */
static const char *category_of(const struct drawing *d, size_t row, size_t width_max,
                               char number[static NUMBER_TEXT_SIZE], size_t *len, size_t *width)
{
    const struct result_value *value = at(d, row, d->chart->category);
    const char *text = value->text;
    if (value->kind != VALUE_TEXT) {
        struct number_look look = {d->table->columns[d->chart->category].type, ROUND_NEAREST, 2};
        number_value_text(value, &look, number);
        text = number;
    }
    *len = strlen(text);
    *width = text_width(text, *len);
    if (*width > width_max)
        *len = text_width_fit(text, *len, width_max - 1, width);
    return text;
}

/* A step of 1, 2 or 5 times a power of ten, and the scale's end, a multiple of it. */
static void set_scale(struct drawing *d, double largest)
{
    if (!(largest > 0))
        largest = d->type == RESULT_SHARE ? 0.01 : 1;
    double power = pow(10, floor(log10(largest / TICKS))), ratio = largest / TICKS / power;
    d->step = power * (ratio <= 1 ? 1 : ratio <= 2 ? 2 : ratio <= 5 ? 5 : 10);
    if (d->type == RESULT_COUNT && d->step < 1)
        d->step = 1;
    d->top = d->step * ceil(largest / d->step - 1e-9);
}

/* What is drawn at all; false if nothing has a number, or columns and bars would have no height. */
static bool look(struct drawing *d)
{
    double largest = 0;
    bool any = false;
    size_t label_max = d->chart->kind == CHART_BAR ? LABEL_MAX : SLANTED_MAX;
    for (size_t row = 0; row < d->count; row++) {
        char number[NUMBER_TEXT_SIZE];
        double value, low, high;
        size_t len, width;
        const struct result_value *cell = at(d, row, d->chart->value);
        bool has = number_of(cell, &value);
        if (has)
            largest = fmax(largest, value);
        if (is_pair(d) && number_of(at(d, row, d->chart->beside), &high)) {
            has = true;
            largest = fmax(largest, high);
        }
        if ((has || d->chart->kind == CHART_RANGE) && bounds_of(d, row, &low, &high)) {
            has = true;
            largest = fmax(largest, high);
        }
        any = any || has;
        d->withheld = d->withheld || cell->kind == VALUE_WITHHELD;
        (void)category_of(d, row, label_max, number, &len, &width);
        d->label = width > d->label ? width : d->label;
    }
    set_scale(d, largest);
    return any && (largest > 0 || d->chart->kind == CHART_LINE || d->chart->kind == CHART_RANGE);
}

static void tick_text(const struct drawing *d, double value, char text[static NUMBER_TEXT_SIZE])
{
    if (d->type == RESULT_SHARE)
        snprintf(text, NUMBER_TEXT_SIZE, "%.6g %%", value * 100);
    else if (d->type == RESULT_COUNT && value < 1e18)
        number_count_text((uint64_t)(value + 0.5), text);
    else
        snprintf(text, NUMBER_TEXT_SIZE, "%.6g", value);
}

static double height_at(const struct drawing *d, double value)
{
    const struct chart_scale *s = &d->scale;
    if (s->log) {
        double up = value > 0 ? (log10(value) - s->least) / (s->most - s->least) : 0;
        return d->bottom - (d->bottom - TOP) * (up > 0 ? up : 0);
    }
    return d->bottom - (d->bottom - TOP) * value / d->top;
}

static double across_at(const struct drawing *d, double value)
{
    return d->left + (d->right - d->left) * value / d->top;
}

/* Ticks behind the first one, and where they stand. */
static size_t tick_count(const struct drawing *d)
{
    return d->scale.log ? (size_t)(d->scale.most - d->scale.least)
                        : (size_t)(d->top / d->step + 0.5);
}

static double tick_at(const struct drawing *d, size_t i)
{
    return d->scale.log ? pow(10, d->scale.least + (int)i) : d->step * (double)i;
}

static void put_line(const struct drawing *d, const char *class, double x1, double y1, double x2,
                     double y2)
{
    fprintf(d->out, "<line class=\"%s\" x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\"/>\n", class,
            x1, y1, x2, y2);
}

static void put_box(const struct drawing *d, const char *class, double x, double y, double width,
                    double height)
{
    fprintf(d->out, "<rect class=\"%s\" x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\"/>\n",
            class, x, y, width, height);
}

static void put_grid(const struct drawing *d)
{
    bool bars = d->chart->kind == CHART_BAR;
    size_t ticks = tick_count(d);
    for (size_t i = 0; i <= ticks; i++) {
        char text[NUMBER_TEXT_SIZE];
        double value = tick_at(d, i);
        const char *class = i ? "grid" : "axis";
        tick_text(d, value, text);
        if (bars) {
            double x = across_at(d, value);
            put_line(d, class, x, TOP, x, d->bottom);
            fprintf(d->out, "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"middle\">%s</text>\n", x,
                    d->bottom + 17, text);
        } else {
            double y = height_at(d, value);
            put_line(d, class, d->left, y, d->right, y);
            fprintf(d->out, "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"end\">%s</text>\n",
                    d->left - 7, y + 4, text);
        }
    }
}

/* The category's text as the content of an element, in full for who points at it. */
static void put_category(const struct drawing *d, size_t row, size_t width_max)
{
    char number[NUMBER_TEXT_SIZE];
    size_t len, width;
    const char *text = category_of(d, row, width_max, number, &len, &width);
    page_put_part(d->out, text, len);
    if (text[len]) {
        fputs("…<title>", d->out);
        page_put_text(d->out, text);
        fputs("</title>", d->out);
    }
    fputs("</text>\n", d->out);
}

/* The points of a line, which breaks where one has no number. */
static void put_polyline(const struct drawing *d)
{
    bool open = false;
    double step = (d->right - d->left) / (double)d->count;
    for (size_t row = 0; row < d->count; row++) {
        double value, x = d->left + step * ((double)row + 0.5);
        bool has = number_of(at(d, row, d->chart->value), &value);
        if (has)
            fprintf(d->out, open ? " %.1f,%.1f" : "<polyline class=\"line\" points=\"%.1f,%.1f", x,
                    height_at(d, value));
        else if (open)
            fputs("\"/>\n", d->out);
        open = has;
    }
    if (open)
        fputs("\"/>\n", d->out);
}

/* The box of a cell, its foot from X to X + WIDTH: a dashed stub where it is withheld. */
static void put_column(const struct drawing *d, const struct result_value *cell, const char *class,
                       double x, double width)
{
    double value;
    if (cell->kind == VALUE_WITHHELD)
        put_box(d, "missing", x, d->bottom - 14, width, 14);
    if (number_of(cell, &value))
        put_box(d, class, x, height_at(d, value), width, d->bottom - height_at(d, value));
}

static void put_columns(const struct drawing *d)
{
    bool line = d->chart->kind == CHART_LINE, range = d->chart->kind == CHART_RANGE;
    double step = (d->right - d->left) / (double)d->count;
    if (line)
        put_polyline(d);
    for (size_t row = 0; row < d->count; row++) {
        double value, low, high, x = d->left + step * ((double)row + 0.5);
        double half = fmin(step * 0.36, 28), cap = fmin(half * 0.6, 6);
        const struct result_value *cell = at(d, row, d->chart->value);
        bool has = number_of(cell, &value);
        if (is_pair(d)) {
            put_column(d, cell, "mark", x - half, half);
            put_column(d, at(d, row, d->chart->beside), "beside", x, half);
        } else if (!line && !range) {
            put_column(d, cell, "mark", x - half, half * 2);
        } else if (cell->kind == VALUE_WITHHELD) {
            put_box(d, "missing", x - half, d->bottom - 14, half * 2, 14);
        }
        if (has && (range || (line && d->count <= DOTS_MAX)))
            fprintf(d->out, "<circle class=\"mark\" cx=\"%.1f\" cy=\"%.1f\" r=\"3\"/>\n", x,
                    height_at(d, value));
        if ((has || range) && bounds_of(d, row, &low, &high))
            fprintf(
                d->out,
                "<path class=\"whisker\" d=\"M%.1f %.1fH%.1fM%.1f %.1fV%.1fM%.1f %.1fH%.1f\"/>\n",
                x - cap, height_at(d, high), x + cap, x, height_at(d, high), height_at(d, low),
                x - cap, height_at(d, low), x + cap);
    }
}

/* Every label where they fit side by side; else slanted, and only so many as stay apart. */
static void put_column_labels(const struct drawing *d)
{
    double step = (d->right - d->left) / (double)d->count;
    bool flat = step >= (double)(d->label * LETTER + 6);
    size_t every = flat ? 1 : (size_t)ceil(16 / step);
    for (size_t row = 0; row < d->count; row += every) {
        double x = d->left + step * ((double)row + 0.5), y = d->bottom + (flat ? 17 : 13);
        fprintf(d->out, "<text x=\"%.1f\" y=\"%.1f\"", flat ? x : x + 4, y);
        if (flat)
            fputs(" text-anchor=\"middle\">", d->out);
        else
            fprintf(d->out, " text-anchor=\"end\" transform=\"rotate(-45 %.1f %.1f)\">", x + 4, y);
        put_category(d, row, SLANTED_MAX);
    }
}

static void put_bars(const struct drawing *d)
{
    for (size_t row = 0; row < d->count; row++) {
        double value, low, high, y = TOP + BAR_STEP * ((double)row + 0.5);
        const struct result_value *cell = at(d, row, d->chart->value);
        fprintf(d->out, "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"end\">", d->left - 8, y + 4);
        put_category(d, row, LABEL_MAX);
        if (cell->kind == VALUE_WITHHELD)
            fprintf(d->out, "<text class=\"missing-text\" x=\"%.1f\" y=\"%.1f\">withheld</text>\n",
                    d->left + 6, y + 4);
        if (!number_of(cell, &value))
            continue;
        put_box(d, "mark", d->left, y - 8, across_at(d, value) - d->left, 16);
        if (bounds_of(d, row, &low, &high))
            fprintf(
                d->out,
                "<path class=\"whisker\" d=\"M%.1f %.1fV%.1fM%.1f %.1fH%.1fM%.1f %.1fV%.1f\"/>\n",
                across_at(d, low), y - 5, y + 5, across_at(d, low), y, across_at(d, high),
                across_at(d, high), y - 5, y + 5);
    }
}

/* The plot's edges, with room for the labels; the drawing's height. */
static double set_edges(struct drawing *d)
{
    char text[NUMBER_TEXT_SIZE];
    size_t widest = 0;
    for (size_t i = 0; i <= tick_count(d); i++) {
        tick_text(d, tick_at(d, i), text);
        widest = strlen(text) > widest ? strlen(text) : widest;
    }
    bool bars = d->chart->kind == CHART_BAR;
    d->right = WIDTH - (bars ? (double)(widest * LETTER) / 2 + 6 : 8);
    d->left = (double)((bars ? d->label : widest) * LETTER) + 16;
    d->bottom = TOP + (bars ? BAR_STEP * (double)d->count : PLOT_HEIGHT);
    if (bars)
        return d->bottom + 28;
    double slanted = (double)(d->label * LETTER) * 0.71 + 26;
    if (d->left < slanted - 20) /* a slanted first label reaches left of the plot */
        d->left = slanted - 20;
    bool flat = (d->right - d->left) / (double)d->count >= (double)(d->label * LETTER + 6);
    return d->bottom + (flat ? 28 : slanted);
}

static void put_drawing(const struct drawing *d, size_t number, double height, const char *title)
{
    const char *name = d->table->columns[d->chart->value].title;
    fprintf(d->out,
            "<svg viewBox=\"0 0 %d %.0f\" role=\"img\" aria-labelledby=\"chart-%zu-title "
            "chart-%zu-text\">\n<title id=\"chart-%zu-title\">",
            WIDTH, ceil(height), number, number, number);
    page_put_text(d->out, title);
    fprintf(d->out, "</title>\n<desc id=\"chart-%zu-text\">", number);
    page_put_text(d->out, d->chart->alt ? d->chart->alt : "");
    fprintf(d->out, "</desc>\n<text x=\"%.1f\" y=\"18\">",
            d->chart->kind == CHART_BAR ? d->left : 4.0);
    page_put_text(d->out, is_pair(d) ? "" : name); /* a pair's names stand below */
    fputs("</text>\n", d->out);
    put_grid(d);
    if (d->chart->kind == CHART_BAR) {
        put_bars(d);
    } else {
        put_columns(d);
        put_column_labels(d);
    }
    fputs("</svg>\n", d->out);
}

void page_put_chart(FILE *out, const struct result_table *table, size_t number)
{
    const struct result_chart *chart = &table->chart;
    if (chart->kind == CHART_NONE || chart->first_row >= table->row_count || chart->row_count == 0)
        return;
    size_t most = chart->kind == CHART_BAR ? BARS_MAX : POINTS_MAX;
    size_t all = table->row_count - chart->first_row;
    all = chart->row_count < all ? chart->row_count : all;
    struct drawing d = {.out = out,
                        .table = table,
                        .chart = chart,
                        .count = all < most ? all : most,
                        .type = table->columns[chart->value].type};
    d.scale = chart_scale_of(table, d.count);
    if (!look(&d))
        return;
    const char *title = chart->title && *chart->title ? chart->title : table->title;
    double height = set_edges(&d);
    fputs("<figure>\n", out);
    put_drawing(&d, number, height, title);
    fputs("<figcaption dir=\"auto\">", out);
    page_put_text(out, title);
    fputs(".", out);
    if (is_pair(&d)) {
        fputs(" <b class=\"mark\">Left</b>: ", out);
        page_put_text(out, table->columns[chart->value].title);
        fputs("; <b class=\"beside\">right</b>: ", out);
        page_put_text(out, table->columns[chart->beside].title);
        fputs(".", out);
    }
    if (d.scale.bounded)
        fputs(" Whiskers: the bounds of each value.", out);
    if (d.scale.log)
        fputs(d.scale.zeros ? " Powers of ten; 0 stands at the foot." : " Powers of ten.", out);
    if (d.withheld && chart->kind != CHART_BAR)
        fputs(" Dashed boxes: withheld, of whatever size.", out);
    if (d.count < all) {
        char shown[NUMBER_TEXT_SIZE], of[NUMBER_TEXT_SIZE];
        number_count_text(d.count, shown);
        number_count_text(all, of);
        fprintf(out, " The first %s of %s rows are drawn.", shown, of);
    }
    fputs("</figcaption>\n</figure>\n", out);
}
