/* Exchanges with runs, user by user: see overlap_hits.h. */
#include "queries/overlap_hits.h"

#include "base/memory.h"

#include <stdlib.h>

static int by_user(const void *a, const void *b)
{
    const struct overlap_hit *x = a, *y = b;
    if (x->user != y->user)
        return x->user < y->user ? -1 : 1;
    if (x->part != y->part)
        return x->part < y->part ? -1 : 1;
    return (x->at > y->at) - (x->at < y->at);
}

static enum status list_part(struct overlap_hits *hits, size_t p, struct error *err)
{
    const struct catalogue *catalogue = hits->source->catalogue;
    const struct catalogue_part *part = &catalogue->parts[p];
    struct overlap_cursor cursor = {.at = 0};
    while (query_overlap_next(&hits->found.rows[p], part, &cursor)) {
        if (!population_has(hits->source->population, p, cursor.row))
            continue;
        struct overlap_hit *grown =
            mem_grow(hits->items, &hits->capacity, hits->count + 1, sizeof *grown);
        if (!grown)
            return error_nomem(err);
        hits->items = grown;
        uint32_t user = catalogue_user(part, cursor.row);
        grown[hits->count++] = (struct overlap_hit){user == PART_NO_CODE ? catalogue->users : user,
                                                    (uint32_t)p, cursor.row, (uint32_t)cursor.at};
    }
    return STATUS_OK;
}

enum status overlap_hits_init(struct overlap_hits *hits, const struct tally_source *source,
                              size_t number, struct error *err)
{
    *hits = (struct overlap_hits){.source = source, .query = &source->plan->queries[number]};
    number = plan_query_scanned(hits->query, number);
    TRY(query_overlap_open(&hits->found, source->state, source->catalogue, number, err));
    for (size_t p = 0; p < hits->found.parts; p++)
        TRY(list_part(hits, p, err));
    if (hits->count > UINT32_MAX)
        return error_set(err, STATUS_INPUT, hits->query->id,
                         "more than 4 billion exchanges with "
                         "text of works");
    if (hits->count > 1)
        qsort(hits->items, hits->count, sizeof *hits->items, by_user);
    return STATUS_OK;
}

void overlap_hits_longest(const struct overlap_hits *hits, size_t hit,
                          uint32_t longest[static OVERLAP_VIEWS])
{
    const struct overlap_hit *item = &hits->items[hit];
    const struct overlap_rows *rows = &hits->found.rows[item->part];
    longest[VIEW_ANYWHERE] = 0;
    for (uint32_t view = VIEW_PROMPT; view < OVERLAP_VIEWS; view++) {
        longest[view] = rows->longest[view - VIEW_PROMPT][item->at];
        if (longest[VIEW_ANYWHERE] < longest[view])
            longest[VIEW_ANYWHERE] = longest[view];
    }
}

uint32_t overlap_hits_bin(const struct overlap_hits *hits, uint32_t words)
{
    uint32_t bins = (uint32_t)hits->query->bin_count, bin = bins;
    while (bin > 0 && words < hits->query->bins[bin - 1])
        bin--;
    return bin ? bin - 1 : bins;
}

void overlap_hits_release(struct overlap_hits *hits)
{
    query_overlap_release(&hits->found);
    free(hits->items);
    *hits = (struct overlap_hits){.count = 0};
}
