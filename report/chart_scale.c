/* Scales of charts: see chart_scale.h. */
#include "report/chart_scale.h"

#include <math.h>
#include <stdint.h>
#include <string.h>

bool chart_number(const struct result_value *value, double *number)
{
    if (value->kind != VALUE_COUNT && value->kind != VALUE_REAL)
        return false;
    *number = value->kind == VALUE_COUNT ? (double)value->count : value->real;
    return true;
}

/* The column whose id is COLUMN's with SUFFIX behind it; SIZE_MAX if there is none. */
static size_t beside(const struct result_table *table, size_t column, const char *suffix)
{
    const char *id = table->columns[column].id;
    size_t len = strlen(id);
    for (size_t c = 0; c < table->column_count; c++)
        if (strncmp(table->columns[c].id, id, len) == 0 &&
            strcmp(table->columns[c].id + len, suffix) == 0)
            return c;
    return SIZE_MAX;
}

struct chart_scale chart_scale_of(const struct result_table *table, size_t count)
{
    const struct result_chart *chart = &table->chart;
    struct chart_scale scale = {.low = beside(table, chart->value, "_low"),
                                .high = beside(table, chart->value, "_high")};
    scale.bounded = scale.low != SIZE_MAX && scale.high != SIZE_MAX;
    if (!scale.bounded || chart->kind != CHART_RANGE ||
        table->columns[chart->value].type != RESULT_SHARE)
        return scale;
    const size_t columns[] = {chart->value, scale.low, scale.high};
    double least = 1, most = 0, number;
    for (size_t row = 0; row < count; row++)
        for (size_t i = 0; i < sizeof columns / sizeof *columns; i++) {
            if (!chart_number(result_value_at(table, chart->first_row + row, columns[i]), &number))
                continue;
            scale.zeros = scale.zeros || !(number > 0);
            if (number > 0)
                least = fmin(least, number);
            most = fmax(most, number);
        }
    scale.log = most > 0 &&
                ((most <= 0.01 && least <= most / 10) || (least < 0.001 && least <= most / 100));
    if (scale.log) {
        scale.least = (int)floor(log10(least) + 1e-9);
        scale.most = (int)ceil(log10(most) - 1e-9);
    }
    return scale;
}
