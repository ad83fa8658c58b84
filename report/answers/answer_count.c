/*
 * Counts: conversations, exchanges, users and words by fields of the plan; the last row is the
 * total. Shares are of the population's conversations.
 */
#include "report/answers/answer.h"

#include "base/buffer.h"

#include <string.h>

static const char *const measures[] = {"conversations", "exchanges", "users", "words", "turns"};
enum { MEASURES = sizeof measures / sizeof *measures, CHART_ROWS_BAR = 40, CHART_ROWS_COLUMN = 40 };

static bool is_time(enum plan_field_kind kind)
{
    return kind == PLAN_FIELD_DAY || kind == PLAN_FIELD_MONTH || kind == PLAN_FIELD_QUARTER ||
           kind == PLAN_FIELD_YEAR;
}

/* A picture where one field is counted by: a run of time, or a few values. */
static enum status set_chart(struct answer *answer, const struct plan_query *query,
                             struct result_table *table, size_t value, struct error *err)
{
    if (query->by_count != 1 || table->row_count < 3)
        return STATUS_OK;
    size_t rows = table->row_count - 1; /* without the total */
    bool time = is_time(query->by[0].kind);
    if (!time && rows > CHART_ROWS_BAR)
        return STATUS_OK;
    enum result_chart_kind kind = !time                      ? CHART_BAR
                                  : rows > CHART_ROWS_COLUMN ? CHART_LINE
                                                             : CHART_COLUMN;
    const char *title = result_printf(answer->result, "Conversations by %s", query->by[0].name);
    const char *alt = result_printf(
        answer->result, "Conversations for each %s, in the order of the table's %zu rows.",
        query->by[0].name, rows);
    if (!title || !alt)
        return error_nomem(err);
    table->chart = (struct result_chart){kind, 0, value, 0, rows, title, alt, 0};
    return STATUS_OK;
}

/* "month and model" */
static const char *fields_in_words(struct answer *answer, const struct plan_query *query)
{
    struct buffer words;
    buffer_init(&words, 1 << 16);
    const char *text = "";
    for (size_t i = 0; i < query->by_count; i++) {
        const char *lead = i == 0 ? "" : i + 1 == query->by_count ? " and " : ", ";
        if (buffer_addf(&words, NULL, "%s%s", lead, query->by[i].name) != STATUS_OK)
            text = NULL;
    }
    if (text && words.data)
        text = result_text(answer->result, words.data);
    buffer_release(&words);
    return text;
}

/* LEAD, FIGURE and what it counts; nothing where with noise it is not among what is told. */
static const char *counted(struct answer *answer, const char *lead, struct figure figure,
                           const char *unit)
{
    if (figure.state == FIGURE_WITHHELD && release_is_noisy(answer->release))
        return "";
    const char *words =
        result_printf(answer->result, "%s%s %s", lead, answer_figure_words(answer, figure), unit);
    answer->no_memory = answer->no_memory || !words;
    return words ? words : "";
}

static enum status summarise(struct answer *answer, const struct plan_query *query,
                             const struct figure_table *figures, const size_t *columns,
                             struct error *err)
{
    size_t rows = figure_table_rows(figures);
    if (rows == 0)
        return answer_summary(answer, query->id, "There is nothing to count.", err);
    struct figure total[MEASURES];
    for (size_t m = 0; m < MEASURES; m++)
        total[m] = figure_at(figures, rows - 1, columns[m]);
    const char *by = fields_in_words(answer, query), *most = "";
    size_t best = rows;
    for (size_t row = 0; query->by_count == 1 && row + 1 < rows; row++) {
        struct figure f = figure_at(figures, row, columns[0]);
        if (f.state != FIGURE_WITHHELD && f.value > 0 &&
            (best == rows || f.value > figure_at(figures, best, columns[0]).value))
            best = row;
    }
    if (best < rows) {
        struct figure f = figure_at(figures, best, columns[0]);
        most = answer_highest_words(answer, figure_key_value(figures, best, 0), f);
    }
    if (!by || !most)
        return error_nomem(err);
    const char *exchanges = counted(answer, " with ", total[1], "exchanges");
    return answer_summary(
        answer, query->id,
        result_printf(answer->result, "The population holds %s conversations%s%s%s%s%s.%s",
                      answer_figure_words(answer, total[0]), exchanges,
                      counted(answer, *exchanges ? " and " : " with ", total[3], "words"),
                      counted(answer, ", by ", total[2], "users"),
                      *by ? "; the table counts them by " : "", by, most),
        err);
}

enum status answer_count(struct answer *answer, size_t query_index, struct error *err)
{
    const struct plan_query *query = &answer->plan->queries[query_index];
    const struct figure_table *figures;
    struct result_table *table;
    size_t from[MEASURES];
    TRY(answer_figures(answer, query->id, &figures, err));
    size_t keys = figure_table_keys(figures), count = keys + MEASURES + 1;
    struct result_column *columns = arena_zalloc(&answer->result->arena, count, sizeof *columns);
    if (!columns)
        return error_nomem(err);
    answer_key_columns(figures, columns);
    for (size_t m = 0; m < MEASURES; m++) {
        from[m] = figure_column_find(figures, measures[m]);
        if (from[m] == SIZE_MAX)
            return error_set(err, STATUS_INTERNAL, query->id, "no column \"%s\"", measures[m]);
        columns[keys + m] = (struct result_column){
            measures[m], figure_column_title(figures, from[m]), RESULT_COUNT, measures[m]};
    }
    columns[count - 1] =
        (struct result_column){"share", "Share of conversations", RESULT_SHARE, ""};
    TRY(answer_table(answer, query->id, "count", query->title, "conversations",
                     "Exact counts over the population; a share is the row's conversations divided "
                     "by those of the population.",
                     columns, count, &table, err));
    for (size_t row = 0; row < figure_table_rows(figures); row++) {
        if (!figure_row_is_listed(figures, row))
            continue;
        TRY(answer_put_keys(answer, table, figures, row, err));
        for (size_t m = 0; m < MEASURES; m++)
            TRY(answer_put_figure(answer, table, figure_at(figures, row, from[m]), err));
        TRY(answer_put_share(answer, table, figure_at(figures, row, from[0]), answer->n, err));
    }
    TRY(set_chart(answer, query, table, keys, err));
    if (keys > 0)
        TRY(result_note(
            answer->result, table,
            "Conversations, exchanges, turns and words of the rows add up to the total. Users "
            "need not: one user can be in several rows.",
            err));
    TRY(answer_note_withheld(answer, table, figures, err));
    return summarise(answer, query, figures, from, err);
}
