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

#endif
