/*
 * What earlier reports without noise told under the same ledger: the users of each set, as keyed
 * hashes or as sums of powers of them, so that neither a rescan nor grown logs forget it, and the
 * ledger names nobody. A set of a new report that holds all users of an earlier one and a few more,
 * or all but a few, would tell of those few.
 *
 * The population is no such set, since its size is never withheld: it is kept as an entry of kind
 * "population" and compared with earlier ones alone; where few users lie between, the report is
 * refused.
 *
 * A report of the same figures again is compared with what stood there before it was made first
 * (withheld_before.h).
 */
#ifndef PROFFER_REMEMBER_H
#define PROFFER_REMEMBER_H

#include "base/error.h"
#include "cli/matter.h"
#include "cli/withheld_before.h"
#include "queries/told_sets.h"
#include "release/figure.h"
#include "release/remembered.h"

#include <stddef.h>
#include <stdint.h>

struct memory {
    const struct matter *matter;
    struct tally_source source;
    struct told_sets sets;    /* of this report */
    uint64_t *hash_of;        /* [users of the catalogue] keyed, of 48 bits */
    struct remembered *large; /* [sets.count] of those too large to be listed, once summed up */
    struct remembered *earlier;
    size_t earlier_count, capacity;
    struct remembered *populations; /* of earlier reports */
    size_t population_count, population_capacity;
    const struct withheld_before *rows;
    size_t compared; /* sets of this report that were compared with the earlier ones */
};

/* Reads what the ledger remembers, and notes in TALLY which rows would tell of few users.
 * STATUS_REFUSED where its population would. Release also on failure. */
PROFFER_MUST_USE enum status memory_init(struct memory *memory, const struct matter *matter,
                                         const struct tally_source *source,
                                         const struct withheld_before *rows, struct tally *tally,
                                         struct error *err);
/* Writes down what is told now: the sets whose row RELEASE shows. *REMEMBERED is how many sets the
 * ledger has then, which is the same when the same report is made again. */
PROFFER_MUST_USE enum status memory_keep(struct memory *memory, const struct release *release,
                                         size_t *remembered, struct error *err);
void memory_release(struct memory *memory);

#endif
