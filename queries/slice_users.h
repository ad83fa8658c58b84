/*
 * How many users have conversations that rows of one table count and rows of another do not: the
 * rows of both are alike in what they have in common, and the one table's are within the other's.
 */
#ifndef PROFFER_SLICE_USERS_H
#define PROFFER_SLICE_USERS_H

#include "base/error.h"
#include "queries/tally.h"
#include "queries/told_population.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Rows of a table; or, with TOTAL, its last one alone, which is all of its population. */
struct slice_rows {
    const struct tally_table *table;
    bool total;
};

/* SLACK_OF[row] of OUTER's rows is what it belongs to, a number from 1 to COUNT, or 0; WITHIN[row]
 * whether a row of INNER is left out of it. USERS[COUNT] are the distinct users of each, unknown
 * ones together one. */
PROFFER_MUST_USE enum status slice_users(struct told_population *population,
                                         const struct slice_rows *outer, const uint32_t *slack_of,
                                         const struct slice_rows *inner, const bool *within,
                                         size_t count, uint32_t *users, struct error *err);

/* Whether the populations of two tables, of which the one holds the other, are the same but for
 * fewer than MIN_USERS users: that much follows from their sizes, which are always told. */
PROFFER_MUST_USE enum status slice_is_near(struct told_population *population,
                                           const struct tally_table *a, const struct tally_table *b,
                                           uint32_t min_users, bool *near, struct error *err);

#endif
