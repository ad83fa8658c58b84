/*
 * What rows of a query that finds something in the text count, and what is hidden of its union
 * (tally_unions.h): conversations in which so many slots find, the one at hand among them or not.
 */
#ifndef PROFFER_SLOTS_COUNTED_H
#define PROFFER_SLOTS_COUNTED_H

#include "queries/plan.h"

#include <stdbool.h>
#include <stddef.h>

enum slots_counted { OF_SLOT, OF_ANY, OF_NONE, OF_ALL, OF_ALONE, OF_SHARED, OF_SEVERAL };

/* Whether a conversation counts so in which FOUND slots find, the one at hand (OWN) or not. Where
 * the first one counts that is the only one. */
bool slots_counts(enum slots_counted what, size_t found, bool own);

/* What row number ROW of the own table of QUERY, which has SLOTS, counts: no search terms. */
enum slots_counted slots_row_counts(const struct plan_query *query, size_t slots, size_t row);

#endif
