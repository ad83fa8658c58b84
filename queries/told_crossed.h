/* Sets of the rows of tables by fields (told_sets.h): of counts, and of search terms. */
#ifndef PROFFER_TOLD_CROSSED_H
#define PROFFER_TOLD_CROSSED_H

#include "base/error.h"
#include "queries/told_sets.h"

/* The rows of table NUMBER, a count by fields, but the total; of none of more than TOLD_ROWS_MAX.
 */
PROFFER_MUST_USE enum status told_crossed_add_count(struct told_sets *sets, size_t number,
                                                    struct error *err);

/* The rows of query NUMBER's terms by fields, likewise; the terms' own sets are there. */
PROFFER_MUST_USE enum status told_crossed_add_terms(struct told_sets *sets, size_t number,
                                                    struct error *err);

#endif
