/*
 * Claims where every number of the labelled sample was told with noise, in strata or not: verdicts
 * from the noisy numbers alone (stats/noisy_claim.h), over the capped population. Rejected records
 * are not told of, so that there is no second row.
 */
#include "report/answers/answer_sample.h"
#include "stats/multiple_tests.h"
#include "stats/noisy_claim.h"

#include <string.h>

static const struct result_column columns[] = {
    {"claim", "Claim", RESULT_STRING, ""},
    {"bound", "Share relevant, at most", RESULT_SHARE, ""},
    {"confidence", "Confidence", RESULT_SHARE, ""},
    {"p_value", "p-value", RESULT_NUMBER, ""},
    {"verdict", "Verdict", RESULT_VERDICT, ""},
    {"set", "Over", RESULT_STRING, ""},
    {"N", "Units (N)", RESULT_COUNT, "conversations"},
    {"allowed", "Relevant units allowed", RESULT_COUNT, "conversations"},
    {"relevant_low", "Relevant units, at least", RESULT_COUNT, "conversations"},
    {"relevant_high", "Relevant units, at most", RESULT_COUNT, "conversations"},
    /* Only where the plan has several claims. */
    {"p_value_together", "p-value, all claims together (Holm)", RESULT_NUMBER, ""},
};
enum { ALL_COLUMNS = sizeof columns / sizeof *columns, COLUMNS = ALL_COLUMNS - 1 };

static enum status test(const struct answer *answer, const struct plan_query *claim, bool *there,
                        struct noisy_claim *out, struct error *err)
{
    const struct figure_noisy_sample *f = release_noisy_sample_find(answer->release, claim->of);
    *there = f != NULL;
    *out = (struct noisy_claim){.verdict = CLAIM_UNDETERMINED, .p_value = 1};
    return f ? noisy_claim_design(&f->design, claim->at_least, claim->confidence, out, err)
             : STATUS_OK;
}

/* Holm's adjusted p-value among all claims of the plan; one without labels counts with 1. */
static enum status p_together(const struct answer *answer, const struct plan_query *claim,
                              double *p, struct error *err)
{
    const struct plan *plan = answer->plan;
    double *all = arena_zalloc(&answer->result->arena, plan->query_count, sizeof *all);
    size_t count = 0, own = 0;
    if (!all)
        return error_nomem(err);
    for (size_t i = 0; i < plan->query_count; i++) {
        struct noisy_claim result;
        bool there;
        if (plan->queries[i].kind != QUERY_CLAIM)
            continue;
        TRY(test(answer, &plan->queries[i], &there, &result, err));
        if (&plan->queries[i] == claim)
            own = count;
        all[count++] = result.p_value;
    }
    TRY(holm_adjust(all, count, all, err));
    *p = all[own];
    return STATUS_OK;
}

static double share_of(uint64_t part, uint64_t whole)
{
    double share = whole ? (double)part / (double)whole : 1;
    return share < 1 ? share : 1;
}

static enum status put_row(struct answer *answer, const struct plan_query *claim, const char *text,
                           const struct answer_noisy_units *units, const struct noisy_claim *c,
                           struct result_table *table, struct error *err)
{
    struct result *result = answer->result;
    uint64_t allowed;
    TRY(claim_allowed(claim->at_least, units->population.value, &allowed, err));
    TRY(result_put_text(result, table, text, err));
    TRY(result_put_real(result, table, share_of(c->relevant.high, c->population.low), err));
    TRY(result_put_real(result, table, claim->confidence, err));
    TRY(result_put_real(result, table, c->p_value, err));
    TRY(result_put_text(result, table, claim_verdict_name(c->verdict), err));
    TRY(result_put_text(result, table, "capped population", err));
    TRY(answer_put_figure(answer, table, units->population, err));
    TRY(result_put_count(result, table, allowed, err));
    TRY(result_bound_count(table, c->allowed.low, c->allowed.high, err));
    TRY(result_put_count(result, table, c->relevant.low, err));
    return result_put_count(result, table, c->relevant.high, err);
}

static enum status put_absent(struct answer *answer, const struct plan_query *claim,
                              const char *text, const struct answer_noisy_units *units,
                              struct result_table *table, struct error *err)
{
    struct result *result = answer->result;
    TRY(result_put_text(result, table, text, err));
    TRY(result_put_null(result, table, err));
    TRY(result_put_real(result, table, claim->confidence, err));
    TRY(result_put_null(result, table, err));
    TRY(result_put_null(result, table, err));
    TRY(result_put_text(result, table, "capped population", err));
    TRY(answer_put_figure(answer, table, units->population, err));
    for (int i = 0; i < 3; i++)
        TRY(result_put_null(result, table, err));
    return STATUS_OK;
}

