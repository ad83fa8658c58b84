/* Hits by slot: see slot_hits.h. */
#include "queries/text/slot_hits.h"

#include "base/memory.h"

#include <stdlib.h>

struct found {
    uint32_t turns, occurrences, last_turn;
    bool prompts, outputs, others;
    uint32_t *exchanges;
    uint32_t exchange_count;
    size_t exchange_capacity;
};

struct slot_hits {
    size_t slots;
    struct found *found; /* by slot */
    uint32_t *touched;   /* slots with anything, in order of first sight */
    size_t touched_count;
    struct text_hit *hits; /* [slots] */
};

struct slot_hits *slot_hits_new(size_t slots)
{
    struct slot_hits *hits = mem_zalloc(1, sizeof *hits);
    if (!hits)
        return NULL;
    hits->slots = slots;
    hits->found = mem_zalloc(slots, sizeof *hits->found);
    hits->touched = mem_zalloc(slots, sizeof *hits->touched);
    hits->hits = mem_zalloc(slots, sizeof *hits->hits);
    if (!hits->found || !hits->touched || !hits->hits) {
        slot_hits_free(hits);
        return NULL;
    }
    return hits;
}

void slot_hits_free(struct slot_hits *hits)
{
    if (!hits)
        return;
    for (size_t i = 0; hits->found && i < hits->slots; i++)
        free(hits->found[i].exchanges);
    free(hits->found);
    free(hits->touched);
    free(hits->hits);
    free(hits);
}

void slot_hits_begin(struct slot_hits *hits)
{
    for (size_t i = 0; i < hits->touched_count; i++) {
        struct found *found = &hits->found[hits->touched[i]];
        *found = (struct found){.exchanges = found->exchanges,
                                .exchange_capacity = found->exchange_capacity};
    }
    hits->touched_count = 0;
}

enum status slot_hits_add(struct slot_hits *hits, uint32_t slot, uint32_t turn, enum text_side side,
                          uint32_t exchange, uint32_t count, struct error *err)
{
    struct found *found = &hits->found[slot];
    if (found->occurrences == 0)
        hits->touched[hits->touched_count++] = slot;
    if (found->turns == 0 || found->last_turn != turn)
        found->turns++;
    found->last_turn = turn;
    found->occurrences =
        count < UINT32_MAX - found->occurrences ? found->occurrences + count : UINT32_MAX;
    found->prompts |= side == SIDE_PROMPT;
    found->outputs |= side == SIDE_OUTPUT;
    found->others |= side != SIDE_PROMPT && side != SIDE_OUTPUT;
    if (found->exchange_count && found->exchanges[found->exchange_count - 1] == exchange)
        return STATUS_OK;
    uint32_t *grown = mem_grow(found->exchanges, &found->exchange_capacity,
                               (size_t)found->exchange_count + 1, sizeof *grown);
    if (!grown)
        return error_nomem(err);
    found->exchanges = grown;
    grown[found->exchange_count++] = exchange;
    return STATUS_OK;
}

static int by_number(const void *a, const void *b)
{
    uint32_t left = *(const uint32_t *)a, right = *(const uint32_t *)b;
    return (left > right) - (left < right);
}

void slot_hits_end(struct slot_hits *hits, const struct text_hit **out, size_t *count)
{
    if (hits->touched_count > 1)
        qsort(hits->touched, hits->touched_count, sizeof *hits->touched, by_number);
    for (size_t i = 0; i < hits->touched_count; i++) {
        const struct found *found = &hits->found[hits->touched[i]];
        hits->hits[i] = (struct text_hit){.number = hits->touched[i],
                                          .turns = found->turns,
                                          .occurrences = found->occurrences,
                                          .prompt_only = !found->outputs && !found->others,
                                          .output_only = !found->prompts && !found->others,
                                          .exchanges = found->exchanges,
                                          .exchange_count = found->exchange_count};
    }
    *out = hits->hits;
    *count = hits->touched_count;
}
