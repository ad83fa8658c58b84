/*
 * The sets that reports without noise told the size of, as sums (release/set_sums.h): those of this
 * report and, with a ledger, those of all earlier ones; apart by what was told of them, the number
 * of their conversations or of their users.
 *
 * In the ledger an entry of kind "sums" has sets as far as their figures were shown:
 *
 *     {"form": 1, "sets": [{"conversations": SUMS, "users": SUMS}, ...]}
 *
 * Of reports by programs before these entries there are the users of sets of up to 200,000 (kind
 * "record").
 */
#ifndef PROFFER_TOLD_SUMS_H
#define PROFFER_TOLD_SUMS_H

#include "base/error.h"
#include "cli/withheld_before.h"
#include "queries/told_sets.h"
#include "release/figure.h"
#include "release/ledger.h"
#include "release/set_sums.h"

#include <stddef.h>
#include <stdint.h>

struct earlier_sum {
    struct set_sums sums;
    size_t conversations; /* of users: which one has the same set's conversations; or SIZE_MAX */
};

struct told_sums {
    struct told_sets *sets; /* of this report */
    const uint64_t *hashes; /* [users of the catalogue] keyed; NULL: no other report is compared */
    uint32_t min_users;
    /* [sets->count] of those with as many users, of what is told of them */
    struct set_sums *now[TOLD_KINDS];
    struct earlier_sums {
        struct earlier_sum *items;
        size_t count, capacity;
    } earlier[TOLD_KINDS];
    uint32_t groups; /* that all have */
    uint64_t *large; /* [large_count] users of records of which there are sums of powers alone */
    size_t large_count, large_capacity;
    size_t coarse; /* earlier ones with too few groups for MIN_USERS, which are left out */
};

/* Sums up SETS, which must live as long. Release also on failure. */
PROFFER_MUST_USE enum status told_sums_init(struct told_sums *sums, struct told_sets *sets,
                                            const uint64_t *hashes, struct error *err);
void told_sums_release(struct told_sums *sums);

/* Adds what LEDGER has of earlier reports; ROWS say which these are. */
PROFFER_MUST_USE enum status told_sums_recall(struct told_sums *sums, struct ledger *ledger,
                                              const struct withheld_before *rows,
                                              struct error *err);

/* Whether set NUMBER is the population, whose numbers are told in any case. */
bool told_sums_is_population(const struct told_sums *sums, size_t number);

/* Whether RELEASE shows that figure of set NUMBER. */
bool told_sums_shown(const struct told_sums *sums, size_t number, enum told_of of,
                     const struct release *release);

/* Writes down what RELEASE shows. */
PROFFER_MUST_USE enum status told_sums_keep(const struct told_sums *sums, struct ledger *ledger,
                                            const struct release *release, struct error *err);

#endif
