/*
 * The hypergeometric distribution: how many relevant units a simple random sample holds.
 *
 * Of N units K are relevant; n are drawn without replacement; X of them are relevant:
 *     P(X = x) = C(K, x) C(N-K, n-x) / C(N, n)
 *
 * Accuracy: 1e-12 relative where P > 1e-290, and 1e-12 relative in ln P everywhere below, for N up
 * to 10^10 and beyond, where long double has 64 bits or more of mantissa (x86, AArch64 Linux).
 * Cost: a tail takes about 7 standard deviations of X terms, a few nanoseconds each.
 *
 * Required (asserted): relevant and drawn <= population <= HYPERGEOMETRIC_POPULATION_MAX. `seen`
 * may be any number: beyond the support a pmf or tail is 0 (its logarithm -INFINITY) or 1 (0).
 */
#ifndef PROFFER_HYPERGEOMETRIC_H
#define PROFFER_HYPERGEOMETRIC_H

#include <stdint.h>

#define HYPERGEOMETRIC_POPULATION_MAX UINT64_C(1000000000000)

struct hypergeometric {
    uint64_t population; /* N */
    uint64_t relevant;   /* K <= N */
    uint64_t drawn;      /* n <= N */
};

/* The ends of what X can be. */
uint64_t hypergeometric_least(const struct hypergeometric *h);
uint64_t hypergeometric_most(const struct hypergeometric *h);

/* P(X = seen) and its natural logarithm. */
double hypergeometric_pmf(const struct hypergeometric *h, uint64_t seen);
double hypergeometric_log_pmf(const struct hypergeometric *h, uint64_t seen);

/* P(X <= seen) and its natural logarithm. */
double hypergeometric_tail_low(const struct hypergeometric *h, uint64_t seen);
double hypergeometric_log_tail_low(const struct hypergeometric *h, uint64_t seen);

/* P(X >= seen) and its natural logarithm. P(X > x) is hypergeometric_tail_high(h, x + 1). */
double hypergeometric_tail_high(const struct hypergeometric *h, uint64_t seen);
double hypergeometric_log_tail_high(const struct hypergeometric *h, uint64_t seen);

/* The smallest x with P(X <= x) >= PROBABILITY, which lies in (0, 1) (asserted). */
uint64_t hypergeometric_quantile(const struct hypergeometric *h, double probability);

/* What a search for a bound on K needs of P(X <= seen), in one evaluation. */
struct hypergeometric_low {
    double tail, log_tail; /* P(X <= seen | K) and its logarithm */
    double drop; /* the share of it that is lost at K + 1: 1 - P(X <= seen | K+1) / tail */
};

/*
 * For K < N. The drop is exact: one more relevant unit lowers P(X <= x) by the chance that it is
 * drawn while exactly x others are, which is P(X = x | K) (n - x) / (N - K). 0 where the tail is 0.
 */
struct hypergeometric_low hypergeometric_low(const struct hypergeometric *h, uint64_t seen);

#endif
