/* Claims on sampling designs: see design.h. */
#include "base/memory.h"
#include "stats/design.h"
#include "stats/level.h"
#include "stats/sample_size.h"

#include <math.h>
#include <stdlib.h>

/* Whether the set at ALPHA a side lies wholly at most ALLOWED (ABOVE false) or wholly above it. */
static enum status excludes(const struct design *design, uint64_t allowed, bool above, double alpha,
                            bool *out, struct error *err)
{
    struct interval set;
    TRY(design_interval(design, 1 - 2 * alpha, &set, err));
    *out = above ? set.low > allowed : set.high <= allowed;
    return STATUS_OK;
}

/* The least level that excludes, rounded up; 1 if none below 1/2 does. */
static enum status p_value(const struct design *design, uint64_t allowed, bool above, double *p,
                           struct error *err)
{
    enum { STEPS = 60 };
    double kept = 1e-12, excluded = 0.499999;
    bool out;
    *p = 1;
    TRY(excludes(design, allowed, above, excluded, &out, err));
    if (!out)
        return STATUS_OK;
    TRY(excludes(design, allowed, above, kept, &out, err));
    for (int i = 0; !out && i < STEPS && excluded > kept * (1 + 1e-4); i++) {
        double middle = sqrt(kept * excluded);
        bool rejects;
        TRY(excludes(design, allowed, above, middle, &rejects, err));
        if (rejects)
            excluded = middle;
        else
            kept = middle;
    }
    *p = out ? kept : excluded;
    return STATUS_OK;
}

static enum claim_verdict verdict_of(const struct interval *set, uint64_t allowed)
{
    return set->high <= allowed ? CLAIM_SUPPORTED
           : set->low > allowed ? CLAIM_CONTRADICTED
                                : CLAIM_UNDETERMINED;
}

/* The verdict with ERRORS wrong labels in one stratum: irrelevant ones that are relevant, or the
 * other way round. COPY is STRATA's own. */
static enum status verdict_with(const struct design *design, struct design_stratum *copy, size_t h,
                                uint64_t errors, bool missed, uint64_t allowed, double confidence,
                                enum claim_verdict *out, struct error *err)
{
    struct design changed = *design;
    struct interval set;
    copy[h] = design->strata[h];
    if (missed)
        copy[h].counts.relevant += errors;
    else
        copy[h].counts.relevant -= errors;
    changed.strata = copy;
    TRY(design_interval(&changed, confidence, &set, err));
    copy[h] = design->strata[h];
    *out = verdict_of(&set, allowed);
    return STATUS_OK;
}

/* The strata in which a relevant unit weighs most come first: N_h / n_h. */
static double weight_of(const struct design *design, size_t h)
{
    const struct sample_counts *s = &design->strata[h].counts;
    return s->drawn ? (double)s->population / (double)s->drawn : 0;
}

static void order_by_weight(const struct design *design, size_t *order)
{
    for (size_t i = 0; i < design->count; i++) {
        size_t at = i;
        for (; at > 0 && weight_of(design, order[at - 1]) < weight_of(design, i); at--)
            order[at] = order[at - 1];
        order[at] = i;
    }
}

static bool is_pooled(const struct design *design)
{
    return design->count > 1 && design->combination == DESIGN_POOLED && !design->checked &&
           !design->prior;
}

/* Labels of a stratum that can be wrong so: irrelevant ones where hits were MISSED, else relevant
 * ones. */
static uint64_t mistakable(const struct sample_counts *s, bool missed)
{
    return missed ? s->drawn - s->relevant - s->unreadable : s->relevant;
}

/*
 * The same of pooled strata, wherever the errors are: first in the strata that weigh most. (All
 * that are not read whole weigh the same.) 0: none does.
 */
static enum status pooled_errors(const struct design *design, uint64_t allowed, double confidence,
                                 enum claim_verdict verdict, uint64_t *out, struct error *err)
{
    enum status status = STATUS_OK;
    bool missed = verdict == CLAIM_SUPPORTED;
    struct design changed = *design;
    uint64_t same = 0, most = 0;
    *out = 0;
    struct design_stratum *copy = mem_zalloc(design->count, sizeof *copy);
    size_t *order = mem_zalloc(design->count, sizeof *order);
    if (!copy || !order) {
        status = error_nomem(err);
        goto cleanup;
    }
    changed.strata = copy;
    order_by_weight(design, order);
    for (size_t h = 0; h < design->count; h++)
        most += mistakable(&design->strata[h].counts, missed);
    for (uint64_t turned = most + 1; turned - same > 1;) {
        uint64_t middle = same + (turned - same) / 2, left = middle;
        struct interval set;
        for (size_t i = 0; i < design->count; i++) {
            struct sample_counts *s = &copy[order[i]].counts;
            copy[order[i]] = design->strata[order[i]];
            uint64_t here = mistakable(s, missed) < left ? mistakable(s, missed) : left;
            s->relevant = missed ? s->relevant + here : s->relevant - here;
            left -= here;
        }
        TRY_CLEANUP(design_interval(&changed, confidence, &set, err));
        if (verdict_of(&set, allowed) == verdict)
            same = middle;
        else
            *out = turned = middle;
    }
cleanup:
    free(copy);
    free(order);
    return status;
}

