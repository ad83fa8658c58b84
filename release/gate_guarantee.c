/* What a release with noise guarantees, in words a judge can read and in numbers. */
#include "release/accountant.h"
#include "release/figure_make.h"
#include "release/gate.h"
#include "release/ledger.h"
#include "stats/partition_selection.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

struct guarantee {
    uint64_t cost;       /* of what is told here, in rho */
    uint64_t delta_cost; /* and in delta, for groups that were selected */
    bool selected;
    double epsilon, in_all; /* at delta: of this report, of the matter so far */
    const char *rho, *spent, *budget, *delta;
};

/* Four decimals, up. */
static char *up_words(struct arena *arena, double value)
{
    return arena_printf(arena, "%.4f", ceil(value * 1e4 - 1e-9) / 1e4);
}

static const char *rho_words(struct arena *arena, uint64_t rho)
{
    char text[RHO_TEXT];
    rho_text(rho, text);
    return arena_printf(arena, "%s", text);
}

static enum status measure_guarantee(struct release *release, const struct gate_noise *noise,
                                     struct guarantee *g, struct error *err)
{
    struct arena *arena = &release->arena;
    *g = (struct guarantee){.delta = ledger_delta(noise->ledger)};
    /* Laplace noise alone also gives the sum of its epsilons, at delta 0. */
    double pure = noise->policy->mechanism->law == NOISE_LAW_LAPLACE ? 0 : INFINITY;
    for (size_t i = 0; i < noise->policy->item_count; i++) {
        const struct noise_item *item = &noise->policy->items[i];
        g->cost += item->cost;
        g->delta_cost += item->delta_cost;
        g->selected = g->selected || item->selected;
        for (size_t m = 0; m < item->measure_count; m++)
            pure += (double)item->measures[m].share;
    }
    double delta = g->delta ? strtod(g->delta, NULL) : 1e-9, one = (double)RHO_ONE;
    /* What went to selecting groups is not there for the conversion. */
    double here = delta - (double)g->delta_cost / (double)DELTA_ONE;
    double there = delta - (double)ledger_delta_spent(noise->ledger) / (double)DELTA_ONE;
    pure = g->selected ? INFINITY : pure;
    g->epsilon = fmin(accountant_epsilon((double)g->cost / one, here), pure / one);
    g->in_all = accountant_epsilon((double)ledger_spent(noise->ledger) / one, there);
    g->rho = rho_words(arena, g->cost);
    g->spent = rho_words(arena, ledger_spent(noise->ledger));
    g->budget = rho_words(arena, ledger_budget(noise->ledger));
    g->delta = g->delta ? arena_printf(arena, "%s", g->delta) : "1e-9";
    return g->rho && g->spent && g->budget && g->delta ? STATUS_OK : error_nomem(err);
}

static enum status state_bounds(struct release *release, const struct gate_noise *noise,
                                struct error *err)
{
    return release_state(
        release,
        arena_printf(
            &release->arena,
            "Every figure with noise has a lower and an upper end: by the law of the noise "
            "alone the number over the capped population lies between them with at least "
            "%g %% confidence, each figure by itself. What the caps leave out is not in "
            "it.",
            100 * noise->policy->confidence),
        err);
}

static enum status state_selection(struct release *release, const struct gate_noise *noise,
                                   struct error *err)
{
    uint64_t certain = 0;
    for (size_t i = 0; i < noise->policy->item_count; i++) {
        const struct noise_item *item = &noise->policy->items[i];
        uint64_t own =
            item->selected ? partition_certain(item->select_epsilon, item->select_delta) : 0;
        certain = own > certain ? own : certain;
    }
    return release_state(
        release,
        arena_printf(
            &release->arena,
            "Where groups come from the logs, each is shown with a chance that grows with "
            "its users, for certain from %llu users of the capped population on, and that "
            "is paid for too; small groups are missing, and rows need not be all there are.",
            (unsigned long long)certain),
        err);
}

static enum status state_caps(struct release *release, const struct gate_noise *noise,
                              struct error *err)
{
    char *caps = arena_printf(&release->arena, "%s", "");
    for (size_t i = 0; caps && noise->caps[i]; i++)
        caps = arena_printf(&release->arena, "%s%s%s", caps, i ? "; " : "", noise->caps[i]);
    if (!caps)
        return error_nomem(err);
    return release_state(
        release,
        arena_printf(&release->arena,
                     "Counted is a capped population: %s. Conversations without a known user are "
                     "left out, since nobody knows whose they are.",
                     caps),
        err);
}

static enum status state_invariants(struct release *release, const struct gate_noise *noise,
                                    struct error *err)
{
    if (noise->invariant_count == 0)
        return release_state(
            release,
            arena_printf(&release->arena,
                         "No count that depends on the logs leaves without "
                         "noise: sizes, completeness and digests are noisy, salted "
                         "or left out."),
            err);
    char *list = arena_printf(&release->arena, "%s", "");
    for (size_t i = 0; list && i < noise->invariant_count; i++)
        list = arena_printf(&release->arena, "%s%s%s", list, i ? "; " : "", noise->invariants[i]);
    if (!list)
        return error_nomem(err);
    return release_state(release,
                         arena_printf(&release->arena,
                                      "Known exactly all the same, by the plan's word: %s. The "
                                      "guarantee holds given these.",
                                      list),
                         err);
}

