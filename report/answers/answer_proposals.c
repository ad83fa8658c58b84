/*
 * Options compared: what each finds and exposes, exactly; and, from the labelled sample of a
 * relevance query, how much of what is relevant it finds, how much of what it finds is relevant,
 * and how many bystanders it exposes for one relevant conversation.
 */
#include "report/answers/answer_assumptions.h"
#include "report/answers/answer_judgement.h"

static const struct result_column columns[] = {
    {"option", "Option", RESULT_STRING, ""},
    {"what", "What it is", RESULT_STRING, ""},
    {"conversations", "Conversations", RESULT_COUNT, "conversations"},
    {"exchanges", "Exchanges", RESULT_COUNT, "exchanges"},
    {"users", "Users", RESULT_COUNT, "users"},
    {"words", "Words", RESULT_COUNT, "words"},
    {"share", "Share of conversations", RESULT_SHARE, ""},
    {"left", "Conversations left", RESULT_COUNT, "conversations"},
    {"precision", "Precision", RESULT_SHARE, ""},
    {"precision_low", "Precision, low", RESULT_SHARE, ""},
    {"precision_high", "Precision, high", RESULT_SHARE, ""},
    {"recall", "Recall", RESULT_SHARE, ""},
    {"recall_low", "Recall, low", RESULT_SHARE, ""},
    {"recall_high", "Recall, high", RESULT_SHARE, ""},
    {"elusion", "Elusion", RESULT_SHARE, ""},
    {"elusion_low", "Elusion, low", RESULT_SHARE, ""},
    {"elusion_high", "Elusion, high", RESULT_SHARE, ""},
    {"bystanders_low", "Bystanders, at least", RESULT_COUNT, "conversations"},
    {"bystanders_high", "Bystanders, at most", RESULT_COUNT, "conversations"},
    {"per_relevant_low", "Bystanders per relevant, at least", RESULT_NUMBER, ""},
    {"per_relevant_high", "Bystanders per relevant, at most", RESULT_NUMBER, ""},
};
enum {
    COLUMNS = sizeof columns / sizeof *columns,
    COUNTS = 8,
    JUDGED = COLUMNS - COUNTS,
    RECALL = 11
};

static const char *const measures[] = {"conversations", "exchanges", "users", "words"};

static const char *joined(struct result *result, const char *text, const char *lead,
                          const char *day)
{
    return day ? result_printf(result, "%s%s%s %s", text, *text ? " and " : "", lead, day) : NULL;
}

/* The conditions of an option, joined by "and". */
static const char *conditions(struct answer *answer, const struct plan_option *option)
{
    struct result *result = answer->result;
    const struct plan *plan = answer->plan;
    if (option->title)
        return option->title;
    const char *text = "";
    for (size_t i = 0; text && i < option->term_count; i++)
        text = result_printf(result, "%s%s%s", text, i ? " or " : "term ",
                             plan->queries[option->terms_query].terms[option->terms[i]].name);
    for (size_t i = 0; text && i < option->topic_count; i++)
        text = result_printf(result, "%s%s%s", text,
                             i       ? " or "
                             : *text ? " and topic "
                                     : "topic ",
                             plan->queries[option->topics_query].topics[option->topics[i]].name);
    if (text && option->overlap_words)
        text = result_printf(result, "%s%sa run of at least %u words with a work", text,
                             *text ? " and " : "", (unsigned)option->overlap_words);
    if (text && option->from != INT64_MIN)
        text = joined(result, text, "from", answer_day_words(result, option->from));
    if (text && option->to != INT64_MAX)
        text = joined(result, text, "up to", answer_day_words(result, option->to));
    return text;
}

/* Bystanders: what is found and not relevant. Of one part, so they hold with the others. */
static enum status put_bystanders(struct answer *answer, struct result_table *table,
                                  const struct search_quality *q, struct error *err)
{
    struct result *result = answer->result;
    uint64_t least = q->found_units - q->found.high, most = q->found_units - q->found.low;
    TRY(result_put_count(result, table, least, err));
    TRY(result_put_count(result, table, most, err));
    if (q->found.high == 0)
        TRY(result_put_null(result, table, err));
    else
        TRY(result_put_real(result, table, (double)least / (double)q->found.high, err));
    if (q->found.low == 0)
        return result_put_null(result, table, err);
    return result_put_real(result, table, (double)most / (double)q->found.low, err);
}

static enum status put_judgement(struct answer *answer, struct result_table *table,
                                 const struct plan_query *query, const struct answer_search *search,
                                 struct search_quality *q, struct error *err)
{
    double confidence = answer->plan->queries[query->of].confidence;
    TRY(search_quality_bounds(&search->found, &search->left, confidence, q, err));
    TRY(answer_put_ratio(answer, table, &q->precision, err));
    TRY(answer_put_ratio(answer, table, &q->recall, err));
    TRY(answer_put_ratio(answer, table, &q->elusion, err));
    return put_bystanders(answer, table, q, err);
}