/* The smallest number of wrong labels, all in one stratum, that turn the verdict; 0: none does. */
static enum status errors_to_turn(const struct design *design, uint64_t allowed, double confidence,
                                  enum claim_verdict verdict, uint64_t *out, struct error *err)
{
    enum status status = STATUS_OK;
    bool missed = verdict == CLAIM_SUPPORTED;
    *out = 0;
    if (verdict == CLAIM_UNDETERMINED || design->checked)
        return STATUS_OK;
    if (is_pooled(design))
        return pooled_errors(design, allowed, confidence, verdict, out, err);
    struct design_stratum *copy = mem_zalloc(design->count, sizeof *copy);
    if (!copy)
        return error_nomem(err);
    for (size_t h = 0; h < design->count; h++)
        copy[h] = design->strata[h];
    for (size_t h = 0; h < design->count; h++) {
        const struct sample_counts *s = &design->strata[h].counts;
        uint64_t same = 0, most = mistakable(s, missed);
        most = *out && *out - 1 < most ? *out - 1 : most; /* only fewer are of interest */
        uint64_t turned = most + 1;
        while (turned - same > 1) {
            uint64_t middle = same + (turned - same) / 2;
            enum claim_verdict now;
            TRY_CLEANUP(
                verdict_with(design, copy, h, middle, missed, allowed, confidence, &now, err));
            if (now == verdict)
                same = middle;
            else
                turned = middle;
        }
        if (turned <= most)
            *out = turned;
    }
cleanup:
    free(copy);
    return status;
}

/* ---- labels that are unreadable ---- */

static uint64_t undecided(const struct design *design, size_t h)
{
    const struct design_stratum *s = &design->strata[h];
    return s->counts.unreadable + (design->checked ? s->check.unclear : 0);
}

/* The stratum with RELEVANT of its undecided units relevant and the others not. */
static struct design_stratum decided(const struct design *design, size_t h, uint64_t relevant)
{
    struct design_stratum s = design->strata[h];
    uint64_t plain = relevant < s.counts.unreadable ? relevant : s.counts.unreadable;
    s.counts.relevant += plain;
    s.counts.unreadable = 0;
    if (design->checked) {
        s.check.overturned += relevant - plain;
        s.check.unclear = 0;
    }
    return s;
}

/* The verdict if RELEVANT of all undecided units are relevant, those of ORDER's first strata. */
static enum status verdict_at(const struct design *design, const size_t *order,
                              struct design_stratum *copy, uint64_t relevant, uint64_t allowed,
                              double confidence, enum claim_verdict *out, struct error *err)
{
    struct design changed = *design;
    struct interval set;
    for (size_t i = 0; i < design->count; i++) {
        size_t h = order[i];
        uint64_t here = undecided(design, h) < relevant ? undecided(design, h) : relevant;
        copy[h] = decided(design, h, here);
        relevant -= here;
    }
    changed.strata = copy;
    TRY(design_interval(&changed, confidence, &set, err));
    *out = verdict_of(&set, allowed);
    return STATUS_OK;
}

/* Fills verdict_if_none, turns, turns_at and turns_to. */
static enum status find_turn(const struct design *design, double confidence, struct claim_result *r,
                             struct error *err)
{
    enum status status = STATUS_OK;
    uint64_t same = 0, other = 0;
    for (size_t h = 0; h < design->count; h++)
        other += undecided(design, h);
    r->verdict_if_none = r->verdict;
    if (other == 0)
        return STATUS_OK;
    struct design_stratum *copy = mem_zalloc(design->count, sizeof *copy);
    size_t *order = mem_zalloc(design->count, sizeof *order);
    if (!copy || !order) {
        status = error_nomem(err);
        goto cleanup;
    }
    order_by_weight(design, order);
    TRY_CLEANUP(
        verdict_at(design, order, copy, 0, r->allowed, confidence, &r->verdict_if_none, err));
    TRY_CLEANUP(verdict_at(design, order, copy, other, r->allowed, confidence, &r->turns_to, err));
    r->turns = r->turns_to != r->verdict_if_none;
    while (r->turns && other - same > 1) {
        uint64_t middle = same + (other - same) / 2;
        enum claim_verdict now;
        TRY_CLEANUP(verdict_at(design, order, copy, middle, r->allowed, confidence, &now, err));
        if (now == r->verdict_if_none) {
            same = middle;
        } else {
            other = middle;
            r->turns_to = now;
        }
    }
    r->turns_at = r->turns ? other : 0;
cleanup:
    free(copy);
    free(order);
    return status;
}

