/* Noise in the plan: `release.noise`, `budget`, caps. See plan_parts.h. */
#include "queries/noise_shape.h"
#include "queries/plan_keys.h"
#include "queries/plan_parts.h"
#include "queries/terms_by.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The shortest decimal that reads back as the member's number; *OUT is NULL where it is absent. */
static enum status get_decimal(struct plan_reader *reader, const struct json_node *node,
                               const char *key, double most, char **out)
{
    struct json_node member;
    char text[40];
    *out = NULL;
    if (!json_get(node, key, &member))
        return STATUS_OK;
    double number = json_node_number(&member);
    if (!(number > 0))
        return json_fault(&member, reader->err, "must be above 0");
    if (!(number >= 1e-12))
        return json_fault(&member, reader->err,
                          "must be at least 1e-12: noise would drown whatever it is added to");
    if (!(number <= most) || (most == 1 && number == 1))
        return json_fault(&member, reader->err,
                          most == 1 ? "must be below 1" : "must be at most 1,000,000");
    for (int digits = 1; digits <= 17; digits++) {
        snprintf(text, sizeof text, "%.*g", digits, number);
        if (strtod(text, NULL) == number)
            break;
    }
    *out = arena_strndup(&reader->plan->arena, text, strlen(text));
    return *out ? STATUS_OK : error_nomem(reader->err);
}

static enum status missing(struct plan_reader *reader, const struct json_node *release,
                           const char *key, const char *why, const char *hint)
{
    json_fault(release, reader->err, "with noise the key \"%s\" is needed: %s", key, why);
    return error_hint(reader->err, "%s", hint);
}

static enum status read_mechanism(struct plan_reader *reader, const struct json_node *node)
{
    struct plan_noise *noise = &reader->plan->release.noise;
    TRY(json_check(node, &noise_keys, reader->err));
    bool laplace = json_get_choice(node, &noise_keys, "mechanism") == 1;
    const char *own = laplace ? "epsilon" : "rho", *other = laplace ? "rho" : "epsilon";
    struct json_node member;
    noise->mechanism = laplace ? "discrete-laplace" : "discrete-gaussian";
    if (json_get(node, other, &member))
        return json_fault(&member, reader->err, "%s is paid for in %s", noise->mechanism, own);
    TRY(get_decimal(reader, node, own, 1e6, &noise->amount));
    if (!noise->amount)
        return json_fault(node, reader->err, "the key \"%s\" is missing: what this plan may spend",
                          own);
    struct json_node select;
    if (json_get(node, "select", &select)) {
        TRY(json_check(&select, &select_keys, reader->err));
        TRY(get_decimal(reader, &select, "epsilon", 1e6, &noise->select_epsilon));
        TRY(get_decimal(reader, &select, "delta", 1, &noise->select_delta));
    }
    return get_decimal(reader, node, "delta", 1, &noise->delta);
}

static enum status read_budget(struct plan_reader *reader, const struct json_node *release)
{
    struct plan_noise *noise = &reader->plan->release.noise;
    struct json_node budget;
    char *delta = noise->delta, *epsilon;
    if (!json_get(release, "budget", &budget))
        return missing(reader, release, "budget", "what may be spent on the matter in all, ever",
                       "\"budget\": {\"rho\": 1, \"delta\": 1e-9}");
    TRY(json_check(&budget, &budget_keys, reader->err));
    TRY(get_decimal(reader, &budget, "rho", 1e6, &noise->budget));
    TRY(get_decimal(reader, &budget, "epsilon", 1e6, &epsilon));
    TRY(get_decimal(reader, &budget, "delta", 1, &noise->delta));
    if (!noise->budget == !epsilon)
        return json_fault(&budget, reader->err, "one of \"rho\" and \"epsilon\" says how much");
    noise->budget_is_epsilon = epsilon != NULL;
    if (epsilon)
        noise->budget = epsilon;
    if (delta && strcmp(delta, noise->delta) != 0)
        return json_fault(&budget, reader->err,
                          "its delta is %s and that of the noise %s: they are one", noise->delta,
                          delta);
    return STATUS_OK;
}

