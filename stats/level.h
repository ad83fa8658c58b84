/*
 * Confidence levels, and when a tail probability is small enough to reject.
 *
 * A level comes as a double and is meant as a decimal: 1 - 0.95 in doubles is not 0.05, and at
 * small N tails do equal 0.05 or 0.025 exactly. So alpha is taken from the decimal, and tails that
 * are equal to it but for rounding count as equal.
 */
#ifndef PROFFER_LEVEL_H
#define PROFFER_LEVEL_H

#include "base/error.h"

#include <stdbool.h>

/* STATUS_PLAN unless CONFIDENCE lies in (0, 1); NaN does not. */
enum status level_check(double confidence, struct error *err) PROFFER_MUST_USE;

/*
 * 1 - CONFIDENCE for a confidence in (0, 1): of the decimal of at most 15 digits that reads as this
 * double if there is one (0.95 gives the double 0.05), else of the double itself.
 */
double level_alpha(double confidence);

/* True if TAIL <= ALPHA, where a difference of a few roundings (1e-15 relative) counts as none. */
bool level_rejects(double tail, double alpha);

#endif
