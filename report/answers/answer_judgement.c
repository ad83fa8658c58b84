/* Agreement of reviewers and quality of a search: see answer_judgement.h. */
#include "report/answers/answer_judgement.h"

#include "report/answers/answer_assisted.h"
#include "stats/agreement.h"

#include <stddef.h>

/* ---- agreement ---- */

static const struct result_column agreement_columns[] = {
    {"reviewers", "Reviewers", RESULT_COUNT, "reviewers"},
    {"units", "Labelled by several", RESULT_COUNT, "conversations"},
    {"agreed", "In agreement", RESULT_COUNT, "conversations"},
    {"observed", "Observed agreement", RESULT_SHARE, ""},
    {"kappa", "Kappa", RESULT_NUMBER, ""},
    {"ac1", "AC1", RESULT_NUMBER, ""},
    {"method", "Method", RESULT_STRING, ""},
};
enum { AGREEMENT_COLUMNS = sizeof agreement_columns / sizeof *agreement_columns };

static const char *const category_names[FIGURE_CATEGORIES] = {"relevant", "irrelevant",
                                                              "unreadable"};

static const struct result_column confusion_columns[] = {
    {"first", "First reviewer", RESULT_STRING, ""},
    {"relevant", "Second: relevant", RESULT_COUNT, "conversations"},
    {"irrelevant", "Second: irrelevant", RESULT_COUNT, "conversations"},
    {"unreadable", "Second: unreadable", RESULT_COUNT, "conversations"},
};
enum { CONFUSION_COLUMNS = sizeof confusion_columns / sizeof *confusion_columns };

/* *DEFINED is false where units were labelled by different numbers of reviewers. */
static enum status measure(const struct figure_sample *f, struct agreement *out, bool *defined,
                           struct error *err)
{
    const struct figure_agreement *a = &f->agreement;
    *defined = true;
    if (f->reviewers.value == 2) {
        uint64_t table[FIGURE_CATEGORIES * FIGURE_CATEGORIES];
        for (size_t i = 0; i < sizeof table / sizeof *table; i++)
            table[i] = a->table[i].value;
        return agreement_of_two(table, FIGURE_CATEGORIES, out, err);
    }
    uint64_t of_category[FIGURE_CATEGORIES];
    for (size_t i = 0; i < FIGURE_CATEGORIES; i++)
        of_category[i] = a->of_category[i].value;
    struct agreement_sums sums = {a->units.value, a->reviews.value, of_category,
                                  a->same_pairs.value};
    *defined = a->reviews.value >= 2;
    return *defined ? agreement_of_sums(&sums, FIGURE_CATEGORIES, out, err) : STATUS_OK;
}

static enum status put_coefficient(struct answer *answer, struct result_table *table, bool defined,
                                   const struct agreement_coefficient *coefficient,
                                   struct error *err)
{
    if (!defined || !coefficient->defined)
        return result_put_null(answer->result, table, err);
    return result_put_real(answer->result, table, coefficient->value, err);
}

static enum status add_confusion(struct answer *answer, const struct plan_query *query,
                                 const struct figure_sample *f, struct error *err)
{
    struct result *result = answer->result;
    struct result_table *table;
    struct result_column *own;
    const char *id = result_printf(result, "%s.confusion", query->id);
    const char *title = result_printf(result, "%s: labels of two reviewers", query->title);
    if (!id || !title)
        return error_nomem(err);
    TRY(answer_unit_columns(answer, f->units, confusion_columns, CONFUSION_COLUMNS, &own, err));
    TRY(answer_table(answer, id, "confusion", title, f->units,
                     "Units that both reviewers labelled, by what each of them said.", own,
                     CONFUSION_COLUMNS, &table, err));
    for (size_t i = 0; i < FIGURE_CATEGORIES; i++) {
        TRY(result_put_text(result, table, category_names[i], err));
        for (size_t j = 0; j < FIGURE_CATEGORIES; j++)
            TRY(answer_put_figure(answer, table, f->agreement.table[i * FIGURE_CATEGORIES + j],
                                  err));
    }
    return STATUS_OK;
}

