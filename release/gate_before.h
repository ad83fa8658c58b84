/*
 * Tables that earlier reports told, in the judging of this one's (struct tally_table, told_before).
 */
#ifndef PROFFER_GATE_BEFORE_H
#define PROFFER_GATE_BEFORE_H

#include "queries/tally.h"
#include "release/smallcell.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Marks the cells of such a table: what it showed is known, what it withheld stays withheld. A row
 * of which it told nothing is tied to nothing. */
void before_mark(const struct tally_table *table, unsigned char *flags);

/* Marks as known each cell of this report's tables that is the same as one that was shown before:
 * FLAGS[table][cell], of which such tables are marked. */
void before_mark_known(const struct tally *tally, unsigned char *const *flags);

/* Afterwards: of those, the ones that the rules withhold are withheld, though they are known. */
void before_withhold_known(const struct tally *tally, uint32_t min_users,
                           struct smallcell_demand *const *demands, unsigned char *const *flags);

/* Whether an earlier report told of any table, of this report's or of its own. */
bool before_any(const struct tally *tally);

/* The table of this report's population among them; the number of tables if there is none. */
size_t before_own_total(const struct tally *tally);

#endif
