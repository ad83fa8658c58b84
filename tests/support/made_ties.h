/* Tallies without what ties the figures of several queries, as tests of these ties want them. */
#ifndef PROFFER_TEST_MADE_TIES_H
#define PROFFER_TEST_MADE_TIES_H

#include "queries/tally.h"

/* What made_ties_query says of a figure that is of no query, and of one that is of several. */
#define MADE_TIES_NONE    SIZE_MAX
#define MADE_TIES_SEVERAL (SIZE_MAX - 1)

/* The number of the query whose figure a place is. */
typedef size_t made_ties_query(const struct tally *tally, struct tally_place place);

/* That of the place's table; none's where it is hidden. */
made_ties_query made_ties_table_query;

/* Leaves out the ties between figures of two queries or more; there must be some. */
void made_ties_leave_out(struct tally *tally, made_ties_query *query_of);

#endif
