/*
 * Sampling designs as reports take them: one stratum or several, labels as they are or checked
 * again, and one bound on the number relevant for all of it.
 *
 *                       one stratum                        several
 *     labels as given   its method (interval.h)            union-intersection, Šidák's sum of the
 *                                                          equal-tailed sets, or all hits pooled;
 *                                                          the anytime method as Šidák's sum of its
 *                                                          own
 *     labels checked    two phases (two_phase.h)           Šidák's sum of those
 *
 * Which one follows from the plan and the design, never from the labels.
 */
#ifndef PROFFER_DESIGN_H
#define PROFFER_DESIGN_H

#include "base/error.h"
#include "stats/anytime.h"
#include "stats/claim.h"
#include "stats/interval.h"
#include "stats/two_phase.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct design_stratum {
    struct sample_counts counts;
    struct label_check check; /* where the design's labels are checked */
};

enum design_combination { DESIGN_UNION_INTERSECTION, DESIGN_SIDAK, DESIGN_POOLED };

struct design {
    const struct design_stratum *strata;
    size_t count;
    enum design_combination combination;  /* of several strata */
    const struct interval_method *method; /* of one stratum, labels as given */
    const struct anytime_prior *prior;    /* of the anytime method; NULL for all others */
    bool checked;
};

/* The number relevant in stratum H alone, both ends together at CONFIDENCE. */
enum status design_stratum_interval(const struct design *design, size_t h, double confidence,
                                    struct interval *out, struct error *err) PROFFER_MUST_USE;

/* The number relevant in all strata together. */
enum status design_interval(const struct design *design, double confidence, struct interval *out,
                            struct error *err) PROFFER_MUST_USE;

/* What that bound is, in words: title, and a sentence on formula and guarantee. */
const char *design_title(const struct design *design);
const char *design_summary(const struct design *design);

/* Strata that carry sampling error. */
size_t design_uncertain(const struct design *design);

/*
 * The claim that at most ALLOWED units are relevant: supported where the upper end at 2 CONFIDENCE
 * - 1 (so, one-sided, at CONFIDENCE) is at most ALLOWED, contradicted where the lower end is above
 * it. P-values are the least level at which the set excludes the null, bisected and rounded up
 * (relative 1e-4), and 1 from 1/2 on. CONFIDENCE is above 1/2. Of *OUT only allowed, alpha,
 * verdict, the p-values, the values of the bounds and, unless labels are checked, errors_to_turn
 * are filled, the latter with all errors in the stratum where they weigh most (of pooled strata in
 * any of them), and
 * verdict_if_none and what turns it, with the relevant among the undecided units in the strata that
 * weigh most; labels needed are SAMPLE_SIZE_NONE, but for pooled strata that leave it undetermined:
 * the least size, of which each stratum has its proportion rounded up, that supports the claim with
 * as many hits in all as now, and labels_needed_if_none with the undecided taken as irrelevant.
 */
enum status design_claim(const struct design *design, uint64_t allowed, double confidence,
                         struct claim_result *out, struct error *err) PROFFER_MUST_USE;

#endif
