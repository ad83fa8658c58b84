/* The hits of one query's terms over all parts of a catalogue. */
#ifndef PROFFER_QUERY_HITS_H
#define PROFFER_QUERY_HITS_H

#include "base/error.h"
#include "queries/catalogue/hits.h"
#include "queries/plan.h"
#include "queries/scan.h"

#include <stddef.h>

struct query_hits {
    struct segment **segments; /* [parts] */
    size_t parts, slots;
};

/* Release also on failure. */
PROFFER_MUST_USE enum status query_hits_open(struct query_hits *hits,
                                             const struct scan_state *state,
                                             const struct plan_query *query, size_t number,
                                             struct error *err);
void query_hits_release(struct query_hits *hits);

/* The hits of a slot in a part; release with hits_release. */
PROFFER_MUST_USE enum status query_hits_read(const struct query_hits *hits, size_t part,
                                             size_t slot, struct hits *out, struct error *err);

#endif
