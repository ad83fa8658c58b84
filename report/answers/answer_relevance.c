/*
 * Relevance: the share and number of relevant units of the population and of each stratum, from a
 * labelled random sample, with the exact bound that the plan asks for (stats/design.h); then how
 * far reviewers agree, and how good a search is that the plan names.
 */
#include "report/answers/answer_judgement.h"
#include "report/answers/answer_sample.h"
#include "stats/cluster_share.h"

#include <math.h>
#include <string.h>

static const struct result_column columns[] = {
    {"definition", "Definition of relevant", RESULT_STRING, ""},
    {"unit", "Unit", RESULT_STRING, ""},
    {"stratum", "Stratum", RESULT_STRING, ""},
    {"N", "Population (N)", RESULT_COUNT, "conversations"},
    {"n", "Drawn (n)", RESULT_COUNT, "conversations"},
    {"relevant", "Relevant", RESULT_COUNT, "conversations"},
    {"unreadable", "Unreadable", RESULT_COUNT, "conversations"},
    {"prevalence", "Prevalence", RESULT_SHARE, ""},
    {"prevalence_low", "Prevalence, low", RESULT_SHARE, ""},
    {"prevalence_high", "Prevalence, high", RESULT_SHARE, ""},
    {"count", "Number relevant", RESULT_COUNT, "conversations"},
    {"count_low", "Number, low", RESULT_COUNT, "conversations"},
    {"count_high", "Number, high", RESULT_COUNT, "conversations"},
    {"method", "Method", RESULT_STRING, ""},
    {"confidence", "Confidence", RESULT_SHARE, ""},
};
enum { COLUMNS = sizeof columns / sizeof *columns, ESTIMATES = 6, STRATUM = 2, PREVALENCE = 7 };

struct telling {
    struct answer *answer;
    const struct plan_query *query;
    struct answer_sample sample;
    struct interval whole; /* where the sample is there */
    const char *units;
};

static enum status put_estimates(const struct telling *t, struct result_table *table,
                                 const struct design *design, uint64_t population,
                                 const struct interval *set, struct error *err)
{
    struct result *result = t->answer->result;
    double units = (double)population, relevant;
    bool point = design_estimate(design, &relevant) && population > 0;
    if (point)
        TRY(result_put_real(result, table, relevant / units, err));
    else
        TRY(result_put_null(result, table, err));
    TRY(result_put_real(result, table, population ? (double)set->low / units : 0, err));
    TRY(result_put_real(result, table, population ? (double)set->high / units : 0, err));
    if (point)
        TRY(result_put_count(result, table, (uint64_t)floor(relevant + 0.5), err));
    else
        TRY(result_put_null(result, table, err));
    TRY(result_put_count(result, table, set->low, err));
    return result_put_count(result, table, set->high, err);
}

static enum status put_head(const struct telling *t, struct result_table *table,
                            const char *stratum, const struct figure_stratum *s, struct error *err)
{
    struct result *result = t->answer->result;
    const struct figure_sample *f = t->sample.figures;
    TRY(result_put_text(result, table, t->query->definition, err));
    TRY(result_put_text(result, table,
                        f && f->unit     ? f->unit
                        : t->query->unit ? t->query->unit
                                         : "conversation",
                        err));
    TRY(result_put_text(result, table, stratum, err));
    if (!s) {
        for (int i = 0; i < 4; i++)
            TRY(result_put_null(result, table, err));
        return STATUS_OK;
    }
    TRY(answer_put_figure(t->answer, table, s->population, err));
    TRY(answer_put_figure(t->answer, table, s->drawn, err));
    TRY(answer_put_figure(t->answer, table, answer_sum(s->relevant, s->overturned), err));
    return answer_put_figure(t->answer, table, answer_sum(s->unreadable, s->unclear), err);
}

/* A stratum of several, or, with DESIGN the sample's own, the whole. SET is NULL where no bound can
 * be told. */
