/* The names that a report of a plan can hold: see outline.h. */
#include "report/answers/outline.h"

#include "base/buffer.h"

#include <stdlib.h>
#include <string.h>

/* A table of a query; columns by id, with one blank between two. */
struct outline_table {
    enum query_kind kind;
    const char *suffix; /* ".pairs"; "" for the query's own */
    const char *columns;
};

#define SPREAD                                                                                     \
    "stratum N population_share n sample_share expected difference chance_low chance_high "        \
    "p_value "                                                                                     \
    "p_value_together"

/* Columns that are named after fields or bins come from add_own. */
static const struct outline_table tables[] = {
    {QUERY_COUNT, "", "conversations exchanges users words turns share"},
    {QUERY_TERMS, "",
     "term query parsed status conversations exchanges turns users occurrences "
     "unique_conversations added_conversations prompt_only output_only share warnings"},
    {QUERY_TERMS, ".pairs", "term other conversations"},
    {QUERY_TERMS, ".by", "conversations users share"},
    {QUERY_TOPICS, "",
     "group topic conversations users share exchanges words corrected corrected_low "
     "corrected_high difference difference_low difference_high"},
    {QUERY_TOPICS, ".spread", SPREAD},
    {QUERY_TOPICS, ".agreement", "reviewers units agreed observed kappa ac1 method"},
    {QUERY_TOPICS, ".confusion", "first relevant irrelevant unreadable"},
    {QUERY_RELEVANCE, "",
     "definition unit stratum N n relevant unreadable prevalence prevalence_low prevalence_high "
     "count count_low count_high method confidence"},
    {QUERY_RELEVANCE, ".spread", SPREAD},
    {QUERY_RELEVANCE, ".agreement", "reviewers units agreed observed kappa ac1 method"},
    {QUERY_RELEVANCE, ".confusion", "first relevant irrelevant unreadable"},
    {QUERY_RELEVANCE, ".changes", "then none relevant irrelevant unreadable differing"},
    {QUERY_RELEVANCE, ".search",
     "search measure N n relevant value value_low value_high confidence"},
    {QUERY_RELEVANCE, ".checks", "stratum cleared checked overturned unclear"},
    {QUERY_CLAIM, "",
     "claim bound confidence p_value verdict labels_needed set N allowed relevant_low "
     "relevant_high would_change p_value_together"},
    {QUERY_OVERLAP, "", "side words conversations share exchanges users"},
    {QUERY_OVERLAP, ".words",
     "side words in_runs share_in_runs supplied share_supplied originated share_originated"},
    {QUERY_OVERLAP, ".works", "work conversations exchanges users prompts supplied originated"},
    {QUERY_OVERLAP, ".read", "what count"},
    {QUERY_IDENTIFIERS, "", "kind name conversations exchanges users occurrences share checked"},
    {QUERY_REGEX, "",
     "pattern expression status conversations exchanges turns users occurrences share warnings"},
    {QUERY_PROPOSALS, "",
     "option what conversations exchanges users words share left precision precision_low "
     "precision_high recall recall_low recall_high elusion elusion_low elusion_high "
     "bystanders_low bystanders_high per_relevant_low per_relevant_high"},
    {QUERY_PROPOSALS, ".burden", "option conversations hours_low hours_high cost_low cost_high"},
};

static const char *const runs[] = {
    "program_version", "term_language_version",
    "plan_sha256",     "catalogue_sha256",
    "logs_sha256",     "files",
    "bytes",           "further_word_characters",
    "noise_words",     "population_filters_sha256",
    "run_id",          "previous_report_sha256",
};

static const char *const exact_facts[] = {"banner", "in_short",    "min_users", "figures_withheld",
                                          "ledger", "ledger_head", "rules",     NULL};
static const char *const noisy_facts[] = {
    "banner",        "mechanism", "law",         "unit",       "rho",
    "epsilon",       "delta",     "confidence",  "budget_rho", "spent_rho",
    "spent_epsilon", "ledger",    "ledger_head", "rules",      NULL};

/* The columns of a table, gathered; names are in the result's arena. */
struct gathered {
    struct result *result;
    bool noisy;
    struct result_column *columns;
    size_t count, capacity;
};

static enum status add_column(struct gathered *g, const char *id, struct error *err)
{
    if (!id)
        return error_nomem(err);
    if (g->count == g->capacity) {
        size_t wanted = g->capacity ? g->capacity * 2 : 32;
        struct result_column *grown = arena_zalloc(&g->result->arena, wanted, sizeof *grown);
        if (!grown)
            return error_nomem(err);
        if (g->count)
            memcpy(grown, g->columns, g->count * sizeof *grown);
        g->columns = grown;
        g->capacity = wanted;
    }
    g->columns[g->count++] = (struct result_column){id, id, RESULT_STRING, ""};
    return STATUS_OK;
}

/* With noise also the ends of X. */
static enum status add_measure(struct gathered *g, const char *id, struct error *err)
{
    TRY(add_column(g, id, err));
    if (!id || !g->noisy)
        return STATUS_OK;
    TRY(add_column(g, result_printf(g->result, "%s_low", id), err));
    return add_column(g, result_printf(g->result, "%s_high", id), err);
}

static enum status add_named(struct gathered *g, const char *names, struct error *err)
{
    while (*names) {
        size_t len = strcspn(names, " ");
        TRY(add_measure(g, result_printf(g->result, "%.*s", (int)len, names), err));
        names += len + (names[len] == ' ');
    }
    return STATUS_OK;
}

