/* Sampling designs: see design.h. */
#include "stats/design.h"

#include "base/memory.h"
#include "stats/level.h"
#include "stats/sample_size.h"
#include "stats/stratified.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static bool is_uncertain(const struct design *design, size_t h)
{
    const struct design_stratum *stratum = &design->strata[h];
    const struct sample_counts *s = &stratum->counts;
    if (s->drawn == 0)
        return false;
    if (design->checked && !stratum->check.all)
        return true;
    return s->drawn < s->population;
}

size_t design_uncertain(const struct design *design)
{
    size_t count = 0;
    for (size_t h = 0; h < design->count; h++)
        count += is_uncertain(design, h);
    return count;
}

enum status design_stratum_interval(const struct design *design, size_t h, double confidence,
                                    struct interval *out, struct error *err)
{
    const struct design_stratum *stratum = &design->strata[h];
    struct interval_result result;
    if (design->checked)
        return two_phase_interval(&stratum->counts, &stratum->check, confidence, out, err);
    if (design->prior)
        TRY(interval_anytime(&stratum->counts, *design->prior, confidence, &result, err));
    else
        TRY(design->method->compute(&stratum->counts, confidence, &result, err));
    *out = result.count;
    return STATUS_OK;
}

/* The sum of the strata's sets, each at the level that makes all of them hold together. */
static enum status sum_of_sets(const struct design *design, double confidence, struct interval *out,
                               struct error *err)
{
    TRY(level_check(confidence, err));
    size_t uncertain = design_uncertain(design);
    double alpha = level_alpha(confidence);
    double each = uncertain > 1 ? exp(log1p(-alpha) / (double)uncertain) : confidence;
    *out = (struct interval){0, 0};
    for (size_t h = 0; h < design->count; h++) {
        struct interval own;
        TRY(design_stratum_interval(design, h, each, &own, err));
        out->low += own.low;
        out->high += own.high;
    }
    return STATUS_OK;
}

enum status design_interval(const struct design *design, double confidence, struct interval *out,
                            struct error *err)
{
    if (design->count == 1)
        return design_stratum_interval(design, 0, confidence, out, err);
    if (design->checked || design->prior)
        return sum_of_sets(design, confidence, out, err);
    struct sample_counts *counts = mem_zalloc(design->count, sizeof *counts);
    if (!counts)
        return error_nomem(err);
    for (size_t h = 0; h < design->count; h++)
        counts[h] = design->strata[h].counts;
    enum status status =
        design->combination == DESIGN_SIDAK
            ? stratified_sidak(counts, design->count, confidence, out, err)
            : stratified_fisher(counts, design->count, confidence, out, NULL, NULL, err);
    free(counts);
    return status;
}

/* ---- in words ---- */

struct words {
    const char *title, *summary;
};

static struct words words_of(const struct design *design)
{
    if (design->count == 1 && !design->checked)
        return (struct words){design->method->title, design->method->summary};
    if (design->count == 1)
        return (struct words){
            "Two-phase exact (labels checked)",
            "Covers at least its level whatever the number relevant and the errors of labels are: "
            "a number is kept unless the p-values of drawing the sample and of drawing the checked "
            "labels, combined by Fisher's method, reject it with every number of relevant units "
            "among those labelled irrelevant; the checker's decisions count as the truth."};
    if (design->checked)
        return (struct words){
            "Stratified two-phase exact (Šidák)",
            "The sum of the strata's two-phase sets, each at confidence^(1/H) for H strata with "
            "sampling error: covers at least its level, and all strata together do; the checker's "
            "decisions count as the truth."};
    if (design->prior)
        return (struct words){
            "Stratified anytime-valid (Šidák)",
            "The sum of the strata's sets that hold at every look, each at confidence^(1/H) for H "
            "strata with sampling error: covers at least its level at every look."};
    if (design->combination == DESIGN_SIDAK)
        return (struct words){
            "Stratified exact (Šidák)",
            "The sum of the strata's equal-tailed sets, each at confidence^(1/H) for H strata with "
            "sampling error: covers at least its level, and all strata together do."};
    return (struct words){
        "Stratified exact (union-intersection)",
        "A total is kept unless the strata's p-values, combined by Fisher's method, reject every "
        "way to spread it over the strata: covers at least its level."};
}

const char *design_title(const struct design *design)
{
    return words_of(design).title;
}

const char *design_summary(const struct design *design)
{
    return words_of(design).summary;
}

/* ---- claims ---- */

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

/* The smallest number of wrong labels, all in one stratum, that turn the verdict; 0: none does. */
static enum status errors_to_turn(const struct design *design, uint64_t allowed, double confidence,
                                  enum claim_verdict verdict, uint64_t *out, struct error *err)
{
    enum status status = STATUS_OK;
    bool missed = verdict == CLAIM_SUPPORTED;
    *out = 0;
    if (verdict == CLAIM_UNDETERMINED || design->checked)
        return STATUS_OK;
    struct design_stratum *copy = mem_zalloc(design->count, sizeof *copy);
    if (!copy)
        return error_nomem(err);
    for (size_t h = 0; h < design->count; h++)
        copy[h] = design->strata[h];
    for (size_t h = 0; h < design->count; h++) {
        const struct sample_counts *s = &design->strata[h].counts;
        uint64_t same = 0, most = missed ? s->drawn - s->relevant - s->unreadable : s->relevant;
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
    r.verdict_if_none = r.verdict;
    r.labels_needed = r.labels_needed_if_none = SAMPLE_SIZE_NONE;
    *out = r;
    return STATUS_OK;
}
