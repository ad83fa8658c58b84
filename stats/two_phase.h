/*
 * Bounds on the number relevant where labels are checked: of a random sample that reviewers
 * labelled, every label but "irrelevant" is decided again, and so is a random part of the
 * irrelevant ones, by someone whose decision counts as the truth (adjudication; double sampling).
 *
 *     N units -> n drawn at random -> b labelled irrelevant -> m of them drawn at random
 *                                     the others all decided    y of the m are relevant after all
 *
 * How labels err is nobody's assumption: given the labels, the m are a random sample of the b.
 */
#ifndef PROFFER_TWO_PHASE_H
#define PROFFER_TWO_PHASE_H

#include "base/error.h"
#include "stats/interval.h"

#include <stdbool.h>
#include <stdint.h>

struct label_check {
    bool all; /* the design decides all of the cleared again; those that are not count as unclear */
    uint64_t cleared;    /* b: labelled irrelevant */
    uint64_t checked;    /* m of them, decided again */
    uint64_t overturned; /* y of those: relevant after all */
    uint64_t unclear;    /* of the checked, undecided still: bounded both ways */
};

/* STATUS_PLAN with a text that names the impossible count. */
enum status label_check_check(const struct sample_counts *sample, const struct label_check *check,
                              struct error *err) PROFFER_MUST_USE;

/*
 * SAMPLE's `relevant` are those decided relevant among the n - b, its `unreadable` those among them
 * that were not decided. Each end at (1 - CONFIDENCE) / 2 whatever K and the errors are: K is
 * rejected only where for every number Y of relevant units among the b the p-values of the two
 * phases,
 *
 *     p1 = P(X <= x + Y | K), X hypergeometric(N, K, n)    p2 = P(Z <= y | Y), Z of (b, Y, m)
 *
 * reject by Fisher's combination: p2 is at least uniform given all of the first phase, so
 * P(p1 p2 <= t) <= t (1 - ln t). A phase that by design leaves nothing out costs nothing: with
 * `all` the bounds are the equal-tailed ones of x + y, and with n = N those of Y. (That b came out
 * as small as m is no design, and buys nothing.)
 */
enum status two_phase_interval(const struct sample_counts *sample, const struct label_check *check,
                               double confidence, struct interval *out,
                               struct error *err) PROFFER_MUST_USE;

#endif
