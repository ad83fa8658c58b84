/*
 * How a sample is spread over the months of its population, and whether chance spreads samples so
 * (stats/sample_spread.h); or over the strata of its draw, whose sizes were fixed and need no test.
 */
#include "report/answers/answer_sample.h"
#include "stats/sample_spread.h"

#include <math.h>
#include <string.h>

static const struct result_column columns[] = {
    {"stratum", "Month or stratum", RESULT_STRING, ""},
    {"N", "Population (N)", RESULT_COUNT, "conversations"},
    {"population_share", "Share of the population", RESULT_SHARE, ""},
    {"n", "Drawn (n)", RESULT_COUNT, "conversations"},
    {"sample_share", "Share of the sample", RESULT_SHARE, ""},
    {"expected", "In proportion", RESULT_NUMBER, "conversations"},
    {"difference", "Drawn less in proportion", RESULT_NUMBER, "conversations"},
    /* Only where chance chose how many: */
    {"chance_low", "By chance, from", RESULT_COUNT, "conversations"},
    {"chance_high", "By chance, to", RESULT_COUNT, "conversations"},
    {"p_value", "p-value", RESULT_NUMBER, ""},
    {"p_value_together", "p-value, all rows together (Holm)", RESULT_NUMBER, ""},
};
enum {
    COLUMNS = sizeof columns / sizeof *columns,
    COLUMNS_BY_DESIGN = COLUMNS - 4,
    STRATUM = 0,
    POPULATION_SHARE = 2,
    SAMPLE_SHARE = 4,
    CHART_ROWS_MAX = 40
};

struct telling {
    struct answer *answer;
    const struct plan_query *query;
    const struct figure_spread *spread;
    struct spread_group *groups;    /* [count] of the rows that are told */
    struct spread_of_group *tested; /* [count] */
    size_t *number;                 /* [rows] which group a row is; SIZE_MAX: withheld */
    size_t count;
    struct spread_fit fit;
};

static int columns_of(const struct figure_spread *spread)
{
    return spread->by_design ? COLUMNS_BY_DESIGN : COLUMNS;
}

static bool is_hidden(const struct figure_spread_row *row)
{
    return row->population.state == FIGURE_WITHHELD || row->drawn.state == FIGURE_WITHHELD;
}

static enum status test(struct telling *t, struct error *err)
{
    const struct figure_spread *s = t->spread;
    struct arena *arena = &t->answer->result->arena;
    t->groups = arena_zalloc(arena, s->count, sizeof *t->groups);
    t->tested = arena_zalloc(arena, s->count, sizeof *t->tested);
    t->number = arena_zalloc(arena, s->count, sizeof *t->number);
    if (!t->groups || !t->tested || !t->number)
        return error_nomem(err);
    for (size_t i = 0; i < s->count; i++) {
        t->number[i] = is_hidden(&s->rows[i]) ? SIZE_MAX : t->count;
        if (!is_hidden(&s->rows[i]))
            t->groups[t->count++] =
                (struct spread_group){s->rows[i].population.value, s->rows[i].drawn.value};
    }
    if (s->by_design || s->drawn.value == 0)
        return STATUS_OK;
    return sample_spread(s->population.value, s->drawn.value, t->groups, t->count,
                         t->query->confidence, t->tested, &t->fit, err);
}

/* The cells of what chance does, of one row; TESTED is NULL where all rows are meant. */
static enum status put_test(const struct telling *t, struct result_table *table,
                            const struct spread_of_group *tested, double expected, double drawn,
                            struct error *err)
{
    struct result *result = t->answer->result;
    TRY(result_put_real(result, table, expected, err));
    TRY(result_put_real(result, table, drawn - expected, err));
    if (t->spread->by_design)
        return STATUS_OK;
    for (int i = 0; !tested && i < 3; i++)
        TRY(result_put_null(result, table, err));
    if (!tested)
        return result_put_real(result, table, t->fit.p, err);
    TRY(result_put_count(result, table, tested->low, err));
    TRY(result_put_count(result, table, tested->high, err));
    TRY(result_put_real(result, table, tested->p, err));
    return result_put_real(result, table, tested->p_together, err);
}

