/* proffer check: what a plan asks, without touching what the logs say. */
#include "base/file.h"
#include "cli/draft.h"
#include "cli/noise_run.h"
#include "cli/pipeline.h"
#include "cli/previous.h"
#include "queries/question_set.h"
#include "release/accountant.h"
#include "stats/partition_selection.h"

#include "base/civil.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

/* Bytes of a rule that is shown as it is written, and not once more as it is read. */
enum { RULE_LONG = 200 };

static bool is_long_rule(const struct plan_term *term, bool named)
{
    return !named && term->parsed && strlen(term->source) > RULE_LONG;
}

/* The parsed form, unless it is the term as written. */
static void show_term(const struct plan_term *term, bool named)
{
    if (named)
        printf("    %-12s %s\n", term->name, term->source);
    else
        printf("    %-12s %s\n", "", term->source ? term->source : "no rule: never assigned");
    if (term->problem)
        printf("    %-12s error: %s\n", "", term->problem);
    else if (term->parsed && !is_long_rule(term, named) && strcmp(term->parsed, term->source) != 0)
        printf("    %-12s read as: %s\n", "", term->parsed);
    for (size_t i = 0; i < term->warning_count; i++)
        printf("    %-12s warning: %s\n", "", term->warnings[i]);
}

static void show_topic(const struct plan_topic *topic)
{
    bool grouped = topic->group && topic->group[0];
    printf("    %s%s%s\n", grouped ? topic->group : "", grouped ? " / " : "", topic->name);
    show_term(&topic->term, false);
}

static void show_query(const struct plan *plan, const struct plan_query *query)
{
    static const char *const spans[] = {
        [PLAN_TURN] = "turn", [PLAN_EXCHANGE] = "exchange", [PLAN_CONVERSATION] = "conversation"};
    printf("  %s (%s)\n", query->id, query_types[query->kind].name);
    if (query->by_count) {
        printf(query->kind == QUERY_TERMS ? "    also by" : "    by");
        for (size_t i = 0; i < query->by_count; i++)
            printf("%s %s", i ? "," : "", query->by[i].name);
        printf("\n");
    }
    if (query->kind == QUERY_TERMS || query->topic_count)
        printf("    within one %s\n", spans[query->within]);
    bool long_rules = false;
    for (size_t i = 0; i < query_term_slots(query); i++)
        if (query->kind == QUERY_TOPICS) {
            show_topic(&query->topics[i]);
            long_rules |= is_long_rule(&query->topics[i].term, false);
        } else {
            show_term(&query->terms[i], true);
        }
    if (long_rules)
        printf("    long rules are shown as written; proffer explain says how one is read\n");
    if (query->kind == QUERY_IDENTIFIERS)
        printf("    values set aside for examples: %s\n", query->examples ? "counted" : "skipped");
    if (query->kind == QUERY_REGEX)
        printf("    within one turn, %s, %s classes\n",
               query->ignore_case ? "case ignored" : "case-sensitive",
               query->unicode_classes ? "Unicode" : "ASCII");
    if (query->kind == QUERY_RELEVANCE)
        printf("    definition: %s\n    sample: %s\n    labels: %s\n", query->definition,
               query->sample_path ? query->sample_path : "none named",
               query->labels_path ? query->labels_path : "none named");
    if (query->kind == QUERY_RELEVANCE && query->check_path)
        printf("    labels checked: %s\n", query->check_path);
    if (query->kind == QUERY_OVERLAP)
        printf("    works: %zu %s; runs of at least %" PRIu32 " words\n", query->work_file_count,
               query->work_file_count == 1 ? "file" : "files", query->min_words);
    if (query->kind == QUERY_CLAIM)
        printf("    claim: at least %s irrelevant, as \"%s\" defines it\n", query->at_least,
               plan->queries[query->of].id);
}

static void show_day(const char *before, int64_t day)
{
    struct civil_date date = civil_from_days(day);
    printf("%s%04d-%02d-%02d", before, date.year, date.month, date.day);
}

static void show_population(const struct plan *plan)
{
    bool from = plan->population.from != INT64_MIN, to = plan->population.to != INT64_MAX;
    printf("population:");
    if (from)
        show_day(" from ", plan->population.from);
    if (to)
        show_day(" to ", plan->population.to);
    if (from || to)
        printf(" (both days included, UTC)");
    for (size_t i = 0; i < plan->population.filter_count; i++) {
        const struct plan_filter *filter = &plan->population.filters[i];
        printf("%s %s %s is one of %zu %s", i || from || to ? "," : "",
               filter->exclude ? "not where" : "only where", filter->field.name,
               filter->value_count, filter->value_count == 1 ? "value" : "values");
    }
    printf("%s\n",
           from || to || plan->population.filter_count ? "" : " all accepted conversations");
}

