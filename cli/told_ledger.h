/*
 * Tables by fields that reports without noise told, in the ledger: the gate judges those of a new
 * report together with them (queries/told_tables.h). The ledger has an entry of kind "table" for
 * each that showed anything but its total:
 *
 *     question   keyed SHA-256 of what the report was made of (withheld_before.h) and the table's
 *                number
 *     text       queries/told_table.h
 *
 * and one of kind "logs" of what the logs had (queries/told_logs.h), of which the question is the
 * keyed SHA-256 of its text: what was told of fewer logs is counted as it was then, too.
 *
 * They stand before the report's entry of kind "pattern". As with rows that were withheld before, a
 * report of the same figures again takes into account what stood there before it was made first.
 */
#ifndef PROFFER_TOLD_LEDGER_H
#define PROFFER_TOLD_LEDGER_H

#include "base/arena.h"
#include "base/digest.h"
#include "base/error.h"
#include "cli/logs_then.h"
#include "cli/withheld_before.h"
#include "queries/tally_source.h"
#include "queries/told_tables.h"
#include "release/gate.h"

#include <stdbool.h>
#include <stddef.h>

struct told_ledger {
    const struct withheld_before *rows;
    const struct plan *plan;
    struct arena arena; /* owns what is read and written, and what the tally has of it */
    struct told_table *told;
    size_t count, capacity;
    struct logs_then logs;
    struct sha256 key;
    char filters[65];
    struct told_tables_count counts;
    size_t too_large; /* tables of this report that are not remembered */
};

/* Reads what the ledger remembers and adds it to TALLY, of which ROWS, ready, were made. The tally
 * needs it until it is released. Release also on failure. STATUS_REFUSED, with its number, where an
 * entry is none. */
PROFFER_MUST_USE enum status told_ledger_init(struct told_ledger *told,
                                              const struct withheld_before *rows,
                                              const struct tally_source *source,
                                              struct tally *tally, struct error *err);
/* Writes down what RELEASE, of that tally, shows; before withheld_before_keep. */
PROFFER_MUST_USE enum status told_ledger_keep(struct told_ledger *told, const struct tally *tally,
                                              const struct release *release, struct error *err);
void told_ledger_release(struct told_ledger *told);

#endif
