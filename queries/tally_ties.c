/* Ties between figures of several tables: see tally_ties.h. */
#include "queries/tally_ties.h"

#include "base/memory.h"

#include <stdlib.h>

__extension__ typedef __int128 wide;

void places_release(struct places *places)
{
    free(places->items);
    *places = (struct places){.items = NULL};
}

enum status places_add(struct places *places, struct tally_place place, struct error *err)
{
    struct tally_place *grown =
        mem_grow(places->items, &places->capacity, places->count + 1, sizeof *grown);
    if (!grown)
        return error_nomem(err);
    places->items = grown;
    grown[places->count++] = place;
    return STATUS_OK;
}

const struct tally_cell *tally_place_cell(const struct tally *tally, struct tally_place place)
{
    return place.table == TALLY_HIDDEN
               ? &tally->hidden[place.row]
               : tally_cell_at(&tally->tables[place.table], place.row, place.column);
}

/* Whether they hold; empties the list, whose items stay readable. */
static bool take(struct places *places, const struct tally *tally, bool at_most, size_t *count)
{
    wide sum = 0;
    for (size_t i = 0; i < places->count; i++)
        sum += (wide)places->items[i].sign * tally_place_cell(tally, places->items[i])->value;
    *count = places->count;
    places->count = 0;
    return sum == 0 || (sum < 0 && at_most);
}

enum status places_bind(struct places *places, struct tally *tally, bool at_most, struct error *err)
{
    size_t count;
    if (!take(places, tally, at_most, &count)) {
        struct tally_place first = places->items[0];
        return error_set(err, STATUS_INTERNAL,
                         first.table == TALLY_HIDDEN ? "ties" : tally->tables[first.table].id,
                         "a tie of %zu figures, the first in row %u, does not hold", count,
                         (unsigned)first.row);
    }
    return count ? tally_bind(tally, places->items, count, at_most, err) : STATUS_OK;
}

enum status places_bind_held(struct places *places, struct tally *tally, bool at_most,
                             struct error *err)
{
    size_t count;
    bool holds = take(places, tally, at_most, &count);
    return holds && count ? tally_bind(tally, places->items, count, at_most, err) : STATUS_OK;
}
