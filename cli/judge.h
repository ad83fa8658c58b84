/*
 * The gate without noise, asked until no two or three figures that are shown, in this report or in
 * it and earlier ones under the same ledger, leave few users when they are added and subtracted
 * (release/set_relations.h). The gate judges first, since what it withholds needs no more; then one
 * set of each relation that is left is demanded of it, and it judges anew.
 *
 * Only sets of this report that no report told before can be withheld: what was told is out. The
 * population never is: a report whose own would tell of few users beside earlier ones is refused.
 */
#ifndef PROFFER_JUDGE_H
#define PROFFER_JUDGE_H

#include "base/error.h"
#include "cli/remember.h"
#include "cli/told_sums.h"
#include "queries/tally_source.h"
#include "release/gate.h"

#include <stdbool.h>
#include <stddef.h>

struct judge {
    struct told_sets own; /* without a ledger */
    bool has_own;
    struct told_sums sums;
    struct gate_sets state; /* what came of it */
};

/* MEMORY: what the ledger remembers, or NULL without one. Release also on failure. */
PROFFER_MUST_USE enum status judge_init(struct judge *judge, const struct tally_source *source,
                                        const struct tally *tally, struct memory *memory,
                                        struct error *err);
void judge_release(struct judge *judge);

/* As gate_release; adds to what TALLY demands. */
PROFFER_MUST_USE enum status judge_tally(struct judge *judge, struct tally *tally,
                                         const struct gate_policy *policy, struct release **out,
                                         struct error *err);

#endif
