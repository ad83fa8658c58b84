/*
 * The claim "at least the share q of the population is irrelevant", tested on a simple random
 * sample.
 *
 * It holds while K <= allowed = floor(N (1 - q)). Two exact one-sided tests at alpha = 1 -
 * confidence: supported     if the null "violated" (K >= allowed + 1) is rejected: P(X <= x |
 * allowed + 1) <= alpha contradicted  if the null "holds" (K <= allowed) is rejected:        P(X >=
 * x | allowed) <= alpha At most one of them rejects where alpha < 1/2; above that `supported` is
 * looked at first.
 *
 * Unreadable labels are bounded both ways: supported only if it is with all of them relevant,
 * contradicted only if it is with none relevant.
 */
#ifndef PROFFER_CLAIM_H
#define PROFFER_CLAIM_H

#include "stats/claim_share.h"
#include "stats/interval.h"

enum claim_verdict { CLAIM_SUPPORTED, CLAIM_CONTRADICTED, CLAIM_UNDETERMINED };

/* "supported", "contradicted", "undetermined". */
const char *claim_verdict_name(enum claim_verdict verdict);

struct claim_result {
    uint64_t allowed; /* the largest K that satisfies the claim */
    double alpha;
    enum claim_verdict verdict;

    double p_value;        /* of "violated", all unreadable relevant: P(X <= x + u | allowed + 1) */
    double p_contradicted; /* of "holds", no unreadable relevant: P(X >= x | allowed) */

    /* One-sided bounds on K at the same confidence: supported exactly where upper <= allowed,
     * contradicted exactly where lower > allowed. */
    struct exact_bound upper; /* with all unreadable relevant */
    struct exact_bound lower; /* with none relevant */

    /* The verdict if none of the unreadable were relevant, and the smallest number of them that,
     * relevant, turns it into another. */
    enum claim_verdict verdict_if_none;
    bool turns;
    uint64_t turns_at;           /* 1 to u, if turns */
    enum claim_verdict turns_to; /* if turns */

    /*
     * How wrong the labels would have to be to turn the verdict: the smallest number of readable
     * irrelevant labels that are in truth relevant (of a supported claim), or of relevant ones that
     * are not (of a contradicted one). 0 where no number of wrong labels does, or the claim is
     * undetermined anyway.
     */
    uint64_t errors_to_turn;

    /* The least n that supports the claim with as many hits as now and no more, fixed before the
     * labels are read; SAMPLE_SIZE_NONE (sample_size.h) if no n does. */
    uint64_t labels_needed;         /* with all unreadable counted as hits */
    uint64_t labels_needed_if_none; /* with none of them */
};

/* STATUS_PLAN for an impossible sample, share or level; *OUT is then untouched. */
enum status claim_test(const struct sample_counts *sample, const char *share, double confidence,
                       struct claim_result *out, struct error *err) PROFFER_MUST_USE;

/*
 * The same at any look at a sample that grows (anytime.h): p-values, bounds and verdict hold
 * however often labels are looked at. Labels needed are still those of a fresh sample of a fixed
 * size.
 */
enum status claim_test_anytime(const struct sample_counts *sample, uint64_t allowed,
                               struct anytime_prior prior, double confidence,
                               struct claim_result *out, struct error *err) PROFFER_MUST_USE;

/* The first one once `allowed` is known. */
enum status claim_test_allowed(const struct sample_counts *sample, uint64_t allowed,
                               double confidence, struct claim_result *out,
                               struct error *err) PROFFER_MUST_USE;

#endif
