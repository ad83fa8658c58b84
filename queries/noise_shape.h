/*
 * What a query's table looks like to noise, from the plan alone: how many rows it has, whatever the
 * logs say, which of its columns can be told, and in how many rows one conversation can count. All
 * sensitivities follow from this one rule a kind:
 *
 *     kind                    rows in which a conversation counts, at most
 *     population              1
 *     count                   1: values are disjoint
 *     topics, first match     1; by a field: 1
 *     topics, all matches     as many as there are topics ("none of these" excludes all others)
 *     terms                   as many as there are terms, and one of "any term", "no term"
 *     terms by fields         as many as there are terms: of each one group
 *     identifiers, regex      as many as there are kinds or patterns, and "any"
 *     overlap                 2 of each side: a bin and "any run", or "no run"
 *     proposals               as many as there are options
 *     relevance               1 of its strata: drawn, relevant and unreadable units, where there
 * are several the stratum's size, and where labels are checked those cleared, checked, overturned
 * and unclear its search              1 of 2 a stratum: found or left behind, with the sizes of the
 * two claim                   0: it is decided by what is told of its sample
 *
 * A sample is every unit whose ticket is at or under its stratum's cut-off, and what is checked
 * every cleared one whose own is. A cut-off is published, and fixed before there are logs, or taken
 * as given where one stratum was drawn by size (else a user with many drawn units would let as many
 * others in).
 *
 *     column                  what a conversation adds to a row, at most
 *     conversations           1
 *     exchanges, turns, words the plan's clamp; without one the column is not told
 *     occurrences             the same; none in rows of any and of no term, kind or pattern
 *     users                   a user counts once a row
 *     of a sample of users    a user counts once in all
 *
 * Columns that follow from others in the table (totals, shares) are computed from noisy ones. All
 * other columns and tables are not told with noise.
 */
#ifndef PROFFER_NOISE_SHAPE_H
#define PROFFER_NOISE_SHAPE_H

#include "queries/plan.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { NOISE_COLUMNS_MAX = 8 }; /* as many as NOISE_MEASURES_MAX */

struct noise_column {
    const char *id;
    uint64_t touches; /* rows in which a conversation counts */
    uint64_t clamp;   /* what it adds to each; 1 of conversations and users */
    bool users;
    bool once; /* a user adds 1 to one row in all: users are the units */
};

struct noise_shape {
    bool selected; /* groups come from the logs; rows is not known */
    uint64_t rows; /* without the total */
    struct noise_column columns[NOISE_COLUMNS_MAX];
    size_t column_count;
};

/* Of the population's own numbers: one row. */
struct noise_shape noise_shape_population(const struct plan *plan);
/* Of the table whose id is that of query NUMBER. */
struct noise_shape noise_shape_query(const struct plan *plan, size_t number);
/* Of the table "ID.by" of query NUMBER, of kind terms; no columns where it has none. */
struct noise_shape noise_shape_terms_by(const struct plan *plan, size_t number);

/* Of the relevance query NUMBER whose sample has STRATA, 1 or more. */
struct noise_shape noise_shape_sample(const struct plan *plan, size_t number, uint64_t strata);
/* Of what its search found and left of each; no columns without one. */
struct noise_shape noise_shape_search(const struct plan *plan, size_t number, uint64_t strata);

/* The strata that query NUMBER makes of conversations, from the plan alone; 0 where it makes none,
 * or which ones there are follows from the logs. */
uint64_t noise_shape_strata(const struct plan *plan, size_t number);

#endif
