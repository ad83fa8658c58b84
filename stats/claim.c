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

/* What is tested, and how. */
struct test {
    const struct sample_counts *sample;
    uint64_t allowed;
    double alpha;
    const struct anytime_prior *prior; /* NULL: a size that was fixed beforehand */
};

/* Of the null that the claim is violated: P(X <= x | allowed + 1); 0 if it cannot be. */
static double p_violated(const struct test *t, uint64_t x)
{
    const struct sample_counts *s = t->sample;
    if (t->allowed >= s->population)
        return 0;
    if (t->prior)
        return anytime_p_at_least(s->population, s->drawn, x, *t->prior, t->allowed + 1);
    return hypergeometric_tail_low(
        &(struct hypergeometric){s->population, t->allowed + 1, s->drawn}, x);
}

/* Of the null that the claim holds: P(X >= x | allowed). */
static double p_holds(const struct test *t, uint64_t x)
{
    const struct sample_counts *s = t->sample;
    if (t->allowed >= s->population)
        return 1;
    if (t->prior)
        return anytime_p_at_most(s->population, s->drawn, x, *t->prior, t->allowed);
    return hypergeometric_tail_high(&(struct hypergeometric){s->population, t->allowed, s->drawn},
                                    x);
}

/* The verdict if exactly X of the drawn were relevant and nothing unreadable. */
static enum claim_verdict verdict_at(const struct test *t, uint64_t x)
{
    if (level_rejects(p_violated(t, x), t->alpha))
        return CLAIM_SUPPORTED;
    if (level_rejects(p_holds(t, x), t->alpha))
        return CLAIM_CONTRADICTED;
    return CLAIM_UNDETERMINED;
}

/* Fills turns, turns_at and turns_to. */
static void find_turn(const struct test *t, struct claim_result *r)
{
    const struct sample_counts *s = t->sample;
    uint64_t same = 0, other = s->unreadable;
    enum claim_verdict to = verdict_at(t, s->relevant + other);
    if (to == r->verdict_if_none)
        return;
    while (other - same > 1) {
        uint64_t m = same + (other - same) / 2;
        enum claim_verdict v = verdict_at(t, s->relevant + m);
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

/* Fills errors_to_turn: errors one way only make the verdict less sure, so it is bisected. */
static void find_errors(const struct test *t, struct claim_result *r)
{
    const struct sample_counts *s = t->sample;
    bool missed = r->verdict == CLAIM_SUPPORTED;
    uint64_t worst = s->relevant + s->unreadable;
    uint64_t same = 0, most = missed ? s->drawn - worst : s->relevant;
    if (r->verdict == CLAIM_UNDETERMINED)
        return;
    while (same < most) {
        uint64_t m = same + (most - same + 1) / 2;
        if (verdict_at(t, missed ? worst + m : s->relevant - m) == r->verdict)
            same = m;
        else
            most = m - 1;
    }
    if (same < (missed ? s->drawn - worst : s->relevant))
        r->errors_to_turn = same + 1;
}

static void find_bounds(const struct test *t, struct claim_result *r)
{
    const struct sample_counts *s = t->sample;
    uint64_t x = s->relevant, worst = x + s->unreadable;
    if (t->prior) {
        r->upper = anytime_upper(s->population, s->drawn, worst, *t->prior, t->alpha);
        r->lower = anytime_lower(s->population, s->drawn, x, *t->prior, t->alpha);
    } else {
        r->upper = exact_bound_upper(s->population, s->drawn, worst, t->alpha);
        r->lower = exact_bound_lower(s->population, s->drawn, x, t->alpha);
    }
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

static enum status run_test(struct test t, double confidence, struct claim_result *out,
                            struct error *err)
{
    const struct sample_counts *sample = t.sample;
    TRY(sample_counts_check(sample, err));
    TRY(level_check(confidence, err));
    uint64_t x = sample->relevant, worst = x + sample->unreadable;
    t.alpha = level_alpha(confidence);
    struct claim_result r = {.allowed = t.allowed, .alpha = t.alpha};
    r.p_value = p_violated(&t, worst);
    r.p_contradicted = p_holds(&t, x);
    find_bounds(&t, &r);
    r.verdict_if_none = verdict_at(&t, x);
    /* More relevant units never lead back: the two ends decide. */
    if (level_rejects(r.p_value, r.alpha))
        r.verdict = CLAIM_SUPPORTED;
    else if (r.verdict_if_none == CLAIM_CONTRADICTED)
        r.verdict = CLAIM_CONTRADICTED;
    else
        r.verdict = CLAIM_UNDETERMINED;
    find_turn(&t, &r);
    find_errors(&t, &r);
    TRY(needed(sample, t.allowed, worst, confidence, &r.labels_needed, err));
    TRY(needed(sample, t.allowed, x, confidence, &r.labels_needed_if_none, err));
    *out = r;
    return STATUS_OK;
}

enum status claim_test_allowed(const struct sample_counts *sample, uint64_t allowed,
                               double confidence, struct claim_result *out, struct error *err)
{
    return run_test((struct test){sample, allowed, 0, NULL}, confidence, out, err);
}

enum status claim_test_anytime(const struct sample_counts *sample, uint64_t allowed,
                               struct anytime_prior prior, double confidence,
                               struct claim_result *out, struct error *err)
{
    TRY(anytime_prior_check(prior, err));
    return run_test((struct test){sample, allowed, 0, &prior}, confidence, out, err);
}

enum status claim_test(const struct sample_counts *sample, const char *share, double confidence,
                       struct claim_result *out, struct error *err)
{
    uint64_t allowed;
    TRY(sample_counts_check(sample, err));
    TRY(claim_allowed(share, sample->population, &allowed, err));
    return claim_test_allowed(sample, allowed, confidence, out, err);
}
