/*
 * What a tally of another population than the plan's is made from: the same logs, other days or
 * other filters.
 */
#ifndef PROFFER_TOLD_POPULATION_H
#define PROFFER_TOLD_POPULATION_H

#include "base/error.h"
#include "queries/plan.h"
#include "queries/population.h"
#include "queries/tally.h"
#include "queries/tally_source.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Days and filters. */
struct told_wish {
    int64_t from, to;
    const struct plan_filter *filters; /* [filter_count], which live as long as what is made */
    size_t filter_count;
};

/* The last population that was asked for. */
struct told_population {
    const struct tally_source *own;
    struct plan plan;
    struct population population;
    struct tally_source other;
    bool has_other;
};

/* Of OWN, which must live as long, and its plan's population. */
void told_population_init(struct told_population *p, const struct tally_source *own);
void told_population_release(struct told_population *p);

struct told_wish told_wish_of(const struct tally_table *table);
struct told_wish told_wish_of_plan(const struct plan *plan);
bool told_wish_same(const struct told_wish *a, const struct told_wish *b);
bool told_wish_is_own(const struct told_population *p, const struct told_wish *wish);

/* What a table of such a population is counted from; valid until another one is asked for. */
PROFFER_MUST_USE enum status told_population_source(struct told_population *p,
                                                    const struct told_wish *wish,
                                                    const struct tally_source **source,
                                                    struct error *err);

#endif
