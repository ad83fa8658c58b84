/* Sampling designs: see design.h. */
#include "stats/design.h"

#include "base/memory.h"
#include "stats/level.h"
#include "stats/pooled.h"
#include "stats/stratified.h"

#include <math.h>
#include <stdlib.h>

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
        design->combination == DESIGN_POOLED
            ? stratified_pooled(counts, design->count, confidence, out, err)
        : design->combination == DESIGN_SIDAK
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
    if (design->combination == DESIGN_POOLED)
        return (struct words){
            "Stratified exact (pooled)",
            "The hits of all strata together against the binomial distribution at the least rate "
            "of the strata for the high end and the greatest for the low end, which is never "
            "lighter in its tails (Hoeffding 1956): covers at least its level, and is narrow "
            "where the sizes of strata are in proportion."};
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
