/*
 * The gate: the one door between exact tallies and everything that is told. Policy "none" passes
 * exact counts and withholds small cells with enough others that no withheld cell follows from its
 * table.
 */
#ifndef PROFFER_GATE_H
#define PROFFER_GATE_H

#include "base/error.h"
#include "queries/tally.h"

#include <stdint.h>

struct release; /* read through release/figure.h */

struct gate_policy {
    uint32_t min_users; /* cells of 1 to min_users-1 users are withheld; 0 or 1: none are */
};

/*
 * Judges every cell of TALLY and makes the figures. TALLY is not needed afterwards. *OUT is freed
 * by release_free. STATUS_REFUSED where a table cannot be protected at all.
 */
PROFFER_MUST_USE enum status gate_release(const struct tally *tally,
                                          const struct gate_policy *policy, struct release **out,
                                          struct error *err);
void release_free(struct release *release);

#endif
