/*
 * The plan's claims side by side: each definition by each unit, with what was claimed, the bounds,
 * the verdict, and what would change it. Read off the claims' own tables, of the row over the
 * population alone, so that nothing here can differ from there.
 */
#include "report/answers/answer.h"
#include "report/answers/answer_sample.h"

#include <string.h>

static const struct result_column columns[] = {
    {"definition", "Definition of relevant", RESULT_STRING, ""},
    {"unit", "Unit", RESULT_STRING, ""},
    {"claim", "Claim", RESULT_STRING, ""},
    {"verdict", "Verdict", RESULT_VERDICT, ""},
    {"N", "Population (N)", RESULT_COUNT, "units"},
    {"n", "Drawn (n)", RESULT_COUNT, "units"},
    {"relevant", "Relevant", RESULT_COUNT, "units"},
    {"allowed", "Relevant units allowed", RESULT_COUNT, "units"},
    {"relevant_low", "Relevant units, at least", RESULT_COUNT, "units"},
    {"relevant_high", "Relevant units, at most", RESULT_COUNT, "units"},
    {"confidence", "Confidence", RESULT_SHARE, ""},
    {"p_value_together", "p-value, all claims together (Holm)", RESULT_NUMBER, ""},
    {"would_change", "What would change the answer", RESULT_STRING, ""},
    {"table", "Its table", RESULT_STRING, ""},
};
enum { COLUMNS = sizeof columns / sizeof *columns };

/* The cell of FROM's first row in the column of that id; nothing where there is none. */
static enum status copy_cell(struct answer *answer, struct result_table *table,
                             const struct result_table *from, const char *id, struct error *err)
{
    struct result *result = answer->result;
    for (size_t c = 0; from->row_count && c < from->column_count; c++)
        if (strcmp(from->columns[c].id, id) == 0)
            return result_put_value(result, table, result_value_at(from, 0, c), err);
    return result_put_null(result, table, err);
}

static enum status put_claim(struct answer *answer, struct result_table *table,
                             const struct plan_query *query, const struct result_table *from,
                             struct error *err)
{
    static const char *const before[] = {"claim", "verdict", "N"};
    static const char *const after[] = {"allowed",    "relevant_low",     "relevant_high",
                                        "confidence", "p_value_together", "would_change"};
    struct result *result = answer->result;
    const struct plan_query *of = &answer->plan->queries[query->of];
    const struct figure_sample *f =
        release_sample_find(answer->release, query->of, FIGURE_NO_SEARCH);
    TRY(result_put_text(result, table, of->definition, err));
    TRY(result_put_text(result, table,
                        f && f->unit ? f->unit
                        : of->unit   ? of->unit
                                     : "conversation",
                        err));
    for (size_t i = 0; i < sizeof before / sizeof *before; i++)
        TRY(copy_cell(answer, table, from, before[i], err));
    if (f) {
        TRY(answer_put_figure(answer, table, f->whole.drawn, err));
        TRY(answer_put_figure(answer, table, answer_sum(f->whole.relevant, f->whole.overturned),
                              err));
    }
    for (int i = 0; !f && i < 2; i++)
        TRY(result_put_null(result, table, err));
    for (size_t i = 0; i < sizeof after / sizeof *after; i++)
        TRY(copy_cell(answer, table, from, after[i], err));
    return result_put_text(result, table, query->id, err);
}

enum status answer_claims(struct answer *answer, struct error *err)
{
    struct result *result = answer->result;
    const struct plan *plan = answer->plan;
    struct result_table *table;
    size_t count = 0;
    for (size_t i = 0; i < plan->query_count; i++)
        count += plan->queries[i].kind == QUERY_CLAIM;
    if (count < 2 || release_is_noisy(answer->release))
        return STATUS_OK;
    const char *id = result_table_find(result, "claims") ? "all_claims" : "claims";
    TRY(answer_table(answer, id, "claims", "The claims side by side", "claims",
                     "Read off the table of each claim, over the population.", columns, COLUMNS,
                     &table, err));
    for (size_t i = 0; i < plan->query_count; i++) {
        const struct plan_query *query = &plan->queries[i];
        const struct result_table *from =
            query->kind == QUERY_CLAIM ? result_table_find(result, query->id) : NULL;
        if (from)
            TRY(put_claim(answer, table, query, from, err));
    }
    return result_note(result, table,
                       "\"Undetermined\" is neither for a claim nor against it. Each verdict is at "
                       "its confidence by itself. Its own table tells it once more with the "
                       "rejected records, each of them taken as relevant.",
                       err);
}
