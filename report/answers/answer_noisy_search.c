/*
 * Recall, precision, F1 and elusion of a search where every number was told with noise: bounds
 * alone (stats/noisy_search.h).
 */
#include "report/answers/answer_sample.h"
#include "stats/noisy_search.h"

#include <stddef.h>

static const struct result_column columns[] = {
    {"search", "Search", RESULT_STRING, ""},
    {"measure", "Measure", RESULT_STRING, ""},
    {"N", "Units (N)", RESULT_COUNT, "conversations"},
    {"n", "Drawn (n)", RESULT_COUNT, "conversations"},
    {"relevant", "Relevant", RESULT_COUNT, "conversations"},
    {"value_low", "Low", RESULT_SHARE, ""},
    {"value_high", "High", RESULT_SHARE, ""},
    {"confidence", "Confidence", RESULT_SHARE, ""},
};
enum { COLUMNS = sizeof columns / sizeof *columns, FOUND = 0, LEFT = 1, BOTH = 2 };

static const struct {
    const char *name;
    size_t part, at; /* at: its bounds in struct search_quality */
} measures[] = {{"recall", BOTH, offsetof(struct search_quality, recall)},
                {"precision", FOUND, offsetof(struct search_quality, precision)},
                {"F1", BOTH, offsetof(struct search_quality, f1)},
                {"elusion", LEFT, offsetof(struct search_quality, elusion)},
                {"prevalence", BOTH, offsetof(struct search_quality, prevalence)}};
enum { MEASURES = sizeof measures / sizeof *measures };

static enum status put_row(struct answer *answer, struct result_table *table,
                           const struct plan_query *query, const struct figure_noisy_search *f,
                           const struct search_quality *q, size_t row, struct error *err)
{
    struct result *result = answer->result;
    size_t part = measures[row].part;
    TRY(result_put_text(result, table, answer->plan->queries[query->search].title, err));
    TRY(result_put_text(result, table, measures[row].name, err));
    /* Of several strata each has its own. */
    bool told = f && part != BOTH && f->parts[part].design.count == 1;
    if (told) {
        TRY(answer_put_figure(answer, table, f->parts[part].strata[0].population, err));
        TRY(answer_put_figure(answer, table, f->parts[part].strata[0].drawn, err));
        TRY(answer_put_figure(answer, table, f->parts[part].strata[0].relevant, err));
    }
    for (int i = 0; !told && i < 3; i++)
        TRY(result_put_null(result, table, err));
    const struct ratio_bounds *bounds = (const void *)((const char *)q + measures[row].at);
    for (int i = 0; i < 2; i++)
        TRY(f ? result_put_real(result, table, i ? bounds->high : bounds->low, err)
              : result_put_null(result, table, err));
    return result_put_real(result, table, query->confidence, err);
}

enum status answer_noisy_search(struct answer *answer, size_t query_index, struct error *err)
{
    const struct plan_query *query = &answer->plan->queries[query_index];
    const struct figure_noisy_search *f = release_noisy_search_find(answer->release, query_index);
    struct result *result = answer->result;
    struct search_quality quality = {.found_units = 0};
    struct result_table *table;
    struct result_column *own;
    const char *units = answer_noisy_units(answer, query_index).many;
    const char *id = result_printf(result, "%s.search", query->id);
    const char *title = result_printf(result, "%s: quality of the search", query->title);
    if (!id || !title)
        return error_nomem(err);
    TRY(answer_unit_columns(answer, units, columns, COLUMNS, &own, err));
    TRY(answer_table(
        answer, id, "search", title, units,
        "Of the relevant units the share that the search found (recall); of what it "
        "found the share relevant (precision); 2 relevant found / (found + relevant) "
        "(F1); of what it left behind the share relevant (elusion). Exact sets for the "
        "numbers relevant of both parts, noise included, each at the square root of "
        "the confidence: all measures hold together.",
        own, COLUMNS, &table, err));
    if (f) {
        const struct noisy_design parts[2] = {f->parts[FOUND].design, f->parts[LEFT].design};
        TRY(noisy_search_bounds(parts, query->confidence, &quality, err));
    }
    for (size_t row = 0; row < MEASURES; row++)
        TRY(put_row(answer, table, query, f, &quality, row, err));
    if (!f)
        return STATUS_OK;
    if (f->parts[FOUND].design.count > 1)
        TRY(result_note(
            result, table,
            "The draw had strata: the numbers relevant of what was found and of what was left are "
            "bounded over all strata as in the relevance table. Units, drawn and relevant ones of "
            "each "
            "part and stratum were told with noise for that and are not listed.",
            err));
    return answer_summary(
        answer, query->id,
        result_printf(
            result,
            "Search %s: with %s confidence, recall is between %s and %s, and at most %s "
            "of what it left behind is relevant (elusion); every number is told with noise.",
            answer->plan->queries[query->search].id,
            answer_share_words(answer, query->confidence, ROUND_NEAREST),
            answer_share_words(answer, quality.recall.low, ROUND_DOWN),
            answer_share_words(answer, quality.recall.high, ROUND_UP),
            answer_share_words(answer, quality.elusion.high, ROUND_UP)),
        err);
}
