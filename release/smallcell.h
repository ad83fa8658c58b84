/*
 * Small cells: which figures of a table are withheld, so that no cell of 1 to min_users-1 users is
 * shown or follows from what is shown. Pure: the same table always gives the same pattern.
 *
 * A cell's users are the distinct users of its own figure, at most its value. Zero is shown. What a
 * reader knows: every shown value; every relation of the table; that a withheld value is at least
 * 1; and the rule itself (a cell beside a shown one of the same row with no more users is not
 * small). A small cell is protected when, for all that reader knows,
 *
 *     a column of users:  (where no user is unknown) it may be each number from 1 to min_users-1
 * (at least 2); any other column:   its value, and so its users, may be as high as min_users-1, and
 * its value lies somewhere in a range that is at least min_users-2 (1) wide.
 *
 * A hidden figure is one that no table tells. The reader does not know that it is not zero; else it
 * is as a withheld one.
 *
 * What ties several tables, of this report and of earlier ones, is for the caller (web.h). Not
 * examined: a reader who re-runs the choice itself on every table that would look alike.
 */
#ifndef PROFFER_SMALLCELL_H
#define PROFFER_SMALLCELL_H

#include "base/error.h"
#include "queries/tally.h"
#include "release/cubes.h"
#include "release/known_moves.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum smallcell_flags {
    SMALLCELL_WITHHELD = 1,
    SMALLCELL_PRIMARY = 2, /* withheld for its own sake; internal, never told */
    SMALLCELL_FIXED = 4,   /* in: known from elsewhere, cannot be withheld (N and its columns) */
    SMALLCELL_HIDDEN = 8,  /* in: no table tells it; small, it must not follow from what is told */
    SMALLCELL_BEFORE = 16, /* in: an earlier report withheld it, as this one does */
    SMALLCELL_GONE = 32,   /* of a table whose row is withheld whole, and judged no further */
    SMALLCELL_AGAIN = 64 /* in: withheld when this was judged before: the pattern begins with it */
};

/*
 * A cell that must be withheld for a reason of its own beside few users: it is protected when it
 * may be as high as TOP and lies in a range at least WIDTH wide. WIDTH 0: no demand.
 */
struct smallcell_demand {
    int64_t top, width;
};

/*
 * How it went; and, in: LIMIT, how much work it may be, 0 for as much as one table may be; KNOWN,
 * or NULL: moves of before, and NODES[row_count] what rows are known by there (known_moves.h).
 */
struct smallcell_work {
    size_t primary, withheld, rounds, programs;
    bool whole; /* components had to be withheld whole */
    size_t limit, used;
    struct known_moves *known;
    const uint32_t *nodes;
};

/*
 * Fills FLAGS[row_count * column_count]; SMALLCELL_FIXED, _HIDDEN, _BEFORE and _AGAIN are
 * read from it, the rest is set. What was withheld before is protected by the lowest rule of
 * MIN_USERS and the table's lowest_rule; a reader of it knows the highest one. MIN_USERS below 2
 * withholds nothing but what DEMANDS[cells], which may be NULL, asks for. STATUS_REFUSED if a small
 * cell cannot be protected. STATUS_INTERNAL if a relation of the table does not hold. WORK may be
 * NULL. SETS[row_count], or NULL: cells that are combinations of sets (cubes.h).
 */
PROFFER_MUST_USE enum status smallcell_suppress(const struct tally_table *table, uint32_t min_users,
                                                const struct smallcell_demand *demands,
                                                const struct cube_set *sets, unsigned char *flags,
                                                struct smallcell_work *work, struct error *err);

/* Distinct users of a cell as the gate counts them: at most its value, at least 1 if it is not 0.
 */
uint64_t smallcell_users(const struct tally_table *table, size_t row, size_t column);

#endif