static uint32_t clamp_of(const struct json_node *node, const char *key)
{
    struct json_node member;
    return json_get(node, key, &member) ? (uint32_t)json_node_integer(&member) : 0;
}

static enum status read_caps(struct plan_reader *reader, const struct json_node *release)
{
    struct plan_noise *noise = &reader->plan->release.noise;
    struct json_node caps;
    if (!json_get(release, "per_user", &caps))
        return missing(reader, release, "per_user",
                       "without a cap one user could change a count without limit",
                       "\"per_user\": {\"conversations\": 10}");
    TRY(json_check(&caps, &per_user_keys, reader->err));
    noise->conversations = clamp_of(&caps, "conversations");
    if (!json_get(release, "per_conversation", &caps))
        return STATUS_OK;
    TRY(json_check(&caps, &per_conversation_keys, reader->err));
    noise->exchanges = clamp_of(&caps, "exchanges");
    noise->turns = clamp_of(&caps, "turns");
    noise->words = clamp_of(&caps, "words");
    noise->occurrences = clamp_of(&caps, "occurrences");
    return STATUS_OK;
}

enum status plan_read_noise(struct plan_reader *reader, const struct json_node *release)
{
    static const char *const only[] = {"budget", "per_user", "per_conversation", "invariants"};
    struct plan *plan = reader->plan;
    struct json_node node, member;
    if (!json_get(release, "noise", &node))
        node = (struct json_node){.value = NULL};
    const char *text = json_node_text(&node);
    if (json_node_kind(&node) == JSON_KIND_ABSENT || (text && strcmp(text, "none") == 0)) {
        for (size_t i = 0; i < sizeof only / sizeof *only; i++)
            if (json_get(release, only[i], &member))
                return json_fault(&member, reader->err, "goes with noise, and there is none");
        return STATUS_OK;
    }
    if (json_node_kind(&node) != JSON_KIND_OBJECT) {
        json_fault(&node, reader->err, "must be \"none\" or an object in braces");
        return error_hint(reader->err,
                          "\"noise\": {\"mechanism\": \"discrete-gaussian\", \"rho\": 0.1}");
    }
    TRY(read_mechanism(reader, &node));
    TRY(read_budget(reader, release));
    TRY(read_caps(reader, release));
    plan->release.noise.weight = (uint32_t)json_get_integer(release, &release_keys, "weight");
    if (!plan->release.ledger)
        return missing(reader, release, "ledger",
                       "what was spent must not be forgotten between two runs",
                       "\"ledger\": \"ledger.db\"");
    return json_get_texts(release, "invariants", &plan->arena, &plan->release.noise.invariants,
                          &plan->release.noise.invariant_count, reader->err);
}

/* ---- what noise can be put on ---- */

/* Groups that the plan fixes: which ones there are must not follow from the logs. */
static enum status check_field(struct plan_reader *reader, const struct plan_query *query,
                               const struct plan_field *field)
{
    bool paid = reader->plan->release.noise.select_epsilon && query->kind != QUERY_TERMS;
    if (field->kind != PLAN_FIELD_STORED || field->values || field->bins || paid)
        return STATUS_OK;
    (void)error_set(reader->err, STATUS_PLAN, reader->plan->path,
                    "query \"%s\" counts by \"%s\", whose values come from the logs: which ones "
                    "there are would leave without noise",
                    query->id, field->name);
    if (query->kind == QUERY_TERMS)
        return error_hint(reader->err,
                          "list those of interest: {\"field\": \"%s\", \"values\": [...]}, all "
                          "others are one row",
                          field->name);
    return error_hint(reader->err,
                      "list those of interest: {\"field\": \"%s\", \"values\": [...]}, all others "
                      "are one row; or pay for showing groups of enough users: \"noise\": {..., "
                      "\"select\": {\"epsilon\": 0.5, \"delta\": 1e-10}}",
                      field->name);
}

