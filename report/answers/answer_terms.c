/*
 * Search terms: one row a term as written, then the union, the null set and everything; a second
 * table of pairwise overlap, and one of terms by fields. A term that does not parse has a row with
 * null figures and the reason.
 */
#include "report/answers/answer.h"

#include "base/buffer.h"

#include <string.h>

/* Figures of a term, in the order of the report; `own` ones say nothing of union and null set. */
static const struct measure {
    const char *id, *title, *unit;
    bool own;
} measures[] = {
    {"conversations", "Conversations", "conversations", false},
    {"exchanges", "Exchanges", "exchanges", false},
    {"turns", "Turns", "turns", true},
    {"users", "Users", "users", false},
    {"occurrences", "Occurrences", "occurrences", true},
    {"unique_conversations", "Unique conversations", "conversations", true},
    {"added_conversations", "Added conversations", "conversations", true},
    {"prompt_only", "Prompt only", "conversations", true},
    {"output_only", "Output only", "conversations", true},
};
enum { MEASURES = sizeof measures / sizeof *measures, LEAD = 4, CHART_ROWS_MAX = 40 };

struct terms {
    struct answer *answer;
    const struct plan_query *query;
    const struct figure_table *figures;
    size_t from[MEASURES]; /* columns of the figures */
};

static const char *within_words(enum plan_within within)
{
    return within == PLAN_TURN ? "turn" : within == PLAN_EXCHANGE ? "exchange" : "conversation";
}

/* What the column of exchanges counts. */
static const char *exchanges_words(enum plan_within within)
{
    static const char *const words[] = {
        [PLAN_TURN] = "Exchanges are those with a turn that satisfies the term.",
        [PLAN_EXCHANGE] = "Exchanges are those that satisfy the term.",
        [PLAN_CONVERSATION] =
            ("Exchanges are those that hold an occurrence: of a conversation that is hit some can "
             "be without one, and all of them where a term is satisfied by what is not there "
             "(NOT)."),
    };
    return words[within];
}

static bool is_lint(struct figure hit, struct figure n)
{
    return hit.state == FIGURE_EXACT && n.state == FIGURE_EXACT && hit.value > n.value / 20 &&
           n.value > 0;
}

/* The term's own problem and warnings, then what its figures suggest; NULL if there is nothing. */
static enum status put_warnings(const struct terms *t, struct result_table *table,
                                const struct plan_term *term, struct figure hit, struct error *err)
{
    struct buffer words;
    buffer_init(&words, 1 << 20);
    enum status status = STATUS_OK;
    if (term->problem) {
        TRY_CLEANUP(buffer_addf(&words, err, "%s", term->problem));
    } else {
        for (size_t i = 0; i < term->warning_count; i++)
            TRY_CLEANUP(buffer_addf(&words, err, "%s%s", words.len ? "; " : "", term->warnings[i]));
        if (hit.state == FIGURE_EXACT && hit.value == 0)
            TRY_CLEANUP(buffer_addf(&words, err, "%sno hits", words.len ? "; " : ""));
        if (is_lint(hit, t->answer->n))
            TRY_CLEANUP(buffer_addf(&words, err, "%shits in over 5 %% of conversations",
                                    words.len ? "; " : ""));
    }
    status = result_put_text(t->answer->result, table, words.data, err);
cleanup:
    buffer_release(&words);
    return status;
}

static enum status put_row(const struct terms *t, struct result_table *table, size_t row,
                           struct error *err)
{
    struct result *result = t->answer->result;
    const struct plan_term *term = row < t->query->term_count ? &t->query->terms[row] : NULL;
    bool failed = term && term->problem;
    struct figure hit = figure_at(t->figures, row, t->from[0]);
    TRY(result_put_text(result, table, figure_key_value(t->figures, row, 0), err));
    TRY(result_put_text(result, table, term ? term->source : NULL, err));
    TRY(result_put_text(result, table, term ? term->parsed : NULL, err));
    TRY(result_put_text(result, table, !term ? NULL : failed ? "error" : "ok", err));
    for (size_t m = 0; m < MEASURES; m++) {
        if (failed || (!term && measures[m].own))
            TRY(result_put_null(result, table, err));
        else
            TRY(answer_put_figure(t->answer, table, figure_at(t->figures, row, t->from[m]), err));
    }
    if (failed)
        TRY(result_put_null(result, table, err));
    else
        TRY(answer_put_share(t->answer, table, hit, t->answer->n, err));
    if (term)
        return put_warnings(t, table, term, hit, err);
    return result_put_null(result, table, err);
}

