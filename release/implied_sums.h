/*
 * Relations that are the sum of two others and no tighter than these together: they say nothing
 * more. Of "a is at most b" for each two of a chain, and of sums over nested periods, only
 * neighbours are left.
 */
#ifndef PROFFER_IMPLIED_SUMS_H
#define PROFFER_IMPLIED_SUMS_H

#include "base/error.h"
#include "release/reduction.h"

/* Marks such relations of the reduction, whose lists of variables must be there, as idle. */
PROFFER_MUST_USE enum status implied_sums_find(struct reduction *reduction, struct error *err);

#endif
