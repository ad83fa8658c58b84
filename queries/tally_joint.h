/* Joint tables: several tables of a tally as one, for the gate to judge together. */
#ifndef PROFFER_TALLY_JOINT_H
#define PROFFER_TALLY_JOINT_H

#include "base/error.h"
#include "queries/tally.h"

#include <stddef.h>
#include <stdint.h>

/*
 * Adds the joint table of COUNT tables whose numbers are MEMBERS, with the relations that they
 * have, and HIDDEN rows after them, all zero. Each column of a member must be one of the first
 * member's, by its id. What ties the members together is for the caller to add (tally_relate).
 * *JOINT is valid until the next one is added.
 */
PROFFER_MUST_USE enum status tally_join(struct tally *tally, const size_t *members, size_t count,
                                        size_t hidden, struct tally_joint **joint,
                                        struct error *err);

/* Which member table NUMBER is; the joint's count if it is none. */
size_t tally_joint_member(const struct tally_joint *joint, size_t number);

#endif