/*
 * Samples are defined by their cut-offs. Those of shares were there before the logs; those of sizes
 * follow from what was drawn and are no secret.
 */
static enum status state_cut_offs(struct release *release, struct error *err)
{
    size_t shares = 0, sizes = 0;
    for (size_t i = 0; i < release->noisy_sample_count; i++)
        *(release->noisy_samples[i].strata[0].share > 0 ? &shares : &sizes) += 1;
    if (shares)
        TRY(release_state(
            release,
            arena_printf(
                &release->arena,
                "Samples by shares are every conversation whose ticket is at or under a "
                "cut-off that was fixed without a look at the logs, in strata that the plan "
                "alone makes: neither tells of anybody."),
            err));
    if (sizes == 0)
        return STATUS_OK;
    return release_state(
        release,
        arena_printf(
            &release->arena,
            "Known exactly all the same: the cut-off tickets of labelled samples%s, told with "
            "their tables. A sample is every conversation whose ticket is at or under its "
            "cut-off; the guarantee holds given these.",
            shares ? " by size" : ""),
        err);
}

static enum status make_statements(struct release *release, const struct gate_noise *noise,
                                   const struct guarantee *g, struct error *err)
{
    struct arena *arena = &release->arena;
    const char *epsilon = up_words(arena, g->epsilon), *in_all = up_words(arena, g->in_all);
    release->statements = arena_zalloc(arena, STATEMENTS_MAX, sizeof *release->statements);
    if (!release->statements || !epsilon || !in_all)
        return error_nomem(err);
    TRY(release_state(
        release,
        arena_printf(
            arena,
            "Noise was added to every figure: differential privacy for each user, with epsilon "
            "%s at delta %s (rho %s). What that bounds is stated below.",
            epsilon, g->delta, g->rho),
        err));
    TRY(release_state(
        release,
        arena_printf(
            arena,
            "Compared are the logs as they are with the same logs without all "
            "conversations of any one user, or with those of one more. Whatever else a reader "
            "knows, the chance of any report differs between the two by a factor of at "
            "most exp(epsilon) = %.3f, but for a chance of delta: so much, and no more, "
            "can be learned here about whether that user is in the logs, and about what "
            "that user wrote.",
            exp(g->epsilon) + 5e-4),
        err));
    TRY(state_caps(release, noise, err));
    TRY(state_bounds(release, noise, err));
    if (g->selected)
        TRY(state_selection(release, noise, err));
    TRY(state_invariants(release, noise, err));
    TRY(state_cut_offs(release, err));
    TRY(release_state(
        release,
        arena_printf(
            arena,
            "Spent on the matter so far, this report among it: rho %s of the budget of %s, "
            "which was fixed when the ledger was made; epsilon %s at delta %s for each "
            "user over all reports and periods together. The same question about the same "
            "logs gets the same figures again and costs nothing.",
            g->spent, g->budget, in_all, g->delta),
        err));
    if (noise->replaced)
        TRY(release_state(
            release,
            arena_printf(arena,
                         "A new ledger was begun for these logs: what was spent under "
                         "the ledger %s before is not in these sums.",
                         noise->replaced),
            err));
    return release_state(
        release,
        arena_printf(arena,
                     "Outside the guarantee: a person with several accounts is as many users; what "
                     "the plan itself says (terms, works, periods); that these logs were examined; "
                     "releases that this ledger knows nothing of; records that were rejected, of "
                     "which nothing is told."),
        err);
}

static enum status make_facts(struct release *release, const struct gate_noise *noise,
                              const struct guarantee *g, struct error *err)
{
    struct arena *arena = &release->arena;
    const struct release_fact facts[] = {
        {"mechanism", noise->policy->mechanism->name},
        {"law", arena_printf(arena, "%s. Source: %s.", noise->policy->mechanism->formula,
                             noise->policy->mechanism->source)},
        {"unit", "user"},
        {"rho", g->rho},
        {"epsilon", up_words(arena, g->epsilon)},
        {"delta", g->delta},
        {"confidence", arena_printf(arena, "%g", noise->policy->confidence)},
        {"budget_rho", g->budget},
        {"spent_rho", g->spent},
        {"spent_epsilon", up_words(arena, g->in_all)},
        {"ledger", arena_printf(arena, "%s", ledger_id(noise->ledger))},
        {"ledger_head", arena_printf(arena, "%s", ledger_head(noise->ledger))},
    };
    release->fact_count = sizeof facts / sizeof *facts;
    release->facts = arena_zalloc(arena, release->fact_count, sizeof *release->facts);
    if (!release->facts)
        return error_nomem(err);
    memcpy(release->facts, facts, sizeof facts);
    for (size_t i = 0; i < release->fact_count; i++)
        if (!facts[i].value)
            return error_nomem(err);
    return STATUS_OK;
}

enum status gate_state_guarantee(struct release *release, const struct gate_noise *noise,
                                 struct error *err)
{
    struct guarantee guarantee;
    TRY(measure_guarantee(release, noise, &guarantee, err));
    TRY(make_statements(release, noise, &guarantee, err));
    return make_facts(release, noise, &guarantee, err);
}
