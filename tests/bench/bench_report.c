/*
 * Writers on a table of ROWS rows (1,000,000): seconds and, of the process so far, the largest
 * resident memory, of which the tree itself is a part that is printed apart.
 *
 * usage: bench_report [ROWS [FOLDER]]
 */
#include "report/writer.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

static double now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

static double peak_mb(void)
{
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    return (double)usage.ru_maxrss / 1024;
}

static enum status fill(struct result *result, size_t rows, struct error *err)
{
    static const struct result_column columns[] = {
        {"month", "Month", RESULT_MONTH, ""},
        {"model", "Model", RESULT_STRING, ""},
        {"conversations", "Conversations", RESULT_COUNT, "conversations"},
        {"exchanges", "Exchanges", RESULT_COUNT, "exchanges"},
        {"users", "Users", RESULT_COUNT, "users"},
        {"share", "Share", RESULT_SHARE, ""},
    };
    struct result_table *table;
    result->title = result_text(result, "Rows");
    TRY(result_table_add(result, "rows", "count", "Rows", "conversations", columns,
                         sizeof columns / sizeof *columns, &table, err));
    for (size_t i = 0; i < rows; i++) {
        char month[24], model[24];
        snprintf(month, sizeof month, "20%02zu-%02zu", i / 12 % 100, i % 12 + 1);
        snprintf(model, sizeof model, "model-%zu", i % 997);
        TRY(result_put_text(result, table, month, err));
        TRY(result_put_text(result, table, model, err));
        TRY(result_put_count(result, table, i * 7, err));
        TRY(result_put_count(result, table, i * 31, err));
        TRY(result_put_count(result, table, i, err));
        TRY(result_put_real(result, table, (double)i / (double)rows, err));
    }
    return STATUS_OK;
}

int main(int argc, char **argv)
{
    size_t rows = argc > 1 ? strtoull(argv[1], NULL, 10) : 1000000;
    const char *folder = argc > 2 ? argv[2] : ".";
    struct result result;
    struct error err = {0};
    result_init(&result);
    if (fill(&result, rows, &err) != STATUS_OK) {
        fprintf(stderr, "%s\n", err.text);
        return 1;
    }
    printf("%-8s %8zu rows            %7.0f MB\n", "tree", rows, peak_mb());
    for (const struct writer_type *writer = writer_types; writer->name; writer++) {
        char path[4096];
        if (strcmp(writer->name, "draft") == 0)
            continue; /* it fills a form, whatever the tables' sizes */
        snprintf(path, sizeof path, "%s/bench-rows.%s", folder, writer->name);
        double start = now();
        if (writer->write(&result, path, &err) != STATUS_OK) {
            fprintf(stderr, "%s: %s\n", writer->name, err.text);
            return 1;
        }
        printf("%-8s %8zu rows  %7.2f s %7.0f MB\n", writer->name, rows, now() - start, peak_mb());
    }
    result_release(&result);
    return 0;
}
