/*
 * What a reader sees of several reports: figures, told or not, each the sum of the conversations of
 * some atoms (made_atoms.h); and how many of few users follow from those that are told (reader.h).
 */
#ifndef PROFFER_TEST_SEEN_SUMS_H
#define PROFFER_TEST_SEEN_SUMS_H

#include "release/figure.h"
#include "tests/support/made_atoms.h"

struct seen_sum {
    bool *has;         /* [atoms] which of them it has */
    bool shown, known; /* known: withheld, and so not zero */
    uint64_t value;
    uint32_t users;
    char what[40]; /* for messages; may be empty */
};

struct seen {
    struct seen_sum *items;
    size_t count, capacity, atoms;
};

/* What is counted of it. */
struct seen_totals {
    size_t leaks, small, shown, cells;
    size_t unbounded; /* small ones that can be of any size */
};

void seen_totals_add(struct seen_totals *to, const struct seen_totals *more);

/* A sum of none of ATOMS's atoms, of which nothing is told; valid until the next. SEEN begins as
 * all zeros and has all its sums of the same number of atoms. */
struct seen_sum *seen_add(struct seen *seen, const struct made_atoms *atoms);
void seen_release(struct seen *seen); /* it is empty then */

/* Value and users of SUM, whose atoms are set. */
void seen_sum_count(struct seen_sum *sum, const struct made_atoms *atoms);

/* SUM, counted, is told as FIGURE, which must be right; GONE: of its row not even that it is. */
void seen_sum_tell(struct seen_sum *sum, struct figure figure, bool gone);

/* Counts the sums from number FIRST on as cells of tables, and those that are shown. */
void seen_count_cells(const struct seen *seen, size_t first, struct seen_totals *totals);

/* Counts the sums of 1 to MIN_USERS - 1 users, and of them those that the reader knows too well.
 * With LEAKS in the environment, prints these. */
void seen_count_leaks(const struct seen *seen, uint32_t min_users, struct seen_totals *totals);

#endif
