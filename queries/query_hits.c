/* Hits of a query over all parts: see query_hits.h. */
#include "queries/query_hits.h"

#include "base/memory.h"
#include "queries/query_terms.h"

#include <stdlib.h>

enum status query_hits_open(struct query_hits *hits, const struct scan_state *state,
                            const struct plan_query *query, size_t number, struct error *err)
{
    *hits = (struct query_hits){.slots = query_term_slots(query)};
    number = plan_query_scanned(query, number);
    hits->segments = mem_zalloc(state->logs.part_count, sizeof *hits->segments);
    if (!hits->segments)
        return error_nomem(err);
    for (size_t i = 0; i < state->logs.part_count; i++) {
        hits->parts++;
        TRY(segment_open(&hits->segments[i], state->parts[i].hits_dirs[number], err));
    }
    return STATUS_OK;
}

void query_hits_release(struct query_hits *hits)
{
    for (size_t i = 0; i < hits->parts; i++)
        segment_close(hits->segments[i]);
    free(hits->segments);
    *hits = (struct query_hits){.segments = NULL};
}

enum status query_hits_read(const struct query_hits *hits, size_t part, size_t slot,
                            struct hits *out, struct error *err)
{
    return hits_read(hits->segments[part], hits->slots, slot, out, err);
}
