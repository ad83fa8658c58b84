/*
 * What an overlap report tells the size of: conversations by their longest run, on each side and on
 * any, with any run and with none; and those that share a run with each work, in all, on each side,
 * and one of so many words. A limit: of conversations without a run the users are not among it,
 * since where few users have no such conversation all rows of runs would be withheld for it.
 */
#ifndef PROFFER_TOLD_OVERLAP_H
#define PROFFER_TOLD_OVERLAP_H

#include "base/error.h"
#include "queries/told_sets.h"

#include <stddef.h>

/* Adds those of query NUMBER, which is one of overlap, but that of any run anywhere, which is
 * there; of up to TOLD_ROWS_MAX works. */
PROFFER_MUST_USE enum status told_overlap_add(struct told_sets *sets, size_t number,
                                              struct error *err);

#endif
