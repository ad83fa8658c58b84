/* Sizes of stratified samples: see stratified_size.h. */
#include "stats/stratified_size.h"

#include "base/memory.h"
#include "stats/allocation.h"
#include "stats/hypergeometric.h"
#include "stats/level.h"
#include "stats/sample_size.h"
#include "stats/stratified.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { OUTCOMES_MAX = 20000 };

/* Whether a sample of SIZES with the relevant ones X supports the claim. COUNTS is room for both.
 */
static enum status supports(const struct stratified_plan *plan, const uint64_t *sizes,
                            const uint64_t *x, struct sample_counts *counts, bool *out,
                            struct error *err)
{
    struct interval set;
    double alpha = level_alpha(plan->confidence);
    if (!(alpha < 0.5))
        return error_set(err, STATUS_PLAN, NULL, "a stratified claim needs a confidence above 0.5");
    for (size_t h = 0; h < plan->count; h++)
        counts[h] = (struct sample_counts){plan->units[h], sizes[h], x[h], 0};
    TRY(stratified_fisher(counts, plan->count, 1 - 2 * alpha, &set, NULL, NULL, err));
    *out = set.high <= plan->allowed;
    return STATUS_OK;
}

/* The next way to spread the same number over the strata, in colexicographic order; false at the
 * end. */
static bool next_spread(uint64_t *x, size_t count)
{
    size_t first = 0;
    while (first < count && x[first] == 0)
        first++;
    if (first + 1 >= count)
        return false;
    uint64_t moved = x[first];
    x[first] = 0;
    x[first + 1]++;
    x[0] = moved - 1;
    return true;
}

/* Whether HITS support the claim wherever they fall. */
static enum status supports_all(const struct stratified_plan *plan, const uint64_t *sizes,
                                uint64_t hits, uint64_t *x, struct sample_counts *counts, bool *out,
                                struct error *err)
{
    memset(x, 0, plan->count * sizeof *x);
    x[0] = hits;
    do {
        bool possible = true;
        for (size_t h = 0; h < plan->count; h++)
            possible = possible && x[h] <= sizes[h];
        *out = true;
        if (possible)
            TRY(supports(plan, sizes, x, counts, out, err));
    } while (*out && next_spread(x, plan->count));
    return STATUS_OK;
}

enum status stratified_size_claim(const struct stratified_plan *plan, uint64_t hits, uint64_t *size,
                                  uint64_t *sizes, struct error *err)
{
    enum status status = STATUS_OK;
    uint64_t all = 0, least = 0;
    uint64_t *x = mem_zalloc(plan->count, sizeof *x);
    struct sample_counts *counts = mem_zalloc(plan->count, sizeof *counts);
    *size = SAMPLE_SIZE_NONE;
    if (!x || !counts) {
        status = error_nomem(err);
        goto cleanup;
    }
    for (size_t h = 0; h < plan->count; h++) {
        all += plan->units[h];
        least += plan->units[h] < 2 ? plan->units[h] : 2;
    }
    uint64_t few = least, enough = all;
    while (few < enough) {
        uint64_t middle = few + (enough - few) / 2;
        bool good;
        TRY_CLEANUP(allocation_divide(plan->weights, plan->units, plan->count, middle, sizes, err));
        TRY_CLEANUP(supports_all(plan, sizes, hits, x, counts, &good, err));
        if (good)
            enough = middle;
        else
            few = middle + 1;
    }
    if (enough == all)
        goto cleanup;
    *size = enough;
    status = allocation_divide(plan->weights, plan->units, plan->count, enough, sizes, err);
cleanup:
    free(x);
    free(counts);
    return status;
}

/* ---- what supports ---- */

void clear_set_release(struct clear_set *set)
{
    free(set->outcomes);
    *set = (struct clear_set){NULL, 0, 0};
}

static enum status add_outcome(struct clear_set *set, size_t strata, const uint64_t *x,
                               struct error *err)
{
    if (set->count == OUTCOMES_MAX)
        return error_set(err, STATUS_PLAN, NULL,
                         "more than %d outcomes support the claim: its chances are not computed",
                         OUTCOMES_MAX);
    uint64_t *grown =
        mem_grow(set->outcomes, &set->capacity, (set->count + 1) * strata, sizeof *grown);
    if (!grown)
        return error_nomem(err);
    set->outcomes = grown;
    memcpy(grown + set->count++ * strata, x, strata * sizeof *x);
    return STATUS_OK;
}

/* Stratum after stratum from H on, as far as each number still supports with nothing in those after
 * it. */
static enum status extend(const struct stratified_plan *plan, const uint64_t *sizes, size_t h,
                          uint64_t *x, struct sample_counts *counts, struct clear_set *out,
                          struct error *err)
{
    if (h == plan->count)
        return add_outcome(out, plan->count, x, err);
    for (x[h] = 0; x[h] <= sizes[h]; x[h]++) {
        bool good;
        TRY(supports(plan, sizes, x, counts, &good, err));
        if (!good)
            break;
        TRY(extend(plan, sizes, h + 1, x, counts, out, err));
    }
    x[h] = 0;
    return STATUS_OK;
}

enum status clear_set_find(const struct stratified_plan *plan, const uint64_t *sizes,
                           struct clear_set *out, struct error *err)
{
    *out = (struct clear_set){NULL, 0, 0};
    uint64_t *x = mem_zalloc(plan->count, sizeof *x);
    struct sample_counts *counts = mem_zalloc(plan->count, sizeof *counts);
    enum status status =
        x && counts ? extend(plan, sizes, 0, x, counts, out, err) : error_nomem(err);
    free(x);
    free(counts);
    return status;
}

double clear_set_chance(const struct stratified_plan *plan, const uint64_t *sizes,
                        const struct clear_set *set, const uint64_t *relevant)
{
    double chance = 0;
    for (size_t i = 0; i < set->count; i++) {
        double p = 1;
        for (size_t h = 0; h < plan->count; h++) {
            struct hypergeometric own = {plan->units[h], relevant[h], sizes[h]};
            p *= hypergeometric_pmf(&own, set->outcomes[i * plan->count + h]);
        }
        chance += p;
    }
    return chance < 1 ? chance : 1;
}