static enum status put_row(const struct telling *t, struct result_table *table, size_t i,
                           struct error *err)
{
    const struct figure_spread *s = t->spread;
    const struct figure_spread_row *row = &s->rows[i];
    struct answer *answer = t->answer;
    TRY(result_put_text(answer->result, table, row->name, err));
    TRY(answer_put_figure(answer, table, row->population, err));
    TRY(answer_put_share(answer, table, row->population, s->population, err));
    TRY(answer_put_figure(answer, table, row->drawn, err));
    TRY(answer_put_share(answer, table, row->drawn, s->drawn, err));
    for (int c = SAMPLE_SHARE + 1; t->number[i] == SIZE_MAX && c < columns_of(s); c++)
        TRY(result_put_withheld(answer->result, table, err));
    if (t->number[i] == SIZE_MAX)
        return STATUS_OK;
    double expected =
        (double)s->drawn.value * ((double)row->population.value / (double)s->population.value);
    return put_test(t, table, &t->tested[t->number[i]], expected, (double)row->drawn.value, err);
}

static enum status put_all(const struct telling *t, struct result_table *table, struct error *err)
{
    const struct figure_spread *s = t->spread;
    struct answer *answer = t->answer;
    double drawn = (double)s->drawn.value;
    TRY(result_put_text(answer->result, table, "all", err));
    TRY(answer_put_figure(answer, table, s->population, err));
    TRY(answer_put_share(answer, table, s->population, s->population, err));
    TRY(answer_put_figure(answer, table, s->drawn, err));
    TRY(answer_put_share(answer, table, s->drawn, s->drawn, err));
    return put_test(t, table, NULL, drawn, drawn, err);
}

/* ---- in words ---- */

static enum status note_fit(const struct telling *t, struct result_table *table, struct error *err)
{
    struct answer *answer = t->answer;
    struct result *result = answer->result;
    const struct spread_fit *fit = &t->fit;
    double alpha = 1 - t->query->confidence;
    bool whole = t->count == t->spread->count;
    TRY(answer_note(
        answer, table,
        result_printf(
            result,
            "%s The last row's p-value is the least of all rows together: of samples drawn by "
            "chance at most the share alpha have one of alpha or less, exactly, for every alpha.",
            fit->p <= alpha ? "Chance seldom spreads a sample like this: a number of some row lies "
                              "outside what chance gives at the stated confidence."
                            : "The sample is spread as chance may spread it: no number lies "
                              "outside what chance gives at the stated confidence. Of other traits "
                              "than the month this says nothing."),
        err));
    if (!whole)
        return result_note(result, table,
                           "Tested are the rows that are shown. Where the number of a row's "
                           "population is withheld, so is what was drawn of it.",
                           err);
    return answer_note(
        answer, table,
        result_printf(result,
                      "Pearson's sum of (n - expected)^2 / expected is %.4g; over all samples of "
                      "this size its mean is exactly %.4g. Of the sample %s would have to be of "
                      "other rows for all shares to agree (index of dissimilarity).",
                      fit->pearson, fit->pearson_mean,
                      answer_share_words(answer, fit->dissimilarity, ROUND_NEAREST)),
        err);
}

/* Whether each told stratum's size is within one unit of its proportion. */
static bool in_proportion(const struct telling *t)
{
    const struct figure_spread *s = t->spread;
    for (size_t i = 0; i < t->count; i++) {
        double expected = (double)s->drawn.value *
                          ((double)t->groups[i].population / (double)s->population.value);
        if (fabs((double)t->groups[i].drawn - expected) > 1)
            return false;
    }
    return true;
}

