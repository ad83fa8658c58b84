/*
 * How many units to draw.
 */
#ifndef PROFFER_SAMPLE_SIZE_H
#define PROFFER_SAMPLE_SIZE_H

#include "base/error.h"

#include <stdint.h>

/* No sample size does it. */
#define SAMPLE_SIZE_NONE UINT64_MAX

/*
 * The least n that rejects "at least RELEVANT of POPULATION are relevant" with HITS found: the
 * smallest n with P(X <= HITS | K = RELEVANT) <= 1 - CONFIDENCE. Exact; n is fixed before labels
 * are read. SAMPLE_SIZE_NONE if HITS >= RELEVANT (then nothing rejects it). STATUS_PLAN for
 * RELEVANT > POPULATION or a level outside (0, 1). N=2e7, at least 2000, 95 %: 29,934 with 0 hits,
 * 47,393 with 1.
 */
enum status sample_size_reject(uint64_t population, uint64_t relevant, uint64_t hits,
                               double confidence, uint64_t *size,
                               struct error *err) PROFFER_MUST_USE;

/*
 * The n at which a share of one half is known to +-MARGIN (0 < MARGIN < 1; .02 is two points):
 * Cochran's z^2 / (4 margin^2), with the finite population correction unless POPULATION is 0
 * (infinite), rounded up. A normal approximation, for planning only: +-.02 at 95 % is 2,401.
 */
enum status sample_size_margin(double margin, double confidence, uint64_t population,
                               uint64_t *size, struct error *err) PROFFER_MUST_USE;

/*
 * The least number of relevant units that must be looked up in a search's results to show with
 * CONFIDENCE that its recall is at least RECALL (0 < RECALL < 1), where MISSES of them are not
 * found: the smallest n with P(X <= MISSES) <= 1 - CONFIDENCE for n independent units that are each
 * missed with 1 - RECALL. For relevant units drawn from many; 80 % at 95 % with no miss is 14.
 * SAMPLE_SIZE_NONE above 10^9 units.
 */
enum status sample_size_recall(double recall, uint64_t misses, double confidence, uint64_t *size,
                               struct error *err) PROFFER_MUST_USE;

/*
 * How many labels must be checked (two_phase.h): DRAWN of POPULATION were labelled, RELEVANT of
 * them decided relevant and all others labelled irrelevant; the least number of those to check,
 * with OVERTURNED found relevant among them, that still shows at most ALLOWED relevant one-sided at
 * CONFIDENCE (above 1/2). SAMPLE_SIZE_NONE if checking all of them does not.
 */
enum status sample_size_checks(uint64_t population, uint64_t allowed, uint64_t drawn,
                               uint64_t relevant, uint64_t overturned, double confidence,
                               uint64_t *size, struct error *err) PROFFER_MUST_USE;

#endif
