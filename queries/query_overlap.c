/* Overlap of a query over all parts: see query_overlap.h. */
#include "queries/query_overlap.h"

#include "base/memory.h"

#include <stdlib.h>

static uint64_t number_of(const json_t *works, const char *key)
{
    json_int_t value = json_integer_value(json_object_get(works, key));
    return value < 0 ? 0 : (uint64_t)value;
}

enum status query_overlap_open(struct query_overlap *overlap, const struct scan_state *state,
                               const struct catalogue *catalogue, size_t number, struct error *err)
{
    *overlap = (struct query_overlap){.parts = 0};
    overlap->segments = mem_zalloc(catalogue->count, sizeof *overlap->segments);
    overlap->rows = mem_zalloc(catalogue->count, sizeof *overlap->rows);
    if (!overlap->segments || !overlap->rows)
        return error_nomem(err);
    for (size_t p = 0; p < catalogue->count; p++) {
        const struct catalogue_part *part = &catalogue->parts[p];
        overlap->parts++;
        TRY(segment_open(&overlap->segments[p], state->parts[p].hits_dirs[number], err));
        TRY(overlap_rows_read(overlap->segments[p], part->rows, part->exchange_total,
                              &overlap->rows[p], err));
        const json_t *works = json_object_get(segment_meta(overlap->segments[p]), "works");
        overlap->works = number_of(works, "works");
        overlap->words = number_of(works, "words");
        overlap->empty = number_of(works, "empty");
        overlap->brief = number_of(works, "brief");
    }
    return STATUS_OK;
}

void query_overlap_release(struct query_overlap *overlap)
{
    for (size_t p = 0; p < overlap->parts; p++)
        segment_close(overlap->segments[p]);
    free(overlap->segments);
    free(overlap->rows);
    *overlap = (struct query_overlap){.parts = 0};
}

bool query_overlap_next(const struct overlap_rows *rows, const struct catalogue_part *part,
                        struct overlap_cursor *cursor)
{
    cursor->at += cursor->begun;
    cursor->begun = true;
    if (cursor->at == rows->exchanges)
        return false;
    /* Exchanges are numbered in the order of conversations, and each conversation has one. */
    uint32_t exchange = rows->exchange[cursor->at], low = cursor->row, high = part->rows;
    while (high - low > 1) {
        uint32_t mid = low + (high - low) / 2;
        if (part->first_exchange[mid] <= exchange)
            low = mid;
        else
            high = mid;
    }
    cursor->row = low;
    return true;
}
