/*
 * Topics: conversations by the topics of a taxonomy with rules, or by a field that the log
 * carries; then "none of these" and the total.
 */
#include "report/answers/answer_assisted.h"
#include "report/answers/answer_sample.h"

#include <string.h>

static const struct measure {
    const char *id, *title;
    bool must;
} measures[] = {
    {"conversations", "Conversations", true},
    {"users", "Users", true},
    {"exchanges", "Exchanges", false},
    {"words", "Words", false},
};
enum { MEASURES = sizeof measures / sizeof *measures, CHART_ROWS_MAX = 45, CORRECTED = 6 };

struct topics {
    struct answer *answer;
    const struct plan_query *query;
    size_t number; /* of the query in the plan */
    const struct figure_table *figures;
    size_t from[MEASURES]; /* SIZE_MAX where there is none */
    size_t topic;          /* the key that names it */
    size_t total;          /* the row of the total, or the number of rows */
};

static bool is_row(const struct topics *t, size_t row, const char *name)
{
    return strcmp(figure_key_value(t->figures, row, t->topic), name) == 0;
}

static enum status add_table(struct topics *t, struct result_table **table, size_t *value,
                             struct error *err)
{
    size_t keys = figure_table_keys(t->figures), count = keys;
    struct result_column *columns =
        arena_zalloc(&t->answer->result->arena, keys + MEASURES + 1 + CORRECTED, sizeof *columns);
    if (!columns)
        return error_nomem(err);
    answer_key_columns(t->figures, columns);
    /* Conversations, users, share; then what else was counted. */
    for (size_t m = 0; m < MEASURES; m++) {
        t->from[m] = figure_column_find(t->figures, measures[m].id);
        if (t->from[m] == SIZE_MAX && measures[m].must)
            return error_set(err, STATUS_INTERNAL, t->query->id, "no column \"%s\"",
                             measures[m].id);
        if (m == 2)
            columns[count++] =
                (struct result_column){"share", "Share of conversations", RESULT_SHARE, ""};
        if (t->from[m] != SIZE_MAX)
            columns[count++] = (struct result_column){measures[m].id, measures[m].title,
                                                      RESULT_COUNT, measures[m].id};
    }
    static const struct result_column corrected[CORRECTED] = {
        {"corrected", "Share, corrected by labels", RESULT_SHARE, ""},
        {"corrected_low", "Corrected share, low", RESULT_SHARE, ""},
        {"corrected_high", "Corrected share, high", RESULT_SHARE, ""},
        {"difference", "Share by difference estimate (approximate)", RESULT_SHARE, ""},
        {"difference_low", "Difference estimate, low", RESULT_SHARE, ""},
        {"difference_high", "Difference estimate, high", RESULT_SHARE, ""},
    };
    for (size_t i = 0; t->query->sample_path && i < CORRECTED; i++)
        columns[count++] = corrected[i];
    *value = keys;
    const char *method =
        t->query->topic_count == 0 ? "Exact counts by the value of a field that the log carries."
        : t->query->multi_label
            ? "Exact counts. Each topic is a search term; a conversation has every topic whose "
              "term hits it."
            : "Exact counts. Each topic is a search term; a conversation has the first topic, in "
              "the order of the taxonomy, whose term hits it.";
    return answer_table(t->answer, t->query->id, "topics", t->query->title, "conversations", method,
                        columns, count, table, err);
}

/* The share of conversations that are truly of the topic of ROW; the total has none. */
static enum status put_corrected(const struct topics *t, struct result_table *table, size_t row,
                                 struct error *err)
{
    struct answer *answer = t->answer;
    struct answer_sample absent = {.state = SAMPLE_NONE};
    struct ratio_bounds share = {.defined = true};
    struct design design;
    struct interval set;
    double estimate;
    if (!t->query->sample_path)
        return STATUS_OK;
    if (row <= t->query->topic_count)
        TRY(answer_parts_of(answer, t->number, (long)row, &absent.state, &design, err));
    if (absent.state != SAMPLE_THERE) {
        for (size_t i = 0; i < CORRECTED; i++)
            TRY(answer_put_absent(answer, table, &absent, err));
        return STATUS_OK;
    }
    TRY(design_interval(&design, t->query->confidence, &set, err));
    double units = (double)answer->n.value;
    share.has_point = design_estimate(&design, &estimate);
    share.point = estimate / units;
    share.low = (double)set.low / units;
    share.high = (double)set.high / units;
    TRY(answer_put_ratio(answer, table, &share, err));
    const struct figure_sample *f = release_sample_find(answer->release, t->number, (long)row);
    TRY(answer_assisted_share(f, ASSISTED_DIFFERENCE, t->query->confidence, &share, err));
    return answer_put_ratio(answer, table, &share, err);
}

static enum status put_row(const struct topics *t, struct result_table *table, size_t row,
                           struct error *err)
{
    struct answer *answer = t->answer;
    TRY(answer_put_keys(answer, table, t->figures, row, err));
    for (size_t m = 0; m < MEASURES; m++) {
        if (m == 2)
            TRY(answer_put_share(answer, table, figure_at(t->figures, row, t->from[0]), answer->n,
                                 err));
        if (t->from[m] != SIZE_MAX)
            TRY(answer_put_figure(answer, table, figure_at(t->figures, row, t->from[m]), err));
    }
    return put_corrected(t, table, row, err);
}

