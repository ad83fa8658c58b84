/*
 * What the table of completeness tells the size of within the population: conversations without a
 * time, and with something odd of each kind. What was accepted and left out is not among it: it
 * follows from the population, whose numbers are told in any case.
 */
#ifndef PROFFER_TOLD_RECORDS_H
#define PROFFER_TOLD_RECORDS_H

#include "base/error.h"
#include "queries/told_sets.h"

/* Adds those. */
PROFFER_MUST_USE enum status told_records_add(struct told_sets *sets, struct error *err);

#endif
