/*
 * Shares of which both parts were told with noise, each with its own.
 *
 *     a = A + Y,  b = B + Z,  share r = A / B, 0 <= A <= B, B at least 1
 *
 * Fieller's argument (J. R. Stat. Soc. B 16, 1954) with the noises' own law instead of the normal
 * one: if the share is r, then a - r b = Y - r Z, whatever A and B are. A share is kept unless
 * P(Y - r Z >= a - r b) or P(Y - r Z <= a - r b) is at most half of 1 - confidence. That b - Z = B
 * is at least 1 is used: where a value of Z says otherwise, its whole chance counts against
 * rejecting. So both tails are monotone in r, the kept shares are one interval, and it covers at
 * least its level, whatever A and B are. Values of Z are taken in blocks, each by its end that
 * rejects less.
 */
#ifndef PROFFER_NOISY_SHARE_H
#define PROFFER_NOISY_SHARE_H

#include "base/error.h"
#include "stats/noise_tails.h"

#include <stdint.h>

struct noisy_share {
    int64_t part, whole; /* as told: a, b */
    const struct noise_tails *part_tails, *whole_tails;
};

/* The two tails at the share R, from above: of the noise as high as what was told, and as low. */
double noisy_share_high(const struct noisy_share *share, double r, double confidence);
double noisy_share_low(const struct noisy_share *share, double r, double confidence);

/* The kept shares within 0 to 1, to 1e-9 outward. STATUS_PLAN for an impossible level or a value
 * out of range. */
enum status noisy_share_interval(const struct noisy_share *share, double confidence, double *low,
                                 double *high, struct error *err) PROFFER_MUST_USE;

#endif
