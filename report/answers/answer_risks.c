/* The plan's risks as a table, in the words and levels of whoever states them. */
#include "report/answers/answer_risks.h"

static const struct result_column columns[] = {
    {"risk", "Risk", RESULT_STRING, ""},
    {"what", "What could happen", RESULT_STRING, ""},
    {"likelihood", "Likelihood", RESULT_STRING, ""},
    {"severity", "Severity", RESULT_STRING, ""},
    {"measure", "Measures", RESULT_STRING, ""},
    {"source", "Source", RESULT_STRING, ""},
};

enum status answer_risks(struct answer *answer, struct error *err)
{
    const struct plan *plan = answer->plan;
    struct result *result = answer->result;
    struct result_table *table;
    if (plan->risk_count == 0)
        return STATUS_OK;
    const char *id = result_table_find(result, "risks") ? "stated_risks" : "risks";
    TRY(result_table_add(result, id, "risks", "Risks", "", columns,
                         sizeof columns / sizeof *columns, &table, err));
    table->method = "Levels, from the least: negligible, limited, significant, maximum (the scale "
                    "of CNIL's privacy impact assessment, 2018).";
    for (size_t i = 0; i < plan->risk_count; i++) {
        const struct plan_risk *risk = &plan->risks[i];
        const char *const texts[] = {risk->id,       risk->title,   risk->likelihood,
                                     risk->severity, risk->measure, risk->source};
        for (size_t t = 0; t < sizeof texts / sizeof *texts; t++)
            TRY(result_put_text(result, table, texts[t], err));
    }
    return result_note(result, table,
                       "Stated by whoever wrote the plan, in their words: a judgement, with the "
                       "measures taken as they are. Nothing here is computed from the logs.",
                       err);
}
