/*
 * Strata: every unit of a frame put into one of a few disjoint groups, from each of which a sample
 * is drawn by itself.
 *
 * They follow a query of the plan:
 *
 *     kind                          strata, in this order
 *     count by fields               their values as its table shows them
 *     topics                        its topics, then "none"
 *     overlap                       "no run", then its bins
 *     terms, identifiers, regex     "found", "not found"
 *
 * Which ones there are follows from the units, or from the plan alone. From the units: empty ones
 * are left out. One whose units belong to fewer distinct users than the release policy's min_users
 * is joined with the next one (the last with the one before it), again and again, since its size is
 * published: "2023-01 + 2023-02". From the plan: all are there, empty or not, periods from the
 * population's first day to its last, values those that are listed; under noise which ones there
 * are must not tell of the logs.
 */
#ifndef PROFFER_STRATA_H
#define PROFFER_STRATA_H

#include "base/arena.h"
#include "base/error.h"
#include "queries/tally_source.h"
#include "queries/unit.h"

#include <stddef.h>
#include <stdint.h>

enum { STRATA_MAX = 255 };

struct stratum {
    const char *name;
    uint64_t count;    /* N_h; at least 1 where strata follow from the units */
    uint32_t from, to; /* the groups that it is, numbered as above: [from, to) */
};

struct strata {
    struct arena arena;
    size_t count; /* at least 1 */
    struct stratum *items;
    uint8_t **of; /* [part][row] its stratum; NULL where there is only one, "all" */
    size_t parts;
};

/* The one stratum "all". Release also on failure. */
PROFFER_MUST_USE enum status strata_one(struct strata *strata, const struct units *units,
                                        struct error *err);

/*
 * By query NUMBER of the plan. STATUS_PLAN for a query that puts no unit into one group only (a
 * taxonomy that assigns all topics that match, fields of a conversation where users are the
 * units), and beyond STRATA_MAX of them. Release also on failure.
 */
PROFFER_MUST_USE enum status strata_by(struct strata *strata, const struct units *units,
                                       const struct tally_source *source, size_t number,
                                       uint32_t min_users, struct error *err);

/* The same as the plan alone makes them. STATUS_PLAN also for values that are not listed, and
 * periods where the population says no first or last day. */
PROFFER_MUST_USE enum status strata_by_plan(struct strata *strata, const struct units *units,
                                            const struct tally_source *source, size_t number,
                                            struct error *err);
void strata_release(struct strata *strata);

static inline uint32_t strata_of(const struct strata *strata, size_t part, uint32_t row)
{
    return strata->of ? strata->of[part][row] : 0;
}

#endif
