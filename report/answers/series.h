/*
 * What changed since an earlier report of the same matter: plain data of two result trees, each of
 * which stands released. Nothing here sees a figure that neither tells.
 */
#ifndef PROFFER_SERIES_H
#define PROFFER_SERIES_H

#include "base/error.h"
#include "report/answers/result.h"

/*
 * Whether an earlier report that was read back can be compared with at all: it is of MATTER, and
 * its tables hold what a report can hold (names used once, shares from 0 to 1, counts below 2^53,
 * no low end above its high end). STATUS_PLAN for another matter, STATUS_INPUT for the rest, with
 * the table, row and column.
 */
PROFFER_MUST_USE enum status series_check(const struct result *previous, const char *matter,
                                          struct error *err);

#endif
