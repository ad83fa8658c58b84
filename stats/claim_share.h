/*
 * The share q of a claim "at least q irrelevant", exactly as it was written.
 *
 * 20,000,000 times 1 - 0.9999 is 2,000 relevant units allowed; through doubles it is 1,999.99999...
 */
#ifndef PROFFER_CLAIM_SHARE_H
#define PROFFER_CLAIM_SHARE_H

#include "base/error.h"

#include <stdint.h>

/*
 * *ALLOWED = floor(POPULATION (1 - q)), the most relevant units that the claim leaves room for, in
 * integers. SHARE is q as decimal text in [0, 1]: digits with at most one point and an optional
 * exponent ("0.9999", "1", "9.999e-1"), of any length.
 * A text of 16 or 17 significant digits is what programs print for a double
 * ("0.99990000000000001"): it is read as the shortest decimal that gives the same double (0.9999).
 * Needs the C locale's point. STATUS_PLAN for any other text or a population above
 * HYPERGEOMETRIC_POPULATION_MAX.
 */
enum status claim_allowed(const char *share, uint64_t population, uint64_t *allowed,
                          struct error *err) PROFFER_MUST_USE;

/* The same for a q that is only there as a double: its shortest decimal is taken. */
enum status claim_allowed_real(double share, uint64_t population, uint64_t *allowed,
                               struct error *err) PROFFER_MUST_USE;

#endif
