/*
 * What a report of a plan can hold, before anything is counted: its tables and columns by name, and
 * the names of the facts beside them. Forms of drafts are checked against it.
 */
#ifndef PROFFER_OUTLINE_H
#define PROFFER_OUTLINE_H

#include "base/error.h"
#include "queries/plan.h"
#include "report/answers/result.h"

/*
 * Fills RESULT (initialised by the caller, who releases it also on failure): each table that a
 * report of PLAN may have, without rows, with each column that it may have; `summary` with the
 * queries' ids, `run` and `release` with the names of facts. A report can lack some of it: tables
 * of labels that nobody made, columns of which nothing is told with noise. It has no more.
 */
PROFFER_MUST_USE enum status answers_outline(const struct plan *plan, struct result *result,
                                             struct error *err);

#endif
