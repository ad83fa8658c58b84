/* Noise of a run: see noise_run.h. */
#include "cli/noise_run.h"

#include "base/file.h"
#include "base/memory.h"
#include "cli/noise_sample.h"
#include "queries/noise_shape.h"
#include "release/accountant.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

static const double confidence = 0.95;

/* ---- the policy ---- */

/* A user is in as many groups as the user's conversations touch. */
static enum status add_selection(struct noise_item *item, const struct plan *plan,
                                 const struct noise_shape *shape, struct error *err)
{
    const struct plan_noise *n = &plan->release.noise;
    uint64_t epsilon, groups = n->conversations * shape->columns[0].touches;
    TRY(rho_parse(n->select_epsilon, &epsilon, err));
    if (epsilon / groups == 0)
        return error_set(err, STATUS_PLAN, plan->path,
                         "too little epsilon for selecting groups (release.noise.select)");
    noise_item_select(item, groups, epsilon, strtod(n->select_delta, NULL));
    return STATUS_OK;
}

/* Of query QUERY, SIZE_MAX for the population. */
static enum status add_item(struct noise *noise, const struct plan *plan,
                            const struct noise_shape *shape, const char *id, size_t query,
                            struct error *err)
{
    struct noise_item *item = &noise->policy.items[noise->policy.item_count++];
    bool population = query == SIZE_MAX;
    *item = (struct noise_item){.id = id,
                                .title = population ? "population" : id,
                                .query = query,
                                .rows = shape->rows,
                                .weight = population ? plan->release.noise.weight
                                                     : plan->queries[query].weight};
    if (shape->selected)
        TRY(add_selection(item, plan, shape, err));
    for (size_t i = 0; i < shape->column_count; i++) {
        const struct noise_column *column = &shape->columns[i];
        struct noise_measure *measure = &item->measures[item->measure_count++];
        uint64_t k = column->once ? 1 : plan->release.noise.conversations;
        measure->column = column->id;
        enum status status = column->users
                                 ? sensitivity_of_users(k, column->touches,
                                                        shape->selected ? UINT64_MAX : shape->rows,
                                                        &measure->sensitivity, err)
                                 : sensitivity_of_sums(k, column->touches, column->clamp,
                                                       &measure->sensitivity, err);
        if (status != STATUS_OK) {
            error_within(err, *id ? id : "population");
            return error_within(err, plan->path);
        }
    }
    return STATUS_OK;
}

static enum status make_caps(struct noise *noise, const struct plan *plan, struct error *err)
{
    const struct plan_noise *n = &plan->release.noise;
    const struct {
        const char *what;
        uint32_t most;
    } clamps[] = {{"exchanges", n->exchanges},
                  {"turns", n->turns},
                  {"words", n->words},
                  {"occurrences of each term, kind or pattern", n->occurrences}};
    enum { CLAMPS = sizeof clamps / sizeof *clamps };
    const char **caps = arena_zalloc(&noise->arena, CLAMPS + 2, sizeof *caps);
    size_t count = 0;
    if (!caps)
        return error_nomem(err);
    caps[count++] =
        arena_printf(&noise->arena,
                     "at most %" PRIu32 " conversation%s of each user, those with the smallest "
                     "tickets of a secret seed",
                     n->conversations, n->conversations == 1 ? "" : "s");
    for (size_t i = 0; i < CLAMPS; i++)
        if (clamps[i].most)
            caps[count++] = arena_printf(&noise->arena, "at most %" PRIu32 " %s of each of them",
                                         clamps[i].most, clamps[i].what);
    for (size_t i = 0; i < count; i++)
        if (!caps[i])
            return error_nomem(err);
    noise->gate.caps = caps;
    return STATUS_OK;
}

/* The second table of a query, ID.SUFFIX. */
static enum status add_second(struct noise *noise, const struct plan *plan,
                              const struct noise_shape *shape, size_t number, const char *suffix,
                              struct error *err)
{
    const struct plan_query *query = &plan->queries[number];
    if (shape->column_count == 0)
        return STATUS_OK;
    char *id = arena_printf(&noise->arena, "%s.%s", query->id, suffix);
    if (!id)
        return error_nomem(err);
    TRY(add_item(noise, plan, shape, id, number, err));
    struct noise_item *item = &noise->policy.items[noise->policy.item_count - 1];
    item->second = true;
    item->sample = query->kind == QUERY_RELEVANCE;
    return STATUS_OK;
}