static enum status note_design(const struct telling *t, struct result_table *table,
                               struct error *err)
{
    const struct figure_spread *s = t->spread;
    struct answer *answer = t->answer;
    if (t->count < s->count)
        return result_note(answer->result, table,
                           "A stratum is of too few users, so no number of the strata is shown.",
                           err);
    if (s->frame.value != s->population.value)
        TRY(result_note(answer->result, table,
                        "The population lies inside the frame: how many of a stratum's drawn units "
                        "are in it followed by chance, and is not tested.",
                        err));
    return answer_note(
        answer, table,
        result_printf(
            answer->result,
            "How many %s each stratum gave was fixed with the draw, before any label. %s", s->units,
            in_proportion(t) ? "The sizes are in proportion: each is within one unit of it."
                             : "The sizes are not all in proportion; the bounds take each stratum "
                               "by its own size."),
        err);
}

static enum status add_notes(const struct telling *t, struct result_table *table, struct error *err)
{
    const struct plan *plan = t->answer->plan;
    for (size_t i = t->spread->query + 1; i < plan->query_count; i++)
        if (plan_sample_query(plan, i) == t->spread->query)
            TRY(answer_note(t->answer, table,
                            result_printf(t->answer->result, "The query %s has the same sample.",
                                          plan->queries[i].id),
                            err));
    return t->spread->by_design ? note_design(t, table, err) : note_fit(t, table, err);
}

static enum status set_chart(const struct telling *t, struct result_table *table, struct error *err)
{
    struct result *result = t->answer->result;
    if (t->spread->count < 2 || t->spread->count > CHART_ROWS_MAX)
        return STATUS_OK;
    const char *what = t->spread->by_design ? "stratum" : "month";
    const char *title = result_printf(result, "Population and sample by %s", what);
    const char *alt = result_printf(result,
                                    "Share of the population and share of the sample, side by "
                                    "side for each %s, in the order of the table's rows.",
                                    what);
    if (!title || !alt)
        return error_nomem(err);
    table->chart = (struct result_chart){
        CHART_COLUMN, STRATUM, POPULATION_SHARE, 0, t->spread->count, title, alt, SAMPLE_SHARE};
    return STATUS_OK;
}

static const char *method_of(const struct telling *t)
{
    struct answer *answer = t->answer;
    if (t->spread->by_design)
        return "Strata of the draw: what each has of the population and of the sample. In "
               "proportion is n N_h / N.";
    return result_printf(
        answer->result,
        "A simple random sample gives each month a hypergeometric number, with mean n N_h / N (in "
        "proportion). Chance gives numbers between the ends (equal-tailed quantiles) for all rows "
        "together with %s confidence or more (Bonferroni). The p-value is exact and two-sided, "
        "twice the smaller tail (Yates 1984); for all rows together by Holm (1979).",
        answer_share_words(answer, t->query->confidence, ROUND_NEAREST));
}

enum status answer_spread(struct answer *answer, size_t query, struct error *err)
{
    struct result *result = answer->result;
    struct telling t = {.answer = answer,
                        .query = &answer->plan->queries[query],
                        .spread = release_spread_find(answer->release, query)};
    struct result_table *table;
    struct result_column *own;
    if (!t.spread || t.spread->count == 0)
        return STATUS_OK;
    TRY(test(&t, err));
    const char *id = result_printf(result, "%s.spread", t.query->id);
    const char *title = result_printf(result, "How the sample is spread (%s)", t.query->id);
    const char *method = method_of(&t);
    if (!id || !title || !method)
        return error_nomem(err);
    TRY(answer_unit_columns(answer, t.spread->units, columns, COLUMNS, &own, err));
    own[STRATUM].title = t.spread->by_design ? "Stratum" : "Month";
    TRY(answer_table(answer, id, "spread", title, t.spread->units, method, own,
                     (size_t)columns_of(t.spread), &table, err));
    for (size_t i = 0; i < t.spread->count; i++)
        TRY(put_row(&t, table, i, err));
    TRY(put_all(&t, table, err));
    TRY(set_chart(&t, table, err));
    return add_notes(&t, table, err);
}
