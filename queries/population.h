/*
 * The population of a plan: accepted conversations that are no duplicates and pass the plan's
 * filter. Each row that is left out is left out for the first reason that applies, in the order of
 * the table below, so that accepted = duplicates + excluded(by reason) + population.
 */
#ifndef PROFFER_POPULATION_H
#define PROFFER_POPULATION_H

#include "base/error.h"
#include "queries/catalogue/bitmap.h"
#include "queries/catalogue/catalogue.h"
#include "queries/plan.h"

#include <stddef.h>
#include <stdint.h>

/* Reasons in order; filters of the plan follow EXCLUDED_FILTER, one each. */
enum population_reason {
    IN_POPULATION,
    EXCLUDED_DUPLICATE,
    EXCLUDED_NO_TIME, /* a period is asked for and the conversation has no time */
    EXCLUDED_BEFORE,
    EXCLUDED_AFTER,
    EXCLUDED_FILTER
};

struct population_count {
    uint64_t conversations;
    uint32_t users; /* distinct, as the gate counts them: unknown users together are one */
};

struct population {
    const struct catalogue *catalogue;
    struct bitmap **rows;      /* [part] rows of the population */
    struct bitmap **exchanges; /* [part] their exchanges, numbered within the part */
    uint64_t conversations, exchange_count, words;
    uint64_t users;         /* as counted: each unknown user is one */
    uint32_t users_support; /* as the gate counts: unknown users together are one */

    struct population_count *reasons; /* [EXCLUDED_FILTER + filters], see enum */
    size_t reason_count;

    /* Population rows with a known user, grouped by user: for counting distinct users. */
    uint64_t *by_user; /* row numbers over the whole catalogue */
    uint64_t by_user_count;
};

/* Release also on failure. */
PROFFER_MUST_USE enum status population_init(struct population *population,
                                             const struct catalogue *catalogue,
                                             const struct plan *plan, struct error *err);
void population_release(struct population *population);

/* The part that holds a row of the whole catalogue, and its number there. */
const struct catalogue_part *population_part(const struct catalogue *catalogue, uint64_t row,
                                             uint32_t *local);

/* Counts distinct users of a stream of rows: forget, then add each row's user, then read. */
struct user_counter {
    uint32_t *seen; /* [users] stamp of the last count that saw the user */
    uint32_t users, stamp;
    uint64_t known, unknown; /* distinct known users; rows with an unknown one */
};

PROFFER_MUST_USE enum status user_counter_init(struct user_counter *counter, uint32_t users,
                                               struct error *err);
void user_counter_release(struct user_counter *counter);
void user_counter_reset(struct user_counter *counter);
void user_counter_add(struct user_counter *counter, uint32_t user);
uint64_t user_counter_value(const struct user_counter *counter);   /* each unknown user is one */
uint32_t user_counter_support(const struct user_counter *counter); /* unknown together one */

#endif
