/*
 * The choice of complementary cells: see pattern_choose in pattern.h.
 *
 * To move a small cell up, each sum that holds it must let something else move down (or up, by
 * sign). Breadth first from the small cell: a relation whose other withheld cells, by their own
 * floors alone, have too little room for the move is where a cell must be added; where they have
 * room, they themselves must be able to move, and are looked at next. A cell that is the only one
 * that could move is needed as much as the small cell itself, so if a needed relation has only
 * kept rows left to withhold, those go.
 */
#include "release/moves.h"
#include "release/pattern.h"
#include "release/refutation.h"
#include "release/smallcell.h"

#include <stdlib.h>

struct candidate {
    size_t cell, relation;
    bool found, keep, scant, before, detail;
    size_t lone;
    int64_t value;
};

/* Equalities in which CELL would be the only withheld one. */
static size_t lone_relations(struct pattern *pattern, size_t cell)
{
    const struct grid *grid = &pattern->grid;
    size_t lone = 0;
    pattern->looked += grid->cell_first[cell + 1] - grid->cell_first[cell];
    for (size_t i = grid->cell_first[cell]; i < grid->cell_first[cell + 1]; i++) {
        size_t relation = grid->cell_terms[i].other;
        lone += grid->equality[relation] && !pattern->withheld_in[relation];
    }
    return lone;
}

static bool better(const struct candidate *a, const struct candidate *b)
{
    if (!b->found)
        return true;
    if (a->keep != b->keep)
        return !a->keep;
    if (a->scant != b->scant)
        return !a->scant;
    if (a->before != b->before)
        return a->before;
    if (a->detail != b->detail)
        return a->detail;
    if (a->lone != b->lone)
        return a->lone < b->lone;
    if (a->value != b->value)
        return a->value < b->value;
    return a->cell < b->cell;
}

/* Looks at CELL as one to withhold so that it could move up (or down) by NEED. */
static void consider(struct pattern *pattern, size_t cell, size_t relation, bool up, int64_t need,
                     struct candidate *best)
{
    if (!pattern_may_withhold(pattern, cell, true))
        return;
    const struct grid *grid = &pattern->grid;
    int64_t value = grid->value[cell];
    if (!up && value < 2)
        return;
    unsigned row = pattern->row_flags[cell / grid->columns];
    struct candidate it = {.cell = cell,
                           .relation = relation,
                           .found = true,
                           .keep = row & (TALLY_KEEP | TALLY_MORE),
                           .scant = !up && value - 1 < need,
                           .before = row & TALLY_BEFORE,
                           .detail = grid->detail_column[cell % grid->columns] || row & TALLY_LESS,
                           .value = value};
    if (best->found && it.keep && !best->keep)
        return;
    it.lone = lone_relations(pattern, cell);
    if (better(&it, best))
        *best = it;
}

/* What one relation says when a cell of it must move. */
struct look {
    int64_t room; /* of the other withheld cells by their floors, and the slack */
    int64_t free; /* the same by propagated bounds: if enough, this relation does not hold it */
    size_t withheld, movable; /* other withheld cells; those with room */
    struct candidate best;
};

static int64_t add_room(int64_t sum, int64_t room, int64_t need)
{
    sum += room < need ? room : need;
    return sum < MOVES_FAR ? sum : MOVES_FAR;
}

static void look_at(struct pattern *pattern, size_t relation, size_t cell, int rising, int64_t need,
                    struct look *look)
{
    const struct grid *grid = &pattern->grid;
    pattern->looked += grid->first[relation + 1] - grid->first[relation];
    *look = (struct look){.room = grid->slack[relation], .free = grid->slack[relation]};
    for (size_t i = grid->first[relation]; i < grid->first[relation + 1]; i++) {
        struct grid_term term = grid->terms[i];
        bool up = rising * term.sign < 0;
        if (term.other == cell)
            continue;
        if (!(pattern->flags[term.other] & SMALLCELL_WITHHELD)) {
            consider(pattern, term.other, relation, up, need, &look->best);
            continue;
        }
        int64_t room = up ? need : grid->value[term.other] - pattern_floor(pattern, term.other);
        int64_t free = room;
        uint32_t variable = pattern->variable[term.other];
        if (variable)
            free = up ? pattern->moves->most[variable - 1] : -pattern->moves->least[variable - 1];
        look->withheld++;
        look->movable += room > 0;
        look->room = add_room(look->room, room, need);
        look->free = add_room(look->free, free, need);
    }
}

struct search {
    struct pattern *pattern;
    size_t count; /* of the queue */
    int64_t need;
    bool causes_only;            /* pass over relations that propagation does not blame */
    bool hopeless;               /* a needed relation has nothing left to withhold */
    struct candidate near, last; /* `last`: anything tied to the cell */
};

