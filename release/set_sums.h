/*
 * A set of conversations, or of users, in so many numbers that it can be told of sets added and
 * subtracted in how many users they do not cancel; of one length whatever the set's size.
 *
 * Each user u falls into one of GROUPS groups and has a factor r_u below p = 2^61 - 1, both by a
 * keyed hash. Of a set in which u has w_u conversations (or, of users, w_u = 1) the sums are
 *
 *     s_g = sum over users u of group g of  w_u r_u  mod p
 *
 * and, in a place of their own, how many conversations unknown users have, who are one user to the
 * release policy. Sums are linear: of A, B and U with A + B = U + D, user for user, A's and B's
 * less U's are those of D. A group is not 0 where a user of it does not cancel, but for a chance of
 * 1/p: groups that are not 0 are at most as many as such users. So a difference of fewer than
 * min_users users is never missed; one of more is taken for one of fewer where users share a group,
 * which of 11 users in 128 groups leave 10 or fewer in one of three cases, of 12 in one of ten.
 */
#ifndef PROFFER_SET_SUMS_H
#define PROFFER_SET_SUMS_H

#include "base/buffer.h"
#include "base/error.h"
#include "base/json_io.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { SET_SUMS_GROUPS_MIN = 128, SET_SUMS_GROUPS_MAX = 1024 };
#define SET_SUMS_PRIME ((UINT64_C(1) << 61) - 1)

struct set_sums {
    uint64_t *groups; /* [count + 1] each below p, the last one of unknown users; NULL: no set */
    uint32_t count;   /* a power of two */
    uint64_t total;   /* the figure: conversations, or users of which each unknown one counts */
    bool known_only;  /* of unknown users nothing is known */
};

/* How many groups withholding fewer than MIN_USERS asks for, within the bounds above. */
uint32_t set_sums_groups(uint32_t min_users);

/* Of fewer users than this at most sets of so many GROUPS can be judged. */
static inline uint32_t set_sums_reach(uint32_t groups)
{
    return groups / 2;
}

/* Of nobody. STATUS_NOMEM; release also on failure. */
PROFFER_MUST_USE enum status set_sums_init(struct set_sums *sums, uint32_t groups,
                                           struct error *err);
void set_sums_release(struct set_sums *sums);

/* Adds WEIGHT of the user with this hash, of 48 bits. */
void set_sums_add(struct set_sums *sums, uint64_t hash, uint64_t weight);
void set_sums_add_unknown(struct set_sums *sums, uint64_t weight);

/* Fewer groups, of which each is several. */
void set_sums_fold(struct set_sums *sums, uint32_t groups);

/* An order in which same sets, of as many groups, are neighbours, by known users first: below,
 * above or 0. */
int set_sums_compare(const struct set_sums *a, const struct set_sums *b);
/* Whether they are of the same known users. */
bool set_sums_same_known(const struct set_sums *a, const struct set_sums *b);

/* Appends {"groups":128,"sums":"SUM SUM ...","total":250000}, 16 digits a sum, no blanks. */
PROFFER_MUST_USE enum status set_sums_write(const struct set_sums *sums, struct buffer *text,
                                            struct error *err);

/* Reads what was written. *VALID is false where it is none; release in any case. */
PROFFER_MUST_USE enum status set_sums_read(struct set_sums *sums, const json_t *object, bool *valid,
                                           struct error *err);

static inline uint64_t set_sums_plus(uint64_t a, uint64_t b)
{
    uint64_t sum = a + b;
    return sum >= SET_SUMS_PRIME ? sum - SET_SUMS_PRIME : sum;
}

static inline uint64_t set_sums_minus(uint64_t a, uint64_t b)
{
    return a >= b ? a - b : a + SET_SUMS_PRIME - b;
}

#endif
