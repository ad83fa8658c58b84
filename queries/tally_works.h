/*
 * The works that an overlap query found, a row each, those of common text (see overlap_walk.h) in
 * one row after them: part of an overlap report.
 */
#ifndef PROFFER_TALLY_WORKS_H
#define PROFFER_TALLY_WORKS_H

#include "base/error.h"
#include "queries/overlap_hits.h"
#include "queries/tally.h"

#include <stddef.h>

/* Adds the table "ID.works" of query NUMBER, of which RUNS is the table of runs. */
PROFFER_MUST_USE enum status tally_works(const struct overlap_hits *hits, size_t number,
                                         size_t runs, struct tally *tally, struct error *err);

#endif
