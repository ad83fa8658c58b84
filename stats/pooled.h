/*
 * Exact bounds on the number relevant from a stratified sample whose strata were sampled at nearly
 * the same rate, by the number of hits in all strata together.
 *
 * The hits X_h of a stratum are hypergeometric, and so (Vatutin and Mikhailov 1982, Theory Probab.
 * Appl. 27, 734-743) distributed as a sum of n_h independent trials of unequal chances; hence S,
 * the sum of all X_h, as one of n. With K relevant units its mean lies between f K and F K, where f
 * and F are the least and the greatest rate n_h / N_h, however the K lie in the strata. Among sums
 * of n independent trials with mean n p the binomial has the heaviest tails at a distance of one
 * from it (Hoeffding 1956, Ann. Math. Statist. 27, 713-721):
 *
 *     P(S <= s) <= P(B(n, f K / n) <= s)     where s <= f K - 1
 *     P(S >= s) <= P(B(n, F K / n) >= s)     where s >= F K + 1
 *
 * K is rejected where such a bound is at most alpha. So the cost of many strata is none: 24 strata
 * of 1,250 of 833,333 each without a hit leave 1,997 at 95 % one-sided, as a simple random sample
 * of 30,000 does, where union-intersection leaves 21,695. It ignores that units are not put back,
 * and it is wide where rates differ.
 *
 * Strata that were read whole, and those from which nothing was drawn, are added as they are.
 */
#ifndef PROFFER_POOLED_H
#define PROFFER_POOLED_H

#include "base/error.h"
#include "stats/interval.h"

#include <stddef.h>

/* Each end at (1 - CONFIDENCE) / 2. STATUS_PLAN for counts that cannot be, or no stratum. */
enum status stratified_pooled(const struct sample_counts *strata, size_t count, double confidence,
                              struct interval *out, struct error *err) PROFFER_MUST_USE;

#endif
