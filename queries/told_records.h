/*
 * What the table of completeness tells the size of: of the population, conversations without a
 * time, and with something odd of each kind; and those that were left out for each reason, and
 * accepted where that is more than one. The latter do not follow from the population where there are several reasons: what is
 * after a day in one report and in the next differs by what lies between.
 */
#ifndef PROFFER_TOLD_RECORDS_H
#define PROFFER_TOLD_RECORDS_H

#include "base/error.h"
#include "queries/told_sets.h"

/* Adds those. */
PROFFER_MUST_USE enum status told_records_add(struct told_sets *sets, struct error *err);

#endif