static enum status add_query(struct noise *noise, const struct plan *plan, size_t number,
                             struct error *err)
{
    const struct plan_query *query = &plan->queries[number];
    uint64_t strata;
    TRY(noise_sample_strata(plan, number, &strata, err));
    struct noise_shape shape = query->kind == QUERY_RELEVANCE
                                   ? noise_shape_sample(plan, number, strata)
                                   : noise_shape_query(plan, number);
    TRY(add_item(noise, plan, &shape, query->id, number, err));
    noise->policy.items[noise->policy.item_count - 1].sample = query->kind == QUERY_RELEVANCE;
    shape = noise_shape_terms_by(plan, number);
    TRY(add_second(noise, plan, &shape, number, "by", err));
    shape = noise_shape_search(plan, number, strata);
    return add_second(noise, plan, &shape, number, "search", err);
}

enum status noise_init(struct noise *noise, const struct plan *plan, struct error *err)
{
    const struct plan_noise *n = &plan->release.noise;
    *noise = (struct noise){.arena = ARENA_INIT};
    random_bits_init(&noise->bits);
    noise->policy.mechanism = mechanism_find(n->mechanism);
    noise->policy.confidence = confidence;
    noise->policy.items =
        arena_zalloc(&noise->arena, 2 * plan->query_count + 1, sizeof *noise->policy.items);
    if (!noise->policy.mechanism || !noise->policy.items)
        return error_nomem(err);
    noise->gate = (struct gate_noise){.policy = &noise->policy,
                                      .bits = &noise->bits,
                                      .invariants = (const char *const *)n->invariants,
                                      .invariant_count = n->invariant_count};
    TRY(make_caps(noise, plan, err));
    TRY(rho_parse(n->amount, &noise->policy.amount, err));
    struct noise_shape shape = noise_shape_population(plan);
    TRY(add_item(noise, plan, &shape, "", SIZE_MAX, err));
    for (size_t i = 0; i < plan->query_count; i++)
        TRY(add_query(noise, plan, i, err));
    enum status status = noise_policy_divide(&noise->policy, err);
    return status == STATUS_OK ? status : error_within(err, plan->path);
}

void noise_release(struct noise *noise)
{
    matter_close(&noise->matter);
    random_bits_wipe(&noise->bits);
    arena_release(&noise->arena);
    *noise = (struct noise){.arena = ARENA_INIT};
}

/* ---- the ledger ---- */

static enum status terms_of(const struct plan *plan, struct ledger_terms *terms, struct error *err)
{
    const struct plan_noise *n = &plan->release.noise;
    *terms = (struct ledger_terms){.matter = plan->matter, .delta = n->delta};
    TRY(rho_parse(n->budget, &terms->budget, err));
    if (!n->budget_is_epsilon)
        return STATUS_OK;
    double rho = accountant_rho((double)terms->budget / (double)RHO_ONE, strtod(n->delta, NULL));
    terms->budget = (uint64_t)(rho * (double)RHO_ONE);
    if (terms->budget == 0)
        return error_set(err, STATUS_PLAN, plan->path, "the budget's epsilon is less than any rho");
    return STATUS_OK;
}

enum status noise_open(struct noise *noise, const struct plan *plan, const char *catalogue,
                       bool new_ledger, struct error *err)
{
    struct ledger_terms terms;
    TRY(terms_of(plan, &terms, err));
    TRY(matter_open(&noise->matter, plan, &terms, catalogue, new_ledger, err));
    noise->gate.ledger = noise->matter.ledger;
    noise->gate.replaced = *noise->matter.replaced ? noise->matter.replaced : NULL;
    return STATUS_OK;
}

enum status noise_can_pay_all(const struct noise *noise, struct error *err)
{
    struct ledger_price price = {0, 0};
    for (size_t i = 0; i < noise->policy.item_count; i++) {
        price.rho += noise->policy.items[i].cost;
        price.delta += noise->policy.items[i].delta_cost;
    }
    return ledger_can_pay(noise->matter.ledger, price, err);
}

/* ---- questions ---- */

static enum status add_number(struct digest *digest, uint64_t number, struct error *err)
{
    char text[24];
    snprintf(text, sizeof text, "%" PRIu64, number);
    return digest_add_text(digest, text, err);
}

