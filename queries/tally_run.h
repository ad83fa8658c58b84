/*
 * The query runner: tallies of all queries of a plan over a catalogue. One file a query kind,
 * joined by a table of descriptors.
 */
#ifndef PROFFER_TALLY_RUN_H
#define PROFFER_TALLY_RUN_H

#include "base/error.h"
#include "queries/tally.h"
#include "queries/tally_source.h"

#include <stddef.h>

/* Adds the completeness table and the tables and samples of every query, in plan order. */
PROFFER_MUST_USE enum status tally_run(const struct tally_source *source, struct tally *tally,
                                       struct error *err);

/* ---- one a kind; used by tally_run ---- */

/* Whether completeness has a row for that reason (of population.h) to leave out. */
bool tally_completeness_lists(const struct plan *plan, size_t why);
PROFFER_MUST_USE enum status tally_completeness(const struct tally_source *source,
                                                struct tally *tally, struct error *err);
PROFFER_MUST_USE enum status tally_count(const struct tally_source *source, size_t query,
                                         struct tally *tally, struct error *err);
PROFFER_MUST_USE enum status tally_terms(const struct tally_source *source, size_t query,
                                         struct tally *tally, struct error *err);
PROFFER_MUST_USE enum status tally_topics(const struct tally_source *source, size_t query,
                                          struct tally *tally, struct error *err);
PROFFER_MUST_USE enum status tally_overlap(const struct tally_source *source, size_t query,
                                           struct tally *tally, struct error *err);
PROFFER_MUST_USE enum status tally_found(const struct tally_source *source, size_t query,
                                         struct tally *tally, struct error *err);

#endif
