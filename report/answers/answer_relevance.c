/*
 * Relevance: the share and number of relevant units of the population, from a labelled simple
 * random sample, with exact hypergeometric equal-tailed bounds (stats/interval.h).
 */
#include "report/answers/answer_sample.h"

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
enum { COLUMNS = sizeof columns / sizeof *columns, ESTIMATES = 6 };

/* N x / n to the nearest whole unit. */
static uint64_t scaled_up(const struct sample_counts *s)
{
    __extension__ typedef unsigned __int128 wide;
    wide twice = (wide)2 * s->population * s->relevant + s->drawn;
    return (uint64_t)(twice / ((wide)2 * s->drawn));
}

static enum status put_estimates(struct answer *answer, struct result_table *table,
                                 const struct sample_counts *s, const struct interval_result *bound,
                                 struct error *err)
{
    struct result *result = answer->result;
    bool point = s->unreadable == 0;
    if (point)
        TRY(result_put_real(result, table, (double)s->relevant / (double)s->drawn, err));
    else
        TRY(result_put_null(result, table, err));
    TRY(result_put_real(result, table, bound->share_low, err));
    TRY(result_put_real(result, table, bound->share_high, err));
    if (point)
        TRY(result_put_count(result, table, scaled_up(s), err));
    else
        TRY(result_put_null(result, table, err));
    TRY(result_put_count(result, table, bound->count.low, err));
    return result_put_count(result, table, bound->count.high, err);
}

static enum status put_sample(struct answer *answer, struct result_table *table,
                              const struct answer_sample *sample, struct error *err)
{
    const struct figure_sample *f = sample->figures;
    if (!f) {
        for (int i = 0; i < 4; i++)
            TRY(result_put_null(answer->result, table, err));
        return STATUS_OK;
    }
    TRY(answer_put_figure(answer, table, f->population, err));
    TRY(answer_put_figure(answer, table, f->drawn, err));
    TRY(answer_put_figure(answer, table, f->relevant, err));
    return answer_put_figure(answer, table, f->unreadable, err);
}

/* The bound in words, and no more than it says. */
static const char *bound_words(struct answer *answer, const struct plan_query *query,
                               const struct sample_counts *s, const struct interval_result *bound)
{
    struct result *result = answer->result;
    const char *wide =
        bound->share_high - bound->share_low > 0.5 ? "The sample is too small to say much. " : "";
    const char *level = answer_share_words(answer, query->confidence, ROUND_NEAREST);
    const char *high = answer_share_words(answer, bound->share_high, ROUND_UP);
    const char *low = answer_share_words(answer, bound->share_low, ROUND_DOWN);
    const char *high_count = answer_count_words(answer, bound->count.high);
    const char *low_count = answer_count_words(answer, bound->count.low);
    const char *population = answer_count_words(answer, s->population);
    const char *unreadable = "";
    if (s->unreadable > 0)
        unreadable = result_printf(result, ", %s more unreadable or without a label",
                                   answer_count_words(answer, s->unreadable));
    if (!unreadable)
        return NULL;
    const char *basis = result_printf(
        result, "%s of %s drawn at random %s relevant%s", answer_count_words(answer, s->relevant),
        answer_count_words(answer, s->drawn), s->relevant == 1 ? "is" : "are", unreadable);
    if (!basis)
        return NULL;
    if (bound->count.low == bound->count.high)
        return result_printf(result, "Exactly %s of %s conversations are relevant; %s.", low_count,
                             population, basis);
    if (bound->count.low == 0)
        return result_printf(result,
                             "%sWith %s confidence, at most %s of %s conversations are relevant "
                             "(at most %s); %s.",
                             wide, level, high, population, high_count, basis);
    return result_printf(result,
                         "%sWith %s confidence, between %s and %s of %s conversations are relevant "
                         "(between %s and %s); %s.",
                         wide, level, low, high, population, low_count, high_count, basis);
}

static enum status note_range(struct answer *answer, struct result_table *table,
                              const struct sample_counts *s, struct error *err)
{
    if (s->unreadable == 0)
        return STATUS_OK;
    double n = (double)s->drawn;
    return answer_note(
        answer, table,
        result_printf(
            answer->result,
            "With unreadable units the estimate is a range and no point, so the cells of "
            "prevalence and number are empty: of the drawn units between %s and %s are "
            "relevant.",
            answer_share_words(answer, (double)s->relevant / n, ROUND_DOWN),
            answer_share_words(answer, (double)(s->relevant + s->unreadable) / n, ROUND_UP)),
        err);
}

enum status answer_relevance(struct answer *answer, size_t query_index, struct error *err)
{
    const struct plan_query *query = &answer->plan->queries[query_index];
    const struct interval_method *method = answer_interval_method(query);
    struct answer_sample sample = answer_sample_of(answer, query_index);
    struct interval_result bound;
    struct result_table *table;
    struct result *result = answer->result;
    if (sample.state == SAMPLE_THERE)
        TRY(answer_interval(query, &sample.counts, &bound, err));
    const char *about = result_printf(result, "%s: %s", method->title, method->summary);
    if (!about)
        return error_nomem(err);
    TRY(answer_table(answer, query->id, "relevance", query->title, "conversations", about, columns,
                     COLUMNS, &table, err));
    TRY(result_put_text(result, table, query->definition, err));
    TRY(result_put_text(result, table, "conversation", err));
    TRY(result_put_text(result, table, "all", err));
    TRY(put_sample(answer, table, &sample, err));
    if (sample.state == SAMPLE_THERE) {
        TRY(put_estimates(answer, table, &sample.counts, &bound, err));
    } else {
        for (int i = 0; i < ESTIMATES; i++)
            TRY(answer_put_absent(answer, table, &sample, err));
    }
    TRY(result_put_text(result, table, method->title, err));
    TRY(result_put_real(result, table, query->confidence, err));
    if (sample.state == SAMPLE_THERE)
        TRY(note_range(answer, table, &sample.counts, err));
    if (answer_is_anytime(query))
        TRY(answer_note(answer, table,
                        result_printf(result,
                                      "The prior, fixed in the plan before labels: Beta(%.15g, "
                                      "%.15g). Labels may be looked at after any number of units.",
                                      query->prior[0], query->prior[1]),
                        err));
    TRY(answer_sample_notes(answer, table, &sample, err));
    const char *words =
        sample.state == SAMPLE_NONE ? "No labelled sample yet: nothing can be said."
        : sample.state == SAMPLE_WITHHELD
            ? "Withheld: more than a tenth of the population was drawn, so the number of relevant "
              "units is a cell like any other, and too few users are behind it."
            : bound_words(answer, query, &sample.counts, &bound);
    return answer_summary(answer, query->id, words, err);
}
