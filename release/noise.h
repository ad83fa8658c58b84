/*
 * Integer noise, drawn exactly: discrete Laplace and discrete Gaussian by the rejection samplers of
 * Canonne, Kamath and Steinke, "The Discrete Gaussian for Differential Privacy" (NeurIPS 2020,
 * Algorithms 1 to 3). Only integers and random bits: no floating point whose low bits could tell
 * the value beneath (Mironov 2012).
 *
 *     Laplace    P(Z = z) proportional to exp(-|z| / scale)
 *     Gaussian   P(Z = z) proportional to exp(-z^2 / (2 scale)), so scale is sigma^2
 *
 * Scales are fractions, so that what a budget pays for is what is drawn.
 */
#ifndef PROFFER_NOISE_H
#define PROFFER_NOISE_H

#include "base/error.h"
#include "release/random_bits.h"

#include <stddef.h>
#include <stdint.h>

struct noise_scale {
    uint64_t num, den; /* both 1 to NOISE_SCALE_MAX */
};
#define NOISE_SCALE_MAX (UINT64_C(1) << 62)

/*
 * Fills OUT[count] with independent draws. STATUS_PLAN for a scale out of range; STATUS_INTERNAL
 * where the source of bits fails. Takes time and bits that depend on the draws alone: draw before
 * the values are looked at to which they are added.
 */
PROFFER_MUST_USE enum status noise_laplace(struct noise_scale scale, struct random_bits *bits,
                                           int64_t *out, size_t count, struct error *err);
PROFFER_MUST_USE enum status noise_gaussian(struct noise_scale scale, struct random_bits *bits,
                                            int64_t *out, size_t count, struct error *err);

#endif
