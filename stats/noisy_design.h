/*
 * Labelled samples of which every number was told with noise: one bound on the number relevant of
 * all of it, and of each stratum.
 *
 *     drawn by size, one stratum    noisy_count.h: the hypergeometric law, given n and N
 *     drawn by shares               noisy_bernoulli.h: a stratum is one part, or two where labels
 * are checked: the units that reviewers would not call irrelevant, drawn with the stratum's share,
 * and those that they would, of which a relevant one is seen where it was drawn and checked, with
 * that share times the checks'. Several parts are joined by union-intersection
 *     clusters drawn by shares      clustered_count.h: one stratum, labels as they are
 *
 * Drawn by shares, an eighth of what may go wrong goes to the population's size, an eighth to the
 * unreadable and unclear ones of all strata, the rest to the relevant ones. Which method is taken
 * follows from the design. Bounds of strata hold each by itself.
 */
#ifndef PROFFER_NOISY_DESIGN_H
#define PROFFER_NOISY_DESIGN_H

#include "stats/noisy_count.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Of the drawn units those that reviewers call irrelevant, those of them decided again, and of
 * these those found relevant after all or undecided still; with the noise of the tally. */
struct noisy_check {
    int64_t cleared, checked, overturned, unclear;
};

struct noisy_stratum {
    struct noisy_tally tally; /* where labels are checked, relevant and unreadable: of the others */
    struct noisy_check check;
    double share; /* each unit's chance to be drawn; 0 where so many were drawn */
};

struct noisy_design {
    const struct noisy_stratum *strata;
    size_t count;
    double check_share; /* each cleared unit's chance to be checked; 0 where labels are as given */
    int64_t
        population; /* of all strata together, told by itself where WHOLE_TOLD, else their sum */
    bool whole_told;
    struct noise_law population_law;
    const struct noise_tails *tails; /* of the tallies' law, or NULL: slower */
    uint64_t cluster_cap;            /* units of a drawn cluster at most; 0: units were drawn */
};

struct noisy_bounds {
    struct interval relevant, population;
};

/* Which ends must hold: both together with 1 - alpha, or each by itself. */
enum noisy_ends { NOISY_TWO_SIDED, NOISY_ONE_SIDED };

/*
 * Of all strata. STATUS_PLAN for ALPHA not in (0, 1), no strata, several that were not drawn by
 * shares, checks of a sample that was not, clusters with any of these, or a number told that is out
 * of range.
 */
enum status noisy_design_bounds(const struct noisy_design *design, double alpha,
                                enum noisy_ends ends, struct noisy_bounds *out,
                                struct error *err) PROFFER_MUST_USE;

/* Of stratum H alone. */
enum status noisy_stratum_bounds(const struct noisy_design *design, size_t h, double alpha,
                                 enum noisy_ends ends, struct noisy_bounds *out,
                                 struct error *err) PROFFER_MUST_USE;

#endif
