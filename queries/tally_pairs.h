/* Pairwise overlap of a query's terms, the second table of a search term report. */
#ifndef PROFFER_TALLY_PAIRS_H
#define PROFFER_TALLY_PAIRS_H

#include "base/error.h"
#include "queries/query_hits.h"
#include "queries/tally_run.h"
#include "queries/term_combinations.h"

#include <stddef.h>
#include <stdint.h>

/*
 * Adds the table "ID.pairs": each two terms that share a conversation. TIMES[part][row] says how
 * many terms hit a row of the population, exact up to TALLY_PAIR_TERMS. COMBINATIONS, empty at
 * first, may be NULL.
 */
PROFFER_MUST_USE enum status tally_pairs(const struct tally_source *source, size_t query,
                                         const struct query_hits *hits, uint8_t *const *times,
                                         struct term_combinations *combinations,
                                         struct tally *tally, struct error *err);

#endif
