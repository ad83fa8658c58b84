/*
 * The ledger of a matter as a run uses it. The catalogue has a file that names the ledger under
 * which its logs were told of, and the ledger's head then: another ledger is refused, and so is one
 * that does not hold that head any more.
 */
#ifndef PROFFER_MATTER_H
#define PROFFER_MATTER_H

#include "base/error.h"
#include "queries/plan.h"
#include "release/ledger.h"

#include <stdbool.h>

struct matter {
    struct ledger *ledger;
    char *binding;            /* the catalogue's file */
    char replaced[LEDGER_ID]; /* the ledger that this one took the place of, or "" */
};

/* Opens the ledger that PLAN names on TERMS, whose matter is the plan's. With NEW_LEDGER another
 * one may take its place. STATUS_PLAN without a matter. Close also on failure. */
PROFFER_MUST_USE enum status matter_open(struct matter *matter, const struct plan *plan,
                                         const struct ledger_terms *terms, const char *catalogue,
                                         bool new_ledger, struct error *err);
void matter_close(struct matter *matter);

/* After the gate: the catalogue notes the ledger and its head. */
PROFFER_MUST_USE enum status matter_bind(const struct matter *matter, struct error *err);

/* Digests as a report with noise may tell them: salted with the ledger's secret. */
PROFFER_MUST_USE enum status matter_salt(const struct matter *matter, char digest[static 65],
                                         struct error *err);

#endif
