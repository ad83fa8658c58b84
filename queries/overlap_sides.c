/* On which sides together: see overlap_sides.h. */
#include "queries/overlap_sides.h"

#include "queries/tally_ties.h"

struct sides {
    struct tally *tally;
    const struct side_places *told;
    struct places places;
    uint32_t hidden[SIDE_MASKS];
    unsigned there; /* sides that have any: what is told to be 0 has no part in anything */
};

static bool has_any(const struct sides *s, unsigned view)
{
    for (size_t i = 0; i < s->told->count; i++)
        if (tally_place_cell(s->tally, s->told->of[view][i])->value)
            return true;
    return false;
}

static unsigned bit_of(unsigned view)
{
    return 1u << (view - VIEW_PROMPT);
}

static enum status add_view(struct sides *s, unsigned view, int sign, struct error *err)
{
    for (size_t i = 0; i < s->told->count; i++) {
        struct tally_place place = s->told->of[view][i];
        place.sign = sign;
        TRY(places_add(&s->places, place, err));
    }
    return STATUS_OK;
}

/* VIEW is the sum of those masks that have one of SIDES. */
static enum status bind_view(struct sides *s, unsigned view, unsigned sides, struct error *err)
{
    TRY(add_view(s, view, -1, err));
    for (unsigned mask = 1; mask < SIDE_MASKS; mask++)
        if (mask & sides && !(mask & ~s->there))
            TRY(places_add(&s->places, (struct tally_place){TALLY_HIDDEN, s->hidden[mask], 0, 1},
                           err));
    return places_bind(&s->places, s->tally, false, err);
}

static enum status tie(struct sides *s, const struct tally_cell *cells, struct error *err)
{
    unsigned only = 0;
    for (unsigned view = VIEW_PROMPT; view < OVERLAP_VIEWS; view++)
        if (has_any(s, view)) {
            s->there |= bit_of(view);
            only = view;
        }
    if (!s->there)
        return STATUS_OK;
    if (s->there == bit_of(only)) {
        TRY(add_view(s, only, 1, err));
        TRY(add_view(s, VIEW_ANYWHERE, -1, err));
        return places_bind(&s->places, s->tally, false, err);
    }
    for (unsigned mask = 1; mask < SIDE_MASKS; mask++)
        if (!(mask & ~s->there))
            TRY(tally_hide(s->tally, cells[mask], &s->hidden[mask], err));
    TRY(bind_view(s, VIEW_ANYWHERE, s->there, err));
    for (unsigned view = VIEW_PROMPT; view < OVERLAP_VIEWS; view++)
        if (s->there & bit_of(view))
            TRY(bind_view(s, view, bit_of(view), err));
    return STATUS_OK;
}

enum status overlap_tie_sides(struct tally *tally, const struct tally_cell *cells,
                              const struct side_places *told, struct error *err)
{
    struct sides sides = {.tally = tally, .told = told};
    enum status status = tie(&sides, cells, err);
    places_release(&sides.places);
    return status;
}
