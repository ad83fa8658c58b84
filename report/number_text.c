/* Numbers as people read them: see number_text.h. */
#include "report/number_text.h"

#include "report/text_width.h"

#include <inttypes.h>
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

/* Of a share: less than any digit of a percentage shows. */
static const double speck = 1e-10;

/* Shown by all its digits. */
static bool is_whole(double value)
{
    return fabs(value) < 1e15 && floor(value) == value;
}

struct number_extent number_extent_of(const struct result_table *table, size_t column)
{
    struct number_extent e = {.count = 0};
    double least = table->columns[column].type == RESULT_SHARE ? speck : 0;
    for (size_t row = 0; row < table->row_count; row++) {
        const struct result_value *value = result_value_at(table, row, column);
        if (value->kind == VALUE_TEXT) {
            size_t width = text_width(value->text, strlen(value->text));
            e.text = width > e.text ? width : e.text;
        } else if (value->kind == VALUE_COUNT) {
            e.count = value->count > e.count ? value->count : e.count;
        } else if (value->kind == VALUE_REAL) {
            double size = fabs(value->real);
            if (size > least && (e.smallest == 0 || size < e.smallest))
                e.smallest = size;
            e.largest = size > e.largest ? size : e.largest;
            e.negative = e.negative || value->real < 0;
            e.fraction = e.fraction || !is_whole(value->real);
        } else if (value->kind == VALUE_WITHHELD && e.text < strlen("withheld")) {
            e.text = strlen("withheld");
        }
    }
    return e;
}

int number_share_decimals(double smallest)
{
    if (smallest <= 0 || smallest >= 0.1)
        return 2;
    int decimals = 2 - (int)floor(log10(smallest * 100));
    return decimals < 2 ? 2 : decimals > NUMBER_DECIMALS_MAX ? NUMBER_DECIMALS_MAX : decimals;
}

int number_decimals(const struct number_extent *extent)
{
    if (!extent->fraction)
        return 0;
    bool probability = extent->largest <= 1 && !extent->negative;
    int most = extent->largest >= 100 ? 2 : probability ? NUMBER_DECIMALS_MAX : 4;
    int decimals = extent->smallest > 0 ? 2 - (int)floor(log10(extent->smallest)) : 2;
    return decimals < 2 ? 2 : decimals > most ? most : decimals;
}

size_t number_digits(double value)
{
    size_t digits = value < 10 ? 1 : (size_t)floor(log10(value)) + 1;
    return digits + (digits - 1) / 3;
}

void number_count_text(uint64_t count, char text[static NUMBER_TEXT_SIZE])
{
    char digits[24];
    size_t len = (size_t)snprintf(digits, sizeof digits, "%" PRIu64, count), used = 0;
    for (size_t i = 0; i < len; i++) {
        if (i > 0 && (len - i) % 3 == 0)
            text[used++] = ',';
        text[used++] = digits[i];
    }
    text[used] = '\0';
}

/* DIGITS of a size, with commas and a sign if NEGATIVE. */
static void with_commas(const char *digits, bool negative, char text[static NUMBER_TEXT_SIZE])
{
    size_t whole = strcspn(digits, "."), used = 0;
    if (negative)
        text[used++] = '-';
    for (size_t i = 0; digits[i] && used + 2 < NUMBER_TEXT_SIZE; i++) {
        if (i > 0 && i < whole && (whole - i) % 3 == 0)
            text[used++] = ',';
        text[used++] = digits[i];
    }
    text[used] = '\0';
}

/* True if digits and commas would be too many. */
static bool is_extreme(double number)
{
    double size = fabs(number);
    return size >= 1e18 || (size > 0 && size < 1e-8);
}

static void cell_text(double number, const struct number_look *look,
                      char text[static NUMBER_TEXT_SIZE])
{
    const char *unit = look->type == RESULT_SHARE ? " %" : "";
    double scaled = look->type == RESULT_SHARE ? number * 100 : number;
    char digits[NUMBER_TEXT_SIZE];
    bool share_end = look->type == RESULT_SHARE && look->rounding != ROUND_NEAREST;
    if (is_extreme(scaled) && !share_end) {
        snprintf(text, NUMBER_TEXT_SIZE, "%.3g%s", scaled, unit);
        return;
    }
    double rounded = rounding_apply(scaled, look->decimals, look->rounding);
    snprintf(digits, sizeof digits, "%.*f", look->decimals, fabs(rounded));
    bool zero = strspn(digits, "0.") == strlen(digits);
    if (zero && scaled != 0 && look->rounding == ROUND_NEAREST) {
        snprintf(text, NUMBER_TEXT_SIZE, "%.3g%s", scaled, unit);
        return;
    }
    with_commas(digits, rounded < 0 && !zero, text);
    snprintf(text + strlen(text), NUMBER_TEXT_SIZE - strlen(text), "%s", unit);
}

void number_value_text(const struct result_value *value, const struct number_look *look,
                       char text[static NUMBER_TEXT_SIZE])
{
    switch (value->kind) {
    case VALUE_COUNT:
        number_count_text(value->count, text);
        return;
    case VALUE_REAL:
        cell_text(value->real, look, text);
        return;
    case VALUE_WITHHELD:
        snprintf(text, NUMBER_TEXT_SIZE, "withheld");
        return;
    case VALUE_NULL:
    case VALUE_TEXT:
        break;
    }
    snprintf(text, NUMBER_TEXT_SIZE, "-");
}

static bool ends_in(const char *text, const char *end)
{
    size_t len = strlen(text), tail = strlen(end);
    return len > tail && strcmp(text + len - tail, end) == 0;
}

enum rounding number_rounding_of(const struct result_column *column)
{
    if (strncmp(column->id, "p_value", strlen("p_value")) == 0)
        return ROUND_UP;
    if (ends_in(column->id, "_low") || ends_in(column->title, "at least"))
        return ROUND_DOWN;
    return ends_in(column->id, "_high") || ends_in(column->title, "at most") ? ROUND_UP
                                                                             : ROUND_NEAREST;
}

struct number_look number_look_of(const struct result_column *column,
                                  const struct number_extent *extent)
{
    return (struct number_look){column->type, number_rounding_of(column),
                                column->type == RESULT_SHARE
                                    ? number_share_decimals(extent->smallest)
                                    : number_decimals(extent)};
}

static void plain_text(double number, enum rounding rounding, char text[static NUMBER_TEXT_SIZE])
{
    if (is_extreme(number)) {
        snprintf(text, NUMBER_TEXT_SIZE, "%.6g", number);
        return;
    }
    char digits[NUMBER_TEXT_SIZE];
    rounding_text(number, rounding_decimals(number, 2), rounding, digits);
    with_commas(digits + (digits[0] == '-'), digits[0] == '-', text);
}

void number_sentence_text(const struct result_value *value, enum result_type type,
                          enum rounding rounding, char text[static NUMBER_TEXT_SIZE])
{
    static const struct number_look none;
    if (value->kind != VALUE_REAL)
        number_value_text(value, &none, text);
    else if (type == RESULT_SHARE)
        rounding_percent_text(value->real, rounding, text);
    else
        plain_text(value->real, rounding, text);
}