static const char *words_of(struct answer *answer, const struct plan_query *claim, const char *text,
                            const struct answer_noisy_units *units, const struct noisy_claim *c)
{
    const char *level = answer_share_words(answer, claim->confidence, ROUND_NEAREST);
    const char *low = answer_count_words(answer, c->relevant.low);
    const char *high = answer_count_words(answer, c->relevant.high);
    const char *from = answer_count_words(answer, c->population.low);
    const char *to = answer_count_words(answer, c->population.high);
    if (c->verdict == CLAIM_SUPPORTED)
        return result_printf(answer->result,
                             "The claim \"%s\" is supported with %s confidence: at most %s of the "
                             "capped population's %s to %s %s are relevant, and it allows %s; "
                             "every number is told with noise.",
                             text, level, high, from, to, units->many,
                             answer_count_words(answer, c->allowed.low));
    if (c->verdict == CLAIM_CONTRADICTED)
        return result_printf(answer->result,
                             "The claim \"%s\" is contradicted with %s confidence: at least %s of "
                             "the capped population's %s to %s %s are relevant, and it allows %s; "
                             "every number is told with noise.",
                             text, level, low, from, to, units->many,
                             answer_count_words(answer, c->allowed.high));
    return result_printf(
        answer->result,
        "The claim \"%s\" is undetermined: between %s and %s of the capped population's %s to %s "
        "%s are relevant (each bound with %s confidence), and it allows %s to %s; every number is "
        "told with noise.",
        text, low, high, from, to, units->many, level, answer_count_words(answer, c->allowed.low),
        answer_count_words(answer, c->allowed.high));
}

static const char *method_of(const struct figure_noisy_sample *f)
{
    static const char *const sizes =
        "Two one-sided tests on numbers told with noise, each at 1 - confidence: the claim is "
        "supported if the exact upper end on the number relevant, noise included, is within "
        "what it allows of the least population, contradicted if the lower end is beyond what "
        "it allows of the largest, else undetermined. An eighth of the chance to err goes to "
        "each of N, n and the unreadable. The p-value is the least level that supports it.";
    static const char *const shares =
        "Two one-sided tests on numbers told with noise, each at 1 - confidence: the claim is "
        "supported if the upper end on the number relevant, made as that of the relevance "
        "table, noise included, is within what it allows of the least population, contradicted "
        "if the lower end is beyond what it allows of the largest, else undetermined. An eighth "
        "of the chance to err goes to N and an eighth to the unreadable. The p-value is the "
        "least level that supports it.";
    return f && f->strata[0].share > 0 ? shares : sizes;
}

enum status answer_noisy_claim(struct answer *answer, size_t query_index, const char *text,
                               struct error *err)
{
    const struct plan_query *claim = &answer->plan->queries[query_index];
    struct result *result = answer->result;
    struct answer_noisy_units units = answer_noisy_units(answer, claim->of);
    struct noisy_claim test_result;
    struct result_table *table;
    struct result_column *own;
    size_t claims = 0;
    bool there;
    for (size_t i = 0; i < answer->plan->query_count; i++)
        claims += answer->plan->queries[i].kind == QUERY_CLAIM;
    TRY(test(answer, claim, &there, &test_result, err));
    TRY(answer_unit_columns(answer, units.many, columns, ALL_COLUMNS, &own, err));
    TRY(answer_table(answer, claim->id, "claim", claim->title, units.many,
                     method_of(release_noisy_sample_find(answer->release, claim->of)), own,
                     claims > 1 ? ALL_COLUMNS : COLUMNS, &table, err));
    TRY(there ? put_row(answer, claim, text, &units, &test_result, table, err)
              : put_absent(answer, claim, text, &units, table, err));
    if (claims > 1) {
        double p = 1;
        if (there)
            TRY(p_together(answer, claim, &p, err));
        TRY(there ? result_put_real(result, table, p, err) : result_put_null(result, table, err));
        TRY(answer_note(
            answer, table,
            result_printf(result,
                          "The plan makes %zu claims. Each verdict is at the stated confidence by "
                          "itself; the claims whose p-value of all claims together (Holm) is at "
                          "most 1 - confidence are supported together with that confidence.",
                          claims),
            err));
    }
    TRY(result_note(result, table,
                    "A claim costs nothing of the privacy budget: it is decided by what was told "
                    "of the sample already. Labels are taken as the truth. Rejected records, of "
                    "which nothing is told, are outside the capped population.",
                    err));
    if (!there)
        return answer_summary(answer, claim->id, "No labelled sample yet: nothing can be said.",
                              err);
    return answer_summary(answer, claim->id, words_of(answer, claim, text, &units, &test_result),
                          err);
}
