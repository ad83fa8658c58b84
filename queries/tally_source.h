/* All that tallies, frames and samples are made from. */
#ifndef PROFFER_TALLY_SOURCE_H
#define PROFFER_TALLY_SOURCE_H

#include "queries/catalogue/catalogue.h"
#include "queries/plan.h"
#include "queries/population.h"
#include "queries/scan.h"

struct tally_source {
    const struct plan *plan;
    const struct scan_state *state;
    const struct catalogue *catalogue;
    const struct population *population;
};

#endif
