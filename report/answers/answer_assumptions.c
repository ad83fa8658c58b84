/*
 * What the plan states and no log holds: a table of the assumptions as they stand there; and the
 * burden of reviewing what each option finds, which follows from two of them.
 *
 * Interval arithmetic: with a pace from p to P units an hour and a rate from r to R an hour, n
 * units take from n/P to n/p hours and cost from r n/P to R n/p. Both ends are reached, where pace
 * and rate are at their ends together; nothing is said of what lies between being likely.
 */
#include "report/answers/answer_assumptions.h"

static const struct result_column columns[] = {
    {"assumption", "Assumption", RESULT_STRING, ""},
    {"what", "What it is", RESULT_STRING, ""},
    {"low", "Low", RESULT_NUMBER, ""},
    {"high", "High", RESULT_NUMBER, ""},
    {"unit", "Unit", RESULT_STRING, ""},
    {"source", "Source", RESULT_STRING, ""},
    {"period", "Period", RESULT_STRING, ""},
};

enum status answer_assumptions(struct answer *answer, struct error *err)
{
    const struct plan *plan = answer->plan;
    struct result *result = answer->result;
    struct result_table *table;
    if (plan->assumption_count == 0)
        return STATUS_OK;
    const char *id =
        result_table_find(result, "assumptions") ? "stated_assumptions" : "assumptions";
    TRY(result_table_add(result, id, "assumptions", "Assumptions", "", columns,
                         sizeof columns / sizeof *columns, &table, err));
    for (size_t i = 0; i < plan->assumption_count; i++) {
        const struct plan_assumption *a = &plan->assumptions[i];
        TRY(result_put_text(result, table, a->id, err));
        TRY(result_put_text(result, table, a->title, err));
        TRY(result_put_real(result, table, a->low, err));
        TRY(result_put_real(result, table, a->high, err));
        TRY(result_put_text(result, table, a->unit, err));
        TRY(result_put_text(result, table, a->source, err));
        TRY(result_put_text(result, table, a->period, err));
    }
    return result_note(result, table,
                       "Stated by whoever wrote the plan; nothing in the logs confirms or refutes "
                       "them.",
                       err);
}

static const struct result_column burden_columns[] = {
    {"option", "Option", RESULT_STRING, ""},
    {"conversations", "Conversations", RESULT_COUNT, "conversations"},
    {"hours_low", "Reviewer hours, at least", RESULT_NUMBER, "hours"},
    {"hours_high", "Reviewer hours, at most", RESULT_NUMBER, "hours"},
    {"cost_low", "Cost, at least", RESULT_NUMBER, ""},
    {"cost_high", "Cost, at most", RESULT_NUMBER, ""},
};
enum { BURDEN_COLUMNS = sizeof burden_columns / sizeof *burden_columns, BURDEN_RANGES = 4 };

static enum status put_burden(struct answer *answer, struct result_table *table,
                              const struct plan_query *query, struct figure conversations,
                              struct error *err)
{
    const struct plan_assumption *pace = &answer->plan->assumptions[query->pace];
    const struct plan_assumption *rate = &answer->plan->assumptions[query->rate];
    struct result *result = answer->result;
    TRY(answer_put_figure(answer, table, conversations, err));
    if (conversations.state == FIGURE_WITHHELD) {
        for (size_t i = 0; i < BURDEN_RANGES; i++)
            TRY(result_put_withheld(result, table, err));
        return STATUS_OK;
    }
    bool noisy = conversations.state == FIGURE_NOISY;
    double few = (double)(noisy ? conversations.low : conversations.value);
    double many = (double)(noisy ? conversations.high : conversations.value);
    double least = few / pace->high, most = many / pace->low;
    TRY(result_put_real(result, table, least, err));
    TRY(result_put_real(result, table, most, err));
    TRY(result_put_real(result, table, least * rate->low, err));
    return result_put_real(result, table, most * rate->high, err);
}

enum status answer_burden(struct answer *answer, size_t query_index,
                          const struct figure_table *figures, struct error *err)
{
    const struct plan_query *query = &answer->plan->queries[query_index];
    const struct plan *plan = answer->plan;
    struct result *result = answer->result;
    struct result_column named[BURDEN_COLUMNS];
    struct result_table *table;
    for (size_t i = 0; i < BURDEN_COLUMNS; i++)
        named[i] = burden_columns[i];
    named[BURDEN_COLUMNS - 2].unit = named[BURDEN_COLUMNS - 1].unit =
        plan->assumptions[query->rate].unit;
    const char *id = result_printf(result, "%s.burden", query->id);
    const char *title = result_printf(result, "%s: burden of review", query->title);
    if (!id || !title)
        return error_nomem(err);
    TRY(answer_table(answer, id, "burden", title, "conversations",
                     release_is_noisy(answer->release)
                         ? "Conversations that an option finds, divided by the stated pace and "
                           "multiplied by the stated rate, from the ends of all three ranges."
                         : "Conversations that an option finds, divided by the stated pace and "
                           "multiplied by the stated rate, from the ends of both ranges.",
                     named, BURDEN_COLUMNS, &table, err));
    size_t column = figure_column_find(figures, "conversations");
    for (size_t row = 0; row <= query->option_count; row++) {
        TRY(result_put_text(result, table,
                            row == query->option_count ? "everything" : query->options[row].id,
                            err));
        TRY(put_burden(answer, table, query, figure_at(figures, row, column), err));
    }
    for (size_t i = 0; i < 2; i++) {
        const struct plan_assumption *a = &plan->assumptions[i ? query->rate : query->pace];
        TRY(answer_note(answer, table,
                        result_printf(result, "%s: %.15g to %.15g %s (%s, %s).", a->title, a->low,
                                      a->high, a->unit, a->source, a->period),
                        err));
    }
    return result_note(result, table,
                       "One reading of each conversation found; nothing for collection, privilege "
                       "review, hosting or production. Cost is in the money that the rate names.",
                       err);
}
