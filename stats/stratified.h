/*
 * Exact bounds on the number relevant of a whole population from a stratified sample: simple random
 * samples, drawn in each stratum by itself, of sizes that were fixed before labels are read.
 *
 * Which method is taken must follow from the plan and the design (N_h, n_h), never from the labels.
 * A stratum that was read whole has no error and costs nothing; one from which nothing was drawn
 * adds anything from none to all of its units.
 */
#ifndef PROFFER_STRATIFIED_H
#define PROFFER_STRATIFIED_H

#include "base/error.h"
#include "stats/interval.h"

#include <stddef.h>
#include <stdint.h>

/*
 * The sum of the strata's equal-tailed sets, each at CONFIDENCE^(1/H) for the H strata that were
 * sampled but not read whole (Šidák, JASA 62, 1967). Holds for each stratum together, too.
 * (N=100k, n=1000, x=20) and (19.9M, 29000, 0) at 95 % give [1144, 6223].
 */
enum status stratified_sidak(const struct sample_counts *strata, size_t count, double confidence,
                             struct interval *out, struct error *err) PROFFER_MUST_USE;

/* One end of the union-intersection set, with the proof that it is the one. */
struct stratified_bound {
    uint64_t value;
    uint64_t *allocation; /* [count] of the value to strata, the one that is rejected last */
    double log_p;         /* the sum of ln p there: not rejected, above the threshold */
    double beyond;    /* that of the best allocation of the next value outward; -INFINITY if none */
    double threshold; /* -chi-square quantile / 2 with 2 H degrees of freedom */
};

/*
 * All totals K for which some allocation of K to the strata is not rejected by Fisher's combination
 * of the strata's one-sided p-values, each end at (1 - CONFIDENCE) / 2. Never worse than needed by
 * independence; of the two methods the narrower one where several strata are sampled thinly.
 * LOW and HIGH, unless NULL, get the proofs; free their allocations.
 */
enum status stratified_fisher(const struct sample_counts *strata, size_t count, double confidence,
                              struct interval *out, struct stratified_bound *low,
                              struct stratified_bound *high, struct error *err) PROFFER_MUST_USE;

#endif
