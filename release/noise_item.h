/*
 * What is bought with a privacy budget: the noisy columns of one table, as one question to the
 * ledger. Made from the plan alone, before any data.
 */
#ifndef PROFFER_NOISE_ITEM_H
#define PROFFER_NOISE_ITEM_H

#include "base/error.h"
#include "release/mechanism.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { NOISE_MEASURES_MAX = 8 };

struct noise_measure {
    const char *column;
    struct sensitivity sensitivity;
    uint64_t share; /* of the budget, in 1e-12 of what the mechanism is paid for in */
    struct noise_scale scale;
    struct noise_law law;
    int64_t half_width; /* of the bounds at the policy's confidence */
    int64_t wide;       /* the same with half the chance to err */
};

struct noise_item {
    const char *id, *title; /* of the table; id "" is the population's own numbers */
    char question[65];      /* 64 hexadecimal digits */
    size_t query;           /* its number in the plan; SIZE_MAX of the population */
    bool sample;            /* of a labelled sample */
    bool second;            /* of a second table of its query: another question */
    bool selected;          /* groups come from the logs: those of enough users are shown */
    uint64_t groups;        /* then: how many a user can be in */
    double select_epsilon, select_delta; /* then: of one group */
    uint64_t rows; /* that have noise of their own; 0 where groups are selected */
    uint64_t weight;
    struct noise_measure measures[NOISE_MEASURES_MAX];
    size_t measure_count;
    uint64_t cost;       /* in rho */
    uint64_t delta_cost; /* in 1e-18, of selecting groups */
};

struct noise_policy {
    const struct mechanism *mechanism;
    uint64_t amount; /* that all items together may spend, in 1e-12 */
    double confidence;
    struct noise_item *items;
    size_t item_count;
};

/*
 * Divides the amount among items by weight and, within each, equally among its measures (rounded
 * down), then fills share, scale, half width and cost of each. STATUS_PLAN where too little is left
 * for a column.
 */
PROFFER_MUST_USE enum status noise_policy_divide(struct noise_policy *policy, struct error *err);

/*
 * What showing groups of ITEM costs, of which a user can be in GROUPS: EPSILON (in 1e-12) and DELTA
 * divided among them, each group kept by the optimal rule (stats/partition_selection.h). A rule
 * that is (epsilon, delta)-private is epsilon^2/2-zCDP but for delta (Bun and Steinke 2016).
 */
void noise_item_select(struct noise_item *item, uint64_t groups, uint64_t epsilon, double delta);

const struct noise_item *noise_item_find(const struct noise_policy *policy, const char *id);
const struct noise_measure *noise_measure_find(const struct noise_item *item, const char *column);

#endif
