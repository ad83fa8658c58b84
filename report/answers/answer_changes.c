/* Labels that changed since an earlier report of the same sample: see answer_judgement.h. */
#include "report/answers/answer_judgement.h"

static const char *const label_names[FIGURE_LABELS] = {"none", "relevant", "irrelevant",
                                                       "unreadable", "reviewers differ"};

static const struct result_column columns[] = {
    {"then", "Label then", RESULT_STRING, ""},
    {"none", "Now: none", RESULT_COUNT, "conversations"},
    {"relevant", "Now: relevant", RESULT_COUNT, "conversations"},
    {"irrelevant", "Now: irrelevant", RESULT_COUNT, "conversations"},
    {"unreadable", "Now: unreadable", RESULT_COUNT, "conversations"},
    {"differing", "Now: reviewers differ", RESULT_COUNT, "conversations"},
};
enum { COLUMNS = sizeof columns / sizeof *columns };

/* Units that had a label and have another one or none now. */
static const char *changed_words(struct answer *answer, const struct figure_sample *f)
{
    uint64_t had = 0, changed = 0;
    for (size_t i = FIGURE_LABELS; i < (size_t)FIGURE_LABELS * FIGURE_LABELS; i++) {
        had += f->changes.units[i].value;
        changed += i / FIGURE_LABELS == i % FIGURE_LABELS ? 0 : f->changes.units[i].value;
    }
    return result_printf(answer->result,
                         "Of the %s %s that had a label at the earlier report, %s have another "
                         "label or none now.",
                         answer_count_words(answer, had), f->units,
                         answer_count_words(answer, changed));
}

enum status answer_changes(struct answer *answer, size_t query_index,
                           const struct answer_sample *sample, struct error *err)
{
    const struct plan_query *query = &answer->plan->queries[query_index];
    const struct figure_sample *f = sample->figures;
    struct result *result = answer->result;
    struct result_table *table;
    struct result_column *own;
    if (!f || !f->changes.compared)
        return STATUS_OK;
    const char *id = result_printf(result, "%s.changes", query->id);
    const char *title = result_printf(result, "%s: labels changed", query->title);
    if (!id || !title)
        return error_nomem(err);
    TRY(answer_unit_columns(answer, f->units, columns, COLUMNS, &own, err));
    TRY(answer_table(answer, id, "changes", title, f->units,
                     "Drawn units by their label in the earlier file that the plan names and their "
                     "label now.",
                     own, COLUMNS, &table, err));
    for (size_t i = 0; i < FIGURE_LABELS; i++) {
        TRY(result_put_text(result, table, label_names[i], err));
        for (size_t j = 0; j < FIGURE_LABELS; j++)
            TRY(answer_put_figure(answer, table, f->changes.units[i * FIGURE_LABELS + j], err));
    }
    if (f->changes.units[0].state == FIGURE_WITHHELD)
        return STATUS_OK;
    return answer_note(answer, table, changed_words(answer, f), err);
}