static void show_plan(const struct plan *plan)
{
    printf("plan: %s\nlogs:", plan->title);
    for (size_t i = 0; i < plan->logs.path_count; i++)
        printf("%s %s", i ? "," : "", plan->logs.paths[i]);
    printf(" (format %s)\n", plan->logs.format);
    show_population(plan);
    printf("queries:%s\n", plan->query_count ? "" : " none, only what was read and left out");
    for (size_t i = 0; i < plan->query_count; i++)
        show_query(plan, &plan->queries[i]);
    if (plan->release.noise.mechanism)
        return;
    printf("release: exact counts, no noise; ");
    if (plan->release.min_users > 1)
        printf("cells of 1 to %" PRIu32 " users are withheld%s%s%s\n", plan->release.min_users - 1,
               plan->release.preset ? " (" : "", plan->release.preset ? plan->release.preset : "",
               plan->release.preset ? ")" : "");
    else
        printf("nothing is withheld\n");
    if (plan->release.min_conversations > 1)
        printf("         so are counts of 1 to %" PRIu32 " conversations\n",
               plan->release.min_conversations - 1);
    if (plan->release.dominance > 0 && plan->release.min_users > 1)
        printf("         so are cells of which one user has more than %g %%\n",
               100 * plan->release.dominance);
    printf("cost: none, since without noise no privacy budget is spent\n");
}

/* ---- noise ---- */

static void show_item(const struct plan *plan, const struct noise_policy *policy,
                      const struct noise_item *item)
{
    char cost[RHO_TEXT];
    rho_text(item->cost, cost);
    printf("  %s: rho %s, ", *item->id ? item->id : "population", cost);
    if (item->selected)
        printf("groups of %" PRIu64 " users or more for certain, at delta %.3g\n",
               partition_certain(item->select_epsilon, item->select_delta),
               (double)item->delta_cost / (double)DELTA_ONE);
    else
        printf("%" PRIu64 " %s\n", item->rows, item->rows == 1 ? "row" : "rows");
    for (size_t i = 0; i < item->measure_count; i++) {
        const struct noise_measure *m = &item->measures[i];
        struct noise_law law = mechanism_law(policy->mechanism, m->scale);
        printf("    %-22s sigma %-10.4g plus or minus %" PRId64 "\n", m->column,
               sqrt(noise_law_variance(&law)), m->half_width);
    }
    bool claim = item->query != SIZE_MAX && plan->queries[item->query].kind == QUERY_CLAIM;
    if (claim)
        printf("    nothing of its own: decided by what is told of \"%s\"\n",
               plan->queries[plan->queries[item->query].of].id);
    else if (item->measure_count == 0)
        printf("    nothing of its own: the population's numbers alone\n");
}

/* What the ledger has left; one that is not there yet has all of it. */
static enum status show_ledger(const struct plan *plan, uint64_t cost, struct error *err)
{
    struct ledger *ledger;
    char asked[RHO_TEXT], left[RHO_TEXT], budget[RHO_TEXT];
    rho_text(cost, asked);
    if (!file_exists(plan->release.ledger)) {
        printf("cost: rho %s; the ledger will be made at the first run\n", asked);
        return STATUS_OK;
    }
    TRY(ledger_look(plan->release.ledger, &ledger, err));
    uint64_t rest = ledger_spent(ledger) < ledger_budget(ledger)
                        ? ledger_budget(ledger) - ledger_spent(ledger)
                        : 0;
    rho_text(rest, left);
    rho_text(ledger_budget(ledger), budget);
    printf("cost: rho %s at most; %s of the matter's budget of %s is left%s\n", asked, left, budget,
           cost > rest ? ", so that only what was asked before could be told" : "");
    ledger_close(ledger);
    return STATUS_OK;
}

