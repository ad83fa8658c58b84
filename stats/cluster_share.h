/*
 * The share of relevant elements from a sample of clusters: exchanges of conversations that were
 * drawn, conversations of users that were drawn. The ratio estimator with its linearised standard
 * error (survey.h), and the interval of Korn and Graubard at the effective size. Approximate: where
 * an exact bound is wanted, the elements themselves must be drawn.
 *
 * It needs of each stratum only the sums below, which tell no cluster by itself.
 */
#ifndef PROFFER_CLUSTER_SHARE_H
#define PROFFER_CLUSTER_SHARE_H

#include "base/error.h"

#include <stddef.h>
#include <stdint.h>

/* Over the n drawn clusters of a stratum of N, each with m elements of which y are relevant. */
struct cluster_sums {
    uint64_t clusters, drawn; /* N, n */
    uint64_t m, mm;           /* sums of m and of m^2 */
    uint64_t y, yy, ym;       /* of y, y^2 and y m */
};

struct cluster_share {
    double share, se, degrees;
    double low, high;
    double effective; /* the size that the interval is taken at */
};

/* STATUS_PLAN without elements, and for a stratum of which one cluster of several was drawn. */
enum status cluster_share(const struct cluster_sums *strata, size_t count, double confidence,
                          struct cluster_share *out, struct error *err) PROFFER_MUST_USE;

#endif
