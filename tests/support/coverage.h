/*
 * How often the bounds of a method hold the true number relevant: exactly, summed over all outcomes
 * of a simple random sample.
 */
#ifndef PROFFER_COVERAGE_H
#define PROFFER_COVERAGE_H

#include "stats/interval.h"

#include <stdint.h>

/* The bounds of a method for 0, 1, ... relevant among DRAWN of POPULATION. */
struct coverage {
    const struct interval_method *method;
    uint64_t population, drawn;
    uint64_t outcomes; /* bounds are there for fewer relevant than this */
    struct interval_result *bounds;
};

/*
 * Bounds for up to MOST relevant drawn, or for all outcomes where those are fewer. 0, or -1 without
 * memory or where the method refuses; release also then.
 */
int coverage_init(struct coverage *coverage, const struct interval_method *method,
                  uint64_t population, uint64_t drawn, double confidence, uint64_t most);
void coverage_release(struct coverage *coverage);

/*
 * P(bounds hold RELEVANT | RELEVANT of the population are). Outcomes beyond those prepared count as
 * misses. Exact methods are judged by their numbers, approximate ones by their shares.
 */
double coverage_at(const struct coverage *coverage, uint64_t relevant);

/* The least coverage over all numbers relevant in [FIRST, LAST]; *WHERE, unless NULL, is the first
 * that has it. */
double coverage_least(const struct coverage *coverage, uint64_t first, uint64_t last,
                      uint64_t *where);

#endif
