/*
 * Stretches of days that no part of options divides: a period of a table by times of which parts
 * have some days is made of them. What is in a stretch, and has the filters at hand, is one hidden
 * figure, whichever part and table it is looked at for.
 *
 *     month     |-----------------------------|
 *     parts          |-----------|
 *                                   |-----------------...
 *     stretches |----|-----------|--|---------|
 */
#ifndef PROFFER_OPTION_DAYS_H
#define PROFFER_OPTION_DAYS_H

#include "base/error.h"
#include "queries/option_parts.h"
#include "queries/tally.h"
#include "queries/told_sets.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct span_of_days {
    int64_t first, last; /* days since 1970, both included */
};

struct option_days {
    const struct option_parts *parts;
    struct days_figure *items; /* [count] */
    size_t count, capacity;
};

void option_days_release(struct option_days *days);

/* The stretch that begins on the first day of SPAN, and ends in it. */
struct span_of_days option_days_first(const struct option_days *days, struct span_of_days span);

/* Into *NUMBER the hidden figure of what MEASURE counts in STRETCH and in the population of SETS,
 * or in FILTERS, a part, where that is not NULL. */
PROFFER_MUST_USE enum status
option_days_hide(struct option_days *days, struct told_sets *sets, struct tally *tally,
                 const struct option_part *filters, enum option_measure measure,
                 struct span_of_days stretch, uint32_t *number, struct error *err);

/* The hidden figure of what MEASURE counts of a set. */
PROFFER_MUST_USE enum status option_set_hide(struct told_sets *sets, struct tally *tally,
                                             const struct unit_set *set,
                                             enum option_measure measure, uint32_t *number,
                                             struct error *err);

#endif
