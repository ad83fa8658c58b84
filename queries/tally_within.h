/*
 * Terms by fields lie within counts by fields: what a term hits in a model and month is part of
 * what the count has of that month. So of withheld groups of a term, none of which is zero, follows
 * how many a withheld row of the count has at least.
 *
 * For every term, every count and every value of what the fields of both have in common, the term's
 * groups are together at most the count's rows. Stated where the difference is small: larger ones
 * hold no small figure fast.
 */
#ifndef PROFFER_TALLY_WITHIN_H
#define PROFFER_TALLY_WITHIN_H

#include "base/error.h"
#include "queries/tally.h"
#include "queries/tally_source.h"

#include <stddef.h>

/* Ties terms by fields to the counts from table FIRST on; adds to tally->ties. */
PROFFER_MUST_USE enum status tally_within(const struct tally_source *source, struct tally *tally,
                                          size_t first, struct error *err);

#endif