static enum status add_table(struct terms *t, struct result_table **table, struct error *err)
{
    struct result_column columns[LEAD + MEASURES + 2] = {
        {"term", "Term", RESULT_STRING, ""},
        {"query", "Query as written", RESULT_STRING, ""},
        {"parsed", "Query as read", RESULT_STRING, ""},
        {"status", "Status", RESULT_STRING, ""},
    };
    for (size_t m = 0; m < MEASURES; m++) {
        t->from[m] = figure_column_find(t->figures, measures[m].id);
        if (t->from[m] == SIZE_MAX)
            return error_set(err, STATUS_INTERNAL, t->query->id, "no column \"%s\"",
                             measures[m].id);
        columns[LEAD + m] = (struct result_column){measures[m].id, measures[m].title, RESULT_COUNT,
                                                   measures[m].unit};
    }
    columns[LEAD + MEASURES] =
        (struct result_column){"share", "Share of conversations", RESULT_SHARE, ""};
    columns[LEAD + MEASURES + 1] =
        (struct result_column){"warnings", "Warnings", RESULT_STRING, ""};
    return answer_table(t->answer, t->query->id, "terms", t->query->title, "conversations",
                        "Exact counts over the population. A conversation is hit when one of its "
                        "spans satisfies the term.",
                        columns, LEAD + MEASURES + 2, table, err);
}

static enum status add_notes(const struct terms *t, struct result_table *table, struct error *err)
{
    struct result *result = t->answer->result;
    TRY(answer_note(t->answer, table,
                    result_printf(result, "AND, OR and NOT are taken over one %s (within: %s). %s",
                                  within_words(t->query->within), within_words(t->query->within),
                                  exchanges_words(t->query->within)),
                    err));
    TRY(result_note(result, table,
                    "Turns are those that hold an occurrence. Unique: no other term hits the "
                    "conversation. Added: no term of an earlier row hits it. Prompt only, output "
                    "only: all occurrences are in user turns, in assistant turns.",
                    err));
    const char *pairs = result_printf(result, "%s.pairs", t->query->id);
    if (!pairs)
        return error_nomem(err);
    if (t->query->term_count > 1 && !release_table_find(t->answer->release, pairs))
        TRY(result_note(result, table,
                        "Pairwise overlap is left out: there are too many terms for a table of "
                        "their pairs.",
                        err));
    return answer_note_withheld(t->answer, table, t->figures, err);
}

static enum status set_chart(const struct terms *t, struct result_table *table, struct error *err)
{
    size_t terms = t->query->term_count;
    if (terms < 2 || terms > CHART_ROWS_MAX)
        return STATUS_OK;
    const char *alt = result_printf(t->answer->result,
                                    "Conversations that each of the %zu terms hits, in the order "
                                    "of the table's rows.",
                                    terms);
    if (!alt)
        return error_nomem(err);
    table->chart =
        (struct result_chart){CHART_BAR, 0, LEAD, 0, terms, "Conversations hit by term", alt, 0};
    return STATUS_OK;
}

static enum status add_pairs(const struct terms *t, struct error *err)
{
    static const struct result_column columns[] = {
        {"term", "Term", RESULT_STRING, ""},
        {"other", "Other term", RESULT_STRING, ""},
        {"conversations", "Conversations that both hit", RESULT_COUNT, "conversations"},
    };
    struct result *result = t->answer->result;
    const char *id = result_printf(result, "%s.pairs", t->query->id);
    const char *title = result_printf(result, "%s: pairwise overlap", t->query->title);
    if (!id || !title)
        return error_nomem(err);
    const struct figure_table *figures = release_table_find(t->answer->release, id);
    if (!figures)
        return STATUS_OK;
    size_t from = figure_column_find(figures, "conversations");
    if (from == SIZE_MAX || figure_table_keys(figures) != 2)
        return error_set(err, STATUS_INTERNAL, id, "no table of pairs");
    struct result_table *table;
    TRY(answer_table(t->answer, id, "terms", title, "conversations",
                     "Exact counts of conversations that both terms hit.", columns, 3, &table,
                     err));
    for (size_t row = 0; row < figure_table_rows(figures); row++) {
        if (!figure_row_is_listed(figures, row))
            continue;
        TRY(answer_put_keys(t->answer, table, figures, row, err));
        TRY(answer_put_figure(t->answer, table, figure_at(figures, row, from), err));
    }
    TRY(result_note(result, table, "Two terms that share no conversation have no row.", err));
    return answer_note_withheld(t->answer, table, figures, err);
}

/* "Search terms by month and model" */
static const char *by_title(const struct terms *t)
{
    struct result *result = t->answer->result;
    const char *title = result_printf(result, "%s by", t->query->title);
    for (size_t i = 0; title && i < t->query->by_count; i++) {
        const char *lead = i == 0 ? " " : i + 1 == t->query->by_count ? " and " : ", ";
        title = result_printf(result, "%s%s%s", title, lead, t->query->by[i].name);
    }
    return title;
}

static enum status put_by_row(const struct terms *t, struct result_table *table,
                              const struct figure_table *figures, const size_t *from, size_t row,
                              struct error *err)
{
    struct result *result = t->answer->result;
    size_t groups = figure_table_rows(figures) / t->query->term_count;
    TRY(answer_put_keys(t->answer, table, figures, row, err));
    if (t->query->terms[row / groups].problem) {
        for (size_t i = 0; i < 3; i++)
            TRY(result_put_null(result, table, err));
        return STATUS_OK;
    }
    for (size_t i = 0; i < 2; i++)
        TRY(answer_put_figure(t->answer, table, figure_at(figures, row, from[i]), err));
    return answer_put_share(t->answer, table, figure_at(figures, row, from[0]), t->answer->n, err);
}

