/*
 * Tables by the population that they are of, and which populations are nearly the same: one holds
 * the other, and has conversations of fewer than min_users users more. How many that are follows
 * from the sizes of both, which reports always tell: nothing can hide it. A report of such a
 * population is refused (release/gate.c); a ledger of older programs may have two.
 */
#ifndef PROFFER_POPULATION_GROUPS_H
#define PROFFER_POPULATION_GROUPS_H

#include "base/error.h"
#include "queries/tally.h"
#include "queries/told_population.h"

#include <stdbool.h>
#include <stddef.h>

#define NO_GROUP SIZE_MAX

struct population_groups {
    size_t *group_of; /* [table]; NO_GROUP: it is not by fields */
    size_t *first;    /* [count] the first table of each */
    size_t count;
    bool *near; /* [count * count] nearly the same */
};

/* Of all tables of TALLY by fields, or that are a population's size. Release also on failure. */
PROFFER_MUST_USE enum status population_groups_init(struct population_groups *groups,
                                                    struct told_population *population,
                                                    const struct tally *tally, struct error *err);
void population_groups_release(struct population_groups *groups);

/* Of two tables that are in groups. */
bool population_groups_near(const struct population_groups *groups, size_t a, size_t b);

#endif
