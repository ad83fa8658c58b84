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

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Reasons in order; filters of the plan follow EXCLUDED_FILTER, one each. */
enum population_reason {
    IN_POPULATION,
    EXCLUDED_DUPLICATE,
    EXCLUDED_NO_TIME, /* a period is asked for and the conversation has no time */
    EXCLUDED_BEFORE,
    EXCLUDED_AFTER,
    EXCLUDED_FILTER,
    EXCLUDED_CAPPED = UINT8_MAX /* by population_cap; not counted among the reasons */
};

struct population_count {
    uint64_t conversations;
    uint32_t users; /* distinct, as the gate counts them: unknown users together are one */
};

struct population {
    const struct catalogue *catalogue;
    struct bitmap **rows;      /* [part] rows of the population */
    struct bitmap **exchanges; /* [part] their exchanges, numbered within the part */
    uint8_t **reason_of;       /* [part][row] see enum; filter i is EXCLUDED_FILTER + i */
    uint64_t conversations, exchange_count, turns, words;
    uint64_t users;              /* as counted: each unknown user is one */
    uint32_t users_support;      /* as the gate counts: unknown users together are one */
    int64_t first_day, last_day; /* of its rows with a time; last < first if there is none */
    int64_t from, to; /* days that the plan says; INT64_MIN, INT64_MAX where it does not */

    struct population_count *reasons; /* [EXCLUDED_FILTER + filters], see enum */
    size_t reason_count;

    /*
     * Its rows over the whole catalogue, grouped by user and ascending within each, for counting
     * distinct users: user u has by_user[user_start[u]] .. by_user[user_start[u + 1] - 1]; those of
     * unknown users stand last, as if of user number catalogue->users.
     */
    uint32_t *by_user;    /* [conversations] */
    uint64_t *user_start; /* [catalogue->users + 2] */
};

/*
 * Of a settled catalogue, which must outlive it. Release also on failure. STATUS_INPUT beyond 4
 * billion conversations.
 */
PROFFER_MUST_USE enum status population_init(struct population *population,
                                             const struct catalogue *catalogue,
                                             const struct plan *plan, struct error *err);
/* The same without the rows by user, which population_group_users adds later. */
PROFFER_MUST_USE enum status population_init_rows(struct population *population,
                                                  const struct catalogue *catalogue,
                                                  const struct plan *plan, struct error *err);
/* Does nothing where they are there. */
PROFFER_MUST_USE enum status population_group_users(struct population *population,
                                                    struct error *err);
/*
 * For noise: leaves at most CONVERSATIONS of each user, those with the smallest tickets of SEED
 * (any text that is not empty), and none of unknown users, whose number nobody knows. Which of a
 * user's conversations stay depends on no other user. After population_group_users.
 */
PROFFER_MUST_USE enum status population_cap(struct population *population, uint32_t conversations,
                                            const char *seed, struct error *err);
void population_release(struct population *population);

/* Whether each user of INNER has there what is the user's in WHOLE, but for what population_cap
 * left out. Both have their rows by user. */
bool population_keeps_users(const struct population *inner, const struct population *whole);

static inline bool population_has(const struct population *population, size_t part, uint32_t row)
{
    return population->reason_of[part][row] == IN_POPULATION;
}

/* The part that holds a row of the whole catalogue, and its number there. */
const struct catalogue_part *population_part(const struct catalogue *catalogue, uint64_t row,
                                             uint32_t *local);

/* Counts distinct users of a stream of rows: forget, then add each row's user, then read. */
struct user_counter {
    uint32_t *seen; /* [users] stamp of the last count that saw the user */
    uint32_t *rows; /* [users] rows of the user in that count */
    uint32_t most;  /* of any known user */
    uint32_t users, stamp;
    uint64_t known, unknown; /* distinct known users; rows with an unknown one */
};

PROFFER_MUST_USE enum status user_counter_init(struct user_counter *counter, uint32_t users,
                                               struct error *err);
void user_counter_release(struct user_counter *counter);
void user_counter_reset(struct user_counter *counter);
/* USER may be PART_NO_CODE. */
static inline void user_counter_add(struct user_counter *counter, uint32_t user)
{
    if (user == PART_NO_CODE) {
        counter->unknown++;
        return;
    }
    if (counter->seen[user] != counter->stamp) {
        counter->seen[user] = counter->stamp;
        counter->rows[user] = 0;
        counter->known++;
    }
    if (++counter->rows[user] > counter->most)
        counter->most = counter->rows[user];
}
uint64_t user_counter_value(const struct user_counter *counter);   /* each unknown user is one */
uint32_t user_counter_support(const struct user_counter *counter); /* unknown together one */

#endif