enum status answer_agreement(struct answer *answer, size_t query_index,
                             const struct answer_sample *sample, struct error *err)
{
    const struct plan_query *query = &answer->plan->queries[query_index];
    const struct figure_sample *f = sample->figures;
    struct result *result = answer->result;
    struct agreement agreement;
    struct result_table *table;
    struct result_column *own;
    bool defined;
    if (!f || f->agreement.units.value == 0 || f->agreement.same_pairs.state == FIGURE_WITHHELD)
        return STATUS_OK;
    TRY(measure(f, &agreement, &defined, err));
    bool two = f->reviewers.value == 2;
    const char *id = result_printf(result, "%s.agreement", query->id);
    const char *title = result_printf(result, "%s: agreement of reviewers", query->title);
    if (!id || !title)
        return error_nomem(err);
    TRY(answer_unit_columns(answer, f->units, agreement_columns, AGREEMENT_COLUMNS, &own, err));
    TRY(answer_table(answer, id, "agreement", title, f->units,
                     "Agreement beyond chance: kappa (Cohen 1960 for two reviewers, Fleiss 1971 "
                     "for several) and AC1 (Gwet 2008), which stays meaningful where nearly all "
                     "units are irrelevant.",
                     own, AGREEMENT_COLUMNS, &table, err));
    TRY(answer_put_figure(answer, table, f->reviewers, err));
    TRY(answer_put_figure(answer, table, f->agreement.units, err));
    TRY(answer_put_figure(answer, table, f->agreement.agreed, err));
    if (defined)
        TRY(result_put_real(result, table, agreement.observed, err));
    else
        TRY(result_put_null(result, table, err));
    TRY(put_coefficient(answer, table, defined, &agreement.kappa, err));
    TRY(put_coefficient(answer, table, defined, &agreement.ac1, err));
    TRY(result_put_text(result, table, two ? "Cohen's kappa" : "Fleiss' kappa", err));
    if (!defined)
        TRY(result_note(result, table,
                        "Units were labelled by different numbers of reviewers, so that the "
                        "coefficients are not defined.",
                        err));
    TRY(result_note(result, table,
                    "Units without a shared label are undecided in the estimate: they are bounded "
                    "both ways. Agreement is no evidence that labels are right.",
                    err));
    return two ? add_confusion(answer, query, f, err) : STATUS_OK;
}

/* ---- the quality of a search ---- */

static const struct result_column search_columns[] = {
    {"search", "Search", RESULT_STRING, ""},
    {"measure", "Measure", RESULT_STRING, ""},
    {"N", "Units (N)", RESULT_COUNT, "conversations"},
    {"n", "Drawn (n)", RESULT_COUNT, "conversations"},
    {"relevant", "Relevant", RESULT_COUNT, "conversations"},
    {"value", "Estimate", RESULT_SHARE, ""},
    {"value_low", "Low", RESULT_SHARE, ""},
    {"value_high", "High", RESULT_SHARE, ""},
    {"confidence", "Confidence", RESULT_SHARE, ""},
};
enum { SEARCH_COLUMNS = sizeof search_columns / sizeof *search_columns };

enum status answer_note_joint(struct answer *answer, struct result_table *table, struct error *err)
{
    return result_note(
        answer->result, table,
        "The bounds of recall, precision, elusion and what is made of them hold all together at "
        "the "
        "stated confidence: they are read off one confidence "
        "set for the numbers relevant of what was found and of what was left behind, each the "
        "exact set of its part at the square root of the confidence (at all of it where only one "
        "part carries sampling error).",
        err);
}

/* What is measured, and of which part: what was found, what was left, or both. */
enum part { PART_FOUND = 1, PART_LEFT = 2, PART_BOTH = PART_FOUND | PART_LEFT };

static const struct measure {
    const char *name;
    enum part of;
    size_t at; /* its bounds in struct search_quality */
} search_measures[] = {
    {"recall", PART_BOTH, offsetof(struct search_quality, recall)},
    {"precision", PART_FOUND, offsetof(struct search_quality, precision)},
    {"F1", PART_BOTH, offsetof(struct search_quality, f1)},
    {"elusion", PART_LEFT, offsetof(struct search_quality, elusion)},
    {"prevalence", PART_BOTH, offsetof(struct search_quality, prevalence)},
};
enum { SEARCH_MEASURES = sizeof search_measures / sizeof *search_measures };

static enum status put_search(struct answer *answer, struct result_table *table,
                              const struct plan_query *query, const struct answer_search *search,
                              const struct search_quality *q, struct error *err)
{
    struct result *result = answer->result;
    for (size_t i = 0; i < SEARCH_MEASURES; i++) {
        const struct measure *m = &search_measures[i];
        uint64_t found = m->of & PART_FOUND ? 1 : 0, left = m->of & PART_LEFT ? 1 : 0;
        const void *bounds = (const char *)q + m->at;
        TRY(result_put_text(result, table, answer->plan->queries[query->search].title, err));
        TRY(result_put_text(result, table, m->name, err));
        TRY(result_put_count(result, table, found * q->found_units + left * q->left_units, err));
        TRY(result_put_count(result, table, found * search->found_drawn + left * search->left_drawn,
                             err));
        TRY(result_put_count(result, table,
                             found * search->found_relevant + left * search->left_relevant, err));
        TRY(answer_put_ratio(answer, table, bounds, err));
        TRY(result_put_real(result, table, query->confidence, err));
    }
    return STATUS_OK;
}

