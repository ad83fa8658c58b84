/*
 * A set of any size in a few numbers, from which it can be told whether another set holds it and at
 * most so many members more.
 *
 * Of members with hashes x_i of 48 bits the sums  s_j = sum_i (1 + x_i)^j  mod p,  j = 0, ...,
 * 2 reach + 1,  p = 2^61 - 1. The sums of one set less those of another are those of the members in
 * which they differ, each with a factor of 1 or -1, and such a sequence follows a shortest linear
 * recurrence of just as many terms as there are such members (Prony; the recurrence by Berlekamp
 * and Massey, J. L. Massey, Shift-register synthesis and BCH decoding, IEEE Trans. Inf. Theory 15,
 * 1969; for sets: Y. Minsky, A. Trachtenberg, R. Zippel, Set reconciliation with nearly optimal
 * communication complexity, ibid. 49, 2003). Where B has d more members than A, B holds all of A
 * just if they differ in d members.
 *
 * Two sets that differ in up to REACH members are never taken for ones that differ in more. Sets
 * that differ in more than d members, d at most REACH, are taken for ones that differ in d with a
 * probability of at most d(d+1) / 2^48 over the hashes: a Hankel determinant of degree d(d+1) in
 * them would have to be 0 (Schwartz-Zippel); 3.6e-12 for d = 31. Members that share their hash are
 * counted each.
 */
#ifndef PROFFER_POWER_SUMS_H
#define PROFFER_POWER_SUMS_H

#include "base/error.h"

#include <stddef.h>
#include <stdint.h>

enum { POWER_SUMS_REACH_MIN = 31, POWER_SUMS_REACH_MAX = 255 };
#define POWER_SUMS_PRIME ((UINT64_C(1) << 61) - 1)

struct power_sums {
    uint64_t *terms; /* [2 reach + 2] each below p */
    uint32_t reach;
};

/* The reach that withholding fewer than MIN_USERS asks for, within the bounds above. */
uint32_t power_sums_reach(uint32_t min_users);

/* Of no member. STATUS_NOMEM; release also on failure. */
PROFFER_MUST_USE enum status power_sums_init(struct power_sums *sums, uint32_t reach,
                                             struct error *err);
void power_sums_release(struct power_sums *sums);

/* Adds a member by its hash, below 2^48. Takes time in proportion to the reach. */
void power_sums_add(struct power_sums *sums, uint64_t hash);

/*
 * In how many members two sets differ, where that is at most the smaller reach; else a larger
 * number.
 */
PROFFER_MUST_USE enum status power_sums_apart(const struct power_sums *a,
                                              const struct power_sums *b, uint32_t *members,
                                              struct error *err);

#endif
