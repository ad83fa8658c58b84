/*
 * How often the bounds of a method hold the number relevant where they do so least: the exact
 * coverage at every number that there can be.
 */
#ifndef PROFFER_WORST_COVERAGE_H
#define PROFFER_WORST_COVERAGE_H

#include "stats/anytime.h"
#include "stats/interval.h"

#include <stdbool.h>
#include <stdint.h>

struct worst_coverage {
    bool enumerated;   /* else nothing below is known */
    double least;      /* min over K of P(bounds of the sample hold K | K) */
    uint64_t relevant; /* the least K at which it is so */
};

/*
 * Of simple random samples of DRAWN units of POPULATION, all of them readable, at CONFIDENCE, for
 * an exact METHOD (asserted); PRIOR is that of the anytime method, NULL for all others. Not
 * enumerated are more than WORST_COVERAGE_DRAWN_MAX drawn, and a method whose ends do not grow with
 * what was seen. N = 100, n = 10, equal-tailed at 0.95: 0.95982 at K = 43. STATUS_PLAN for
 * impossible counts or a bad level.
 */
enum status worst_coverage(const struct interval_method *method, const struct anytime_prior *prior,
                           uint64_t population, uint64_t drawn, double confidence,
                           struct worst_coverage *out, struct error *err) PROFFER_MUST_USE;

/* The largest sample that is enumerated, in less than half a second; the work grows with its size,
 * not with the population. */
uint64_t worst_coverage_drawn_max(const struct interval_method *method);

#endif