static enum status add_by(const struct terms *t, struct error *err)
{
    static const struct result_column own[] = {
        {"conversations", "Conversations", RESULT_COUNT, "conversations"},
        {"users", "Users", RESULT_COUNT, "users"},
        {"share", "Share of conversations", RESULT_SHARE, ""},
    };
    enum { OWN = sizeof own / sizeof *own };
    struct result *result = t->answer->result;
    if (t->query->by_count == 0)
        return STATUS_OK;
    const char *id = result_printf(result, "%s.by", t->query->id), *title = by_title(t);
    if (!id || !title)
        return error_nomem(err);
    const struct figure_table *figures;
    TRY(answer_figures(t->answer, id, &figures, err));
    size_t keys = figure_table_keys(figures), from[OWN - 1];
    struct result_column *columns = arena_zalloc(&result->arena, keys + OWN, sizeof *columns);
    if (!columns)
        return error_nomem(err);
    answer_key_columns(figures, columns);
    memcpy(columns + keys, own, sizeof own);
    for (size_t i = 0; i + 1 < OWN; i++)
        if ((from[i] = figure_column_find(figures, own[i].id)) == SIZE_MAX)
            return error_set(err, STATUS_INTERNAL, id, "no column \"%s\"", own[i].id);
    struct result_table *table;
    TRY(answer_table(
        t->answer, id, "terms", title, "conversations",
        "Exact counts over the population: conversations that each term hits, group by "
        "group; a share is of all conversations of the population.",
        columns, keys + OWN, &table, err));
    for (size_t row = 0; row < figure_table_rows(figures); row++)
        if (figure_row_is_listed(figures, row))
            TRY(put_by_row(t, table, figures, from, row, err));
    if (release_min_users(t->answer->release) > 1)
        TRY(result_note(result, table,
                        "A group in which no term hits anything has a row only where an empty one "
                        "has: by one field alone, of periods, bins and values that the plan lists.",
                        err));
    TRY(result_note(result, table,
                    "Conversations of a term's rows add up to the term's own. Users need not: one "
                    "user can be in several rows.",
                    err));
    return answer_note_withheld(t->answer, table, figures, err);
}

/* " The most frequent is T3, with 500 (2.5 %)." */
static const char *most_words(const struct terms *t)
{
    size_t best = SIZE_MAX;
    uint64_t most = 0;
    for (size_t row = 0; row < t->query->term_count; row++) {
        struct figure f = figure_at(t->figures, row, t->from[0]);
        if (!t->query->terms[row].problem && f.state != FIGURE_WITHHELD && f.value > most) {
            best = row;
            most = f.value;
        }
    }
    if (best == SIZE_MAX || t->query->term_count < 2)
        return "";
    struct figure f = figure_at(t->figures, best, t->from[0]);
    return answer_highest_words(t->answer, figure_key_value(t->figures, best, 0), f);
}

static enum status summarise(const struct terms *t, struct error *err)
{
    struct answer *answer = t->answer;
    size_t terms = t->query->term_count, failed = 0;
    for (size_t i = 0; i < terms; i++)
        failed += t->query->terms[i].problem != NULL;
    struct figure any = figure_at(t->figures, terms, t->from[0]);
    struct figure none = figure_at(t->figures, terms + 1, t->from[0]);
    const char *most = most_words(t), *problem = "";
    if (failed)
        problem = result_printf(answer->result,
                                " %zu of the %zu terms cannot be read and %s no "
                                "figures.",
                                failed, terms, failed == 1 ? "has" : "have");
    if (!most || !problem)
        return error_nomem(err);
    return answer_summary(
        answer, t->query->id,
        result_printf(answer->result,
                      "At least one of the %zu terms hits %s of %s conversations%s; none hits "
                      "%s.%s%s",
                      terms - failed, answer_figure_words(answer, any),
                      answer_population_words(answer), answer_part_words(answer, any, answer->n),
                      answer_figure_words(answer, none), most, problem),
        err);
}

enum status answer_terms(struct answer *answer, size_t query_index, struct error *err)
{
    struct terms t = {.answer = answer, .query = &answer->plan->queries[query_index]};
    struct result_table *table;
    TRY(answer_figures(answer, t.query->id, &t.figures, err));
    size_t rows = figure_table_rows(t.figures);
    if (rows != t.query->term_count + 3 || figure_table_keys(t.figures) != 1)
        return error_set(err, STATUS_INTERNAL, t.query->id, "%zu rows for %zu terms", rows,
                         t.query->term_count);
    TRY(add_table(&t, &table, err));
    for (size_t row = 0; row < rows; row++)
        TRY(put_row(&t, table, row, err));
    TRY(set_chart(&t, table, err));
    TRY(add_notes(&t, table, err));
    TRY(add_pairs(&t, err));
    TRY(add_by(&t, err));
    return summarise(&t, err);
}
