/*
 * Queries that find some of the same in the text, of one report or of several, judged as margins of
 * one table that nobody is told (slots_cells.h): its cells become hidden figures (but those of
 * which a row counts nothing else), each row of each query is tied to those that it counts, and so
 * is what is hidden of each query alone: what one of its slots finds alone or shares
 * (tally_unions.h), the combinations of its terms. Cells of few conversations' users so do not
 * follow either.
 *
 * Cells are numbers of conversations. Of more than TALLY_SLOT_CELLS of a group of queries that have
 * keys in common, such groups are cut into pairs, this report's queries first (but queries of which
 * the first match counts are taken as one if they are few enough); and of all of it it is judged
 * what each key finds in parts of several populations (slots_parts.h). A pair of more, or beyond
 * SLOTS_ALL_MAX cells in all, that does not ask the same is left out besides, and the tally counts
 * it (slots_left_out): then the rows that are the same are tied (slots_same.h).
 */
#ifndef PROFFER_SLOTS_JOINT_H
#define PROFFER_SLOTS_JOINT_H

#include "base/error.h"
#include "queries/slots_query.h"
#include "queries/tally.h"
#include "queries/tally_source.h"

#include <stdbool.h>

enum { SLOTS_ALL_MAX = 4096 };

/* Ties them; with NEW_ONLY those groups alone of which one at least was counted anew. SOURCE is of
 * this report's period; its state has the hits of all queries by their numbers. */
PROFFER_MUST_USE enum status slots_joint(const struct tally_source *source,
                                         const struct slots_queries *queries, bool new_only,
                                         struct tally *tally, struct error *err);

#endif
