/* A report over made logs: see made_report.h. */
#include "tests/support/made_report.h"

#include "base/memory.h"
#include "queries/told_answers.h"
#include "tests/support/support.h"

#include <stdlib.h>

/* As a scan would leave it for PLAN, whose queries all are in the catalogue. */
static struct scan_state state_of(const struct made *made, const struct plan *plan)
{
    struct scan_state state = made->state;
    char *dir = catalogue_part_dir(state.catalogue, state.logs.files[0].name, 0);
    state.query_count = plan->query_count;
    state.parts = mem_zalloc(1, sizeof *state.parts);
    assert_true(dir && state.parts);
    state.parts[0].hits_dirs = mem_zalloc(plan->query_count, sizeof(char *));
    for (size_t q = 0; q < plan->query_count; q++)
        if (plan->queries[q].scan_digest[0])
            state.parts[0].hits_dirs[q] =
                catalogue_segment_dir(dir, "hits", plan->queries[q].scan_digest);
    free(dir);
    return state;
}

static void release_state(struct scan_state *state)
{
    for (size_t q = 0; q < state->query_count; q++)
        free(state->parts[0].hits_dirs[q]);
    free(state->parts[0].hits_dirs);
    free(state->parts);
}

/* Counts what LEDGER keeps anew, behind the report's own tables. */
static void add_told(struct made_report *report, struct made_ledger *ledger)
{
    struct told_answers_count counts;
    struct error err = ERROR_INIT;
    if (ledger->remember && ledger->by_fields)
        made_ledger_recall_tables(ledger, &report->source, &report->tally, &report->told_tables);
    assert_ok(told_answers_add(&report->source, &report->told, UINT64_MAX, "other",
                               &made_ledger_key, &report->tally, &counts, &err),
              err);
    assert_int_equal(counts.together, ledger->remember ? ledger->query_count : 0);
    ledger->together += counts.together;
}

void made_report_init(struct made_report *report, struct made_ledger *ledger,
                      const struct made *made, const struct plan *plan,
                      const struct population *population)
{
    struct gate_policy policy = {.min_users = ledger->min_users};
    struct error err = ERROR_INIT;
    report->release = NULL;
    report->told_tables = (struct told_tables_count){0};
    assert_ok(told_plan_init(&report->told, plan, plan->filters_digest, &err), err);
    made_ledger_recall_queries(ledger, &report->told);
    report->state = state_of(made, &report->told.plan);
    report->source = (struct tally_source){plan, &report->state, &made->catalogue, population};
    tally_init(&report->tally);
    assert_ok(tally_run(&report->source, &report->tally, &err), err);
    report->own = report->tally.table_count;
    add_told(report, ledger);
    made_check_relations(&report->tally);
    enum status status = gate_release(&report->tally, &policy, &report->release, &err);
    if (status == STATUS_REFUSED && ledger->remember) {
        ledger->refused++;
        report->release = NULL;
    } else {
        assert_ok(status, err);
    }
}

void made_report_release(struct made_report *report)
{
    release_free(report->release);
    tally_release(&report->tally);
    release_state(&report->state);
    told_plan_release(&report->told);
}

size_t made_report_keep_counts(const struct made_report *report, struct made_ledger *ledger)
{
    const struct plan *plan = report->source.plan;
    size_t kept = 0;
    for (size_t i = 0; i < report->own; i++) {
        const struct tally_table *table = &report->tally.tables[i];
        if (table->query >= plan->query_count || plan->queries[table->query].kind != QUERY_COUNT)
            continue;
        made_ledger_keep_table(ledger, plan->filters_digest, table, report->release, i);
        kept++;
    }
    return kept;
}

size_t made_report_keep_queries(const struct made_report *report, struct made_ledger *ledger)
{
    const struct plan *plan = report->source.plan;
    size_t kept = 0;
    for (size_t q = 0; q < plan->query_count; q++)
        kept += made_ledger_keep_query(ledger, plan, q, &report->tally, report->release);
    return kept;
}