/* Prevalence once more, by estimators that take what the search found to help. */
static enum status put_assisted(struct answer *answer, struct result_table *table,
                                size_t query_index, const struct answer_search *search,
                                struct error *err)
{
    static const struct {
        const char *name;
        enum assisted_estimator estimator;
    } rows[] = {{"prevalence, difference estimate (approximate)", ASSISTED_DIFFERENCE},
                {"prevalence, post-stratified (approximate)", ASSISTED_POST_STRATIFIED}};
    const struct plan_query *query = &answer->plan->queries[query_index];
    const struct figure_sample *f = release_sample_find(answer->release, query_index, 0);
    struct result *result = answer->result;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct ratio_bounds share;
        TRY(answer_assisted_share(f, rows[i].estimator, query->confidence, &share, err));
        TRY(result_put_text(result, table, answer->plan->queries[query->search].title, err));
        TRY(result_put_text(result, table, rows[i].name, err));
        TRY(answer_put_figure(answer, table, f->whole.population, err));
        TRY(result_put_count(result, table, search->found_drawn + search->left_drawn, err));
        TRY(result_put_count(result, table, search->found_relevant + search->left_relevant, err));
        TRY(answer_put_ratio(answer, table, &share, err));
        TRY(result_put_real(result, table, query->confidence, err));
    }
    return STATUS_OK;
}

static const char *search_words(struct answer *answer, const struct plan_query *query,
                                const struct search_quality *q)
{
    const char *level = answer_share_words(answer, query->confidence, ROUND_NEAREST);
    if (!q->recall.defined)
        return result_printf(answer->result,
                             "Search %s: nothing is relevant, so that there is no recall.",
                             answer->plan->queries[query->search].id);
    return result_printf(
        answer->result,
        "Search %s: with %s confidence, recall is between %s and %s, and at most %s of what it "
        "left behind is relevant (elusion).",
        answer->plan->queries[query->search].id, level,
        answer_share_words(answer, q->recall.low, ROUND_DOWN),
        answer_share_words(answer, q->recall.high, ROUND_UP),
        answer_share_words(answer, q->elusion.high, ROUND_UP));
}

enum status answer_search_quality(struct answer *answer, size_t query_index,
                                  const struct answer_sample *sample, struct error *err)
{
    const struct plan_query *query = &answer->plan->queries[query_index];
    struct result *result = answer->result;
    struct answer_search search;
    struct search_quality quality;
    struct result_table *table;
    struct result_column *own;
    const char *id = result_printf(result, "%s.search", query->id);
    const char *title = result_printf(result, "%s: quality of the search", query->title);
    const char *units = answer_units(sample, "conversations");
    if (!id || !title)
        return error_nomem(err);
    TRY(answer_search_of(answer, query_index, 0, query_index, &search, err));
    TRY(answer_unit_columns(answer, units, search_columns, SEARCH_COLUMNS, &own, err));
    TRY(answer_table(answer, id, "search", title, units,
                     "Of the relevant units the share that the search found (recall); of what it "
                     "found the share relevant (precision); 2 relevant found / (found + relevant) "
                     "(F1); of what it left behind the share relevant (elusion).",
                     own, SEARCH_COLUMNS, &table, err));
    if (search.state == SAMPLE_THERE) {
        TRY(search_quality_bounds(&search.found, &search.left, query->confidence, &quality, err));
        TRY(put_search(answer, table, query, &search, &quality, err));
        TRY(put_assisted(answer, table, query_index, &search, err));
        table->chart = (struct result_chart){CHART_RANGE,
                                             1,
                                             5,
                                             0,
                                             SEARCH_MEASURES,
                                             "Quality of the search, with bounds",
                                             "Estimates of the search's measures between the ends "
                                             "of their bounds, in the order of the table's rows.",
                                             0};
        TRY(answer_note_joint(answer, table, err));
        TRY(answer_note_assisted(answer, table, err));
        return answer_summary(answer, query->id, search_words(answer, query, &quality), err);
    }
    struct answer_sample absent = {.state = search.state};
    for (size_t i = 0; i < SEARCH_MEASURES; i++) {
        TRY(result_put_text(result, table, answer->plan->queries[query->search].title, err));
        TRY(result_put_text(result, table, search_measures[i].name, err));
        for (size_t c = 2; c + 1 < SEARCH_COLUMNS; c++)
            TRY(answer_put_absent(answer, table, &absent, err));
        TRY(result_put_real(result, table, query->confidence, err));
    }
    if (search.state == SAMPLE_NONE)
        return STATUS_OK;
    return result_note(result, table,
                       "Withheld: too few users are behind what was found or left behind, or "
                       "behind what is relevant there.",
                       err);
}
