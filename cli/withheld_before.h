/*
 * Which rows earlier reports without noise withheld for the sake of other figures alone, under the
 * same ledger: the next one withholds them sooner than others, so that reports of several periods
 * withhold the same rows where that protects. The ledger has an entry of kind "pattern" a report:
 *
 *     question   keyed SHA-256 of all tables' rows and cells, and of the rules by which cells are
 *                withheld: what the report was made of
 *     text       {"form": 2, "rows": "HASH HASH ..."}
 *
 * A row's hash has 12 digits, ascending, no blanks between them; it is keyed, of what is asked
 * (struct plan_query.asked_digest) and the row's labels.
 *
 * A report of the same figures again takes into account what stood in the ledger before it was made
 * first: else the two might withhold other rows, and together tell all of them. One that was made
 * before ledgers had such entries is not known to have been made. In entries of form 1 the question
 * is without the rules.
 */
#ifndef PROFFER_WITHHELD_BEFORE_H
#define PROFFER_WITHHELD_BEFORE_H

#include "base/error.h"
#include "cli/matter.h"
#include "queries/plan.h"
#include "queries/tally.h"
#include "release/gate.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Of more rows of one report the later ones are not kept. */
enum { WITHHELD_ROWS_MAX = 100000 };

struct withheld_before {
    struct ledger *ledger;
    uint64_t *rows; /* [row_count] of all tables, in their order: hashes of 48 bits */
    size_t row_count;
    size_t table_count; /* of this report */
    char content[65];   /* the question as form 1 had it */
    char report[65];    /* the question */
    bool again;         /* the ledger has a report of the same figures */
    bool same;          /* and it says so by the same rules */
    uint64_t last;      /* then: the last entry of reports before it */
    uint64_t *before;   /* [before_count] ascending, as far as read */
    size_t before_count, capacity;
};

/* Marks the rows of TALLY that were withheld before. Release also on failure. */
PROFFER_MUST_USE enum status withheld_before_init(struct withheld_before *rows,
                                                  struct ledger *ledger, const struct plan *plan,
                                                  struct tally *tally, struct error *err);
/* Writes down which rows RELEASE, of the same tally, withholds so. */
PROFFER_MUST_USE enum status withheld_before_keep(const struct withheld_before *rows,
                                                  const struct tally *tally,
                                                  const struct release *release, struct error *err);
void withheld_before_release(struct withheld_before *rows);

/* Whether ENTRY was written down when this very report was first made, or later. */
bool withheld_before_is_later(const struct withheld_before *rows, const struct ledger_entry *entry);

#endif
