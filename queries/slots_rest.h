/*
 * Two queries that count every match of the same keys, of two periods of which one is part of the
 * other, where they have too many cells to be judged as one table (slots_joint.h): what each slot,
 * and any, finds on the other days is the difference of two rows. That is a hidden figure, and so
 * is what a slot finds alone there or shares. For each of the two periods' parts no more is known
 * than of sets and their union (tally_unions.h), and the parts add up.
 */
#ifndef PROFFER_SLOTS_REST_H
#define PROFFER_SLOTS_REST_H

#include "base/error.h"
#include "queries/slots_query.h"
#include "queries/tally.h"
#include "queries/tally_source.h"

#include <stdbool.h>

/* Of more such pairs, those are judged by their rows alone that have a third period between them
 * of which the same is asked. */
enum { SLOTS_RESTS_MAX = 32 };

/* Ties A and B if they are such queries; *DONE says so, *MADE counts them. SOURCE as of
 * slots_joint. */
PROFFER_MUST_USE enum status slots_rest(const struct tally_source *source,
                                        const struct slots_queries *queries,
                                        const struct slots_query *a, const struct slots_query *b,
                                        struct tally *tally, size_t *made, bool *done,
                                        struct error *err);

#endif