/* ---- labels needed ---- */

/* Whether about SIZE units in proportion, of which HITS are relevant, support the claim. */
static enum status supports(const struct design *design, struct design_stratum *copy, uint64_t size,
                            uint64_t hits, uint64_t allowed, double confidence, uint64_t *units,
                            bool *out, struct error *err)
{
    struct design changed = *design;
    struct interval set;
    uint64_t population = 0;
    *units = 0;
    for (size_t h = 0; h < design->count; h++)
        population += design->strata[h].counts.population;
    for (size_t h = 0; h < design->count; h++) {
        uint64_t own = design->strata[h].counts.population;
        double wanted = ceil((double)size * ((double)own / (double)population));
        uint64_t drawn = wanted < (double)own ? (uint64_t)wanted : own;
        uint64_t relevant = hits < drawn ? hits : drawn;
        copy[h] = (struct design_stratum){.counts = {own, drawn, relevant, 0}};
        hits -= relevant;
        *units += drawn;
    }
    changed.strata = copy;
    TRY(design_interval(&changed, confidence, &set, err));
    *out = hits == 0 && verdict_of(&set, allowed) == CLAIM_SUPPORTED;
    return STATUS_OK;
}

/* The least such size; SAMPLE_SIZE_NONE if there is none. */
static enum status labels_needed(const struct design *design, uint64_t hits, uint64_t allowed,
                                 double confidence, uint64_t *needed, struct error *err)
{
    enum status status = STATUS_OK;
    uint64_t low = 0, high = 0, units;
    bool enough;
    *needed = SAMPLE_SIZE_NONE;
    struct design_stratum *copy = mem_zalloc(design->count, sizeof *copy);
    if (!copy)
        return error_nomem(err);
    for (size_t h = 0; h < design->count; h++)
        high += design->strata[h].counts.population;
    TRY_CLEANUP(supports(design, copy, high, hits, allowed, confidence, &units, &enough, err));
    if (!enough)
        goto cleanup;
    *needed = units;
    while (high - low > 1) {
        uint64_t middle = low + (high - low) / 2;
        TRY_CLEANUP(
            supports(design, copy, middle, hits, allowed, confidence, &units, &enough, err));
        if (enough) {
            high = middle;
            *needed = units;
        } else {
            low = middle;
        }
    }
cleanup:
    free(copy);
    return status;
}

enum status design_claim(const struct design *design, uint64_t allowed, double confidence,
                         struct claim_result *out, struct error *err)
{
    TRY(level_check(confidence, err));
    double alpha = level_alpha(confidence);
    if (!(alpha < 0.5))
        return error_set(err, STATUS_PLAN, NULL,
                         "a claim on this design needs a confidence above 0.5");
    struct interval set;
    struct claim_result r = {.allowed = allowed, .alpha = alpha};
    TRY(design_interval(design, 1 - 2 * alpha, &set, err));
    r.upper.value = set.high;
    r.lower.value = set.low;
    r.verdict = verdict_of(&set, allowed);
    TRY(errors_to_turn(design, allowed, 1 - 2 * alpha, r.verdict, &r.errors_to_turn, err));
    TRY(p_value(design, allowed, false, &r.p_value, err));
    TRY(p_value(design, allowed, true, &r.p_contradicted, err));
    TRY(find_turn(design, 1 - 2 * alpha, &r, err));
    r.labels_needed = r.labels_needed_if_none = SAMPLE_SIZE_NONE;
    if (r.verdict == CLAIM_UNDETERMINED && is_pooled(design)) {
        uint64_t hits = 0, open = 0;
        for (size_t h = 0; h < design->count; h++) {
            hits += design->strata[h].counts.relevant;
            open += design->strata[h].counts.unreadable;
        }
        TRY(labels_needed(design, hits + open, allowed, 1 - 2 * alpha, &r.labels_needed, err));
        TRY(labels_needed(design, hits, allowed, 1 - 2 * alpha, &r.labels_needed_if_none, err));
    }
    *out = r;
    return STATUS_OK;
}
