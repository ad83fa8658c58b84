/*
 * What noise asks of a sample that is there. It has a file of its own, so that what it is is known
 * before the logs are read and anything is paid for.
 */
#ifndef PROFFER_NOISE_SAMPLE_H
#define PROFFER_NOISE_SAMPLE_H

#include "base/error.h"
#include "queries/plan.h"

#include <stddef.h>
#include <stdint.h>

/*
 * *STRATA of the sample of query NUMBER: 1 where it has none, is not there yet, or the query is of
 * another kind than relevance. STATUS_REFUSED for one of other units than conversations or users,
 * and for strata that do not follow from the plan alone or whose cut-offs were not fixed
 * beforehand: presence, number and order of strata and what is drawn of each must tell nothing of
 * the logs. For conversations of drawn users unless the users were drawn by one share, without
 * strata, search or checks. And for one drawn by size of which a share of the irrelevant labels is
 * checked.
 */
PROFFER_MUST_USE enum status noise_sample_strata(const struct plan *plan, size_t number,
                                                 uint64_t *strata, struct error *err);

#endif
