/*
 * Overlap with works: conversations, exchanges and users by the longest run, side by side; the
 * words that runs cover; the works that were found, and how many were looked for.
 */
#include "report/answers/answer.h"

#include <string.h>

struct overlap {
    struct answer *answer;
    const struct plan_query *query;
};

/* A column of figures, and the one that it is a share of (-1: none). */
struct measure {
    const char *id, *title, *unit;
    const char *share_id, *share_title;
    int whole;
};

enum { MEASURES_MOST = 32, COLUMNS_MOST = 2 * MEASURES_MOST, ANYWHERE_ROW = 0 };

/*
 * A table of FIGURES as they are, with the columns of MEASURES: their figures are found by id, and
 * behind one that has a share stands that of `whole`, or of the population where that is -1.
 */
static enum status add_table(const struct overlap *o, const struct figure_table *figures,
                             const char *title, const char *unit, const char *method,
                             const struct measure *measures, size_t count,
                             struct result_table **table, size_t *from, struct error *err)
{
    struct result_column columns[COLUMNS_MOST];
    size_t keys = figure_table_keys(figures), used = keys;
    if (keys + 2 * count > COLUMNS_MOST)
        return error_set(err, STATUS_INTERNAL, o->query->id, "too many columns");
    answer_key_columns(figures, columns);
    for (size_t m = 0; m < count; m++) {
        from[m] = figure_column_find(figures, measures[m].id);
        if (from[m] == SIZE_MAX)
            return error_set(err, STATUS_INTERNAL, o->query->id, "no column \"%s\"",
                             measures[m].id);
        columns[used++] = (struct result_column){measures[m].id, measures[m].title, RESULT_COUNT,
                                                 measures[m].unit};
        if (measures[m].share_id)
            columns[used++] = (struct result_column){measures[m].share_id, measures[m].share_title,
                                                     RESULT_SHARE, ""};
    }
    return answer_table(o->answer, figure_table_id(figures), "overlap", title, unit, method,
                        columns, used, table, err);
}

static enum status put_row(const struct overlap *o, struct result_table *table,
                           const struct figure_table *figures, size_t row,
                           const struct measure *measures, size_t count, const size_t *from,
                           struct error *err)
{
    struct answer *answer = o->answer;
    TRY(answer_put_keys(answer, table, figures, row, err));
    for (size_t m = 0; m < count; m++) {
        struct figure figure = figure_at(figures, row, from[m]);
        TRY(answer_put_figure(answer, table, figure, err));
        if (measures[m].share_id)
            TRY(answer_put_share(answer, table, figure,
                                 measures[m].whole < 0
                                     ? answer->n
                                     : figure_at(figures, row, from[measures[m].whole]),
                                 err));
    }
    return STATUS_OK;
}

/* The figures of a second table of the query, "ID.NAME". */
static enum status find(const struct overlap *o, const char *name,
                        const struct figure_table **figures, struct error *err)
{
    const char *id = result_printf(o->answer->result, "%s.%s", o->query->id, name);
    return id ? answer_figures(o->answer, id, figures, err) : error_nomem(err);
}

static const char *sub_title(const struct overlap *o, const char *name)
{
    return result_printf(o->answer->result, "%s: %s", o->query->title, name);
}

/* ---- runs ---- */

static enum status set_chart(const struct overlap *o, struct result_table *table, struct error *err)
{
    size_t bins = o->query->bin_count;
    if (bins < 2)
        return STATUS_OK;
    const char *alt = result_printf(o->answer->result,
                                    "Conversations by the longest run that they share with a work, "
                                    "in the order of the table's first %zu rows.",
                                    bins);
    if (!alt)
        return error_nomem(err);
    table->chart = (struct result_chart){
        CHART_COLUMN, 1, 2, ANYWHERE_ROW, bins, "Conversations by longest run", alt, 0};
    return STATUS_OK;
}

