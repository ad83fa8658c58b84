/*
 * What is known of a table before it is judged, and what is asked of its cells beside few users.
 */
#ifndef PROFFER_GATE_DEMANDS_H
#define PROFFER_GATE_DEMANDS_H

#include "queries/tally.h"
#include "release/smallcell.h"

struct release;

/*
 * Marks what is told elsewhere, and the cells of kept rows that repeat a number of the population;
 * and all of such a row that is the whole population, since other tables may repeat them.
 */
void demands_mark_fixed(const struct release *release, const struct tally *tally,
                        const struct tally_table *table, unsigned char *flags);

/* The demands on the cells of table NUMBER: of the rules, and of what TALLY says of differences. */
void demands_make(const struct release *release, const struct tally *tally, size_t number,
                  struct smallcell_demand *demands);

#endif
