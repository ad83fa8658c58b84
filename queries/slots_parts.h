/*
 * Queries of several populations that have keys in common, by parts of the logs (slots_figures.h).
 *
 * Where they have too many cells to be judged as one table (slots_joint.h): what a key finds in a
 * part is a hidden figure, and each row that counts every match of it counts those of its
 * population's parts. Reports of three populations, added and subtracted, so do not tell of what
 * one part alone has. Where several queries count every match of the same keys, what any of them
 * finds in a part is another one, and so is what a slot finds alone there or shares; of each part
 * no more is known than of sets and their union (tally_unions.h).
 *
 * In any case: of two populations of which one lies in the other the difference of two rows is such
 * a figure, too, and so is that of what a slot finds alone or shares.
 *
 * Topics of which the first match counts are left out: these have few cells.
 */
#ifndef PROFFER_SLOTS_PARTS_H
#define PROFFER_SLOTS_PARTS_H

#include "base/error.h"
#include "queries/slots_query.h"
#include "queries/tally.h"
#include "queries/tally_source.h"

#include <stdbool.h>
#include <stddef.h>

/* Keys times parts and differences; of more nothing is tied, and the tally counts it
 * (slots_left_out). */
enum { SLOTS_PARTS_MAX = 16384 };

/* Whether both count every match of the same keys, each once, and of several. */
bool slots_same_keys(const struct slots_query *a, const struct slots_query *b);

/* Ties MEMBERS[COUNT] of QUERIES, which are placed; WHOLE: they are judged as one table. SOURCE as
 * of slots_joint. */
PROFFER_MUST_USE enum status slots_parts(const struct tally_source *source,
                                         const struct slots_queries *queries, const size_t *members,
                                         size_t count, bool whole, struct tally *tally,
                                         struct error *err);

#endif
