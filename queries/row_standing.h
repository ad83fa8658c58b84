/*
 * Where the rows of a table by fields lie in the population of another table, of other days or
 * other filters: all of a row's conversations are in it, none are, or nothing says so. What tells
 * it are the row's labels and its own population: a row "gpt-4" is within a population that has
 * this model alone, a month within one that ends with it, and what is of a population that leaves
 * a model out lies out of one that has no other.
 *
 * Of days and of each filter of the other population by itself; a row that is out by several of
 * them together only is called astride. A table by bins of a field says nothing of its values.
 * Filters on users and ids are told by no label, nor is what the logs had once; but what they had
 * then is within what they had later.
 */
#ifndef PROFFER_ROW_STANDING_H
#define PROFFER_ROW_STANDING_H

#include "base/error.h"
#include "queries/tally.h"

#include <stdbool.h>

enum standing { STANDS_INSIDE, STANDS_OUTSIDE, STANDS_ASTRIDE };

/* Have both the same days and filters? */
bool standing_same(const struct tally_table *a, const struct tally_table *b);

/* Of all rows of TABLE, of which the last is its total, in OTHER's population: STANDING[row_count].
 */
PROFFER_MUST_USE enum status row_standings(const struct tally_table *table,
                                           const struct tally_table *other, enum standing *standing,
                                           struct error *err);

#endif
