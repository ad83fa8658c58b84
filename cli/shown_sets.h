/*
 * The sets of which a release, or an earlier report, shows the number of conversations or of users:
 * no two of them the same, each with all rows that show it.
 */
#ifndef PROFFER_SHOWN_SETS_H
#define PROFFER_SHOWN_SETS_H

#include "base/error.h"
#include "cli/told_sums.h"
#include "release/set_relations.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A set that rows of this report show, or that an earlier one told. */
struct shown {
    const struct set_sums *sums;
    const struct set_sums *conversations; /* of users: of the same set, or NULL */
    size_t number;                        /* of a set of this report; SIZE_MAX: of an earlier one */
};

/* Sets of which no two are the same, of users by their conversations, too: runs of what is shown.
 */
struct shown_sets {
    struct shown *all;
    size_t all_count;
    size_t *start; /* [count + 1] of its run */
    const struct set_sums **sums;
    bool *open;      /* it can be withheld */
    bool *new;       /* it can, or it is the conversations of a population not told before */
    size_t *asked;   /* relations that it is in */
    uint64_t *width; /* the largest difference that was noted of it, plus 1 */
    size_t count;
};

/* All that is shown. Release also on failure. */
PROFFER_MUST_USE enum status shown_sets_init(struct shown_sets *shown, const struct told_sums *told,
                                             enum told_of of, const struct release *release,
                                             struct error *err);
void shown_sets_release(struct shown_sets *shown);

/* Their order: below, above, or 0 where they are of the same set. */
int shown_sets_compare(const struct shown *a, const struct shown *b);

/* Whether no earlier report told any of a relation's sets. */
bool shown_sets_are_new(const struct shown_sets *shown, const struct set_relation *relation);

#endif
