/*
 * How many works the units of a column of the table of works have: what exchanges share is gone
 * through user by user and conversation by conversation. For overlap_unions.c.
 */
#ifndef PROFFER_OVERLAP_SHARES_H
#define PROFFER_OVERLAP_SHARES_H

#include "base/error.h"
#include "queries/overlap_hits.h"
#include "queries/overlap_unions.h"
#include "queries/tally.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { SHARE_ALONE, SHARE_WITH_OTHERS, SHARE_PARTS };

/* A column of the table of works. */
struct share_column {
    size_t works;    /* rows that have any */
    size_t withheld; /* of them, of few users */
    uint32_t *index; /* [rows] which of them a row is, by number */
    uint32_t *rows;  /* [works] */
    /* Where all is tied: */
    struct overlap_counter *parts; /* [SHARE_PARTS * works] */
    /* Else: what the user at hand has, in all and of each row; and how many users there are of
     * whom a row has all. */
    uint64_t own;
    uint64_t *owned; /* [rows] */
    uint32_t *full;  /* [rows] */
    struct overlap_counter several, more;
    uint32_t users;
};

struct overlap_merged;

struct overlap_shares {
    const struct overlap_hits *hits;
    struct overlap_shared *items; /* by conversation, row, exchange */
    size_t count;
    const struct tally_table *works;
    struct share_column *of;       /* [works->column_count] */
    uint32_t *in_works;            /* [hits] works of the exchange */
    struct overlap_merged *merged; /* of the conversation at hand */
    size_t merged_count, merged_capacity;
    uint32_t *seen;                 /* [rows] mark of the user that was last seen there */
    struct overlap_counter unruled; /* with a piece that was supplied, and no such run */
};

/* Is COLUMN's sum over works tied; and what each work shares? Else only what one has not. */
static inline bool share_ties_sums(const struct share_column *column)
{
    return column->withheld < 2;
}

static inline bool share_ties_all(const struct share_column *column)
{
    return share_ties_sums(column) && column->works <= TALLY_UNION_WORKS;
}

/* Is the work of ROW of few users? */
bool overlap_shares_small(const struct overlap_shares *shares, uint32_t row);

/* Counts SHARED[count], which is sorted by conversation and must stay, as WORKS must. Release also
 * on failure. */
PROFFER_MUST_USE enum status overlap_shares_init(struct overlap_shares *shares,
                                                 const struct overlap_hits *hits,
                                                 struct overlap_shared *shared, size_t count,
                                                 const struct tally_table *works,
                                                 struct error *err);
void overlap_shares_release(struct overlap_shares *shares);

#endif
