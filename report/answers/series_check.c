/* Whether a report that was read back can be compared with: see series.h. */
#include "report/answers/series.h"

#include "base/intern.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

enum { TABLES_MAX = 10000, COLUMNS_MAX = 1000 };
static const uint64_t count_end = UINT64_C(1) << 53;

static enum status fault(const struct result_table *table, struct error *err, const char *what,
                         size_t row, size_t column)
{
    char where[200];
    snprintf(where, sizeof where, "table \"%.60s\", row %zu, column \"%.60s\"", table->id, row + 1,
             table->columns[column].id);
    return error_set(err, STATUS_INPUT, where, "%s", what);
}

static enum status check_value(const struct result_table *table, size_t row, size_t column,
                               struct error *err)
{
    const struct result_value *value = result_value_at(table, row, column);
    bool share = table->columns[column].type == RESULT_SHARE;
    if (value->kind == VALUE_COUNT && value->count >= count_end)
        return fault(table, err, "a count of 2^53 or more", row, column);
    if (value->kind != VALUE_REAL)
        return STATUS_OK;
    if (share && !(value->real >= 0 && value->real <= 1))
        return fault(table, err, "a share that is not from 0 to 1", row, column);
    if (!(fabs(value->real) <= 1e300))
        return fault(table, err, "a number over 1e300", row, column);
    return STATUS_OK;
}

static double number(const struct result_value *value)
{
    return value->kind == VALUE_COUNT  ? (double)value->count
           : value->kind == VALUE_REAL ? value->real
                                       : NAN;
}

/* The column whose id is that of the low end LOW with "high" for "low"; SIZE_MAX if there is none
 * or LOW is no low end. */
static size_t high_of(const struct result_table *table, size_t low)
{
    const char *id = table->columns[low].id;
    size_t len = strlen(id);
    if (len < 3 || strcmp(id + len - 3, "low") != 0)
        return SIZE_MAX;
    for (size_t c = 0; c < table->column_count; c++)
        if (strlen(table->columns[c].id) == len + 1 &&
            strncmp(table->columns[c].id, id, len - 3) == 0 &&
            strcmp(table->columns[c].id + len - 3, "high") == 0)
            return c;
    return SIZE_MAX;
}

static enum status check_table(const struct result_table *table, struct error *err)
{
    if (table->column_count > COLUMNS_MAX)
        return error_set(err, STATUS_INPUT, NULL, "table \"%.60s\" has over %d columns", table->id,
                         COLUMNS_MAX);
    for (size_t c = 0; c < table->column_count; c++) {
        size_t high = high_of(table, c);
        for (size_t row = 0; row < table->row_count; row++) {
            TRY(check_value(table, row, c, err));
            if (high != SIZE_MAX &&
                number(result_value_at(table, row, c)) > number(result_value_at(table, row, high)))
                return fault(table, err, "a low end above the high one", row, c);
        }
    }
    return STATUS_OK;
}

static enum status check_ids(const struct result *previous, struct error *err)
{
    struct intern ids;
    enum status status = STATUS_OK;
    intern_init(&ids);
    for (size_t i = 0; i < previous->table_count && status == STATUS_OK; i++) {
        const char *id = previous->tables[i]->id;
        uint32_t got;
        status = intern_add(&ids, id, strlen(id), &got, err);
        if (status == STATUS_OK && got != i)
            status = error_set(err, STATUS_INPUT, NULL, "two tables have the id \"%.60s\"", id);
    }
    intern_release(&ids);
    return status;
}

enum status series_check(const struct result *previous, const char *matter, struct error *err)
{
    const char *then = previous->matter ? previous->matter : "", *now = matter ? matter : "";
    if (strcmp(then, now) != 0) {
        error_set(err, STATUS_PLAN, NULL, "the report is of the matter \"%.80s\", not of \"%.80s\"",
                  then, now);
        return error_hint(err, "only reports of one matter make a series");
    }
    if (previous->table_count > TABLES_MAX)
        return error_set(err, STATUS_INPUT, NULL, "it has over %d tables", TABLES_MAX);
    TRY(check_ids(previous, err));
    for (size_t i = 0; i < previous->table_count; i++)
        TRY(check_table(previous->tables[i], err));
    return STATUS_OK;
}
