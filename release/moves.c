/*
 * Integer moves of withheld cells: see moves.h.
 *
 * Propagation: from sum s*y <= b follows s_i*y_i <= b - sum over the others of their least s*y;
 * sweeps over all relations until nothing changes or SWEEPS are done (stopping early leaves the
 * bounds valid, only wider).
 *
 * Search: move one variable, then repair each relation that this breaks by moving its other
 * variables, the ones of largest value first (the order of the terms), each repaired in its turn;
 * a variable is not moved again while it is being repaired. A step that fails is undone. It finds
 * the transfers between two cells of one sum, the rectangles of a two-way table and the like at
 * once, and gives up on the rest, which is for the attacker's linear program.
 */
#include "release/moves.h"

#include <stdlib.h>
#include <string.h>

enum { SWEEPS = 12, TRIES = 64, MEND_DEPTH = 5, STEPS = 8000, SCANS = 1 << 16 };

enum { PUSH_SCANS = 4 }; /* a step takes as long as so many terms */

/* The search deepens: short ways first, each with a share of the steps. */
static const int depths[] = {3, 5, 8, 24};
enum { DEPTHS = sizeof depths / sizeof *depths };

enum status moves_init(struct moves *moves, struct arena *arena, size_t variables, size_t relations,
                       size_t terms, struct error *err)
{
    *moves = (struct moves){
        .variable_count = variables, .relation_count = relations, .term_count = terms};
    moves->trail_capacity = STEPS;
    moves->down = arena_zalloc(arena, variables, sizeof *moves->down);
    moves->up = arena_zalloc(arena, variables, sizeof *moves->up);
    moves->slack = arena_zalloc(arena, relations, sizeof *moves->slack);
    moves->equality = arena_zalloc(arena, relations, sizeof *moves->equality);
    moves->first = arena_zalloc(arena, relations + 1, sizeof *moves->first);
    moves->terms = arena_zalloc(arena, terms, sizeof *moves->terms);
    moves->variable_first = arena_zalloc(arena, variables + 2, sizeof *moves->variable_first);
    moves->variable_terms = arena_zalloc(arena, terms, sizeof *moves->variable_terms);
    moves->least = arena_zalloc(arena, variables, sizeof *moves->least);
    moves->most = arena_zalloc(arena, variables, sizeof *moves->most);
    moves->lowest = arena_zalloc(arena, variables, sizeof *moves->lowest);
    moves->highest = arena_zalloc(arena, variables, sizeof *moves->highest);
    moves->y = arena_zalloc(arena, variables, sizeof *moves->y);
    moves->sum = arena_zalloc(arena, relations, sizeof *moves->sum);
    moves->locked = arena_zalloc(arena, variables, sizeof *moves->locked);
    moves->trail = arena_zalloc(arena, moves->trail_capacity, sizeof *moves->trail);
    if (!moves->down || !moves->up || !moves->slack || !moves->equality || !moves->first ||
        !moves->terms || !moves->variable_first || !moves->variable_terms || !moves->least ||
        !moves->most || !moves->lowest || !moves->highest || !moves->y || !moves->sum ||
        !moves->locked || !moves->trail)
        return error_nomem(err);
    return STATUS_OK;
}

/* Lists for each variable its relations, in order of relations (counting sort). */
static void list_variables(struct moves *moves)
{
    size_t *at = moves->variable_first + 1; /* shifted by one while counting */
    for (size_t i = 0; i < moves->first[moves->relation_count]; i++)
        at[moves->terms[i].other + 1]++;
    for (size_t v = 1; v <= moves->variable_count; v++)
        at[v] += at[v - 1];
    for (size_t r = 0; r < moves->relation_count; r++)
        for (size_t i = moves->first[r]; i < moves->first[r + 1]; i++) {
            struct moves_term term = moves->terms[i];
            moves->variable_terms[at[term.other]++] =
                (struct moves_term){.other = (uint32_t)r, .sign = term.sign};
        }
}

/* The least of sign * y. */
static int64_t least_of(const struct moves *moves, struct moves_term term)
{
    return term.sign > 0 ? moves->least[term.other] : -moves->most[term.other];
}

static int64_t most_of(const struct moves *moves, struct moves_term term)
{
    return term.sign > 0 ? moves->most[term.other] : -moves->least[term.other];
}

/* sign * y <= bound. True if that is news. */
static bool cap(struct moves *moves, struct moves_term term, int64_t bound)
{
    int64_t *least = &moves->least[term.other], *most = &moves->most[term.other];
    if (term.sign > 0 && bound < *most) {
        *most = bound;
        return true;
    }
    if (term.sign < 0 && -bound > *least) {
        *least = -bound;
        return true;
    }
    return false;
}

