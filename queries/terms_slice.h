/*
 * One term of a search term report as rows by fields that can be tied to others (tally_links.h):
 * its groups, where the report has them, and its total, with its conversations and users.
 */
#ifndef PROFFER_TERMS_SLICE_H
#define PROFFER_TERMS_SLICE_H

#include "base/arena.h"
#include "base/error.h"
#include "queries/tally.h"
#include "queries/tally_links.h"
#include "queries/terms_shared.h"

#include <stdint.h>

struct terms_slice {
    struct tally_table table; /* made for it; it is none of the tally's */
    struct linked_rows rows;
};

/* Of term SLOT of REPORT, in ARENA. SLICE must not be moved afterwards. */
PROFFER_MUST_USE enum status terms_slice_make(struct terms_slice *slice,
                                              const struct terms_report *report, uint32_t slot,
                                              const struct tally *tally, struct arena *arena,
                                              struct error *err);

#endif
