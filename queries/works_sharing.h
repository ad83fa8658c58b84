/* Two overlap reports being tied: for works_shared.c alone. */
#ifndef PROFFER_WORKS_SHARING_H
#define PROFFER_WORKS_SHARING_H

#include "base/error.h"
#include "queries/overlap_hits.h"
#include "queries/tally_ties.h"
#include "queries/works_shared.h"

#include <stdbool.h>
#include <stdint.h>

struct works_sharing {
    const struct works_report *sides[2];
    struct overlap_hits hits[2];
    struct tally *tally;
    struct places places;
    bool inside[2];       /* a side's population lies in the other's */
    bool within[2];       /* and its works are among the other's */
    bool same_works;      /* so both have the same runs of as many words */
    bool same_population; /* both count the same conversations */
    bool any_common;      /* some file of works is both's */
};

/* Units that one of two sets has and the other has not. */
struct works_apart {
    struct overlap_counter only[2];
};

/* Two figures, or sums of figures, of one kind of unit: of side 0 and of side 1. */
struct works_pair {
    struct tally_place *places[2]; /* [counts], each of sign 1 */
    size_t counts[2];
};

/* Ties them, as the sets that they count lie: they are the same, or one lies in the other; then
 * what lies between is a hidden figure where few users have it. */
PROFFER_MUST_USE enum status works_tie_pair(struct works_sharing *s, const struct works_pair *pair,
                                            const struct works_apart *apart, struct error *err);

/* Figures of side 0 and of side 1 that are the same (ORDER 0), or of which the first is at most the
 * second (-1) or at least (1), where that holds. */
PROFFER_MUST_USE enum status works_tie_figures(struct works_sharing *s, struct tally_place first,
                                               struct tally_place second, int order,
                                               struct error *err);

/* Ties the tables of runs; those of works; the runs of SIDE, if it has one work, to the other's row
 * of it. */
PROFFER_MUST_USE enum status works_share_runs(struct works_sharing *s, struct error *err);
PROFFER_MUST_USE enum status works_share_rows(struct works_sharing *s, struct error *err);
PROFFER_MUST_USE enum status works_share_single(struct works_sharing *s, size_t side,
                                                struct error *err);

#endif
