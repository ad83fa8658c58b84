/*
 * Mechanisms: laws of noise, what they cost, how their scale follows from a sensitivity. One table.
 */
#ifndef PROFFER_MECHANISM_H
#define PROFFER_MECHANISM_H

#include "base/error.h"
#include "release/noise.h"
#include "release/random_bits.h"
#include "stats/noise_law.h"

#include <stddef.h>
#include <stdint.h>

struct mechanism {
    const char *name;   /* as in plans */
    const char *title;  /* as in reports */
    const char *budget; /* what it is paid for in: "rho", "epsilon" */
    const char *formula, *source;
    enum noise_law_kind law;
    /* The scale that SHARE of the budget (in 1e-12) pays for. STATUS_PLAN where there is none. */
    enum status (*scale)(uint64_t l1, uint64_t l2_squared, uint64_t share, struct noise_scale *out,
                         struct error *err);
    uint64_t (*cost)(uint64_t share); /* in rho */
    enum status (*draw)(struct noise_scale scale, struct random_bits *bits, int64_t *out,
                        size_t count, struct error *err);
};

/* The mechanism of that name, or NULL. */
const struct mechanism *mechanism_find(const char *name);

/* Its law at SCALE, as numbers. */
struct noise_law mechanism_law(const struct mechanism *mechanism, struct noise_scale scale);

/*
 * How much one user can change a column, where at most CONVERSATIONS of a user count: the largest
 * sum of changes (L1) and sum of squared changes (L2 squared) over its rows.
 *
 * A conversation adds at most CLAMP to each of at most TOUCHES rows, so that a row changes by at
 * most CONVERSATIONS * CLAMP and all of them by CONVERSATIONS * TOUCHES * CLAMP: the squares sum to
 * at most the product of the two. Where users are counted a row changes by at most 1, and as many
 * rows as the user's conversations touch. STATUS_PLAN beyond 2^62.
 */
struct sensitivity {
    uint64_t l1, l2_squared;
};
PROFFER_MUST_USE enum status sensitivity_of_sums(uint64_t conversations, uint64_t touches,
                                                 uint64_t clamp, struct sensitivity *out,
                                                 struct error *err);
PROFFER_MUST_USE enum status sensitivity_of_users(uint64_t conversations, uint64_t touches,
                                                  uint64_t rows, struct sensitivity *out,
                                                  struct error *err);

#endif