/* A sample's own files: other labels are another question, and so are other checks of them. */
static enum status add_files(struct digest *digest, const struct plan_query *query,
                             struct error *err)
{
    const char *const paths[] = {query->sample_path, query->labels_path, query->check_path};
    size_t count = query->check_path ? 3 : 2;
    for (size_t i = 0; i < count; i++) {
        struct sha256 value;
        char hex[65] = "";
        if (paths[i] && file_exists(paths[i])) {
            TRY(sha256_of_file(paths[i], 0, UINT64_MAX, &value, err));
            sha256_hex(&value, hex);
        }
        TRY(digest_add_text(digest, hex, err));
    }
    return STATUS_OK;
}

/* What is asked, of which logs, at which price, under which caps. */
static enum status make_question(const struct noise *noise, const struct plan *plan,
                                 const char *logs, const char *asked, struct noise_item *item,
                                 struct error *err)
{
    const struct plan_noise *n = &plan->release.noise;
    const uint64_t caps[] = {n->conversations, n->exchanges, n->turns, n->words};
    struct sha256 value;
    enum status status = STATUS_OK;
    struct digest *digest = digest_new();
    if (!digest)
        return error_nomem(err);
    TRY_CLEANUP(digest_add_text(digest, "noise 1", err));
    TRY_CLEANUP(digest_add_text(digest, noise->policy.mechanism->name, err));
    TRY_CLEANUP(digest_add_text(digest, logs, err));
    TRY_CLEANUP(digest_add_text(digest, asked, err));
    if (item->second)
        TRY_CLEANUP(digest_add_text(digest, "second table", err));
    for (size_t i = 0; i < sizeof caps / sizeof *caps; i++)
        TRY_CLEANUP(add_number(digest, caps[i], err));
    if (n->occurrences) {
        TRY_CLEANUP(digest_add_text(digest, "occurrences", err));
        TRY_CLEANUP(add_number(digest, n->occurrences, err));
    }
    TRY_CLEANUP(add_number(digest, item->rows, err));
    TRY_CLEANUP(add_number(digest, item->selected, err));
    if (item->sample)
        TRY_CLEANUP(add_files(digest, &plan->queries[item->query], err));
    if (item->sample && plan->queries[item->query].check_share > 0) {
        char share[40];
        snprintf(share, sizeof share, "checked %.17g", plan->queries[item->query].check_share);
        TRY_CLEANUP(digest_add_text(digest, share, err));
    }
    if (item->sample && item->second) {
        const struct plan_query *search = &plan->queries[plan->queries[item->query].search];
        TRY_CLEANUP(digest_add_text(digest, search->question_digest, err));
    }
    if (item->selected) {
        TRY_CLEANUP(digest_add_text(digest, n->select_epsilon, err));
        TRY_CLEANUP(digest_add_text(digest, n->select_delta, err));
    }
    for (size_t i = 0; i < item->measure_count; i++) {
        TRY_CLEANUP(digest_add_text(digest, item->measures[i].column, err));
        TRY_CLEANUP(add_number(digest, item->measures[i].share, err));
    }
    TRY_CLEANUP(digest_end(digest, &value, err));
    sha256_hex(&value, item->question);
cleanup:
    digest_free(digest);
    return status;
}

enum status noise_apply(struct noise *noise, struct pipeline *pipeline, struct error *err)
{
    const struct plan *plan = &pipeline->plan;
    const struct plan_noise *n = &plan->release.noise;
    const struct manifest_digests *digests = &pipeline->digests;
    const char *logs = strcmp(digests->logs, "none") == 0 ? digests->catalogue : digests->logs;
    struct sha256 seed;
    char hex[65];
    struct ledger_price price;
    for (size_t i = 0; i < noise->policy.item_count; i++) {
        struct noise_item *item = &noise->policy.items[i];
        bool population = item->query == SIZE_MAX;
        TRY(make_question(noise, plan, logs,
                          population ? plan->population_digest
                                     : plan->queries[item->query].question_digest,
                          item, err));
    }
    TRY(gate_quote(&noise->gate, &price, err));
    TRY(ledger_key(noise->matter.ledger, "caps", &seed, err));
    sha256_hex(&seed, hex);
    TRY(catalogue_clamp(&pipeline->catalogue, n->exchanges, n->turns, n->words, err));
    return population_cap(&pipeline->population, n->conversations, hex, err);
}
