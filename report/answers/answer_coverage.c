/*
 * How often the bounds of this report hold where they do so least: among its methods, a line for
 * each estimate. Where the program can, it enumerates the coverage at the estimate's own N and n;
 * else it says what the method guarantees, and that this was not enumerated.
 */
#include "report/answers/answer_sample.h"
#include "stats/worst_coverage.h"

#include <math.h>

static enum status add(struct answer *answer, const char *id, const char *text, struct error *err)
{
    const char *name = result_printf(answer->result, "Worst-case coverage: %s", id);
    if (!name || !text)
        return error_nomem(err);
    return result_pair_add(answer->result, &answer->result->methods, name, text, err);
}

static enum status add_enumerated(struct answer *answer, const struct plan_query *query,
                                  const struct answer_sample *sample, struct error *err)
{
    const struct sample_counts *counts = &sample->counts;
    const struct design *design = &sample->design;
    struct worst_coverage worst;
    TRY(worst_coverage(design->method, design->prior, counts->population, counts->drawn,
                       query->confidence, &worst, err));
    const char *level = answer_share_words(answer, query->confidence, ROUND_NEAREST);
    const char *population = answer_count_words(answer, counts->population);
    const char *drawn = answer_count_words(answer, counts->drawn);
    if (!worst.enumerated)
        return add(answer, query->id,
                   result_printf(answer->result,
                                 "%s: at least %s for every K from 0 to N = %s, by the theorem "
                                 "behind the method; for n = %s this was not enumerated.",
                                 design->method->title, level, population, drawn),
                   err);
    /* Rounded down, but for what rounding in the last bits took from a bound that is attained. */
    double least = floor((worst.least + 1e-12) * 1e6) / 1e4;
    return add(answer, query->id,
               result_printf(
                   answer->result,
                   "%s, for N = %s, n = %s and a confidence of %s: whatever K is from 0 to N, the "
                   "bounds hold it with a probability of at least %.4f %%; least at K = %s. "
                   "Enumerated by this program over all K and all that a sample can show, by the "
                   "hypergeometric law%s; drawn units without a readable label only widen the "
                   "bounds.",
                   design->method->title, population, drawn, level, least,
                   answer_count_words(answer, worst.relevant),
                   design->prior ? ", for one look at this n; all looks together hold with at "
                                   "least the stated confidence"
                                 : ""),
               err);
}

static enum status add_query(struct answer *answer, size_t q, struct error *err)
{
    const struct plan_query *query = &answer->plan->queries[q];
    struct answer_sample sample;
    TRY(answer_sample_of(answer, q, &sample, err));
    if (sample.state != SAMPLE_THERE)
        return STATUS_OK;
    if (ANSWER_CLUSTERED(&sample))
        return add(answer, query->id,
                   "Approximate bounds of a cluster sample: no coverage is guaranteed, and it can "
                   "be lower than the stated confidence.",
                   err);
    if (answer_is_simple(&sample))
        return add_enumerated(answer, query, &sample, err);
    return add(answer, query->id,
               result_printf(answer->result,
                             "%s: at least %s whatever the numbers relevant are, by the theorems "
                             "behind the method; not enumerated.",
                             design_title(&sample.design),
                             answer_share_words(answer, query->confidence, ROUND_NEAREST)),
               err);
}

static enum status add_noisy(struct answer *answer, const struct plan_query *query,
                             struct error *err)
{
    return add(answer, query->id,
               result_printf(answer->result,
                             "At least %s whatever the true numbers are, if there is a bound: the "
                             "laws of the draw and of each noise are known and counted in; not "
                             "enumerated.",
                             answer_share_words(answer, query->confidence, ROUND_NEAREST)),
               err);
}

static enum status add_noise(struct answer *answer, struct error *err)
{
    const char *text = result_printf(
        answer->result,
        "The law of the noise is known and does not depend on the true figure, so the ends of "
        "each figure hold with the same chance whatever that is: at least %g %%.",
        100 * release_confidence(answer->release));
    if (!text)
        return error_nomem(err);
    return result_pair_add(answer->result, &answer->result->methods, "Worst-case coverage: noise",
                           text, err);
}

/* Recall and its like, and options, rest on one set for two numbers. */
static enum status add_search(struct answer *answer, size_t q, struct error *err)
{
    const struct plan_query *query = &answer->plan->queries[q];
    bool options = query->kind == QUERY_PROPOSALS;
    struct answer_sample sample;
    if (!(options ? query->has_of : query->has_search))
        return STATUS_OK;
    TRY(answer_sample_of(answer, options ? query->of : q, &sample, err));
    if (sample.state != SAMPLE_THERE)
        return STATUS_OK;
    const char *name = options ? query->id : result_printf(answer->result, "%s.search", query->id);
    if (!name)
        return error_nomem(err);
    return add(answer, name,
               "Recall, precision, elusion and what is made of the same two numbers: their bounds "
               "hold together with at least the stated confidence, whatever the two are, since the "
               "set of each part is exact, and given how many drawn units fell into each the parts "
               "are independent samples. Not enumerated. What is called approximate has no such "
               "guarantee.",
               err);
}

enum status answer_coverage(struct answer *answer, struct error *err)
{
    const struct plan *plan = answer->plan;
    bool noisy = release_is_noisy(answer->release);
    if (noisy)
        TRY(add_noise(answer, err));
    for (size_t q = 0; q < plan->query_count; q++) {
        enum query_kind kind = plan->queries[q].kind;
        if (kind == QUERY_RELEVANCE)
            TRY(noisy ? add_noisy(answer, &plan->queries[q], err) : add_query(answer, q, err));
        if ((kind == QUERY_RELEVANCE || kind == QUERY_PROPOSALS) && !noisy)
            TRY(add_search(answer, q, err));
    }
    return answer->no_memory ? error_nomem(err) : STATUS_OK;
}