static enum status check_query(struct plan_reader *reader, const struct plan_query *query)
{
    enum {
        NOISY = 1 << QUERY_COUNT | 1 << QUERY_TERMS | 1 << QUERY_TOPICS | 1 << QUERY_OVERLAP |
                1 << QUERY_IDENTIFIERS | 1 << QUERY_REGEX | 1 << QUERY_CLAIM | 1 << QUERY_PROPOSALS
    };
    /* Relevance of conversations or users, labels as they are or checked by a cut-off of their
     * own. */
    bool fixed = query->check_all || query->check_share > 0;
    bool plain = query->kind == QUERY_RELEVANCE && !query->previous_path &&
                 (!query->check_path || fixed) && strcmp(query->method, "equal-tailed") == 0 &&
                 query->combine == 0 && (!query->unit || strcmp(query->unit, "exchange") != 0);
    if (query->kind == QUERY_PROPOSALS && query->has_of) {
        (void)error_set(reader->err, STATUS_PLAN, reader->plan->path,
                        "options of query \"%s\" are judged by labels (\"of\"), on which this "
                        "version puts no noise",
                        query->id);
        return error_hint(reader->err,
                          "without \"of\" they are counted with noise: what each finds "
                          "and leaves; ask recall and precision in a plan of its own, "
                          "without noise, whose report says so");
    }
    if (!plain && (!(NOISY & 1 << query->kind) || query->sample_path)) {
        (void)error_set(reader->err, STATUS_PLAN, reader->plan->path,
                        "query \"%s\" is of a kind on which this version puts no noise", query->id);
        return error_hint(
            reader->err,
            "relevance of conversations and of users takes noise, without \"previous_labels\" and "
            "another method or combination, and with \"adjudication\" where that says which "
            "\"share\" of "
            "the irrelevant labels is checked, or all; ask the rest in a plan of its own, without "
            "noise, whose report says so");
    }
    for (size_t i = 0; i < query->by_count; i++)
        TRY(check_field(reader, query, &query->by[i]));
    return STATUS_OK;
}

/* How many rows it has is known before the logs are. */
static enum status check_rows(struct plan_reader *reader, size_t number)
{
    uint64_t rows = noise_shape_terms_by(reader->plan, number).rows;
    if (rows <= TERMS_BY_ROWS_MAX)
        return STATUS_OK;
    return error_set(reader->err, STATUS_PLAN, reader->plan->path,
                     "query \"%s\" makes a table of %" PRIu64 " rows: more than %d",
                     reader->plan->queries[number].id, rows, TERMS_BY_ROWS_MAX);
}

enum status plan_check_noise(struct plan_reader *reader, const struct json_node *root)
{
    const struct plan *plan = reader->plan;
    (void)root;
    for (size_t i = 0; i < plan->query_count && !plan->release.noise.mechanism; i++)
        if (plan->queries[i].check_share > 0) {
            (void)error_set(reader->err, STATUS_PLAN, plan->path,
                            "query \"%s\": adjudication.share goes with noise, and there is none",
                            plan->queries[i].id);
            return error_hint(
                reader->err, "proffer packet PLAN SAMPLE --adjudicate N says how many are checked");
        }
    if (!plan->release.noise.mechanism)
        return STATUS_OK;
    if (plan->population.from == INT64_MIN || plan->population.to == INT64_MAX) {
        (void)error_set(reader->err, STATUS_PLAN, plan->path,
                        "with noise the population needs both \"from\" and \"to\": the first and "
                        "last day of the logs would leave without noise");
        return error_hint(reader->err, "\"population\": {\"from\": \"2023-01-01\", \"to\": "
                                       "\"2023-12-31\"}");
    }
    for (size_t i = 0; i < plan->query_count; i++)
        TRY(check_query(reader, &plan->queries[i]));
    for (size_t i = 0; i < plan->query_count; i++)
        TRY(check_rows(reader, i));
    return STATUS_OK;
}
