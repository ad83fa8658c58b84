/*
 * What changed since the previous report: an overview of what is compared and what is not and why,
 * then the tables of changes. See series_parts.h.
 */
#include "report/answers/series_parts.h"

#include <stdlib.h>
#include <string.h>

static const struct result_column columns[] = {
    {"table", "Table", RESULT_STRING, ""},
    {"title", "Title", RESULT_STRING, ""},
    {"comparison", "Comparison", RESULT_STRING, ""},
    {"why", "Where, or why not", RESULT_STRING, ""},
};

enum status series_put(struct series *series, struct result_table *table,
                       const struct result_table *from, size_t row, size_t column,
                       struct error *err)
{
    struct result *result = series->answer->result;
    if (row == SIZE_MAX || column == SIZE_MAX)
        return result_put_null(result, table, err);
    return result_put_value(result, table, result_value_at(from, row, column), err);
}

enum status series_table(struct series *series, const struct result_table *now, const char *ending,
                         const char *kind, const char *title_ending,
                         const struct result_column *own, size_t count, struct result_table **table,
                         struct error *err)
{
    struct result *result = series->answer->result;
    const char *id = result_printf(result, "%s%s", now->id, ending);
    const char *title = result_printf(result, "%s: %s", now->title, title_ending);
    if (!id || !title)
        return error_nomem(err);
    TRY(result_table_add(result, id, kind, title, now->unit, own, count, table, err));
    (*table)->population = now->population;
    (*table)->question = now->question;
    return STATUS_OK;
}

static const char *pair_value(const struct result_pairs *pairs, const char *name)
{
    for (size_t i = 0; i < pairs->count; i++)
        if (strcmp(pairs->items[i].name, name) == 0)
            return pairs->items[i].value;
    return NULL;
}

static const struct result_pairs *pairs_of(const struct result *report, bool release)
{
    return release ? &report->release : &report->run;
}

/* What must be equal before any figure of the logs is compared. */
static const char *unlike(const struct series *series)
{
    static const struct {
        bool release;
        const char *name, *why;
    } musts[] = {
        {true, "rules", "the release rules are other ones"},
        {false, "term_language_version", "the term language is of another version"},
        {false, "population_filters_sha256", "the population has other filters"},
    };
    for (size_t i = 0; i < sizeof musts / sizeof *musts; i++) {
        const char *said[SIDES];
        for (size_t side = 0; side < SIDES; side++)
            said[side] =
                pair_value(pairs_of(series->reports[side], musts[i].release), musts[i].name);
        if (!said[THEN])
            return "the previous report is of a version that does not tell enough";
        if (!said[NOW] || strcmp(said[THEN], said[NOW]) != 0)
            return musts[i].why;
    }
    return NULL;
}

static double level_of(const struct result *report)
{
    const char *text = pair_value(&report->release, "confidence");
    return text ? strtod(text, NULL) : 0;
}

static enum status put_overview(struct series *series, const struct result_table *table,
                                const char *comparison, const char *why, struct error *err)
{
    struct result *result = series->answer->result;
    TRY(result_put_text(result, series->overview, table->id, err));
    TRY(result_put_text(result, series->overview, table->title, err));
    TRY(result_put_text(result, series->overview, comparison, err));
    return result_put_text(result, series->overview, why, err);
}

static enum status add_tables(struct series *series, const struct series_pair *pair,
                              const struct series_rows *rows, struct error *err)
{
    if (pair->kind->flags & KIND_RISKS)
        return series_risks(series, pair, rows, err);
    if (pair->kind->flags & KIND_TERMS)
        TRY(series_terms(series, pair, rows, err));
    TRY(series_trend(series, pair, err));
    return series_change(series, pair, rows, err);
}

static enum status compare(struct series *series, const struct result_table *then,
                           const struct result_table *now, struct error *err)
{
    struct series_pair pair;
    struct series_rows rows;
    const char *why;
    memset(series->directions, 0, sizeof series->directions);
    series_pair_init(series, then, now, &pair, &why);
    if (why) {
        series->not_compared++;
        return put_overview(series, now, "not compared", why, err);
    }
    enum status status = series_rows_init(&rows, &pair, err);
    if (status != STATUS_OK)
        goto cleanup;
    if (rows.doubled) {
        series->not_compared++;
        status =
            put_overview(series, now, "not compared", "two of its rows have the same name", err);
        goto cleanup;
    }
    size_t before = series->answer->result->table_count;
    TRY_CLEANUP(add_tables(series, &pair, &rows, err));
    if (series->answer->result->table_count == before) {
        series->not_compared++;
        status =
            put_overview(series, now, "not compared", "neither report has a figure of it", err);
        goto cleanup;
    }
    series->compared++;
    const char *see = series_see_words(series, now, pair.other_terms);
    status = see ? put_overview(series, now, "compared", see, err) : error_nomem(err);
cleanup:
    series_rows_release(&rows);
    return status;
}

