/* Variables that only stand between others: see reduction_parts.h. */
#include "release/reduction_parts.h"

#include <math.h>

/* SIDES: relations of such a variable, on each side. */
enum { SIDES = 24, PASSES = 8 };

/* Is it "A is at most B, by so much"? Both come in this order then. */
static bool is_order(struct reduced_relation *relation)
{
    if (relation->idle || relation->solved || relation->count != 2 || isfinite(relation->least) ||
        fabs(relation->terms[0].factor + relation->terms[1].factor) > REDUCTION_NOTHING)
        return false;
    if (relation->terms[0].factor < 0) {
        struct reduced_term other = relation->terms[0];
        relation->terms[0] = relation->terms[1];
        relation->terms[1] = other;
    }
    return fabs(relation->terms[0].factor - 1) < REDUCTION_NOTHING;
}

/* Relations that keep a variable from being smaller, and from being larger. */
struct sides {
    uint32_t below[SIDES], above[SIDES];
    size_t below_count, above_count;
};

/* Of two that compare with the same variable the closer one stays. Is RELATION one that goes? */
static bool is_repeated(const struct reducing *r, uint32_t relation, size_t other, uint32_t *list,
                        size_t count)
{
    struct reduced_relation *relations = r->to->relations, *own = &relations[relation];
    bool order = is_order(own);
    for (size_t i = 0; i < count; i++) {
        struct reduced_relation *it = &relations[list[i]];
        if (list[i] == relation)
            return true;
        if (!order || !is_order(it) || it->terms[other].other != own->terms[other].other)
            continue;
        bool is_closer = own->most < it->most;
        (is_closer ? it : own)->idle = true;
        list[i] = is_closer ? relation : list[i];
        return true;
    }
    return false;
}

/* False where the variable stands in relations of another kind, or in too many. */
static bool find_sides(const struct reducing *r, uint32_t variable, struct sides *sides)
{
    sides->below_count = sides->above_count = 0;
    for (const struct home *home = r->homes[variable]; home; home = home->next) {
        const struct reduced_relation *relation = &r->to->relations[home->relation];
        r->to->work++;
        size_t at = relation->idle ? relation->count : reducing_place_of(r, relation, variable);
        if (at == relation->count)
            continue;
        double factor = relation->terms[at].factor;
        if (relation->solved || isfinite(relation->least) ||
            fabs(fabs(factor) - 1) > REDUCTION_NOTHING)
            return false;
        uint32_t *list = factor < 0 ? sides->below : sides->above;
        size_t *count = factor < 0 ? &sides->below_count : &sides->above_count;
        if (is_repeated(r, home->relation, factor < 0 ? 0 : 1, list, *count))
            continue;
        if (*count == SIDES)
            return false;
        list[(*count)++] = home->relation;
    }
    return true;
}

/* Does the relation follow from the others' bounds where the variable is as far as it may be? */
static bool bound_follows(const struct reducing *r, uint32_t variable, uint32_t relation,
                          bool below)
{
    const struct reduced_relation *it = &r->to->relations[relation];
    double least, most;
    reducing_bound_sum(r, it, variable, &least, &most);
    double own = below ? -(double)r->moves->most[variable] : (double)r->moves->least[variable];
    return most + own <= it->most;
}

static bool bounds_follow(const struct reducing *r, uint32_t variable, const struct sides *sides)
{
    for (size_t i = 0; i < sides->below_count; i++)
        if (!bound_follows(r, variable, sides->below[i], true))
            return false;
    for (size_t i = 0; i < sides->above_count; i++)
        if (!bound_follows(r, variable, sides->above[i], false))
            return false;
    return true;
}

static enum status note_between(struct reducing *r, uint32_t variable, const struct sides *sides,
                                struct error *err)
{
    struct reduction *to = r->to;
    size_t count = sides->below_count + sides->above_count;
    struct reduced_between *it = &to->between[to->between_count++];
    *it = (struct reduced_between){.variable = variable,
                                   .least = r->moves->least[variable],
                                   .most = r->moves->most[variable],
                                   .below_count = sides->below_count,
                                   .count = count};
    it->bounds = arena_alloc(&to->arena, (count + 1) * sizeof *it->bounds);
    if (!it->bounds)
        return error_nomem(err);
    for (size_t i = 0; i < count; i++) {
        bool below = i < sides->below_count;
        const struct reduced_relation *from =
            &to->relations[below ? sides->below[i] : sides->above[i - sides->below_count]];
        it->bounds[i] = (struct reduced_bound){from->terms, from->count, from->most};
    }
    to->is_between[variable] = true;
    return STATUS_OK;
}

/* Is there one relation at most on that side, and does it compare with another variable only? */
static bool is_simple(const struct reducing *r, const uint32_t *list, size_t count)
{
    return count == 0 || (count == 1 && is_order(&r->to->relations[*list]));
}

/* What is below the variable is below what is above it (Fourier and Motzkin). */
static enum status leave_out(struct reducing *r, uint32_t variable, const struct sides *sides,
                             bool one_above, struct error *err)
{
    const uint32_t *many = one_above ? sides->below : sides->above;
    const uint32_t *one = one_above ? sides->above : sides->below;
    size_t count = one_above ? sides->below_count : sides->above_count;
    size_t ones = one_above ? sides->above_count : sides->below_count;
    TRY(note_between(r, variable, sides, err));
    for (size_t i = 0; i < count; i++) {
        struct reduced_relation *relation = &r->to->relations[many[i]];
        relation->idle = !ones;
        if (!ones)
            continue;
        relation->most += r->to->relations[*one].most;
        TRY(reducing_add_to(r, many[i], *one, 1, err));
        relation->idle = !relation->count;
    }
    if (ones)
        r->to->relations[*one].idle = true;
    return STATUS_OK;
}

enum status reducing_leave_between_out(struct reducing *r, struct error *err)
{
    bool news = true;
    struct sides sides;
    for (size_t pass = 0; news && pass < PASSES; pass++) {
        news = false;
        for (uint32_t v = 0; v < r->to->variable_count; v++) {
            if (v == r->asked || (r->kept && r->kept[v]) || r->to->relation_of[v] ||
                r->to->is_between[v] || !find_sides(r, v, &sides))
                continue;
            bool one_above = is_simple(r, sides.above, sides.above_count);
            if ((!one_above && !is_simple(r, sides.below, sides.below_count)) ||
                !bounds_follow(r, v, &sides))
                continue;
            TRY(leave_out(r, v, &sides, one_above, err));
            news = true;
        }
    }
    return STATUS_OK;
}

/* As near to 0 as the others let it be. */
int64_t reduced_between_place(const struct reduced_between *it, const int64_t *y)
{
    double least = (double)it->least, most = (double)it->most;
    for (size_t i = 0; i < it->count; i++) {
        const struct reduced_bound *bound = &it->bounds[i];
        double others = 0;
        for (size_t k = 0; k < bound->term_count; k++)
            if (bound->terms[k].other != it->variable)
                others += bound->terms[k].factor * (double)y[bound->terms[k].other];
        if (i < it->below_count && others - bound->most > least)
            least = others - bound->most;
        else if (i >= it->below_count && bound->most - others < most)
            most = bound->most - others;
    }
    return llround(least > 0 ? least : most < 0 ? most : 0);
}
