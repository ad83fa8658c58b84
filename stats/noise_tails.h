/*
 * Tails of a law of noise, kept: the law's own sums cost a thousand exponentials where a table
 * costs one look.
 */
#ifndef PROFFER_NOISE_TAILS_H
#define PROFFER_NOISE_TAILS_H

#include "base/arena.h"
#include "base/error.h"
#include "stats/noise_law.h"

#include <stdint.h>

struct noise_tails {
    struct noise_law law;
    double sigma;
    int64_t reach; /* beyond it a tail is taken as that at it, below 1e-290 */
    double *upper; /* [reach + 1] P(Z >= z) from 0 on; NULL where the law's own is as quick */
};

/* The table is ARENA's. */
enum status noise_tails_init(struct noise_tails *tails, struct noise_law law, struct arena *arena,
                             struct error *err) PROFFER_MUST_USE;
/* P(Z >= z), never less by more than roundings; Z is at most 2^62 from 0. */
double noise_tails_upper(const struct noise_tails *tails, int64_t z);

#endif
