/*
 * Moves with fewer variables: see reduction.h.
 *
 * Variables are taken out in passes, of equalities in order: first only what makes relations
 * shorter or hardly longer (H. M. Markowitz, "The elimination form of the inverse and its
 * application to linear programming", Management Science 3, 1957), a variable whose bounds follow
 * from those of the others before any other.
 */
#include "release/reduction_parts.h"

#include "base/memory.h"
#include "release/implied_sums.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum {
    LONG = 64,    /* terms of an equality that is solved */
    MANY = 64,    /* relations of a variable that is taken out */
    BOUNDED = 16, /* so much worse is a variable whose bounds must be kept */
    GROWTH = 4    /* times as many terms as there were may be written in all */
};

/* What taking a variable out may cost, pass by pass. */
static const size_t passes[] = {4, 12, 32};
enum { PASSES = sizeof passes / sizeof *passes };

void reduction_init(struct reduction *reduction)
{
    *reduction = (struct reduction){.arena = ARENA_INIT};
}

void reduction_release(struct reduction *reduction)
{
    free(reduction->steps);
    arena_release(&reduction->arena);
    reduction_init(reduction);
}

static enum status add_home(struct reducing *r, uint32_t variable, uint32_t relation,
                            struct error *err)
{
    struct home *home = arena_alloc(&r->to->arena, sizeof *home);
    if (!home)
        return error_nomem(err);
    *home = (struct home){relation, r->homes[variable]};
    r->homes[variable] = home;
    r->home_count[variable]++;
    return STATUS_OK;
}

static enum status copy_relations(struct reducing *r, struct error *err)
{
    const struct moves *moves = r->moves;
    struct reduction *to = r->to;
    for (uint32_t i = 0; i < moves->relation_count; i++) {
        size_t count = moves->first[i + 1] - moves->first[i];
        struct reduced_term *terms = arena_alloc(&to->arena, (count + 1) * sizeof *terms);
        if (!terms)
            return error_nomem(err);
        to->relations[i] =
            (struct reduced_relation){.terms = terms,
                                      .least = moves->equality[i] ? 0 : -INFINITY,
                                      .most = moves->equality[i] ? 0 : (double)moves->slack[i]};
        for (size_t k = 0; k < count; k++) {
            struct moves_term term = moves->terms[moves->first[i] + k];
            if (!moves->least[term.other] && !moves->most[term.other])
                continue; /* it cannot move */
            terms[to->relations[i].count++] = (struct reduced_term){term.other, term.sign};
            TRY(add_home(r, term.other, i, err));
        }
    }
    to->work += 2 * moves->term_count;
    return STATUS_OK;
}

/* Bounds of the sum of a relation's terms but that of variable WITHOUT. */
void reducing_bound_sum(const struct reducing *r, const struct reduced_relation *relation,
                        uint32_t without, double *least, double *most)
{
    *least = *most = 0;
    for (size_t i = 0; i < relation->count; i++) {
        struct reduced_term term = relation->terms[i];
        double down = term.factor * (double)r->moves->least[term.other];
        double up = term.factor * (double)r->moves->most[term.other];
        if (term.other == without)
            continue;
        *least += down < up ? down : up;
        *most += down < up ? up : down;
    }
    r->to->work += relation->count;
}

/* Bounds of the sum of the others where variable OWN, by factor FACTOR, keeps its own. */
static void bound_others(const struct moves *moves, uint32_t own, double factor, double *least,
                         double *most)
{
    double down = moves->down[own] < MOVES_FAR ? -(double)moves->down[own] : -INFINITY;
    double up = moves->up[own] < MOVES_FAR ? (double)moves->up[own] : INFINITY;
    *least = factor > 0 ? -factor * up : -factor * down;
    *most = factor > 0 ? -factor * down : -factor * up;
}

/* Do the variable's bounds follow from those of the others in the relation? */
static bool is_implied(const struct reducing *r, const struct reduced_relation *relation,
                       struct reduced_term own)
{
    double least, most, down, up;
    reducing_bound_sum(r, relation, own.other, &down, &up);
    bound_others(r->moves, own.other, own.factor, &least, &most);
    return down >= least && up <= most;
}

/* ---- taking a variable out ---- */