static bool propagate_relation(struct moves *moves, size_t relation)
{
    bool news = false;
    const struct moves_term *terms = moves->terms + moves->first[relation];
    size_t count = moves->first[relation + 1] - moves->first[relation];
    int64_t least = 0, most = 0;
    for (size_t i = 0; i < count; i++) {
        least += least_of(moves, terms[i]);
        most += most_of(moves, terms[i]);
    }
    for (size_t i = 0; i < count; i++) {
        int64_t own_least = least_of(moves, terms[i]), own_most = most_of(moves, terms[i]);
        struct moves_term mirror = {terms[i].other, -terms[i].sign};
        news |= cap(moves, terms[i], moves->slack[relation] - (least - own_least));
        if (moves->equality[relation])
            news |= cap(moves, mirror, most - own_most);
        least += least_of(moves, terms[i]) - own_least;
        most += most_of(moves, terms[i]) - own_most;
    }
    return news;
}

void moves_prepare(struct moves *moves)
{
    list_variables(moves);
    for (size_t v = 0; v < moves->variable_count; v++) {
        moves->least[v] = -moves->down[v];
        moves->most[v] = moves->up[v];
    }
    bool news = true;
    for (int sweep = 0; news && sweep < SWEEPS; sweep++) {
        news = false;
        moves->scanned += moves->first[moves->relation_count];
        for (size_t r = 0; r < moves->relation_count; r++)
            news |= propagate_relation(moves, r);
    }
}

/* ---- search ---- */

/* How far the relation is from holding: its sum must change by minus that. */
static int64_t excess(const struct moves *moves, size_t relation)
{
    int64_t sum = moves->sum[relation];
    if (moves->equality[relation])
        return sum;
    return sum > moves->slack[relation] ? sum - moves->slack[relation] : 0;
}

static void shift(struct moves *moves, uint32_t variable, int64_t delta)
{
    moves->y[variable] += delta;
    moves->scanned += moves->variable_first[variable + 1] - moves->variable_first[variable];
    for (size_t i = moves->variable_first[variable]; i < moves->variable_first[variable + 1]; i++) {
        struct moves_term term = moves->variable_terms[i];
        moves->broken -= excess(moves, term.other) != 0;
        moves->sum[term.other] += term.sign * delta;
        moves->broken += excess(moves, term.other) != 0;
    }
}

static void undo(struct moves *moves, size_t mark)
{
    while (moves->trail_count > mark) {
        struct moves_step step = moves->trail[--moves->trail_count];
        shift(moves, step.variable, -step.delta);
    }
}

static bool push(struct moves *moves, uint32_t variable, int64_t delta, size_t from, int depth);

/* Does moving the variable by DELTA mend another broken relation besides RELATION? */
static bool mends_another(const struct moves *moves, uint32_t variable, int64_t delta,
                          size_t relation)
{
    for (size_t i = moves->variable_first[variable]; i < moves->variable_first[variable + 1]; i++) {
        struct moves_term term = moves->variable_terms[i];
        int64_t wrong = term.other == relation ? 0 : excess(moves, term.other);
        if ((wrong > 0 && term.sign * delta < 0) || (wrong < 0 && term.sign * delta > 0))
            return true;
    }
    return false;
}

/*
 * Moves the variables of RELATION that are not locked until it holds: in the first pass those that
 * mend another relation at once, which closes the rectangles of a table.
 */
static bool repair(struct moves *moves, size_t relation, int depth)
{
    int tries = 0;
    for (int pass = moves->broken > 1 ? 0 : 1; pass < 2; pass++)
        for (size_t i = moves->first[relation]; i < moves->first[relation + 1]; i++) {
            int64_t wrong = excess(moves, relation);
            moves->scanned++;
            if (!wrong)
                return true;
            struct moves_term term = moves->terms[i];
            if (moves->locked[term.other])
                continue;
            int64_t want = -wrong * term.sign;
            int64_t room = want > 0 ? moves->most[term.other] - moves->y[term.other]
                                    : moves->y[term.other] - moves->least[term.other];
            if (room <= 0)
                continue;
            if (llabs(want) > room)
                want = want > 0 ? room : -room;
            if (pass == 0)
                moves->scanned +=
                    moves->variable_first[term.other + 1ull] - moves->variable_first[term.other];
            if (pass == 0 && !mends_another(moves, term.other, want, relation))
                continue;
            if (tries++ == TRIES || !moves->steps_left || moves->scanned >= moves->scan_end)
                return false;
            (void)push(moves, term.other, want, relation, depth - 1);
        }
    return !excess(moves, relation);
}

/*
 * Moves VARIABLE by DELTA and repairs its relations other than FROM. On failure all is as before.
 */
