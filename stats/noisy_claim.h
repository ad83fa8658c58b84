/*
 * The claim "at least the share q is irrelevant" on a labelled sample of which every number was
 * told with noise (noisy_design.h).
 *
 *     supported      the upper end on the number relevant, one-sided, is within what the claim
 *                    allows of the least population there can be
 *     contradicted   the lower end, one-sided, is beyond what it allows of the largest
 *     undetermined   else
 *
 * Each test errs with a chance of at most alpha = 1 - confidence, divided among the numbers as
 * bounds divide it. What was told is all that is used: exact numbers have no part in it.
 */
#ifndef PROFFER_NOISY_CLAIM_H
#define PROFFER_NOISY_CLAIM_H

#include "stats/claim.h"
#include "stats/noisy_design.h"

struct noisy_claim {
    enum claim_verdict verdict;
    /* The least alpha at which the claim is supported, from above, to three digits; 1 if none. */
    double p_value;
    struct interval population; /* N at the level of the tests */
    struct interval allowed;    /* of the least and of the largest N */
    struct interval relevant;   /* two one-sided ends, each at the confidence */
};

/* SHARE: q as decimal text. STATUS_PLAN for an impossible share or level, or a number out of
 * range. */
enum status noisy_claim_test(const struct noisy_tally *tally, const char *share, double confidence,
                             struct noisy_claim *out, struct error *err) PROFFER_MUST_USE;

/* The same of a design in strata, or drawn by shares; p_value then to two digits. */
enum status noisy_claim_design(const struct noisy_design *design, const char *share,
                               double confidence, struct noisy_claim *out,
                               struct error *err) PROFFER_MUST_USE;

#endif
