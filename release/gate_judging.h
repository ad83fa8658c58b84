/*
 * Judging without noise: which cells of all tables of a tally are withheld.
 */
#ifndef PROFFER_GATE_JUDGING_H
#define PROFFER_GATE_JUDGING_H

#include "base/error.h"
#include "queries/tally.h"

struct release;
struct gate_again;

/*
 * Puts enum smallcell_flags of each table's cells into *FLAGS[table][cell], in RELEASE's arena.
 * LAST: what the last judging of the same tally found, or NULL; it then knows this one.
 * STATUS_REFUSED where something cannot be protected at all.
 */
PROFFER_MUST_USE enum status gate_judge(struct release *release, const struct tally *tally,
                                        struct gate_again *last, unsigned char ***flags,
                                        struct error *err);

#endif
