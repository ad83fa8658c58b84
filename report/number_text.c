/* Numbers as people read them: see number_text.h. */
#include "report/number_text.h"

#include "report/text_width.h"

#include <inttypes.h>
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

/* Shown by all its digits. */
static bool is_whole(double value)
{
    return fabs(value) < 1e15 && floor(value) == value;
}

struct number_extent number_extent_of(const struct result_table *table, size_t column)
{
    struct number_extent e = {.count = 0};
    for (size_t row = 0; row < table->row_count; row++) {
        const struct result_value *value = result_value_at(table, row, column);
        if (value->kind == VALUE_TEXT) {
            size_t width = text_width(value->text, strlen(value->text));
            e.text = width > e.text ? width : e.text;
        } else if (value->kind == VALUE_COUNT) {
            e.count = value->count > e.count ? value->count : e.count;
        } else if (value->kind == VALUE_REAL) {
            double size = fabs(value->real);
            if (size > 0 && (e.smallest == 0 || size < e.smallest))
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

static void whole_text(double value, char text[static NUMBER_TEXT_SIZE])
{
    char digits[NUMBER_TEXT_SIZE];
    number_count_text((uint64_t)fabs(value), digits);
    snprintf(text, NUMBER_TEXT_SIZE, "%s%.40s", value < 0 ? "-" : "", digits);
}

void number_value_text(const struct result_value *value, enum result_type type, int decimals,
                       char text[static NUMBER_TEXT_SIZE])
{
    switch (value->kind) {
    case VALUE_COUNT:
        number_count_text(value->count, text);
        return;
    case VALUE_REAL:
        if (type == RESULT_SHARE)
            snprintf(text, NUMBER_TEXT_SIZE, "%.*f %%", decimals, value->real * 100);
        else if (is_whole(value->real))
            whole_text(value->real, text);
        else
            snprintf(text, NUMBER_TEXT_SIZE, "%.6g", value->real);
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

enum number_rounding number_rounding_of(const struct result_column *column)
{
    if (strncmp(column->id, "p_value", strlen("p_value")) == 0)
        return NUMBER_UP;
    if (ends_in(column->id, "_low") || ends_in(column->title, "at least"))
        return NUMBER_DOWN;
    return ends_in(column->id, "_high") || ends_in(column->title, "at most") ? NUMBER_UP
                                                                             : NUMBER_NEAREST;
}

/* NUMBER to so many decimals. One that stands in these digits already is not pushed on by its last
 * bit. */
static double rounded(double number, int decimals, enum number_rounding rounding)
{
    double scale = pow(10, decimals), scaled = number * scale, slack = fabs(scaled) * 4e-16;
    if (rounding == NUMBER_DOWN)
        return floor(scaled + slack) / scale;
    return rounding == NUMBER_UP ? ceil(scaled - slack) / scale : number;
}

static void cut_zeros(char *text)
{
    size_t len = strlen(text);
    if (!strchr(text, '.'))
        return;
    while (text[len - 1] == '0')
        text[--len] = '\0';
    if (text[len - 1] == '.')
        text[len - 1] = '\0';
}

/* Decimals that show three digits of NUMBER, at least LEAST. */
static int decimals_of(double number, int least)
{
    double size = fabs(number);
    int decimals = size > 0 && size < 100 ? 2 - (int)floor(log10(size)) : 0;
    return decimals < least ? least : decimals > 10 ? 10 : decimals;
}

static void share_text(double share, enum number_rounding rounding,
                       char text[static NUMBER_TEXT_SIZE])
{
    double percent = share * 100;
    int decimals = decimals_of(percent, 0), lacking = decimals_of(100 - percent, 0);
    decimals = lacking > decimals ? lacking : decimals;
    char digits[NUMBER_TEXT_SIZE - 2];
    snprintf(digits, sizeof digits, "%.*f", decimals, rounded(percent, decimals, rounding));
    cut_zeros(digits);
    snprintf(text, NUMBER_TEXT_SIZE, "%s %%", digits);
}

static void plain_text(double number, enum number_rounding rounding,
                       char text[static NUMBER_TEXT_SIZE])
{
    double size = fabs(number);
    if (size >= 1e18 || (size > 0 && size < 1e-8)) {
        snprintf(text, NUMBER_TEXT_SIZE, "%.6g", number);
        return;
    }
    char digits[NUMBER_TEXT_SIZE];
    int decimals = decimals_of(number, 2);
    snprintf(digits, sizeof digits, "%.*f", decimals, fabs(rounded(number, decimals, rounding)));
    cut_zeros(digits);
    size_t whole = strcspn(digits, "."), used = 0;
    if (number < 0)
        text[used++] = '-';
    for (size_t i = 0; digits[i] && used + 2 < NUMBER_TEXT_SIZE; i++) {
        if (i > 0 && i < whole && (whole - i) % 3 == 0)
            text[used++] = ',';
        text[used++] = digits[i];
    }
    text[used] = '\0';
}

void number_sentence_text(const struct result_value *value, enum result_type type,
                          enum number_rounding rounding, char text[static NUMBER_TEXT_SIZE])
{
    if (value->kind != VALUE_REAL)
        number_value_text(value, type, 0, text);
    else if (type == RESULT_SHARE)
        share_text(value->real, rounding, text);
    else
        plain_text(value->real, rounding, text);
}