static const char *option_words(struct answer *answer, const struct plan_query *query, size_t i,
                                struct figure conversations, const struct search_quality *q)
{
    const struct plan_option *option = &query->options[i];
    const char *counted = result_printf(answer->result, "Option %s finds %s of %s conversations%s",
                                        option->id, answer_figure_words(answer, conversations),
                                        answer_figure_words(answer, answer->n),
                                        answer_part_words(answer, conversations, answer->n));
    if (!counted || !q || !q->recall.defined)
        return counted ? result_printf(answer->result, "%s.", counted) : NULL;
    const char *precision = "";
    if (q->precision.defined) /* else it finds nothing */
        precision = result_printf(
            answer->result, ", and between %s and %s of what it finds is relevant (precision)",
            answer_share_words(answer, q->precision.low, ROUND_DOWN),
            answer_share_words(answer, q->precision.high, ROUND_UP));
    if (!precision)
        return NULL;
    return result_printf(
        answer->result, "%s; with %s confidence, between %s and %s of what is relevant (recall)%s.",
        counted,
        answer_share_words(answer, answer->plan->queries[query->of].confidence, ROUND_NEAREST),
        answer_share_words(answer, q->recall.low, ROUND_DOWN),
        answer_share_words(answer, q->recall.high, ROUND_UP), precision);
}

static uint64_t less(uint64_t all, uint64_t part)
{
    return all > part ? all - part : 0;
}

/* What an option leaves of the population; withheld if either is. With noise between ends that
 * follow from those of both, each with half the chance to err. */
static struct figure left_of(struct figure all, struct figure found)
{
    if (all.state == FIGURE_WITHHELD || found.state == FIGURE_WITHHELD)
        return all.state == FIGURE_WITHHELD ? all : found;
    if (all.state == FIGURE_NOISY)
        return (struct figure){.state = FIGURE_NOISY,
                               .value = less(all.value, found.value),
                               .low = less(all.wide_low, found.wide_high),
                               .high = less(all.wide_high, found.wide_low)};
    all.value -= found.value;
    return all;
}

static enum status put_option(struct answer *answer, struct result_table *table,
                              const struct figure_table *figures, size_t query_index, size_t row,
                              struct error *err)
{
    const struct plan_query *query = &answer->plan->queries[query_index];
    struct result *result = answer->result;
    bool all = row == query->option_count;
    struct answer_search search = {.state = SAMPLE_NONE};
    struct search_quality quality;
    const char *what = all ? "the whole population" : conditions(answer, &query->options[row]);
    if (!what)
        return error_nomem(err);
    TRY(result_put_text(result, table, all ? "everything" : query->options[row].id, err));
    TRY(result_put_text(result, table, what, err));
    for (size_t m = 0; m < sizeof measures / sizeof *measures; m++)
        TRY(answer_put_figure(
            answer, table, figure_at(figures, row, figure_column_find(figures, measures[m])), err));
    struct figure conversations =
        figure_at(figures, row, figure_column_find(figures, "conversations"));
    TRY(answer_put_share(answer, table, conversations, answer->n, err));
    TRY(answer_put_figure(answer, table, left_of(answer->n, conversations), err));
    if (!all && query->has_of)
        TRY(answer_search_of(answer, query_index, (long)row, query->of, &search, err));
    bool judged = search.state == SAMPLE_THERE;
    if (judged)
        TRY(put_judgement(answer, table, query, &search, &quality, err));
    struct answer_sample absent = {.state = search.state};
    for (size_t i = 0; !judged && i < JUDGED; i++)
        TRY(answer_put_absent(answer, table, &absent, err));
    if (all)
        return STATUS_OK;
    return answer_summary(answer, query->id,
                          option_words(answer, query, row, conversations, judged ? &quality : NULL),
                          err);
}

enum status answer_proposals(struct answer *answer, size_t query_index, struct error *err)
{
    const struct plan_query *query = &answer->plan->queries[query_index];
    struct result *result = answer->result;
    const struct figure_table *figures;
    struct result_table *table;
    TRY(answer_figures(answer, query->id, &figures, err));
    TRY(answer_table(answer, query->id, "proposals", query->title, "conversations",
                     "Exact counts of the conversations that meet an option's conditions, with all "
                     "their exchanges, users and words; recall, precision, elusion and bystanders "
                     "(found and not relevant) from the labelled sample.",
                     columns, COLUMNS, &table, err));
    for (size_t row = 0; row <= query->option_count; row++)
        TRY(put_option(answer, table, figures, query_index, row, err));
    if (query->has_of) {
        const struct figure_sample *f =
            release_sample_find(answer->release, query->of, FIGURE_NO_SEARCH);
        table->chart = (struct result_chart){
            CHART_RANGE,
            0,
            RECALL,
            0,
            query->option_count,
            "Recall of the options, with bounds",
            "Of what is relevant the share that each option finds, between the ends of its bounds, "
            "in the order of the table's rows.",
            0};
        TRY(answer_note_joint(answer, table, err));
        if (f && f->unit)
            TRY(answer_note(answer, table,
                            result_printf(result,
                                          "Recall, precision, elusion and bystanders count %s, as "
                                          "they were labelled (query %s).",
                                          f->units, answer->plan->queries[query->of].id),
                            err));
        TRY(result_note(result, table,
                        "Rows are judged by the same labels: each holds at the confidence by "
                        "itself, and the best of several options looks better than it is.",
                        err));
    }
    TRY(answer_note_withheld(answer, table, figures, err));
    return query->has_burden ? answer_burden(answer, query_index, figures, err) : STATUS_OK;
}
