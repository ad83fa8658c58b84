/* What two terms share, as sets that a report tells the size of. */
#ifndef PROFFER_TOLD_PAIRS_H
#define PROFFER_TOLD_PAIRS_H

#include "base/error.h"
#include "queries/told_sets.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Whether the table of that id is one of pairs of terms. */
bool told_pairs_is_table(const char *id);

/* The sets of the two terms of row ROW of such a table; NULL where one is not there. */
void told_pairs_sides(const struct told_sets *sets, size_t table, uint32_t row,
                      const struct told_set *sides[static 2]);

/* Adds what each row of such tables of up to TOLD_ROWS_MAX rows tells, not counted yet. */
PROFFER_MUST_USE enum status told_pairs_add(struct told_sets *sets, struct error *err);

#endif
