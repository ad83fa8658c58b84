/*
 * Identifiers by kind and regular expressions by pattern, then the conversations that have any of
 * them and all. A pattern that cannot be used has a row with null figures and the reason.
 */
#include "report/answers/answer.h"

#include "base/buffer.h"

#include <string.h>

/* Figures, in the order of the report; `own` ones say nothing of any and of all. */
static const struct measure {
    const char *id, *title;
    bool identifiers; /* also in a table of identifiers */
    bool in_any, in_all;
} measures[] = {
    {"conversations", "Conversations", true, true, true},
    {"exchanges", "Exchanges", true, true, true},
    {"turns", "Turns", false, false, false},
    {"users", "Users", true, true, true},
    {"occurrences", "Occurrences", true, true, false},
};
enum { MEASURES = sizeof measures / sizeof *measures, LEAD_MAX = 3, CHART_ROWS_MAX = 40 };

struct found {
    struct answer *answer;
    const struct plan_query *query;
    const struct figure_table *figures;
    bool identifiers;
    size_t from[MEASURES]; /* columns of the figures */
    size_t lead;           /* columns before the figures */
};

/* ---- rows ---- */

/* The pattern's problem and warnings; NULL if there is nothing. */
static enum status put_warnings(const struct found *f, struct result_table *table,
                                const struct plan_term *term, struct figure hit, struct error *err)
{
    struct buffer words;
    buffer_init(&words, 1 << 20);
    enum status status = STATUS_OK;
    if (term->problem)
        TRY_CLEANUP(buffer_addf(&words, err, "%s", term->problem));
    for (size_t i = 0; !term->problem && i < term->warning_count; i++)
        TRY_CLEANUP(buffer_addf(&words, err, "%s%s", words.len ? "; " : "", term->warnings[i]));
    if (!term->problem && hit.state == FIGURE_EXACT && hit.value == 0)
        TRY_CLEANUP(buffer_addf(&words, err, "%sno hits", words.len ? "; " : ""));
    status = result_put_text(f->answer->result, table, words.data, err);
cleanup:
    buffer_release(&words);
    return status;
}

/* What stands before the figures: of a kind its title, of a pattern itself and its status. */
static enum status put_lead(const struct found *f, struct result_table *table, size_t row,
                            const struct plan_term *term, struct error *err)
{
    struct result *result = f->answer->result;
    TRY(result_put_text(result, table, figure_key_value(f->figures, row, 0), err));
    TRY(result_put_text(result, table, term ? term->source : NULL, err));
    if (f->identifiers)
        return STATUS_OK;
    return result_put_text(result, table, !term ? NULL : term->problem ? "error" : "ok", err);
}

static enum status put_row(const struct found *f, struct result_table *table, size_t row,
                           struct error *err)
{
    struct result *result = f->answer->result;
    size_t slots = f->query->term_count;
    const struct plan_term *term = row < slots ? &f->query->terms[row] : NULL;
    bool failed = term && term->problem;
    struct figure hit = figure_at(f->figures, row, f->from[0]);
    TRY(put_lead(f, table, row, term, err));
    for (size_t m = 0; m < MEASURES; m++) {
        if (f->identifiers && !measures[m].identifiers)
            continue;
        bool told = row < slots ? !failed : row == slots ? measures[m].in_any : measures[m].in_all;
        bool sum = row == slots && strcmp(measures[m].id, "occurrences") == 0;
        told = told && !(sum && release_is_noisy(f->answer->release));
        if (told)
            TRY(answer_put_figure(f->answer, table, figure_at(f->figures, row, f->from[m]), err));
        else
            TRY(result_put_null(result, table, err));
    }
    if (failed)
        TRY(result_put_null(result, table, err));
    else
        TRY(answer_put_share(f->answer, table, hit, f->answer->n, err));
    if (f->identifiers)
        return result_put_text(result, table,
                               row < slots ? f->query->identifiers[row].checked : NULL, err);
    return term ? put_warnings(f, table, term, hit, err) : result_put_null(result, table, err);
}

static enum status add_table(struct found *f, struct result_table **table, struct error *err)
{
    static const struct result_column kind_lead[] = {{"kind", "Kind", RESULT_STRING, ""},
                                                     {"name", "Name", RESULT_STRING, ""}};
    static const struct result_column pattern_lead[] = {
        {"pattern", "Pattern", RESULT_STRING, ""},
        {"expression", "Expression as written", RESULT_STRING, ""},
        {"status", "Status", RESULT_STRING, ""}};
    struct result_column columns[LEAD_MAX + MEASURES + 2];
    f->lead = f->identifiers ? 2 : 3;
    memcpy(columns, f->identifiers ? kind_lead : pattern_lead, f->lead * sizeof *columns);
    size_t count = f->lead;
    for (size_t m = 0; m < MEASURES; m++) {
        f->from[m] = figure_column_find(f->figures, measures[m].id);
        if (f->from[m] == SIZE_MAX)
            return error_set(err, STATUS_INTERNAL, f->query->id, "no column \"%s\"",
                             measures[m].id);
        if (!f->identifiers || measures[m].identifiers)
            columns[count++] = (struct result_column){measures[m].id, measures[m].title,
                                                      RESULT_COUNT, measures[m].id};
    }
    columns[count++] = (struct result_column){"share", "Share of conversations", RESULT_SHARE, ""};
    columns[count++] = f->identifiers
                           ? (struct result_column){"checked", "What is checked", RESULT_STRING, ""}
                           : (struct result_column){"warnings", "Warnings", RESULT_STRING, ""};
    return answer_table(f->answer, f->query->id, f->identifiers ? "identifiers" : "regex",
                        f->query->title, "conversations",
                        f->identifiers
                            ? "Exact counts over the population of what the kinds' checks find."
                            : "Exact counts over the population of what the expressions match in "
                              "single turns.",
                        columns, count, table, err);
}

