/* The patterns of a regex query, compiled: the same set when the plan is read and when it is asked.
 */
#ifndef PROFFER_QUERY_PATTERNS_H
#define PROFFER_QUERY_PATTERNS_H

#include "base/error.h"
#include "queries/plan.h"
#include "queries/text/regex_set.h"

#include <stddef.h>
#include <stdint.h>

/*
 * Compiles those patterns of QUERY that have no problem. SLOTS ([term_count], the caller's) gets
 * the slot of each expression of the set. FAULT's number is a slot, or SIZE_MAX.
 */
PROFFER_MUST_USE enum status query_patterns_compile(const struct plan_query *query,
                                                    struct regex_set **set, uint32_t *slots,
                                                    struct regex_fault *fault, struct error *err);

#endif
