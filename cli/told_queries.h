/*
 * Queries that reports without noise told (queries/told_kind.h), in the ledger: those of earlier
 * reports are scanned for together with this one's, counted anew and judged with it
 * (queries/told_answers.h). The ledger has an entry of kind "terms" for each, whatever its own kind
 * is, so that no program passes over one that it does not know:
 *
 *     question   keyed SHA-256 of what the report was made of (withheld_before.h) and the number of
 *                the query's table
 *     text       queries/told_query.h
 *
 * They stand before the report's entry of kind "pattern". A report of the same figures again takes
 * into account what stood there before it was made first.
 */
#ifndef PROFFER_TOLD_QUERIES_H
#define PROFFER_TOLD_QUERIES_H

#include "base/digest.h"
#include "base/error.h"
#include "cli/logs_then.h"
#include "cli/withheld_before.h"
#include "queries/told_answers.h"
#include "release/gate.h"
#include "release/ledger.h"

#include <stddef.h>

struct told_queries {
    struct ledger *ledger;
    struct sha256 key;
    const struct logs_then *logs;
    struct told_plan plan; /* what is to be scanned */
    struct told_answers_count counts;
    size_t too_large; /* tables of this report that are not remembered */
};

/* Before the scan: reads what LEDGER remembers. PLAN must live as long. Release also on failure.
 * STATUS_REFUSED, with its number, where an entry is none. */
PROFFER_MUST_USE enum status told_queries_init(struct told_queries *told, struct ledger *ledger,
                                               const struct plan *plan, struct error *err);
void told_queries_release(struct told_queries *told);

/* Adds it to TALLY, of which ROWS were made, and what LOGS had then; SOURCE is of the plan's own
 * queries, its state of all that are to be scanned. The tally needs what is here until it is
 * released. */
PROFFER_MUST_USE enum status told_queries_recall(struct told_queries *told,
                                                 const struct withheld_before *rows,
                                                 struct logs_then *logs,
                                                 const struct tally_source *source,
                                                 struct tally *tally, struct error *err);

/* Writes down what RELEASE, of that tally, shows; before withheld_before_keep. */
PROFFER_MUST_USE enum status told_queries_keep(struct told_queries *told,
                                               const struct withheld_before *rows,
                                               const struct tally *tally,
                                               const struct release *release, struct error *err);

#endif
