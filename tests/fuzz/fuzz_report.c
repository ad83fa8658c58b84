/*
 * An earlier report: any bytes are read or refused, and what is read and passes its check is
 * compared with a report without a mishap, with and without noise.
 */
#include "base/error.h"

#include "report/answers/series.h"
#include "report/report_read.h"
#include "tests/unit/example_release.h"

#include <math.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static double number_at(const struct result_table *table, size_t row, const char *id)
{
    for (size_t c = 0; c < table->column_count; c++)
        if (strcmp(table->columns[c].id, id) == 0) {
            const struct result_value *value = result_value_at(table, row, c);
            return value->kind == VALUE_REAL ? value->real : NAN;
        }
    return NAN;
}

/* No change has its low end above its high one. */
static void look(const struct result *result)
{
    for (size_t i = 0; i < result->table_count; i++)
        for (size_t row = 0; row < result->tables[i]->row_count; row++)
            if (number_at(result->tables[i], row, "change_low") >
                number_at(result->tables[i], row, "change_high"))
                abort();
}

static void compare(const struct result *previous, bool noisy)
{
    enum { QUERIES = 3 }; /* without estimates, which take their time */
    struct plan plan = example_plan;
    struct answers_run run = example_run;
    struct error err = ERROR_INIT;
    struct result result;
    plan.query_count = QUERIES;
    run.previous = previous;
    run.previous_digest = "d1d1";
    fake_noisy = noisy;
    result_init(&result);
    if (answers_make(&plan, &example_release, &run, &result, &err) != STATUS_OK)
        abort();
    look(&result);
    result_release(&result);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct error err = ERROR_INIT;
    struct result previous;
    result_init(&previous);
    enum status status = report_parse(&previous, "report.json", (const char *)data, size, &err);
    if (status == STATUS_OK)
        status = series_check(&previous, example_plan.matter, &err);
    if (status == STATUS_OK) {
        compare(&previous, false);
        compare(&previous, true);
    } else if (status != STATUS_INPUT && status != STATUS_PLAN) {
        abort();
    }
    result_release(&previous);
    return 0;
}
