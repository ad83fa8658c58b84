/*
 * Conditions of options by what they ask, whichever query they name: terms that read alike and are
 * looked for in the same span, topics of the same rules, runs of the same works.
 */
#ifndef PROFFER_OPTION_ALIKE_H
#define PROFFER_OPTION_ALIKE_H

#include "queries/plan.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The last is a condition of no option, but of a report's population. */
enum option_part_kind { PART_TERMS, PART_TOPICS, PART_OVERLAP, PART_PERIOD, PART_FILTERS };

/* Whether conditions of KIND that name query A and query B of PLAN can be compared: an item of the
 * one is one of the other where option_item_alike says so; runs by their words. */
bool option_queries_alike(const struct plan *plan, enum option_part_kind kind, size_t a, size_t b);
/* Are term (or topic) SLOT of query A and OTHER of query B, which are alike, the same? */
bool option_item_alike(const struct plan *plan, enum option_part_kind kind, size_t a, uint32_t slot,
                       size_t b, uint32_t other);

/* An option of a report: its period is that of the report's population and its own. */
struct option_asked {
    const struct plan_option *option;
    int64_t from, to;
};

struct option_asked option_asked_of(const struct plan_option *option, int64_t from, int64_t to);

/* Does, as the plan alone tells, A have nothing that B has not? */
bool option_lies_in(const struct plan *plan, const struct option_asked *a,
                    const struct option_asked *b);

#endif
