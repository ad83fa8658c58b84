/* Why a cell cannot move so far: see refutation.h. */
#include "release/refutation.h"

#include "release/moves.h"

#include <stdlib.h>

enum status refutations_init(struct refutations *refutations, struct arena *arena, size_t cells,
                             struct error *err)
{
    *refutations = (struct refutations){.arena = arena};
    refutations->items = arena_zalloc(arena, 2 * cells, sizeof *refutations->items);
    return refutations->items ? STATUS_OK : error_nomem(err);
}

enum { ROOM_MOST = 1 << 20 }; /* of one cell */

/* Bounds get wider where more is withheld elsewhere. */
static int64_t room_of(struct refutations *refutations, const struct refutation *it,
                       const struct pattern *pattern)
{
    const struct grid *grid = &pattern->grid;
    const struct moves *moves = pattern->moves;
    int64_t room = 0;
    for (size_t i = 0; i < it->count; i++) {
        uint32_t relation = it->terms[i].relation;
        refutations->looked += grid->first[relation + 1] - grid->first[relation];
        for (size_t k = grid->first[relation]; k < grid->first[relation + 1]; k++) {
            uint32_t variable = pattern->variable[grid->terms[k].other];
            if (!variable)
                continue;
            int64_t up = moves->most[variable - 1], down = -moves->least[variable - 1];
            room += (up < ROOM_MOST ? up : ROOM_MOST) + (down < ROOM_MOST ? down : ROOM_MOST);
        }
    }
    return room;
}

const struct refutation *refutations_of(struct refutations *refutations,
                                        const struct pattern *pattern, size_t cell, int64_t delta,
                                        bool *holds)
{
    const struct refutation *it = &refutations->items[2 * cell + (delta > 0)];
    if (!it->count || llabs(delta) <= it->furthest)
        return NULL;
    *holds = true;
    for (size_t i = 0; i < it->count; i++)
        if (pattern->withheld_in[it->terms[i].relation] != it->terms[i].withheld)
            *holds = false;
    *holds = *holds && room_of(refutations, it, pattern) <= it->room;
    return it;
}

bool refutations_hold(struct refutations *refutations, const struct pattern *pattern, size_t cell,
                      int64_t delta)
{
    bool holds = false;
    if (refutations_of(refutations, pattern, cell, delta, &holds) && !holds)
        refutations->items[2 * cell + (delta > 0)].count = 0;
    return holds;
}

enum status refutations_keep(struct refutations *refutations, const struct pattern *pattern,
                             size_t cell, int64_t delta, const struct attacker_limit *limit,
                             const uint32_t *relation_of, struct error *err)
{
    struct refutation *it = &refutations->items[2 * cell + (delta > 0)];
    if (!limit->count)
        return STATUS_OK;
    it->terms = arena_zalloc(refutations->arena, limit->count, sizeof *it->terms);
    if (!it->terms)
        return error_nomem(err);
    it->count = limit->count;
    it->furthest = limit->furthest;
    for (size_t i = 0; i < limit->count; i++) {
        uint32_t relation = relation_of[limit->relations[i]];
        it->terms[i] =
            (struct refutation_term){relation, limit->weights[i], pattern->withheld_in[relation]};
    }
    it->room = room_of(refutations, it, pattern);
    return STATUS_OK;
}
