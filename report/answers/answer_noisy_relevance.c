/*
 * Relevance where every number of the labelled sample was told with noise: one exact set for the
 * number relevant (stats/noisy_count.h).
 */
#include "report/answers/answer_sample.h"
#include "stats/noisy_count.h"

static const struct result_column columns[] = {
    {"definition", "Definition of relevant", RESULT_STRING, ""},
    {"unit", "Unit", RESULT_STRING, ""},
    {"stratum", "Stratum", RESULT_STRING, ""},
    {"N", "Population (N)", RESULT_COUNT, "conversations"},
    {"n", "Drawn (n)", RESULT_COUNT, "conversations"},
    {"relevant", "Relevant", RESULT_COUNT, "conversations"},
    {"unreadable", "Unreadable", RESULT_COUNT, "conversations"},
    {"prevalence_low", "Prevalence, low", RESULT_SHARE, ""},
    {"prevalence_high", "Prevalence, high", RESULT_SHARE, ""},
    {"count_low", "Number, low", RESULT_COUNT, "conversations"},
    {"count_high", "Number, high", RESULT_COUNT, "conversations"},
    {"method", "Method", RESULT_STRING, ""},
    {"confidence", "Confidence", RESULT_SHARE, ""},
};
enum { COLUMNS = sizeof columns / sizeof *columns };

static const char title[] = "Exact, with noise";
static const char summary[] =
    "Exact, with noise: a number relevant is kept unless the chance of a told number as high, or "
    "as "
    "low, drawn and with noise, is too small; the exact convolution of the hypergeometric law with "
    "that of the noise. An eighth of the chance to err goes to each of N, n and the unreadable, "
    "which "
    "are told with noise too. Covers at least its level, whatever the numbers are.";

static double share_of(uint64_t part, uint64_t whole)
{
    double share = whole ? (double)part / (double)whole : 1;
    return share < 1 ? share : 1;
}

static enum status put_set(struct answer *answer, struct result_table *table,
                           const struct plan_query *query, const struct figure_noisy_sample *f,
                           struct error *err)
{
    struct result *result = answer->result;
    struct interval set, population;
    TRY(noisy_tally_interval(&f->tally, query->confidence, &set, &population, err));
    double low = share_of(set.low, population.high), high = share_of(set.high, population.low);
    TRY(result_put_real(result, table, low, err));
    TRY(result_put_real(result, table, high, err));
    TRY(result_put_count(result, table, set.low, err));
    TRY(result_put_count(result, table, set.high, err));
    const char *level = answer_share_words(answer, query->confidence, ROUND_NEAREST);
    return answer_summary(
        answer, query->id,
        result_printf(
            result,
            "With %s confidence, between %s and %s of the capped population's conversations "
            "are relevant (between %s and %s); every number is told with noise.",
            level, answer_share_words(answer, low, ROUND_DOWN),
            answer_share_words(answer, high, ROUND_UP), answer_count_words(answer, set.low),
            answer_count_words(answer, set.high)),
        err);
}

static enum status add_table(struct answer *answer, size_t query_index, struct error *err)
{
    const struct plan_query *query = &answer->plan->queries[query_index];
    const struct figure_noisy_sample *f = release_noisy_sample_find(answer->release, query_index);
    struct result *result = answer->result;
    struct result_table *table;
    TRY(answer_table(answer, query->id, "relevance", query->title, "conversations", summary,
                     columns, COLUMNS, &table, err));
    TRY(result_put_text(result, table, query->definition, err));
    TRY(result_put_text(result, table, "conversation", err));
    TRY(result_put_text(result, table, "all", err));
    TRY(answer_put_figure(answer, table, answer->n, err));
    if (f) {
        TRY(answer_put_figure(answer, table, f->drawn, err));
        TRY(answer_put_figure(answer, table, f->relevant, err));
        TRY(answer_put_figure(answer, table, f->unreadable, err));
        TRY(put_set(answer, table, query, f, err));
    } else {
        for (int i = 0; i < 7; i++)
            TRY(result_put_null(result, table, err));
        TRY(answer_summary(answer, query->id, "No labelled sample yet: nothing can be said.", err));
    }
    TRY(result_put_text(result, table, title, err));
    TRY(result_put_real(result, table, query->confidence, err));
    if (!f)
        return STATUS_OK;
    TRY(result_note(result, table,
                    "How the sample is spread over months is not told: each month would need noise "
                    "of its own.",
                    err));
    if (f->seed_time)
        TRY(answer_note(answer, table,
                        result_printf(result, "The seed is stated to be of %s.", f->seed_time),
                        err));
    return answer_note(answer, table,
                       result_printf(result,
                                     "The sample is every conversation whose ticket is at or under "
                                     "%s. Seed from: %s. Digests of frame and sample would tell of "
                                     "the logs and are left out.",
                                     f->cut_off, f->seed_source),
                       err);
}

enum status answer_noisy_relevance(struct answer *answer, size_t query_index, struct error *err)
{
    TRY(add_table(answer, query_index, err));
    return answer->plan->queries[query_index].has_search
               ? answer_noisy_search(answer, query_index, err)
               : STATUS_OK;
}