static enum status put_row(const struct telling *t, struct result_table *table, const char *stratum,
                           const struct figure_stratum *s, const struct design *design,
                           const struct interval *set, struct error *err)
{
    struct answer *answer = t->answer;
    TRY(put_head(t, table, stratum, s, err));
    if (set)
        TRY(put_estimates(t, table, design, s->population.value, set, err));
    for (int i = 0; !set && i < ESTIMATES; i++)
        TRY(answer_put_absent(answer, table, &t->sample, err));
    TRY(result_put_text(answer->result, table,
                        design ? design_title(design) : answer_interval_method(t->query)->title,
                        err));
    return result_put_real(answer->result, table, t->query->confidence, err);
}

static bool stratum_hidden(const struct figure_stratum *s)
{
    return s->relevant.state == FIGURE_WITHHELD || s->unreadable.state == FIGURE_WITHHELD ||
           s->population.state == FIGURE_WITHHELD || s->drawn.state == FIGURE_WITHHELD;
}

/* The strata of a stratified sample, those that are withheld among them. */
static enum status put_strata(const struct telling *t, struct result_table *table,
                              struct error *err)
{
    const struct figure_sample *f = t->sample.figures;
    for (size_t h = 0; f && h < f->stratum_count; h++) {
        const struct figure_stratum *s = &f->strata[h];
        struct telling own = *t;
        struct interval set;
        if (stratum_hidden(s) || t->sample.state != SAMPLE_THERE) {
            own.sample.state = SAMPLE_WITHHELD;
            TRY(put_row(&own, table, s->name, s, NULL, NULL, err));
            continue;
        }
        struct design design = t->sample.design;
        design.strata = &t->sample.design.strata[h];
        design.count = 1;
        TRY(design_interval(&design, t->query->confidence, &set, err));
        TRY(put_row(&own, table, s->name, s, &design, &set, err));
    }
    return STATUS_OK;
}

/* ---- in words ---- */

/* "3 of 3,000 drawn at random are relevant, 2 of the drawn are unreadable or without a
 * label" */
static const char *basis_words(const struct telling *t)
{
    struct answer *answer = t->answer;
    struct result *result = answer->result;
    const struct sample_counts *s = &t->sample.counts;
    const char *strata = "", *unreadable = "";
    if (t->sample.design.count > 1)
        strata = result_printf(result, " in %zu strata", t->sample.design.count);
    if (s->unreadable > 0)
        unreadable = result_printf(result, ", %s of the drawn are unreadable or without a label",
                                   answer_count_words(answer, s->unreadable));
    if (!strata || !unreadable)
        return NULL;
    return result_printf(result, "%s of %s drawn at random%s %s relevant%s%s",
                         answer_count_words(answer, s->relevant),
                         answer_count_words(answer, s->drawn), strata,
                         s->relevant == 1 ? "is" : "are", unreadable,
                         t->sample.design.checked ? ", labels checked" : "");
}

/* The bound in words, and no more than it says. */
static const char *bound_words(const struct telling *t)
{
    struct answer *answer = t->answer;
    struct result *result = answer->result;
    const struct interval *set = &t->whole;
    double population = (double)t->sample.counts.population;
    double low_share = (double)set->low / population, high_share = (double)set->high / population;
    const struct sample_counts *s = &t->sample.counts;
    const char *wide = high_share - low_share <= 0.5  ? ""
                       : s->unreadable > s->drawn / 2 ? "Too few labels are there to say much. "
                                                      : "The sample is too small to say much. ";
    const char *level = answer_share_words(answer, t->query->confidence, ROUND_NEAREST);
    const char *high = answer_share_words(answer, high_share, ROUND_UP);
    const char *low = answer_share_words(answer, low_share, ROUND_DOWN);
    const char *high_count = answer_count_words(answer, set->high);
    const char *low_count = answer_count_words(answer, set->low);
    const char *of = answer_count_words(answer, t->sample.counts.population);
    const char *basis = basis_words(t);
    if (!basis)
        return NULL;
    if (set->low == set->high)
        return result_printf(result, "Exactly %s of %s %s are relevant; %s.", low_count, of,
                             t->units, basis);
    if (set->low == 0)
        return result_printf(result,
                             "%sWith %s confidence, at most %s of %s %s are relevant "
                             "(at most %s); %s.",
                             wide, level, high, of, t->units, high_count, basis);
    return result_printf(result,
                         "%sWith %s confidence, between %s and %s of %s %s are relevant "
                         "(between %s and %s); %s.",
                         wide, level, low, high, of, t->units, low_count, high_count, basis);
}