static enum status compare_all(struct series *series, size_t count, struct error *err)
{
    const struct result *then = series->reports[THEN], *now = series->reports[NOW];
    for (size_t i = 0; i < count; i++) {
        /* Adding tables moves the list, not the tables. */
        const struct result_table *table = now->tables[i];
        const struct result_table *other = result_table_find(then, table->id);
        if (!series_kind_of(table))
            continue;
        if (other) {
            TRY(compare(series, other, table, err));
            continue;
        }
        series->not_compared++;
        TRY(put_overview(series, table, "new", "the previous report has no table of this id", err));
    }
    for (size_t i = 0; i < then->table_count; i++)
        if (series_kind_of(then->tables[i]) && !result_table_find(now, then->tables[i]->id))
            TRY(put_overview(series, then->tables[i], "dropped", "only the previous report has it",
                             err));
    return STATUS_OK;
}

/* ---- the overview ---- */

static enum status add_overview(struct series *series, struct error *err)
{
    struct result *result = series->answer->result;
    const char *id = result_table_find(result, "series") ? "series.previous" : "series";
    TRY(result_table_add(result, id, "series", "Compared with the previous report", "", columns,
                         sizeof columns / sizeof *columns, &series->overview, err));
    series->overview->population = series->answer->population;
    series->overview->method =
        "Tables of one id are compared where both reports ask the same of logs read alike, under "
        "the same release rules and filters of the population; periods may differ.";
    return STATUS_OK;
}

/* Of its first table about the population; completeness is about all records. */
static const char *population_of(const struct result *report)
{
    for (size_t i = 0; i < report->table_count; i++) {
        const struct result_table *table = report->tables[i];
        if (*table->question && *table->population)
            return table->population;
    }
    return NULL;
}

/* What a program finds may depend on its version, where no rule or question does. */
static enum status note_versions(struct series *series, struct error *err)
{
    const char *said[SIDES];
    for (size_t side = 0; side < SIDES; side++) {
        said[side] = pair_value(&series->reports[side]->run, "program_version");
        said[side] = said[side] ? said[side] : "unknown";
    }
    if (strcmp(said[THEN], said[NOW]) == 0)
        return STATUS_OK;
    return answer_note(series->answer, series->overview,
                       result_printf(series->answer->result,
                                     "The reports are of different versions of the program, %s "
                                     "then and %s now, which may count a few things otherwise.",
                                     said[THEN], said[NOW]),
                       err);
}

static enum status add_notes(struct series *series, struct error *err)
{
    struct answer *answer = series->answer;
    struct result *result = answer->result;
    const struct result *then = series->reports[THEN];
    const char *population = population_of(then);
    const char *date = then->date ? then->date : "no date", *title = series_title(result, then);
    if (!title)
        return error_nomem(err);
    TRY(answer_note(answer, series->overview,
                    result_printf(result,
                                  "The previous report: \"%s\", %s, SHA-256 of its report.json %s. "
                                  "Its figures are taken as they stand there; the digest tells "
                                  "whether the file is the one that was filed.",
                                  title, date, series->digest),
                    err));
    if (population)
        TRY(answer_note(answer, series->overview,
                        result_printf(result, "Its population: %s", population), err));
    TRY(result_note(result, series->overview,
                    "Every change is derived from figures that stand released in one of the two "
                    "reports: it tells nothing that a reader of both could not compute. Where one "
                    "of the two figures is withheld, so is the change.",
                    err));
    TRY(note_versions(series, err));
    bool remembers = answer->plan->release.ledger != NULL;
    if (series->noisy || release_min_users(answer->release) <= 1)
        return STATUS_OK;
    return result_note(result, series->overview,
                       remembers
                           ? "Before its release each figure was compared with what earlier "
                             "reports told under the same ledger; those that would tell of few "
                             "users together with them are withheld."
                           : "There is no ledger: it was not checked whether the two reports "
                             "together tell of few users.",
                       err);
}

static enum status add_method(struct series *series, struct error *err)
{
    return result_pair_add(
        series->answer->result, &series->answer->result->methods,
        "Change since the previous report",
        "Of two exact figures: their difference. Of two figures with bounds: from (present low - "
        "previous high) to (present high - previous low), which holds whenever both bounds hold, "
        "so with at least 1 - (a1 + a2) if these miss with chances of at most a1 and a2 "
        "(Bonferroni's inequality; independence is not assumed). Each change holds by itself: of "
        "many changes some may lie outside their bounds.",
        err);
}

enum status answer_series(struct answer *answer, const struct answers_run *run, struct error *err)
{
    if (!run->previous)
        return STATUS_OK;
    struct result *result = answer->result;
    struct series series = {.answer = answer,
                            .reports = {run->previous, result},
                            .digest = run->previous_digest,
                            .noisy = release_is_noisy(answer->release)};
    series.unlike = unlike(&series);
    for (size_t side = 0; side < SIDES; side++)
        series.levels[side] = level_of(series.reports[side]);
    size_t count = result->table_count;
    TRY(add_overview(&series, err));
    TRY(compare_all(&series, count, err));
    TRY(add_notes(&series, err));
    TRY(add_method(&series, err));
    const char *first =
        series.unlike ? result_printf(result, " No figure of the logs is: %s.", series.unlike) : "";
    const char *population = series_population_words(&series),
               *title = series_title(result, run->previous);
    if (!first || !population || !title)
        return error_nomem(err);
    return answer_summary(answer, series.overview->id,
                          result_printf(result,
                                        "Of %zu tables %zu are compared with the previous report, "
                                        "\"%s\".%s%s",
                                        series.compared + series.not_compared, series.compared,
                                        title, first, population),
                          err);
}
