/*
 * Rows of several queries that count the same set: a slot's, by its key, less those of the slots
 * before it where the first match wins; what any of a set of slots finds; and what none does. All
 * figures of such rows that do not depend on the other slots are the same; of two populations of
 * which one is part of the other, its figures are at most the other's.
 *
 * Pairs of search term queries are left to terms_shared.h.
 */
#ifndef PROFFER_SLOTS_SAME_H
#define PROFFER_SLOTS_SAME_H

#include "base/error.h"
#include "queries/slots_query.h"
#include "queries/tally.h"

/* Ties them; with NEW_ONLY those alone of which one at least was counted anew. */
PROFFER_MUST_USE enum status slots_same(const struct slots_queries *queries, bool new_only,
                                        struct tally *tally, struct error *err);

#endif