static enum status note_range(const struct telling *t, struct result_table *table,
                              struct error *err)
{
    const struct sample_counts *s = &t->sample.counts;
    if (s->unreadable == 0)
        return STATUS_OK;
    double n = (double)s->drawn;
    return answer_note(
        t->answer, table,
        result_printf(
            t->answer->result,
            "With unreadable units the estimate is a range and no point, so the cells of "
            "prevalence and number are empty: of the drawn units between %s and %s are "
            "relevant.",
            answer_share_words(t->answer, (double)s->relevant / n, ROUND_DOWN),
            answer_share_words(t->answer, (double)(s->relevant + s->unreadable) / n, ROUND_UP)),
        err);
}

/* ---- clusters ---- */

static const char clustered_title[] = "Cluster sample (Korn-Graubard), approximate";

/* Ends with undecided elements taken as irrelevant, and as relevant. */
static enum status cluster_bounds(const struct telling *t, struct cluster_share out[2],
                                  struct error *err)
{
    const struct figure_sample *f = t->sample.figures;
    size_t count = f->stratum_count ? f->stratum_count : 1;
    struct cluster_sums *sums = arena_zalloc(&t->answer->result->arena, count, sizeof *sums);
    if (!sums)
        return error_nomem(err);
    for (size_t i = 0; i < 2; i++) {
        for (size_t h = 0; h < count; h++) {
            const struct figure_clusters *c = &f->clusters[h];
            sums[h] = (struct cluster_sums){c->clusters, c->drawn, c->m,    c->mm,
                                            c->y[i],     c->yy[i], c->ym[i]};
        }
        TRY(cluster_share(sums, count, t->query->confidence, &out[i], err));
    }
    return STATUS_OK;
}

/* A point to the nearest, a low end down, a high end up. */
static uint64_t whole_units(double units, int end)
{
    return (uint64_t)(end == 0 ? floor(units + 0.5) : end == 1 ? floor(units) : ceil(units));
}

static enum status put_clustered(const struct telling *t, struct result_table *table,
                                 struct error *err)
{
    struct answer *answer = t->answer;
    struct result *result = answer->result;
    const struct figure_stratum *w = &t->sample.figures->whole;
    struct cluster_share ends[2];
    double units = (double)w->population.value;
    TRY(cluster_bounds(t, ends, err));
    TRY(put_head(t, table, "all", w, err));
    bool point = w->unreadable.value == 0;
    for (int scaled = 0; scaled < 2; scaled++) {
        const double values[3] = {ends[0].share, ends[0].low, ends[1].high};
        for (int i = 0; i < 3; i++)
            if (i == 0 && !point)
                TRY(result_put_null(result, table, err));
            else if (scaled)
                TRY(result_put_count(result, table, whole_units(values[i] * units, i), err));
            else
                TRY(result_put_real(result, table, values[i], err));
    }
    TRY(result_put_text(result, table, clustered_title, err));
    TRY(result_put_real(result, table, t->query->confidence, err));
    TRY(answer_note(
        answer, table,
        result_printf(result,
                      "Drawn were %s, and their %s labelled: the bounds are approximate (ratio "
                      "estimate, Taylor linearisation over %s drawn, Korn and Graubard 1998 at an "
                      "effective size of %.0f). Exact ones need a sample of %s.",
                      t->sample.figures->drawn_units, t->units, t->sample.figures->drawn_units,
                      ends[1].effective, t->units),
        err));
    return answer_summary(
        answer, t->query->id,
        result_printf(result,
                      "With about %s confidence, between %s and %s of %s %s are relevant "
                      "(approximate: %s were drawn).",
                      answer_share_words(answer, t->query->confidence, ROUND_NEAREST),
                      answer_share_words(answer, ends[0].low, ROUND_DOWN),
                      answer_share_words(answer, ends[1].high, ROUND_UP),
                      answer_count_words(answer, w->population.value), t->units,
                      t->sample.figures->drawn_units),
        err);
}

