/* Sets of what no term or topic of a query is found in (told_sets.h), and of all but that. */
#ifndef PROFFER_TOLD_NONE_H
#define PROFFER_TOLD_NONE_H

#include "base/error.h"
#include "queries/told_sets.h"

/* The row of query NUMBER without a term, or without a topic, if there is one; the sets of its
 * terms or topics are there. */
PROFFER_MUST_USE enum status told_none_add(struct told_sets *sets, size_t number,
                                           struct error *err);

/* Of topics of which a conversation may have several, what has one is everything but what has none:
 * no row counts it, but every reader can. */
PROFFER_MUST_USE enum status told_none_add_any_topic(struct told_sets *sets, size_t number,
                                                     struct error *err);

#endif