/* Columns that the query names itself, before (or, of bins, after) the others. */
static enum status add_fields(struct gathered *g, const struct plan_query *query, struct error *err)
{
    if (query->kind == QUERY_TERMS)
        TRY(add_column(g, "term", err));
    for (size_t i = 0; i < query->by_count; i++)
        TRY(add_column(g, query->by[i].name, err));
    return STATUS_OK;
}

static enum status add_bins(struct gathered *g, const struct plan_query *query, struct error *err)
{
    for (size_t i = 0; i < query->bin_count; i++)
        TRY(add_measure(g, result_printf(g->result, "at_least_%u", (unsigned)query->bins[i]), err));
    return STATUS_OK;
}

static enum status add_table(struct result *result, const char *id, struct gathered *g,
                             struct error *err)
{
    struct result_table *table;
    if (!id)
        return error_nomem(err);
    return result_table_add(result, id, "", "", "", g->columns, g->count, &table, err);
}

/* Of a figure against the previous report's. */
#define CHANGE                                                                                     \
    "figure standing previous previous_low previous_high present present_low present_high change " \
    "change_low change_high level direction"

/* The tables of what changed: keys and figures of one that is told itself. */
static enum status add_changes(struct result *result, const char *id, const struct gathered *of,
                               struct error *err)
{
    static const char *const suffixes[] = {"change", "share_change"};
    for (size_t i = 0; i < 2; i++) {
        struct gathered g = {.result = result};
        for (size_t c = 0; c < of->count; c++)
            TRY(add_column(&g, of->columns[c].id, err));
        TRY(add_named(&g, CHANGE, err));
        TRY(add_table(result, result_printf(result, "%s.%s", id, suffixes[i]), &g, err));
    }
    return STATUS_OK;
}

/* A sample is told of where a query is the first to name it. */
static bool has_spread(const struct plan *plan, const struct plan_query *query)
{
    return query->sample_path && plan_sample_query(plan, (size_t)(query - plan->queries)) ==
                                     (size_t)(query - plan->queries);
}

static enum status add_query(struct result *result, const struct plan *plan,
                             const struct plan_query *query, struct error *err)
{
    TRY(result_pair_add(result, &result->summary, query->id, "", err));
    for (size_t i = 0; i < sizeof tables / sizeof *tables; i++) {
        const struct outline_table *t = &tables[i];
        struct gathered g = {.result = result, .noisy = plan->release.noise.mechanism != NULL};
        bool by = strcmp(t->suffix, ".by") == 0;
        if (t->kind != query->kind || (by && query->by_count == 0) ||
            (strcmp(t->suffix, ".spread") == 0 && !has_spread(plan, query)))
            continue;
        if (by || (!*t->suffix && query->kind == QUERY_COUNT))
            TRY(add_fields(&g, query, err));
        TRY(add_named(&g, t->columns, err));
        if (strcmp(t->suffix, ".works") == 0)
            TRY(add_bins(&g, query, err));
        const char *id = result_printf(result, "%s%s", query->id, t->suffix);
        TRY(add_table(result, id, &g, err));
        TRY(add_changes(result, id, &g, err));
    }
    return STATUS_OK;
}

/* A table that belongs to no query. */
static enum status add_other(struct result *result, const struct plan *plan, const char *id,
                             const char *columns, struct error *err)
{
    struct gathered g = {.result = result, .noisy = plan->release.noise.mechanism != NULL};
    TRY(add_named(&g, columns, err));
    return add_table(result, id, &g, err);
}

/* All claims side by side, where there are several. */
static enum status add_claims(struct result *result, const struct plan *plan, struct error *err)
{
    size_t count = 0;
    for (size_t i = 0; i < plan->query_count; i++)
        count += plan->queries[i].kind == QUERY_CLAIM;
    if (count < 2)
        return STATUS_OK;
    return add_other(result, plan, result_table_find(result, "claims") ? "all_claims" : "claims",
                     "definition unit claim verdict N n relevant allowed relevant_low "
                     "relevant_high confidence p_value_together would_change table",
                     err);
}

enum status answers_outline(const struct plan *plan, struct result *result, struct error *err)
{
    const char *const *facts = plan->release.noise.mechanism ? noisy_facts : exact_facts;
    for (size_t i = 0; i < sizeof runs / sizeof *runs; i++)
        TRY(result_pair_add(result, &result->run, runs[i], "", err));
    for (size_t i = 0; facts[i]; i++)
        TRY(result_pair_add(result, &result->release, facts[i], "", err));
    TRY(add_other(result, plan, "completeness", "reason records share items", err));
    for (size_t i = 0; i < plan->query_count; i++)
        TRY(add_query(result, plan, &plan->queries[i], err));
    TRY(add_claims(result, plan, err));
    bool samples = false;
    for (size_t i = 0; i < plan->query_count; i++)
        samples = samples || plan->queries[i].sample_path;
    if (samples)
        TRY(add_other(result, plan,
                      result_table_find(result, "redraw") ? "redraw_samples" : "redraw",
                      "sample unit N n strata draw_number seed_source seed_time frame_sha256 "
                      "sample_sha256 frame_command draw_command",
                      err));
    TRY(add_other(result, plan, "series", "table title comparison why", err));
    if (plan->risk_count)
        TRY(add_other(result, plan, "risks", "risk what likelihood severity measure source", err));
    if (plan->assumption_count == 0)
        return STATUS_OK;
    return add_other(result, plan,
                     result_table_find(result, "assumptions") ? "stated_assumptions"
                                                              : "assumptions",
                     "assumption what low high unit source period", err);
}
