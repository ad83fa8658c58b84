/*
 * manifest.json: what a catalogue is made of, in the order of parts, written at the end of each
 * scan and merge. The catalogue's digest is over the contents of its segments and not over times or
 * paths, so that the same logs and plan give the same one anywhere.
 */
#ifndef PROFFER_MANIFEST_H
#define PROFFER_MANIFEST_H

#include "base/error.h"
#include "queries/plan.h"
#include "queries/scan.h"

#include <stddef.h>
#include <stdint.h>

/* Digests over all parts of a state, for the report. */
struct manifest_digests {
    char catalogue[65]; /* over the contents of all base and hits segments of the plan */
    char logs[65];      /* over "SHA-256  start  bytes" of all parts; "none" where not computed */
};

/* The parts must be complete. */
PROFFER_MUST_USE enum status manifest_digest(const struct scan_state *state,
                                             const struct plan *plan, struct manifest_digests *out,
                                             struct error *err);

/* Writes manifest.json of what is there, unless it says just that already; parts that are missing
 * (other shards) are listed so. */
PROFFER_MUST_USE enum status manifest_write(const struct scan_state *state, const struct plan *plan,
                                            struct error *err);

/*
 * Joins the parts of the catalogues FROM[COUNT] into the catalogue INTO: each segment is copied,
 * verified, and put in place whole. One that INTO has with the same content stays; one with another
 * content is replaced, so that of several the last one stands. *COPIED counts segments.
 */
PROFFER_MUST_USE enum status manifest_merge(const char *into, char *const *from, size_t count,
                                            size_t *copied, struct error *err);

#endif
