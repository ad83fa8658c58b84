/*
 * Completeness: what was read, what was rejected or left out and why, and what is odd about the
 * rest. The figures come row by row from the tally; here they get their shares of what was read,
 * and it is checked that they add up:
 *
 *     read = accepted + rejected (each reason)
 *     accepted = population + duplicates + excluded (each reason)
 */
#include "report/answers/answer.h"

#include <string.h>

/* The row whose first key is REASON, or the number of rows. */
static size_t row_of(const struct figure_table *figures, const char *reason)
{
    size_t rows = figure_table_rows(figures);
    for (size_t row = 0; row < rows; row++)
        if (strcmp(figure_key_value(figures, row, 0), reason) == 0)
            return row;
    return rows;
}

/* True if rows FIRST to LAST - 1 and the row TOTAL's complement do not add up and all are known. */
static bool adds_up(const struct figure_table *figures, size_t column, size_t whole, size_t first,
                    size_t last, size_t rest)
{
    struct figure total = figure_at(figures, whole, column);
    struct figure left = figure_at(figures, rest, column);
    if (total.state == FIGURE_WITHHELD || left.state == FIGURE_WITHHELD)
        return true;
    uint64_t sum = left.value;
    for (size_t row = first; row < last; row++) {
        struct figure part = figure_at(figures, row, column);
        if (part.state == FIGURE_WITHHELD)
            return true;
        sum += part.value;
    }
    return sum == total.value;
}

/* Rows after the population count records, or things in them, or something else altogether. */
enum counts { COUNTS_RECORDS = 1, COUNTS_ITEMS = 2 };

static unsigned counts_of(const char *reason, bool in_sums)
{
    if (in_sums || strncmp(reason, "without ", 8) == 0)
        return COUNTS_RECORDS;
    return strncmp(reason, "with ", 5) == 0 ? COUNTS_RECORDS | COUNTS_ITEMS : COUNTS_ITEMS;
}

static enum status put_if(struct answer *answer, struct result_table *table, bool shown,
                          struct figure figure, struct error *err)
{
    return shown ? answer_put_figure(answer, table, figure, err)
                 : result_put_null(answer->result, table, err);
}

/* What lies beyond a place where the input ended too soon is in no row. */
static enum status note_cut(struct answer *answer, struct result_table *table,
                            const struct figure_table *figures, size_t column, struct error *err)
{
    static const char reason[] = "rejected: cut off ";
    for (size_t row = 0; row < figure_table_rows(figures); row++) {
        const char *name = figure_key_value(figures, row, 0);
        if (!name || strncmp(name, reason, sizeof reason - 1) != 0)
            continue;
        struct figure cut = figure_at(figures, row, column);
        if (cut.state == FIGURE_EXACT && cut.value > 0)
            return result_note(
                answer->result, table,
                "Input ended within a record: a file was cut off, or its compression "
                "is broken. What came after that is in no row, and how many records "
                "that were is not known.",
                err);
    }
    return STATUS_OK;
}

static enum status put_rows(struct answer *answer, struct result_table *table,
                            const struct figure_table *figures, const size_t columns[2],
                            size_t read, size_t population, struct error *err)
{
    size_t rows = figure_table_rows(figures);
    for (size_t row = 0; row < rows; row++) {
        const char *reason = figure_key_value(figures, row, 0);
        struct figure records = figure_at(figures, row, columns[0]);
        bool in_sums = row <= population;
        unsigned counts = counts_of(reason, in_sums);
        TRY(result_put_text(answer->result, table, reason, err));
        TRY(put_if(answer, table, counts & COUNTS_RECORDS, records, err));
        if (read < rows && population < rows && in_sums)
            TRY(answer_put_share(answer, table, records, figure_at(figures, read, columns[0]),
                                 err));
        else
            TRY(result_put_null(answer->result, table, err));
        TRY(put_if(answer, table, counts & COUNTS_ITEMS, figure_at(figures, row, columns[1]), err));
    }
    return STATUS_OK;
}

enum status answer_completeness(struct answer *answer, struct error *err)
{
    static const struct result_column columns[] = {
        {"reason", "Reason", RESULT_STRING, ""},
        {"records", "Records", RESULT_COUNT, "records"},
        {"share", "Share of records read", RESULT_SHARE, ""},
        {"items", "Turns, parts, days or files", RESULT_COUNT, ""},
    };
    const struct figure_table *figures;
    struct result_table *table;
    TRY(answer_figures(answer, "completeness", &figures, err));
    size_t from[2] = {figure_column_find(figures, "records"), figure_column_find(figures, "items")};
    size_t column = from[0];
    if (from[0] == SIZE_MAX || from[1] == SIZE_MAX || figure_table_keys(figures) < 1)
        return error_set(err, STATUS_INTERNAL, "completeness", "no columns of records and items");
    TRY(result_table_add(answer->result, "completeness", "completeness", "Completeness", "records",
                         columns, 4, &table, err));
    bool noisy = release_is_noisy(answer->release);
    table->population = noisy ? answer->population : "All records of the log set.";
    table->method =
        noisy ? "Conversations of the capped population, with noise. Of records outside it nothing "
                "is "
                "told, since their number would tell of single users."
              : "Each record is read once and counted in exactly one row from rejected to "
                "population; nothing is dropped in silence.";
    size_t rows = figure_table_rows(figures);
    size_t read = row_of(figures, "read"), accepted = row_of(figures, "accepted"),
           population = row_of(figures, "population");
    TRY(put_rows(answer, table, figures, from, read, population, err));
    if (read < accepted && accepted < population && population < rows) {
        if (!adds_up(figures, column, read, read + 1, accepted, accepted) ||
            !adds_up(figures, column, accepted, accepted + 1, population, population))
            return error_set(err, STATUS_INTERNAL, "completeness", "the rows do not add up");
        TRY(result_note(answer->result, table,
                        "Read is the sum of accepted and of each rejected row. Accepted is the sum "
                        "of the population, of duplicates and of each excluded row.",
                        err));
        if (population + 1 < rows)
            TRY(result_note(
                answer->result, table,
                "The rows after the population describe what was read and add up to "
                "nothing: one record can be in several of them or in none. The last column "
                "counts the turns or parts in those records, or days, or files.",
                err));
    }
    if (!noisy)
        TRY(note_cut(answer, table, figures, column, err));
    if (answer->plan->logs.expected_count == 0 && !noisy)
        TRY(result_note(answer->result, table,
                        "The plan names no expected files, so it was not checked whether files are "
                        "missing.",
                        err));
    return answer_note_withheld(answer, table, figures, err);
}