static enum status show_noise(const struct plan *plan, struct error *err)
{
    struct noise noise;
    enum status status = noise_init(&noise, plan, err);
    uint64_t cost = 0;
    if (status == STATUS_OK) {
        const struct noise_policy *policy = &noise.policy;
        printf("release: %s; half widths at %g %%, each figure by itself\n",
               policy->mechanism->title, 100 * policy->confidence);
        for (size_t i = 0; noise.gate.caps[i]; i++)
            printf("  %s\n", noise.gate.caps[i]);
        for (size_t i = 0; i < policy->item_count; i++) {
            show_item(plan, policy, &policy->items[i]);
            cost += policy->items[i].cost;
        }
        status = show_ledger(plan, cost, err);
    }
    noise_release(&noise);
    return status;
}

static bool ends_with(const char *text, const char *end)
{
    size_t len = strlen(text), end_len = strlen(end);
    return end_len <= len && strcmp(text + len - end_len, end) == 0;
}

/* Is the warning one that stands under its term already? */
static bool is_of_term(const struct plan *plan, const char *warning)
{
    for (size_t q = 0; q < plan->query_count; q++)
        for (size_t i = 0; i < query_term_slots(&plan->queries[q]); i++) {
            const struct plan_term *term = query_term(&plan->queries[q], i);
            if (term->problem && ends_with(warning, term->problem))
                return true;
            for (size_t w = 0; w < term->warning_count; w++)
                if (ends_with(warning, term->warnings[w]))
                    return true;
        }
    return false;
}

static void show_warnings(const struct plan *plan)
{
    for (size_t i = 0; i < plan->warning_count; i++)
        if (!is_of_term(plan, plan->warnings[i]))
            printf("warning: %s\n", plan->warnings[i]);
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
        for (size_t i = 0; status == STATUS_OK && i < logs.file_count; i++)
            status = log_file_peek(&logs.files[i], &setup.logs, stdout, err);
        log_set_release(&logs);
    }
    scan_setup_release(&setup);
    return status;
}

/* A term that does not parse becomes a row with a status; here it is the plan's error. */
static enum status check_terms(const struct plan *plan, struct error *err)
{
    const struct plan_term *first = NULL;
    const char *query = NULL;
    size_t count = 0, bad = 0;
    bool patterns = false;
    for (size_t q = 0; q < plan->query_count; q++) {
        if (plan->queries[q].kind == QUERY_IDENTIFIERS)
            continue;
        patterns |= plan->queries[q].kind == QUERY_REGEX;
        for (size_t i = 0; i < query_term_slots(&plan->queries[q]); i++, count++) {
            const struct plan_term *term = query_term(&plan->queries[q], i);
            if (!term->problem)
                continue;
            if (!first) {
                first = term;
                query = plan->queries[q].id;
            }
            bad++;
        }
    }
    if (!first)
        return STATUS_OK;
    (void)error_set(err, STATUS_PLAN, plan->path, "%zu of %zu %s %s not parse", bad, count,
                    patterns ? "terms and patterns" : "terms", bad == 1 ? "does" : "do");
    error_hint(err, "%s in query \"%s\": %s", first->name, query, first->problem);
    return STATUS_PLAN;
}

static enum status check_previous(const struct plan *plan, bool quiet, struct error *err)
{
    struct previous previous;
    enum status status = previous_init(&previous, plan, err);
    if (status == STATUS_OK && previous.report && !quiet)
        printf("compared with: %s, %zu tables\n", plan->report.previous,
               previous.report->table_count);
    previous_release(&previous);
    return status;
}

enum status command_check(const struct arguments *arguments, struct error *err)
{
    struct pipeline pipeline;
    const struct plan *plan = &pipeline.plan;
    struct draft_form *form = NULL;
    enum status status = STATUS_OK;
    TRY_CLEANUP(pipeline_plan(&pipeline, arguments, err));
    TRY_CLEANUP(draft_open(plan, &form, err));
    if (!arguments->values[OPTION_QUIET]) {
        show_plan(plan);
        if (form)
            printf("draft: %s fills %s; places that a person fills: %zu\n", plan->report.draft_form,
                   plan->report.draft, draft_form_blanks(form));
        if (plan->release.noise.mechanism)
            TRY_CLEANUP(show_noise(plan, err));
        show_warnings(plan);
    }
    TRY_CLEANUP(check_previous(plan, arguments->values[OPTION_QUIET] != NULL, err));
    if (arguments->values[OPTION_PEEK])
        TRY_CLEANUP(peek(plan, err));
    status = check_terms(plan, err);
cleanup:
    draft_form_free(form);
    pipeline_close(&pipeline);
    return status;
}
