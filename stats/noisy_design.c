/* Designs with noise: see noisy_design.h. */
#include "stats/noisy_design.h"

#include "base/arena.h"
#include "base/memory.h"
#include "stats/clustered_count.h"
#include "stats/hypergeometric.h"
#include "stats/noisy_bernoulli.h"

#include <stdlib.h>

static const int64_t told_most = (int64_t)(HYPERGEOMETRIC_POPULATION_MAX / 2);

static uint64_t least_of(uint64_t a, uint64_t b)
{
    return a < b ? a : b;
}

/* An empty set can only be where a bound has failed. */
static void mend(struct interval *set)
{
    if (set->high < set->low)
        set->high = set->low;
}

static enum status sized_bounds(const struct noisy_design *design, double alpha,
                                enum noisy_ends ends, struct noisy_bounds *out, struct error *err)
{
    struct noisy_extremes extremes;
    TRY(noisy_tally_extremes(&design->strata[0].tally, alpha, &extremes, &out->population, err));
    double left = extremes.left / (ends == NOISY_TWO_SIDED ? 2 : 1);
    out->relevant = (struct interval){noisy_count_low_end(&extremes.least, design->tails, left),
                                      noisy_count_high_end(&extremes.most, design->tails, left)};
    mend(&out->relevant);
    return STATUS_OK;
}

/* N of strata FIRST to END - 1: as told of the whole, or the sum of what was told of each. */
static enum status find_population(const struct noisy_design *design, size_t first, size_t end,
                                   double alpha, struct interval *out, struct error *err)
{
    bool whole = design->whole_told && first == 0 && end == design->count;
    size_t count = whole ? 1 : end - first;
    *out = (struct interval){0, 0};
    for (size_t i = 0; i < count; i++) {
        const struct noisy_tally *tally = &design->strata[first + i].tally;
        int64_t told = whole ? design->population : tally->population;
        const struct noise_law *law = whole ? &design->population_law : &tally->population_law;
        if (told > told_most || told < -told_most)
            return error_set(err, STATUS_PLAN, NULL, "the number told is out of range");
        if (law->kind != NOISE_LAW_NONE && !(law->scale > 0))
            return error_set(err, STATUS_PLAN, NULL, "the scale of noise must be above 0");
        struct interval own = noisy_value_interval(told, law, alpha / (double)count);
        out->low += own.low;
        out->high += own.high;
    }
    if (out->high > HYPERGEOMETRIC_POPULATION_MAX)
        return error_set(err, STATUS_PLAN, NULL, "the population is too large");
    return STATUS_OK;
}

/* The parts of strata FIRST to END - 1; ITEMS has room for two of each. */
static size_t list_parts(const struct noisy_design *design, size_t first, size_t end,
                         struct noisy_part *items)
{
    size_t count = 0;
    for (size_t h = first; h < end; h++) {
        const struct noisy_stratum *s = &design->strata[h];
        items[count++] = (struct noisy_part){s->share, s->tally.relevant, s->tally.unreadable};
        if (design->check_share > 0)
            items[count++] = (struct noisy_part){s->share * design->check_share,
                                                 s->check.overturned, s->check.unclear};
    }
    return count;
}

/* An eighth of ALPHA goes to the population's size, an eighth to the open ones, the rest, here of
 * one end, to the relevant ones. */
struct portions {
    double eighth, left;
};

static struct portions divide(double alpha, enum noisy_ends ends)
{
    return (struct portions){alpha / 8, 6 * (alpha / 8) / (ends == NOISY_TWO_SIDED ? 2 : 1)};
}

static void fit(struct noisy_bounds *bounds)
{
    mend(&bounds->relevant);
    bounds->relevant.high = least_of(bounds->relevant.high, bounds->population.high);
    bounds->relevant.low = least_of(bounds->relevant.low, bounds->relevant.high);
}

static enum status cluster_bounds(const struct noisy_design *design, double alpha,
                                  enum noisy_ends ends, struct noisy_bounds *out, struct error *err)
{
    struct arena arena = ARENA_INIT;
    enum status status = STATUS_OK;
    const struct noisy_stratum *s = &design->strata[0];
    struct portions p = divide(alpha, ends);
    struct noise_hinge hinge = {.law = s->tally.law};
    TRY(find_population(design, 0, 1, p.eighth, &out->population, err));
    struct clustered_count count = {.share = s->share,
                                    .cap = design->cluster_cap,
                                    .most = out->population.high,
                                    .noise = &hinge,
                                    .told = s->tally.relevant,
                                    .open = s->tally.unreadable};
    TRY_CLEANUP(clustered_count_check(&count, err));
    TRY_CLEANUP(noise_hinge_init(&hinge, s->tally.law, &arena, err));
    out->relevant = (struct interval){clustered_count_lower(&count, p.left),
                                      clustered_count_upper(&count, p.eighth, p.left)};
    fit(out);
cleanup:
    arena_release(&arena);
    return status;
}

static enum status shared_bounds(const struct noisy_design *design, size_t first, size_t end,
                                 double alpha, enum noisy_ends ends, struct noisy_bounds *out,
                                 struct error *err)
{
    enum status status = STATUS_OK;
    struct portions p = divide(alpha, ends);
    struct noisy_part *items = mem_zalloc(2 * (end - first), sizeof *items);
    if (!items)
        return error_nomem(err);
    TRY_CLEANUP(find_population(design, first, end, p.eighth, &out->population, err));
    struct noisy_parts parts = {.items = items,
                                .count = list_parts(design, first, end, items),
                                .most = out->population.high,
                                .law = design->strata[first].tally.law,
                                .tails = design->tails};
    TRY_CLEANUP(noisy_parts_check(&parts, err));
    out->relevant = (struct interval){noisy_parts_lower(&parts, p.left),
                                      noisy_parts_upper(&parts, p.eighth, p.left)};
    fit(out);
cleanup:
    free(items);
    return status;
}

static enum status bounds_of(const struct noisy_design *design, size_t first, size_t end,
                             double alpha, enum noisy_ends ends, struct noisy_bounds *out,
                             struct error *err)
{
    if (end <= first)
        return error_set(err, STATUS_PLAN, NULL, "a stratified sample needs a stratum");
    if (!(alpha > 0 && alpha < 1))
        return error_set(err, STATUS_PLAN, NULL, "what may go wrong must be between 0 and 1");
    bool shared = design->strata[0].share > 0;
    if (design->cluster_cap && (!shared || design->count > 1 || design->check_share > 0))
        return error_set(err, STATUS_PLAN, NULL,
                         "clusters with noise must be drawn by a share, without strata or checks");
    if (design->cluster_cap > 1)
        return cluster_bounds(design, alpha, ends, out, err);
    if (shared) /* a cluster of one unit at most is a unit */
        return shared_bounds(design, first, end, alpha, ends, out, err);
    if (design->count > 1 || design->check_share > 0)
        return error_set(err, STATUS_PLAN, NULL,
                         "strata and checks with noise must be drawn by shares");
    return sized_bounds(design, alpha, ends, out, err);
}

enum status noisy_design_bounds(const struct noisy_design *design, double alpha,
                                enum noisy_ends ends, struct noisy_bounds *out, struct error *err)
{
    return bounds_of(design, 0, design->count, alpha, ends, out, err);
}

enum status noisy_stratum_bounds(const struct noisy_design *design, size_t h, double alpha,
                                 enum noisy_ends ends, struct noisy_bounds *out, struct error *err)
{
    return bounds_of(design, h, h + 1, alpha, ends, out, err);
}
