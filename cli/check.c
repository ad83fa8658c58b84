/* proffer check: what a plan asks, without touching what the logs say. */
#include "cli/pipeline.h"
#include "queries/question_set.h"

#include <inttypes.h>
#include <stdio.h>

static void show_term(const struct plan_term *term)
{
    if (!term->source) {
        printf("    %-28s no rule: never assigned\n", term->name ? term->name : "");
        return;
    }
    printf("    %-12s %s\n", term->name ? term->name : "", term->source);
    if (term->problem)
        printf("    %-12s error: %s\n", "", term->problem);
    else
        printf("    %-12s read as: %s\n", "", term->parsed);
    for (size_t i = 0; i < term->warning_count; i++)
        printf("    %-12s warning: %s\n", "", term->warnings[i]);
}

static void show_query(const struct plan_query *query)
{
    printf("  %s (%s)\n", query->id, query_types[query->kind].name);
    if (query->by_count) {
        printf("    by");
        for (size_t i = 0; i < query->by_count; i++)
            printf(" %s", query->by[i].name);
        printf("\n");
    }
    for (size_t i = 0; i < query_term_slots(query); i++) {
        if (query->kind == QUERY_TOPICS)
            printf("    %s%s%s\n", query->topics[i].group ? query->topics[i].group : "",
                   query->topics[i].group && query->topics[i].group[0] ? " / " : "",
                   query->topics[i].name);
        show_term(query_term(query, i));
    }
    if (query->definition)
        printf("    definition: %s\n", query->definition);
    if (query->at_least)
        printf("    claim: at least %s irrelevant\n", query->at_least);
}

static enum status peek(const struct plan *plan, struct error *err)
{
    struct scan_setup setup;
    struct log_set logs;
    enum status status = scan_setup_init(&setup, plan, err);
    if (status == STATUS_OK)
        status = log_set_open(&logs, &setup.logs, err);
    if (status == STATUS_OK) {
        printf("log files: %zu, parts: %zu, bytes: %" PRIu64 "\n", logs.file_count, logs.part_count,
               logs.bytes);
        for (size_t i = 0; status == STATUS_OK && i < logs.file_count; i++) {
            printf("  %s\n", logs.files[i].name);
            status = log_file_peek(&logs.files[i], &setup.logs, stdout, err);
        }
        log_set_release(&logs);
    }
    scan_setup_release(&setup);
    return status;
}

enum status command_check(const struct arguments *arguments, struct error *err)
{
    struct pipeline pipeline;
    const struct plan *plan = &pipeline.plan;
    enum status status = STATUS_OK;
    TRY_CLEANUP(pipeline_plan(&pipeline, arguments, err));
    if (!arguments->values[OPTION_QUIET]) {
        printf("plan: %s\n", plan->title);
        printf("queries:\n");
        for (size_t i = 0; i < plan->query_count; i++)
            show_query(&plan->queries[i]);
        printf("release: exact counts, no noise; ");
        if (plan->release.min_users > 1)
            printf("cells of 1 to %" PRIu32 " users are withheld\n", plan->release.min_users - 1);
        else
            printf("nothing is withheld\n");
    }
    if (arguments->values[OPTION_PEEK])
        TRY_CLEANUP(peek(plan, err));
    /* A term that does not parse becomes a row with a status; here it is the plan's error. */
    for (size_t q = 0; q < plan->query_count; q++)
        for (size_t i = 0; i < query_term_slots(&plan->queries[q]); i++) {
            const struct plan_term *term = query_term(&plan->queries[q], i);
            if (term->problem) {
                status = error_set(err, STATUS_PLAN, plan->queries[q].id, "term %s: %s", term->name,
                                   term->problem);
                goto cleanup;
            }
        }
cleanup:
    pipeline_close(&pipeline);
    return status;
}