static enum status add_runs(const struct overlap *o, const struct figure_table *figures,
                            struct error *err)
{
    static const struct measure measures[] = {
        {"conversations", "Conversations", "conversations", "share", "Share of conversations", -1},
        {"exchanges", "Exchanges", "exchanges", NULL, NULL, -1},
        {"users", "Users", "users", NULL, NULL, -1},
    };
    enum { MEASURES = sizeof measures / sizeof *measures };
    struct answer *answer = o->answer;
    struct result *result = answer->result;
    struct result_table *table;
    size_t from[MEASURES];
    TRY(add_table(
        o, figures, o->query->title, "conversations",
        "Exact counts over the population, by the longest run of consecutive words shared "
        "with a work: every run of at least the stated length is found, and none is "
        "counted that does not stand in one work and in one turn without a gap.",
        measures, MEASURES, &table, from, err));
    for (size_t row = 0; row < figure_table_rows(figures); row++)
        TRY(put_row(o, table, figures, row, measures, MEASURES, from, err));
    TRY(set_chart(o, table, err));
    TRY(answer_note(answer, table,
                    result_printf(result,
                                  "A run has at least %u words (min_words). On each side, "
                                  "conversations and exchanges are counted once, by their longest "
                                  "run there: the rows of a side add up to all. \"Anywhere\" is "
                                  "the longest run on any side. Users need not add up: one user "
                                  "can be in several rows.",
                                  (unsigned)o->query->min_words),
                    err));
    TRY(result_note(result, table,
                    "Prompt-supplied: all of the run stands without a gap in one user turn before "
                    "the output, of an earlier or of the same exchange. Any other run of an output "
                    "is model-originated, also one that goes on beyond what the user gave. Turns "
                    "of systems and tools are neither searched nor taken for prompts.",
                    err));
    return answer_note_withheld(answer, table, figures, err);
}

/* ---- words ---- */

static enum status add_words(const struct overlap *o, struct error *err)
{
    static const struct measure measures[] = {
        {"words", "Words", "words", NULL, NULL, -1},
        {"in_runs", "Words in runs", "words", "share_in_runs", "Share in runs", 0},
        {"supplied", "Prompt-supplied words", "words", "share_supplied", "Share prompt-supplied",
         0},
        {"originated", "Model-originated words", "words", "share_originated",
         "Share model-originated", 0},
    };
    enum { MEASURES = sizeof measures / sizeof *measures, OF_SIDES = 2 };
    const struct figure_table *figures;
    struct result_table *table;
    size_t from[MEASURES];
    const char *title = sub_title(o, "words covered");
    if (!title)
        return error_nomem(err);
    TRY(find(o, "words", &figures, err));
    TRY(add_table(o, figures, title, "words",
                  "Exact counts over the population: the words that stand in at least one run, out "
                  "of all words of user turns (prompts) and of assistant turns (outputs).",
                  measures, MEASURES, &table, from, err));
    for (size_t row = 0; row < figure_table_rows(figures); row++) {
        bool outputs = strcmp(figure_key_value(figures, row, 0), "outputs") == 0;
        TRY(put_row(o, table, figures, row, measures, outputs ? MEASURES : OF_SIDES, from, err));
        for (size_t m = outputs ? MEASURES : OF_SIDES; m < MEASURES; m++) {
            TRY(result_put_null(o->answer->result, table, err));
            TRY(result_put_null(o->answer->result, table, err));
        }
    }
    TRY(result_note(o->answer->result, table,
                    "A word of an output that runs of both kinds hold counts as model-originated.",
                    err));
    return answer_note_withheld(o->answer, table, figures, err);
}

/* ---- works ---- */

/* The columns of the works' table: some that it always has, then those of further bins. */
static enum status works_measures(const struct overlap *o, const struct figure_table *figures,
                                  struct measure *measures, size_t *count, struct error *err)
{
    static const struct measure plain[] = {
        {"conversations", "Conversations", "conversations", NULL, NULL, -1},
        {"exchanges", "Exchanges", "exchanges", NULL, NULL, -1},
        {"users", "Users", "users", NULL, NULL, -1},
        {"prompts", "In prompts", "conversations", NULL, NULL, -1},
        {"supplied", "In outputs, prompt-supplied", "conversations", NULL, NULL, -1},
        {"originated", "In outputs, model-originated", "conversations", NULL, NULL, -1},
    };
    *count = sizeof plain / sizeof *plain;
    memcpy(measures, plain, sizeof plain);
    for (size_t bin = 1; bin < o->query->bin_count; bin++) {
        const char *id =
            result_printf(o->answer->result, "at_least_%u", (unsigned)o->query->bins[bin]);
        if (!id)
            return error_nomem(err);
        size_t column = figure_column_find(figures, id);
        const char *title = column == SIZE_MAX ? id : figure_column_title(figures, column);
        measures[(*count)++] = (struct measure){id, title, "conversations", NULL, NULL, -1};
    }
    return STATUS_OK;
}

