/*
 * Works beside any work: of each column of the table of works, what any work has is told by the
 * table of runs.
 *
 *     column                          is, over all works and common text, together
 *     conversations, exchanges,       those with any run
 *     users
 *     prompts, originated             conversations with any run there
 *     supplied                        at least those with any run there: a piece that the user gave
 *                                     can be of a longer run that the model carried on
 *     runs of so many words or more   conversations with such runs anywhere
 *
 * since each run that holds no common text stands in a work, and each other one counts as common
 * text, whole (overlap_walk.h).
 *
 * Up to TALLY_UNION_WORKS works (that have any) what is hidden is that of tally_unions.h. Of more
 * works it is what any work has and one has not, where few users have it; and how many share with
 * several works, of which with more the less is known:
 *
 *     sum of all works = any + several + more       (of those in w works: 1 + 1 + w - 2)
 *
 * Where two of the works or more are of few users, whose rows are withheld whole, any of these
 * could be all that there is, so that nothing of a sum follows: then only the former is tied, of
 * works of many users.
 *
 * On which sides a conversation has one work and on which another is for works_combined.h.
 */
#ifndef PROFFER_OVERLAP_UNIONS_H
#define PROFFER_OVERLAP_UNIONS_H

#include "base/error.h"
#include "queries/overlap_hits.h"
#include "queries/tally.h"

#include <stddef.h>
#include <stdint.h>

/* What one exchange shares with one work. */
struct overlap_shared {
    uint32_t work;                        /* by rank of its id; common text comes last */
    uint32_t row;                         /* of the table of works */
    uint32_t hit;                         /* of the hits */
    uint32_t conversation;                /* numbered as the hits have them */
    uint32_t longest[OVERLAP_ROWS_SIDES]; /* words of the longest piece, 0: none */
};

/* Ties table WORKS, which has all of SHARED[count] in its rows, to table RUNS. Sorts SHARED by
 * conversation. */
PROFFER_MUST_USE enum status overlap_tie_works(const struct overlap_hits *hits,
                                               struct overlap_shared *shared, size_t count,
                                               struct tally *tally, size_t runs, size_t works,
                                               struct error *err);

#endif