/* ---- notes and summary ---- */

static enum status note_shapes(const struct found *f, struct result_table *table, struct error *err)
{
    struct buffer words;
    buffer_init(&words, 1 << 16);
    enum status status = STATUS_OK;
    for (size_t i = 0; i < f->query->term_count; i++)
        if (f->query->identifiers[i].shape_only)
            TRY_CLEANUP(
                buffer_addf(&words, err, "%s%s", words.len ? ", " : "", f->query->terms[i].name));
    if (words.len)
        status = answer_note(f->answer, table,
                             result_printf(f->answer->result,
                                           "Told by their pattern alone, so that some may be none: "
                                           "%s.",
                                           words.data),
                             err);
cleanup:
    buffer_release(&words);
    return status;
}

static enum status add_notes(const struct found *f, struct result_table *table, struct error *err)
{
    struct result *result = f->answer->result;
    if (f->identifiers) {
        TRY(note_shapes(f, table, err));
        TRY(result_note(result, table,
                        f->query->examples
                            ? "Values that are set aside for examples (example.com, 555-0100, "
                              "192.0.2.1, test cards) are counted like others."
                            : "Values that are set aside for examples (example.com, 555-0100, "
                              "192.0.2.1, test cards) are not counted.",
                        err));
        TRY(result_note(result, table,
                        "Occurrences are places, not distinct values. A name, a street or any "
                        "other identifier without a form of its own is not looked for.",
                        err));
    } else {
        TRY(answer_note(
            f->answer, table,
            result_printf(result,
                          "Expressions are read as PCRE without back-references and "
                          "look-around, %s; \\w, \\d and \\s are %s. ^ and $ are the beginning and "
                          "the end of a turn, and a full stop is any character but a line feed.",
                          f->query->ignore_case ? "without regard to case" : "with regard to case",
                          f->query->unicode_classes ? "those of Unicode" : "ASCII"),
            err));
        TRY(result_note(result, table,
                        "Occurrences: in the order of their ends, a match that begins before the "
                        "one before it ended belongs to the same occurrence.",
                        err));
    }
    if (release_is_noisy(f->answer->release) && f->answer->plan->release.noise.occurrences)
        TRY(result_note(result, table,
                        "With noise occurrences are told one by one: what one conversation adds to "
                        "their sum has no bound of its own.",
                        err));
    return answer_note_withheld(f->answer, table, f->figures, err);
}

static enum status set_chart(const struct found *f, struct result_table *table, struct error *err)
{
    size_t slots = f->query->term_count;
    if (slots < 2 || slots > CHART_ROWS_MAX)
        return STATUS_OK;
    const char *alt = result_printf(f->answer->result,
                                    "Conversations with each of the %zu %s, in the order of the "
                                    "table's rows.",
                                    slots, f->identifiers ? "kinds" : "patterns");
    if (!alt)
        return error_nomem(err);
    table->chart = (struct result_chart){
        CHART_BAR,
        0,
        f->lead,
        0,
        slots,
        f->identifiers ? "Conversations by kind of identifier" : "Conversations by pattern",
        alt,
        0};
    return STATUS_OK;
}

static enum status summarise(const struct found *f, struct error *err)
{
    struct answer *answer = f->answer;
    size_t slots = f->query->term_count, failed = 0;
    for (size_t i = 0; i < slots; i++)
        failed += f->query->terms[i].problem != NULL;
    struct figure any = figure_at(f->figures, slots, f->from[0]);
    const char *problem = "";
    if (failed)
        problem = result_printf(answer->result,
                                " %zu of the %zu patterns cannot be used and %s no figures.",
                                failed, slots, failed == 1 ? "has" : "have");
    if (!problem)
        return error_nomem(err);
    return answer_summary(answer, f->query->id,
                          result_printf(answer->result,
                                        "At least one of the %zu %s is found in %s of %s "
                                        "conversations%s.%s",
                                        slots - failed, f->identifiers ? "kinds" : "patterns",
                                        answer_figure_words(answer, any),
                                        answer_population_words(answer),
                                        answer_part_words(answer, any, answer->n), problem),
                          err);
}

enum status answer_found(struct answer *answer, size_t query_index, struct error *err)
{
    struct found f = {.answer = answer, .query = &answer->plan->queries[query_index]};
    struct result_table *table;
    f.identifiers = f.query->kind == QUERY_IDENTIFIERS;
    TRY(answer_figures(answer, f.query->id, &f.figures, err));
    size_t rows = figure_table_rows(f.figures);
    if (rows != f.query->term_count + 2 || figure_table_keys(f.figures) != 1)
        return error_set(err, STATUS_INTERNAL, f.query->id, "%zu rows for %zu kinds or patterns",
                         rows, f.query->term_count);
    TRY(add_table(&f, &table, err));
    for (size_t row = 0; row < rows; row++)
        TRY(put_row(&f, table, row, err));
    TRY(set_chart(&f, table, err));
    TRY(add_notes(&f, table, err));
    return summarise(&f, err);
}
