/* Coverage by summing outcomes: see coverage.h. */
#include "tests/support/coverage.h"

#include "stats/hypergeometric.h"

#include <stdlib.h>

int coverage_init(struct coverage *coverage, const struct interval_method *method,
                  uint64_t population, uint64_t drawn, double confidence, uint64_t most)
{
    uint64_t outcomes = (most < drawn ? most : drawn) + 1;
    *coverage = (struct coverage){method, population, drawn, outcomes,
                                  calloc(outcomes, sizeof *coverage->bounds)};
    if (!coverage->bounds)
        return -1;
    for (uint64_t x = 0; x < outcomes; x++) {
        struct error err = ERROR_INIT;
        struct sample_counts sample = {population, drawn, x, 0};
        if (method->compute(&sample, confidence, &coverage->bounds[x], &err) != STATUS_OK)
            return -1;
    }
    return 0;
}

void coverage_release(struct coverage *coverage)
{
    free(coverage->bounds);
    coverage->bounds = NULL;
}

static bool holds(const struct coverage *c, const struct interval_result *r, uint64_t relevant)
{
    if (c->method->guarantee == INTERVAL_EXACT)
        return r->count.low <= relevant && relevant <= r->count.high;
    double share = (double)relevant / (double)c->population;
    return r->share_low <= share && share <= r->share_high;
}

double coverage_at(const struct coverage *c, uint64_t relevant)
{
    struct hypergeometric h = {c->population, relevant, c->drawn};
    uint64_t last = relevant < c->drawn ? relevant : c->drawn;
    double sum = 0, missed = 0;
    for (uint64_t x = 0; x < c->outcomes && x <= last; x++) {
        double mass = hypergeometric_pmf(&h, x);
        if (holds(c, &c->bounds[x], relevant))
            sum += mass;
        else
            missed += mass;
    }
    /* The smaller sum has the smaller rounding; outcomes beyond those prepared are misses. */
    if (last >= c->outcomes)
        missed += hypergeometric_tail_high(&h, c->outcomes);
    return sum < 0.5 ? sum : 1 - missed;
}

double coverage_least(const struct coverage *c, uint64_t first, uint64_t last, uint64_t *where)
{
    double least = 2;
    for (uint64_t k = first; k <= last; k++) {
        double here = coverage_at(c, k);
        if (here >= least)
            continue;
        least = here;
        if (where)
            *where = k;
    }
    return least;
}
