/* What a tally of another period than the plan's is made from: the same logs and filters. */
#ifndef PROFFER_TOLD_PERIOD_H
#define PROFFER_TOLD_PERIOD_H

#include "base/error.h"
#include "queries/plan.h"
#include "queries/population.h"
#include "queries/tally_source.h"

#include <stdbool.h>
#include <stdint.h>

/* The last period that was asked for. */
struct told_period {
    const struct tally_source *own;
    struct plan plan;
    struct population population;
    struct tally_source other;
    bool has_other;
};

/* Of OWN, which must live as long, and its plan's period. */
void told_period_init(struct told_period *period, const struct tally_source *own);
void told_period_release(struct told_period *period);

/* What a table of these days is counted from; valid until other days are asked for. */
PROFFER_MUST_USE enum status told_period_source(struct told_period *period, int64_t from,
                                                int64_t to, const struct tally_source **source,
                                                struct error *err);

#endif