/* The place of the variable for which the equality is best solved; its count where none may be. */
static size_t choose(const struct reducing *r, const struct reduced_relation *relation,
                     size_t limit)
{
    size_t best = relation->count, least = limit + 1;
    for (size_t i = 0; i < relation->count; i++) {
        struct reduced_term term = relation->terms[i];
        size_t homes = r->home_count[term.other];
        size_t cost = (relation->count - 1) * (homes - 1);
        if (fabs(fabs(term.factor) - 1) > REDUCTION_NOTHING || homes > MANY || cost >= least ||
            term.other == r->asked)
            continue;
        if (cost && !is_implied(r, relation, term))
            cost += BOUNDED;
        if (cost < least) {
            least = cost;
            best = i;
        }
    }
    r->to->work += relation->count;
    return best;
}

size_t reducing_place_of(const struct reducing *r, const struct reduced_relation *relation,
                         uint32_t variable)
{
    size_t at = 0;
    while (at < relation->count && relation->terms[at].other != variable)
        at++;
    r->to->work += at;
    return at;
}

static enum status note_step(struct reduction *to, uint32_t relation, uint32_t from, double factor,
                             struct error *err)
{
    struct reduction_step *grown =
        mem_grow(to->steps, &to->step_capacity, to->step_count + 1, sizeof *grown);
    if (!grown)
        return error_nomem(err);
    to->steps = grown;
    grown[to->step_count++] = (struct reduction_step){relation, from, factor};
    return STATUS_OK;
}

/* Adds FACTOR times relation FROM to relation NUMBER; what cancels leaves it. */
enum status reducing_add_to(struct reducing *r, uint32_t number, uint32_t from, double factor,
                            struct error *err)
{
    struct reduction *to = r->to;
    struct reduced_relation *relation = &to->relations[number];
    const struct reduced_relation *other = &to->relations[from];
    size_t most = relation->count + other->count, count = relation->count, left = 0;
    struct reduced_term *terms = arena_alloc(&to->arena, (most + 1) * sizeof *terms);
    if (!terms)
        return error_nomem(err);
    for (uint32_t i = 0; i < count; i++) {
        terms[i] = relation->terms[i];
        r->at[terms[i].other] = i + 1;
    }
    for (size_t i = 0; i < other->count; i++) {
        struct reduced_term term = other->terms[i];
        if (r->at[term.other]) {
            terms[r->at[term.other] - 1].factor += factor * term.factor;
            continue;
        }
        terms[count++] = (struct reduced_term){term.other, factor * term.factor};
        TRY(add_home(r, term.other, number, err));
    }
    for (size_t i = 0; i < count; i++) {
        r->at[terms[i].other] = 0;
        if (fabs(terms[i].factor) > REDUCTION_NOTHING)
            terms[left++] = terms[i];
        else
            r->home_count[terms[i].other]--;
    }
    relation->terms = terms;
    relation->count = (uint32_t)left;
    to->work += 2 * most;
    r->room -= r->room < most ? r->room : most;
    return note_step(to, number, from, factor, err);
}

static enum status take_out(struct reducing *r, uint32_t number, size_t place, struct error *err)
{
    struct reduced_relation *relation = &r->to->relations[number];
    struct reduced_term own = relation->terms[place];
    for (const struct home *home = r->homes[own.other]; home; home = home->next) {
        const struct reduced_relation *other = &r->to->relations[home->relation];
        size_t at =
            home->relation == number ? other->count : reducing_place_of(r, other, own.other);
        if (at < other->count)
            TRY(reducing_add_to(r, home->relation, number, -other->terms[at].factor / own.factor,
                                err));
    }
    relation->terms[place] = relation->terms[--relation->count];
    relation->solved = own.other + 1;
    relation->own = own.factor;
    bound_others(r->moves, own.other, own.factor, &relation->least, &relation->most);
    r->to->relation_of[own.other] = number + 1;
    r->home_count[own.other] = 0;
    return STATUS_OK;
}

static enum status take_all_out(struct reducing *r, struct error *err)
{
    for (size_t pass = 0; pass < PASSES; pass++)
        for (uint32_t i = 0; i < r->to->relation_count && r->room; i++) {
            const struct reduced_relation *relation = &r->to->relations[i];
            if (relation->solved || !r->moves->equality[i] || relation->count > LONG)
                continue;
            size_t place = choose(r, relation, passes[pass]);
            if (place < relation->count)
                TRY(take_out(r, i, place, err));
        }
    return STATUS_OK;
}

/* ---- what is left ---- */

static void find_idle(const struct reducing *r)
{
    for (size_t i = 0; i < r->to->relation_count; i++) {
        struct reduced_relation *relation = &r->to->relations[i];
        double least, most;
        reducing_bound_sum(r, relation, UINT32_MAX, &least, &most);
        relation->idle |= least >= relation->least && most <= relation->most;
    }
}