static bool push(struct moves *moves, uint32_t variable, int64_t delta, size_t from, int depth)
{
    size_t mark = moves->trail_count;
    if (depth < 0 || !moves->steps_left || mark == moves->trail_capacity)
        return false;
    moves->steps_left--;
    moves->scanned += PUSH_SCANS;
    int64_t y = moves->y[variable] + delta;
    if (y < moves->least[variable] || y > moves->most[variable])
        return false;
    moves->trail[moves->trail_count++] = (struct moves_step){variable, delta};
    shift(moves, variable, delta);
    moves->locked[variable] = true;
    bool held = true;
    for (size_t i = moves->variable_first[variable];
         held && i < moves->variable_first[variable + 1]; i++) {
        size_t relation = moves->variable_terms[i].other;
        held = relation == from || !excess(moves, relation) || repair(moves, relation, depth);
    }
    moves->locked[variable] = false;
    if (!held)
        undo(moves, mark);
    return held;
}

static void remember(struct moves *moves, uint32_t v)
{
    if (moves->y[v] < moves->lowest[v])
        moves->lowest[v] = moves->y[v];
    if (moves->y[v] > moves->highest[v])
        moves->highest[v] = moves->y[v];
}

/* Lets lowest/highest know the move that the trail made. */
static void remember_trail(struct moves *moves)
{
    for (size_t i = 0; i < moves->trail_count; i++)
        remember(moves, moves->trail[i].variable);
    moves->found_count = moves->trail_count;
}

bool moves_find(struct moves *moves, uint32_t variable, int64_t delta)
{
    bool found = false;
    moves->trail_count = 0;
    for (int i = 0; !found && i < DEPTHS; i++) {
        moves->steps_left = STEPS / DEPTHS;
        moves->scan_end = moves->scanned + SCANS / DEPTHS;
        found = push(moves, variable, delta, SIZE_MAX, depths[i]) && moves->y[variable] == delta &&
                !moves->broken;
        if (found)
            remember_trail(moves);
        undo(moves, 0);
    }
    return found;
}

/* Repairs the relations of VARIABLE that do not hold. */
static bool mend(struct moves *moves, uint32_t variable)
{
    bool held = true;
    for (size_t i = moves->variable_first[variable];
         held && i < moves->variable_first[variable + 1ull]; i++) {
        size_t relation = moves->variable_terms[i].other;
        held = !excess(moves, relation) || repair(moves, relation, MEND_DEPTH);
    }
    return held;
}

bool moves_complete(struct moves *moves, const struct moves_step *steps, size_t count)
{
    bool holds = count <= moves->trail_capacity;
    moves->trail_count = 0;
    moves->steps_left = STEPS / DEPTHS;
    moves->scan_end = moves->scanned + SCANS / DEPTHS;
    for (size_t i = 0; holds && i < count; i++) {
        moves->trail[moves->trail_count++] = steps[i];
        shift(moves, steps[i].variable, steps[i].delta);
        moves->locked[steps[i].variable] = true;
    }
    for (size_t i = 0; holds && i < count; i++) {
        uint32_t v = steps[i].variable;
        holds = moves->y[v] >= moves->least[v] && moves->y[v] <= moves->most[v];
    }
    for (size_t i = 0; holds && moves->broken && i < count; i++)
        holds = mend(moves, steps[i].variable);
    holds = holds && !moves->broken;
    if (holds)
        remember_trail(moves);
    for (size_t i = 0; i < count; i++)
        moves->locked[steps[i].variable] = false;
    undo(moves, 0);
    return holds;
}

bool moves_accept(struct moves *moves, const int64_t *y)
{
    moves->scanned += moves->first[moves->relation_count] + moves->variable_count;
    for (size_t v = 0; v < moves->variable_count; v++)
        if (y[v] < -moves->down[v] || y[v] > moves->up[v])
            return false;
    for (size_t r = 0; r < moves->relation_count; r++) {
        int64_t sum = 0;
        for (size_t i = moves->first[r]; i < moves->first[r + 1]; i++)
            sum += moves->terms[i].sign * y[moves->terms[i].other];
        if (moves->equality[r] ? sum != 0 : sum > moves->slack[r])
            return false;
    }
    moves->found_count = 0;
    for (uint32_t v = 0; v < moves->variable_count; v++)
        if (y[v] && moves->found_count < moves->trail_capacity)
            moves->trail[moves->found_count++] = (struct moves_step){v, y[v]};
    if (moves->found_count == moves->trail_capacity)
        moves->found_count = 0;
    for (size_t v = 0; v < moves->variable_count; v++) {
        if (y[v] < moves->lowest[v])
            moves->lowest[v] = y[v];
        if (y[v] > moves->highest[v])
            moves->highest[v] = y[v];
    }
    return true;
}
