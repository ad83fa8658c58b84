/*
 * Queries that find some of the same in the text (slots_query.h), of one report or of several: rows
 * that count the same set are tied (slots_same.h), and all rows as margins of one table
 * (slots_joint.h). Two search term queries are tied by terms_shared.h; such a one and one of
 * another kind here.
 */
#ifndef PROFFER_SLOTS_SHARED_H
#define PROFFER_SLOTS_SHARED_H

#include "base/error.h"
#include "queries/tally.h"
#include "queries/tally_source.h"

/* Ties the queries of SOURCE's plan, after tally_unions. Those that earlier reports told are tied
 * by told_tie_slots (told_kind.h). */
PROFFER_MUST_USE enum status slots_share(const struct tally_source *source, struct tally *tally,
                                         struct error *err);

#endif