static enum status note_correction(const struct topics *t, struct result_table *table,
                                   struct error *err)
{
    struct answer *answer = t->answer;
    const struct figure_sample *f = release_sample_find(answer->release, t->number, 0);
    if (!t->query->sample_path)
        return STATUS_OK;
    if (!f)
        return result_note(answer->result, table,
                           "There are no labels yet by which the shares could be corrected.", err);
    TRY(answer_note(
        answer, table,
        result_printf(
            answer->result,
            "Corrected shares rest on the labels of %s conversations drawn at random: the "
            "topics that the rules assigned are strata after the draw, and each topic's "
            "bounds are exact (union-intersection over them) at %s confidence for each "
            "row by itself. %s of the drawn are unreadable or without a label and are "
            "bounded both ways.",
            answer_figure_words(answer, f->whole.drawn),
            answer_share_words(answer, t->query->confidence, ROUND_NEAREST),
            answer_figure_words(answer, f->whole.unreadable)),
        err));
    TRY(answer_note_assisted(answer, table, err));
    return answer_note(answer, table,
                       result_printf(answer->result, "Frame %s; sample %s; seed from: %s.",
                                     f->frame_digest, f->sample_digest, f->seed_source),
                       err);
}

static enum status add_notes(const struct topics *t, struct result_table *table, struct error *err)
{
    struct answer *answer = t->answer;
    const struct plan_query *query = t->query;
    bool has_source = query->taxonomy_source && *query->taxonomy_source;
    if (query->multi_label)
        TRY(result_note(answer->result, table,
                        "A conversation can have several topics: the rows need not add up to the "
                        "total.",
                        err));
    else
        TRY(result_note(answer->result, table,
                        "Each conversation has one row, \"none of these\" included: conversations "
                        "add up to the total. Users need not: one user can be in several rows.",
                        err));
    if (query->taxonomy_title)
        TRY(answer_note(answer, table,
                        result_printf(answer->result, "Taxonomy: %s.%s%s", query->taxonomy_title,
                                      has_source ? " Source: " : "",
                                      has_source ? query->taxonomy_source : ""),
                        err));
    TRY(note_correction(t, table, err));
    if (query->topic_count > 0 && !query->sample_path)
        TRY(result_note(answer->result, table,
                        "Topics follow from words alone. What share of a topic's conversations is "
                        "truly about it, a labelled sample would say.",
                        err));
    for (size_t i = 0; i < query->topic_count; i++)
        if (query->topics[i].term.source && query->topics[i].term.problem)
            TRY(answer_note(answer, table,
                            result_printf(answer->result,
                                          "The rule of \"%s\" cannot be read, so that it was never "
                                          "assigned: %s",
                                          query->topics[i].name, query->topics[i].term.problem),
                            err));
    return answer_note_withheld(answer, table, t->figures, err);
}

static enum status set_chart(const struct topics *t, struct result_table *table, size_t value,
                             struct error *err)
{
    size_t rows = table->row_count;
    if (rows > 0 && t->total < figure_table_rows(t->figures))
        rows--; /* without the total */
    if (rows < 2 || rows > CHART_ROWS_MAX)
        return STATUS_OK;
    const char *alt =
        result_printf(t->answer->result,
                      "Conversations of each topic, in the order of the table's %zu rows.", rows);
    if (!alt)
        return error_nomem(err);
    table->chart = (struct result_chart){
        CHART_BAR, t->topic, value, 0, rows, "Conversations by topic", alt, 0};
    return STATUS_OK;
}

static enum status summarise(const struct topics *t, struct error *err)
{
    struct answer *answer = t->answer;
    size_t rows = figure_table_rows(t->figures), best = rows, none = rows;
    for (size_t row = 0; row < t->total; row++) {
        struct figure f = figure_at(t->figures, row, t->from[0]);
        if (is_row(t, row, "none of these")) {
            none = row;
            continue;
        }
        if (f.state != FIGURE_WITHHELD && f.value > 0 &&
            (best == rows || f.value > figure_at(t->figures, best, t->from[0]).value))
            best = row;
    }
    const char *top = "No topic has a figure to show.", *rest = "";
    if (best < rows) {
        struct figure f = figure_at(t->figures, best, t->from[0]);
        const char *name =
            result_printf(answer->result, "\"%s\"", figure_key_value(t->figures, best, t->topic));
        if (!name)
            return error_nomem(err);
        top = result_printf(answer->result, "Topics of %s conversations.%s",
                            answer_figure_words(answer, answer->n),
                            answer_highest_words(answer, name, f));
    }
    if (none < rows) {
        struct figure f = figure_at(t->figures, none, t->from[0]);
        rest =
            result_printf(answer->result, " None of the topics: %s%s.",
                          answer_figure_words(answer, f), answer_part_words(answer, f, answer->n));
    }
    if (!top || !rest)
        return error_nomem(err);
    return answer_summary(answer, t->query->id, result_printf(answer->result, "%s%s", top, rest),
                          err);
}

enum status answer_topics(struct answer *answer, size_t query_index, struct error *err)
{
    struct topics t = {
        .answer = answer, .query = &answer->plan->queries[query_index], .number = query_index};
    struct result_table *table;
    size_t value = 0;
    TRY(answer_figures(answer, t.query->id, &t.figures, err));
    size_t keys = figure_table_keys(t.figures), rows = figure_table_rows(t.figures);
    if (keys == 0)
        return error_set(err, STATUS_INTERNAL, t.query->id, "no topics");
    t.topic = keys - 1;
    t.total = rows;
    if (rows > 0 && is_row(&t, rows - 1, "total"))
        t.total = rows - 1;
    TRY(add_table(&t, &table, &value, err));
    for (size_t row = 0; row < rows; row++)
        if (figure_row_is_listed(t.figures, row))
            TRY(put_row(&t, table, row, err));
    TRY(set_chart(&t, table, value, err));
    TRY(add_notes(&t, table, err));
    return summarise(&t, err);
}