static enum status add_works(const struct overlap *o, struct error *err)
{
    const struct figure_table *figures;
    struct measure measures[MEASURES_MOST];
    struct result_table *table;
    size_t from[MEASURES_MOST], count;
    const char *title = sub_title(o, "works found");
    if (!title)
        return error_nomem(err);
    TRY(find(o, "works", &figures, err));
    TRY(works_measures(o, figures, measures, &count, err));
    TRY(add_table(o, figures, title, "conversations",
                  "Exact counts over the population of conversations that share a run with the "
                  "work, on each side, and with a run of at least so many words on any side. Works "
                  "of which nothing was found have no row.",
                  measures, count, &table, from, err));
    for (size_t row = 0; row < figure_table_rows(figures); row++)
        if (figure_row_is_listed(figures, row))
            TRY(put_row(o, table, figures, row, measures, count, from, err));
    TRY(answer_note(o->answer, table,
                    result_printf(o->answer->result,
                                  "Text that stands at more than %d places of the works (any %u "
                                  "words of it) is common text: it counts for no single work. The "
                                  "row \"common text\" has the conversations with a run that holds "
                                  "some. The first table counts such runs like all others.",
                                  OVERLAP_COMMON_PLACES, (unsigned)o->query->min_words),
                    err));
    TRY(result_note(o->answer->result, table,
                    "One conversation can share runs with several works, and one run can stand in "
                    "several works: rows do not add up.",
                    err));
    return answer_note_withheld(o->answer, table, figures, err);
}

static enum status add_read(const struct overlap *o, struct error *err)
{
    static const struct measure measures[] = {{"count", "Number", "", NULL, NULL, -1}};
    const struct figure_table *figures;
    struct result_table *table;
    size_t from[1];
    const char *title = sub_title(o, "works read");
    if (!title)
        return error_nomem(err);
    TRY(find(o, "read", &figures, err));
    TRY(add_table(o, figures, title, "works",
                  "Counts of the works that the plan names, cut into words like the chats.",
                  measures, 1, &table, from, err));
    for (size_t row = 0; row < figure_table_rows(figures); row++)
        TRY(put_row(o, table, figures, row, measures, 1, from, err));
    TRY(result_note(o->answer->result, table,
                    "A work without a word, or of fewer words than a run has at least, cannot be "
                    "found.",
                    err));
    return STATUS_OK;
}

/* ---- in words ---- */

/* " No work has so many words ..."; "" where one has, or where noise keeps their numbers untold. */
static enum status nothing_to_find(const struct overlap *o, const char **words, struct error *err)
{
    enum { ROW_WORKS, ROW_WORDS, ROW_EMPTY, ROW_BRIEF };
    const struct figure_table *figures;
    TRY(find(o, "read", &figures, err));
    size_t column = figure_column_find(figures, "count");
    struct figure works = figure_at(figures, ROW_WORKS, column);
    uint64_t out =
        figure_at(figures, ROW_EMPTY, column).value + figure_at(figures, ROW_BRIEF, column).value;
    *words = works.state != FIGURE_EXACT || out < works.value
                 ? ""
                 : " No work has so many words: there was nothing to find.";
    return STATUS_OK;
}

static enum status summarise(const struct overlap *o, const struct figure_table *figures,
                             struct error *err)
{
    struct answer *answer = o->answer;
    size_t column = figure_column_find(figures, "conversations");
    size_t any = o->query->bin_count, side = any + 2;
    struct figure anywhere = figure_at(figures, any, column);
    struct figure supplied = figure_at(figures, 2 * side + any, column);
    struct figure originated = figure_at(figures, 3 * side + any, column);
    const char *nothing;
    TRY(nothing_to_find(o, &nothing, err));
    return answer_summary(
        answer, o->query->id,
        result_printf(
            answer->result,
            "A run of at least %u words is shared with a work by %s of %s conversations%s; "
            "%s have a model-originated one in an output%s, %s a prompt-supplied one%s.%s",
            (unsigned)o->query->min_words,
            anywhere.state == FIGURE_WITHHELD ? "a withheld number"
                                              : answer_figure_words(answer, anywhere),
            answer_population_words(answer), answer_part_words(answer, anywhere, answer->n),
            answer_figure_words(answer, originated),
            answer_part_words(answer, originated, answer->n), answer_figure_words(answer, supplied),
            answer_part_words(answer, supplied, answer->n), nothing),
        err);
}

enum status answer_overlap(struct answer *answer, size_t query_index, struct error *err)
{
    const struct overlap o = {answer, &answer->plan->queries[query_index]};
    const struct figure_table *figures;
    TRY(answer_figures(answer, o.query->id, &figures, err));
    if (figure_table_rows(figures) != 4 * (o.query->bin_count + 2) + 1 ||
        figure_table_keys(figures) != 2)
        return error_set(err, STATUS_INTERNAL, o.query->id, "no table of runs");
    TRY(add_runs(&o, figures, err));
    TRY(add_words(&o, err));
    TRY(add_works(&o, err));
    TRY(add_read(&o, err));
    return summarise(&o, figures, err);
}