static enum status add_notes(const struct telling *t, struct result_table *table, struct error *err)
{
    struct answer *answer = t->answer;
    if (t->sample.state == SAMPLE_THERE)
        TRY(note_range(t, table, err));
    if (t->sample.state == SAMPLE_THERE && !t->sample.design.checked)
        TRY(result_note(
            answer->result, table,
            "Labels are taken as the truth here: the bounds leave out errors of "
            "reviewers. They count in once every relevant label and a random part of "
            "the others are decided again (proffer packet --adjudicate lists them; the "
            "decisions go into a file beside the labels, labels-checked.csv of labels.csv, "
            "or where "
            "\"adjudication\" in the plan names the decisions).",
            err));
    if (t->sample.figures && t->sample.figures->stratum_count)
        TRY(result_note(answer->result, table,
                        "The bounds of each stratum hold at the stated confidence by themselves; "
                        "those of the last row, all strata together, hold by a method of its own.",
                        err));
    if (answer_is_anytime(t->query))
        TRY(answer_note(answer, table,
                        result_printf(answer->result,
                                      "The prior, fixed in the plan before labels: Beta(%.15g, "
                                      "%.15g). Labels may be looked at after any number of units.",
                                      t->query->prior[0], t->query->prior[1]),
                        err));
    return answer_sample_notes(answer, table, &t->sample, err);
}

enum status answer_relevance(struct answer *answer, size_t query_index, struct error *err)
{
    struct telling t = {.answer = answer, .query = &answer->plan->queries[query_index]};
    struct result *result = answer->result;
    struct result_table *table;
    struct result_column *own;
    if (release_is_noisy(answer->release))
        return answer_noisy_relevance(answer, query_index, err);
    TRY(answer_sample_of(answer, query_index, &t.sample, err));
    bool there = t.sample.state == SAMPLE_THERE;
    const struct figure_sample *f = t.sample.figures;
    t.units = answer_units(&t.sample, "conversations");
    bool clustered = there && ANSWER_CLUSTERED(&t.sample);
    if (there && !clustered)
        TRY(design_interval(&t.sample.design, t.query->confidence, &t.whole, err));
    const struct interval_method *method = answer_interval_method(t.query);
    const char *about = clustered ? clustered_title
                        : there   ? result_printf(result, "%s: %s", design_title(&t.sample.design),
                                                  design_summary(&t.sample.design))
                                  : result_printf(result, "%s: %s", method->title, method->summary);
    if (!about)
        return error_nomem(err);
    TRY(answer_unit_columns(answer, t.units, columns, COLUMNS, &own, err));
    TRY(answer_table(answer, t.query->id, "relevance", t.query->title, t.units, about, own, COLUMNS,
                     &table, err));
    if (clustered) {
        TRY(put_clustered(&t, table, err));
        TRY(answer_changes(answer, query_index, &t.sample, err));
        return answer_sample_notes(answer, table, &t.sample, err);
    }
    TRY(put_strata(&t, table, err));
    TRY(put_row(&t, table, "all", f ? &f->whole : NULL, there ? &t.sample.design : NULL,
                there ? &t.whole : NULL, err));
    if (table->row_count > 1)
        table->chart = (struct result_chart){CHART_RANGE,
                                             STRATUM,
                                             PREVALENCE,
                                             0,
                                             table->row_count,
                                             "Prevalence by stratum, with bounds",
                                             "Prevalence of each stratum and of all together, "
                                             "between the ends of its bounds, in the order of the "
                                             "table's rows.",
                                             0};
    TRY(add_notes(&t, table, err));
    const char *words = t.sample.state == SAMPLE_NONE
                            ? "No labelled sample yet: nothing can be said."
                        : t.sample.state == SAMPLE_WITHHELD
                            ? "Withheld: more than a tenth of the population or of a stratum was "
                              "drawn, so the number of relevant "
                              "units is a cell like any other, and too few users are behind it."
                            : bound_words(&t);
    TRY(answer_summary(answer, t.query->id, words, err));
    TRY(answer_agreement(answer, query_index, &t.sample, err));
    TRY(answer_changes(answer, query_index, &t.sample, err));
    return t.query->has_search ? answer_search_quality(answer, query_index, &t.sample, err)
                               : STATUS_OK;
}
