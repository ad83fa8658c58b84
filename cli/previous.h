/*
 * The earlier report that a plan names to compare with.
 */
#ifndef PROFFER_PREVIOUS_H
#define PROFFER_PREVIOUS_H

#include "base/error.h"
#include "queries/plan.h"
#include "report/answers/result.h"

struct previous {
    struct result result;
    const struct result *report; /* &result, or NULL where the plan names none */
    char sha256[65];             /* of its file */
};

/*
 * Reads the report.json that `report.previous` of PLAN names, if it names one, and checks that it
 * can be compared with. STATUS_PLAN where there is no such file, where it is of another matter, or
 * where this run would write over it; STATUS_INPUT where it is over 64 MiB, no report, or holds
 * what no report holds. Release it also on failure.
 */
PROFFER_MUST_USE enum status previous_init(struct previous *previous, const struct plan *plan,
                                           struct error *err);
void previous_release(struct previous *previous);

#endif
