/*
 * What a law of noise has beyond a point on average, E (Z - t)+ and E (t - Z)+: what tails have
 * that are made of means (clustered_count.h).
 */
#ifndef PROFFER_NOISE_HINGE_H
#define PROFFER_NOISE_HINGE_H

#include "base/arena.h"
#include "base/error.h"
#include "stats/noise_law.h"

#include <stdint.h>

struct noise_hinge {
    struct noise_law law;
    int64_t reach; /* beyond it E (Z - t)+ is taken as that at it */
    double *above; /* [reach + 1] E (Z - t)+ from t = 0 on; NULL where it has a formula */
};

/* The table is ARENA's. */
enum status noise_hinge_init(struct noise_hinge *hinge, struct noise_law law, struct arena *arena,
                             struct error *err) PROFFER_MUST_USE;

/* E (t + Z)+, which is E (t - Z)+ since the law is symmetric; never less but by roundings. T is at
 * most 2^62 from 0. */
double noise_hinge_at(const struct noise_hinge *hinge, int64_t t);

#endif
