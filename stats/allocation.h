/*
 * How many units to draw in each stratum.
 *
 * Sizes are divided in proportion to weights by Sainte-Laguë's divisor method (Webster's): stratum
 * h gets its weight over a common divisor, rounded to the nearest whole number. Unlike largest
 * remainders it is monotone in the whole size, so that a sample that grows shrinks in no stratum.
 *
 * Weights: N_h for proportional allocation; N_h sqrt(p_h (1 - p_h)), p_h a guess of the stratum's
 * share relevant, for J. Neyman's ("On the two different aspects of the representative method",
 * JRSS 97, 1934), which is best for the total.
 */
#ifndef PROFFER_ALLOCATION_H
#define PROFFER_ALLOCATION_H

#include "base/error.h"

#include <stddef.h>
#include <stdint.h>

/*
 * SIZES[count] adds up to SIZE, each at least the smaller of 2 and LIMITS[h] and at most LIMITS[h].
 * Weights are 0 or more, not all 0 (NaN and infinity are refused). STATUS_PLAN for those, and for a
 * SIZE that the limits cannot hold.
 */
enum status allocation_divide(const double *weights, const uint64_t *limits, size_t count,
                              uint64_t size, uint64_t *sizes, struct error *err) PROFFER_MUST_USE;

/* N_h sqrt(p_h (1 - p_h)) into WEIGHTS. STATUS_PLAN unless every share lies in [0, 1]. */
enum status allocation_neyman(const uint64_t *units, const double *shares, size_t count,
                              double *weights, struct error *err) PROFFER_MUST_USE;

#endif