static void enqueue(struct search *search, size_t cell, bool up, bool needed)
{
    struct pattern *pattern = search->pattern;
    uint32_t *seen = &pattern->seen[2 * cell + up];
    if (*seen == pattern->stamp)
        return;
    *seen = pattern->stamp;
    pattern->queue[search->count++] = (struct pattern_node){(uint32_t)cell, up, needed};
}

/* Follows one relation of a node. True ends the search. */
static bool follow(struct search *search, struct pattern_node node, size_t relation, int sign)
{
    struct pattern *pattern = search->pattern;
    const struct grid *grid = &pattern->grid;
    int rising = node.up ? sign : -sign;
    if (pattern->relation_seen[relation] == pattern->stamp ||
        (!grid->equality[relation] && rising < 0))
        return false;
    pattern->relation_seen[relation] = pattern->stamp;
    struct look look;
    look_at(pattern, relation, node.cell, rising, search->need, &look);
    if (search->causes_only && look.free >= search->need)
        return false;
    if (look.best.found && better(&look.best, &search->last))
        search->last = look.best;
    if (look.room < search->need) {
        if (look.best.found && (!look.best.keep || node.needed)) {
            search->near = look.best;
            return true;
        }
        if (!look.best.found && node.needed && !look.withheld) {
            search->hopeless = true;
            return true;
        }
    }
    bool only = look.movable == 1 && !grid->slack[relation];
    for (size_t i = grid->first[relation]; look.movable && i < grid->first[relation + 1]; i++) {
        struct grid_term term = grid->terms[i];
        if (term.other != node.cell && pattern->flags[term.other] & SMALLCELL_WITHHELD)
            enqueue(search, term.other, rising * term.sign < 0, node.needed && only);
    }
    return false;
}

static void search_from(struct search *search, size_t cell, bool up)
{
    struct pattern *pattern = search->pattern;
    const struct grid *grid = &pattern->grid;
    search->count = 0;
    pattern->stamp++;
    enqueue(search, cell, up, true);
    for (size_t next = 0; next < search->count; next++) {
        struct pattern_node node = pattern->queue[next];
        for (size_t i = grid->cell_first[node.cell]; i < grid->cell_first[node.cell + 1]; i++)
            if (follow(search, node, grid->cell_terms[i].other, grid->cell_terms[i].sign))
                return;
    }
}

bool pattern_choose(struct pattern *pattern, size_t cell, int64_t delta, size_t *chosen,
                    size_t *relation)
{
    struct search search = {
        .pattern = pattern, .need = delta < 0 ? -delta : delta, .causes_only = true};
    search_from(&search, cell, delta > 0);
    if (!search.near.found && !search.hopeless) {
        search.causes_only = false;
        search_from(&search, cell, delta > 0);
    }
    const struct candidate *best = search.near.found ? &search.near : &search.last;
    if (search.hopeless || !best->found)
        return false;
    *chosen = best->cell;
    *relation = best->relation;
    return true;
}

/* ---- by what holds the cell back ---- */

/* What less weights than that may be off by. */
#define NOTHING 1e-6

/* Adds the refutation's weights up over each cell of its relations. */
static void weigh(const struct pattern *pattern, const struct refutation *refutation)
{
    const struct grid *grid = &pattern->grid;
    for (size_t k = 0; k < refutation->count; k++) {
        uint32_t r = refutation->terms[k].relation;
        for (size_t i = grid->first[r]; i < grid->first[r + 1]; i++)
            pattern->weight[grid->terms[i].other] -=
                refutation->terms[k].weight * grid->terms[i].sign;
    }
}

static void forget_weights(const struct pattern *pattern, const struct refutation *refutation)
{
    const struct grid *grid = &pattern->grid;
    for (size_t k = 0; k < refutation->count; k++) {
        uint32_t r = refutation->terms[k].relation;
        for (size_t i = grid->first[r]; i < grid->first[r + 1]; i++)
            pattern->weight[grid->terms[i].other] = 0;
    }
}

bool pattern_choose_against(struct pattern *pattern, const struct refutation *refutation,
                            int64_t delta, size_t *chosen, size_t *relation)
{
    const struct grid *grid = &pattern->grid;
    struct candidate best = {.found = false};
    weigh(pattern, refutation);
    for (size_t k = 0; k < refutation->count; k++) {
        uint32_t r = refutation->terms[k].relation;
        pattern->looked +=
            3 * (grid->first[r + 1] - grid->first[r]); /* weighed and forgotten, too */
        for (size_t i = grid->first[r]; i < grid->first[r + 1]; i++) {
            uint32_t cell = grid->terms[i].other;
            double gain = pattern->weight[cell];
            if (gain > NOTHING || gain < -NOTHING)
                consider(pattern, cell, r, gain > 0, llabs(delta), &best);
        }
    }
    forget_weights(pattern, refutation);
    *chosen = best.cell;
    *relation = best.relation;
    return best.found;
}