/* Lists for each variable its relations, in order of relations (counting sort). */
static enum status list_columns(struct reduction *to, struct error *err)
{
    size_t *at = to->first + 1, terms = 0; /* shifted by one while counting */
    memset(to->first, 0, (to->variable_count + 2) * sizeof *to->first);
    for (size_t i = 0; i < to->relation_count; i++)
        for (size_t k = 0; !to->relations[i].idle && k < to->relations[i].count; k++, terms++)
            at[to->relations[i].terms[k].other + 1]++;
    for (size_t v = 1; v <= to->variable_count; v++)
        at[v] += at[v - 1];
    to->columns = arena_alloc(&to->arena, (terms + 1) * sizeof *to->columns);
    if (!to->columns)
        return error_nomem(err);
    for (uint32_t i = 0; i < to->relation_count; i++)
        for (size_t k = 0; !to->relations[i].idle && k < to->relations[i].count; k++) {
            struct reduced_term term = to->relations[i].terms[k];
            to->columns[at[term.other]++] = (struct reduced_term){i, term.factor};
        }
    to->work += 4 * terms;
    return STATUS_OK;
}

/* Idle relations, and lists of what is left. */
static enum status sift(struct reducing *r, struct error *err)
{
    find_idle(r);
    TRY(list_columns(r->to, err));
    TRY(implied_sums_find(r->to, err));
    return list_columns(r->to, err);
}

enum status reduction_make(struct reduction *to, const struct moves *moves, const bool *kept,
                           uint32_t asked, struct error *err)
{
    struct reducing r = {
        .to = to, .kept = kept, .asked = asked, .moves = moves, .room = GROWTH * moves->term_count};
    arena_reset(&to->arena, SIZE_MAX);
    to->made = false;
    to->step_count = to->between_count = 0;
    to->variable_count = moves->variable_count;
    to->relation_count = moves->relation_count;
    to->relations = arena_zalloc(&to->arena, moves->relation_count, sizeof *to->relations);
    to->relation_of = arena_zalloc(&to->arena, moves->variable_count, sizeof *to->relation_of);
    to->between = arena_alloc(&to->arena, (moves->variable_count + 1) * sizeof *to->between);
    to->is_between = arena_zalloc(&to->arena, moves->variable_count, sizeof *to->is_between);
    to->first = arena_zalloc(&to->arena, moves->variable_count + 2, sizeof *to->first);
    r.homes = arena_zalloc(&to->arena, moves->variable_count, sizeof *r.homes);
    r.home_count = arena_zalloc(&to->arena, moves->variable_count, sizeof *r.home_count);
    r.at = arena_zalloc(&to->arena, moves->variable_count, sizeof *r.at);
    if (!to->relations || !to->relation_of || !to->between || !to->is_between || !to->first ||
        !r.homes || !r.home_count || !r.at)
        return error_nomem(err);
    TRY(copy_relations(&r, err));
    TRY(take_all_out(&r, err));
    TRY(sift(&r, err));
    TRY(reducing_leave_between_out(&r, err));
    TRY(sift(&r, err));
    to->made = true;
    return STATUS_OK;
}

bool reduction_has(const struct reduction *reduction, uint32_t variable)
{
    if (reduction->is_between[variable] || !reduction->relation_of[variable])
        return !reduction->is_between[variable];
    const struct reduced_relation *own =
        &reduction->relations[reduction->relation_of[variable] - 1];
    for (size_t i = 0; i < own->count; i++)
        if (reduction->is_between[own->terms[i].other])
            return false;
    return true;
}

void reduction_complete(struct reduction *reduction, int64_t *y)
{
    for (size_t i = reduction->between_count; i-- > 0;) {
        y[reduction->between[i].variable] = reduced_between_place(&reduction->between[i], y);
        reduction->work += 4 * reduction->between[i].count + 1;
    }
    for (size_t v = 0; v < reduction->variable_count; v++) {
        if (!reduction->relation_of[v])
            continue;
        const struct reduced_relation *relation =
            &reduction->relations[reduction->relation_of[v] - 1];
        double sum = 0;
        for (size_t i = 0; i < relation->count; i++)
            sum += relation->terms[i].factor * (double)y[relation->terms[i].other];
        y[v] = llround(-sum / relation->own);
        reduction->work += relation->count;
    }
}

void reduction_take_back(struct reduction *reduction, double *weights)
{
    for (size_t i = reduction->step_count; i-- > 0;) {
        struct reduction_step step = reduction->steps[i];
        weights[step.from] += step.factor * weights[step.to];
    }
    reduction->work += reduction->step_count;
}
