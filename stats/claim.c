/*
 * Claims about the share that is irrelevant; see the header.
 *
 * Verdicts move one way as more of the unreadable are taken as relevant (supported, undetermined,
 * contradicted), so the number at which a verdict turns is found by bisection.
 */
#include "stats/claim.h"

#include "stats/hypergeometric.h"
#include "stats/level.h"
#include "stats/sample_size.h"

const char *claim_verdict_name(enum claim_verdict verdict)
{
    switch (verdict) {
    case CLAIM_SUPPORTED:
        return "supported";
    case CLAIM_CONTRADICTED:
        return "contradicted";
    case CLAIM_UNDETERMINED:
        break;
    }
    return "undetermined";
}

/* P(X <= x | allowed + 1): of the null that the claim is violated; 0 if it cannot be. */
static double p_violated(const struct sample_counts *s, uint64_t allowed, uint64_t x)
{
    if (allowed >= s->population)
        return 0;
    return hypergeometric_tail_low(&(struct hypergeometric){s->population, allowed + 1, s->drawn},
                                   x);
}

/* P(X >= x | allowed): of the null that the claim holds. */
static double p_holds(const struct sample_counts *s, uint64_t allowed, uint64_t x)
{
    if (allowed >= s->population)
        return 1;
    return hypergeometric_tail_high(&(struct hypergeometric){s->population, allowed, s->drawn}, x);
}

/* The verdict if exactly X of the drawn were relevant and nothing unreadable. */
static enum claim_verdict verdict_at(const struct sample_counts *s, uint64_t allowed, uint64_t x,
                                     double alpha)
{
    if (level_rejects(p_violated(s, allowed, x), alpha))
        return CLAIM_SUPPORTED;
    if (level_rejects(p_holds(s, allowed, x), alpha))
        return CLAIM_CONTRADICTED;
    return CLAIM_UNDETERMINED;
}

/* Fills turns, turns_at and turns_to. */
static void find_turn(const struct sample_counts *s, struct claim_result *r)
{
    uint64_t same = 0, other = s->unreadable;
    enum claim_verdict to = verdict_at(s, r->allowed, s->relevant + other, r->alpha);
    if (to == r->verdict_if_none)
        return;
    while (other - same > 1) {
        uint64_t m = same + (other - same) / 2;
        enum claim_verdict v = verdict_at(s, r->allowed, s->relevant + m, r->alpha);
        if (v == r->verdict_if_none) {
            same = m;
        } else {
            other = m;
            to = v;
        }
    }
    r->turns = true;
    r->turns_at = other;
    r->turns_to = to;
}

/* SAMPLE_SIZE_NONE, 0 where nothing needs to be shown, or the least n. */
static enum status needed(const struct sample_counts *s, uint64_t allowed, uint64_t hits,
                          double confidence, uint64_t *size, struct error *err)
{
    *size = 0;
    if (allowed >= s->population)
        return STATUS_OK;
    return sample_size_reject(s->population, allowed + 1, hits, confidence, size, err);
}

enum status claim_test_allowed(const struct sample_counts *sample, uint64_t allowed,
                               double confidence, struct claim_result *out, struct error *err)
{
    TRY(sample_counts_check(sample, err));
    TRY(level_check(confidence, err));
    uint64_t x = sample->relevant, worst = x + sample->unreadable;
    struct claim_result r = {.allowed = allowed, .alpha = level_alpha(confidence)};
    r.p_value = p_violated(sample, allowed, worst);
    r.p_contradicted = p_holds(sample, allowed, x);
    r.upper = exact_bound_upper(sample->population, sample->drawn, worst, r.alpha);
    r.lower = exact_bound_lower(sample->population, sample->drawn, x, r.alpha);
    r.verdict_if_none = verdict_at(sample, allowed, x, r.alpha);
    /* More relevant units never lead back: the two ends decide. */
    if (level_rejects(r.p_value, r.alpha))
        r.verdict = CLAIM_SUPPORTED;
    else if (r.verdict_if_none == CLAIM_CONTRADICTED)
        r.verdict = CLAIM_CONTRADICTED;
    else
        r.verdict = CLAIM_UNDETERMINED;
    find_turn(sample, &r);
    TRY(needed(sample, allowed, worst, confidence, &r.labels_needed, err));
    TRY(needed(sample, allowed, x, confidence, &r.labels_needed_if_none, err));
    *out = r;
    return STATUS_OK;
}

enum status claim_test(const struct sample_counts *sample, const char *share, double confidence,
                       struct claim_result *out, struct error *err)
{
    uint64_t allowed;
    TRY(sample_counts_check(sample, err));
    TRY(claim_allowed(share, sample->population, &allowed, err));
    return claim_test_allowed(sample, allowed, confidence, out, err);
}
