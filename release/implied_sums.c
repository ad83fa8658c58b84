/*
 * Relations that follow from two others: see implied_sums.h.
 *
 * Relations with a bound on one side are numbered by a hash that adds up as they do: the sum over
 * terms of factor times a random number of the variable. So of each relation and each that shares a
 * variable with it, the third is looked up. One that is left out counts no more for those after it;
 * those of the widest bounds go first, since what implies them has closer ones. A hash that is the
 * same by chance lets a program know too little, and what it finds is checked (reduction.h).
 */
#include "release/implied_sums.h"

#include <math.h>
#include <stdlib.h>

/* Times so many are not told apart. */
#define CLOSE 1e-9

enum { LOOKED = 64 }; /* relations of a variable that are looked at */

struct one_sided {
    uint64_t hash; /* of the relation as sum <= bound */
    double bound;
    uint32_t relation;
};

struct summing {
    struct reduction *reduction;
    struct one_sided *sides; /* [count] */
    size_t count;
    uint32_t *side_of; /* [relation] + 1 */
    uint32_t *slots;   /* [mask + 1] + 1 by hash */
    size_t mask;
};

/* SplitMix64 (G. Steele, D. Lea, C. Flood, "Fast splittable pseudorandom number generators", 2014).
 */
static uint64_t number_of(uint32_t variable)
{
    uint64_t z = (variable + UINT64_C(1)) * UINT64_C(0x9E3779B97F4A7C15);
    z = (z ^ (z >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94D049BB133111EB);
    return z ^ (z >> 31);
}

static bool is_one_sided(const struct reduced_relation *relation)
{
    return !relation->idle && relation->count &&
           isfinite(relation->least) + isfinite(relation->most) == 1;
}

static void list_sides(struct summing *s)
{
    for (uint32_t i = 0; i < s->reduction->relation_count; i++) {
        const struct reduced_relation *relation = &s->reduction->relations[i];
        if (!is_one_sided(relation))
            continue;
        int64_t sign = isfinite(relation->most) ? 1 : -1;
        struct one_sided *side = &s->sides[s->count++];
        *side = (struct one_sided){0, sign > 0 ? relation->most : -relation->least, i};
        for (size_t k = 0; k < relation->count; k++)
            side->hash += (uint64_t)(sign * llround(relation->terms[k].factor)) *
                          number_of(relation->terms[k].other);
        s->reduction->work += relation->count;
    }
}

static int compare_bounds(const void *a, const void *b)
{
    const struct one_sided *left = a, *right = b;
    if (left->bound != right->bound)
        return left->bound > right->bound ? -1 : 1;
    return (left->relation < right->relation) - (left->relation > right->relation);
}

static size_t slot_of(const struct summing *s, uint64_t hash)
{
    size_t slot = (size_t)hash & s->mask;
    while (s->slots[slot] && s->sides[s->slots[slot] - 1].hash != hash)
        slot = (slot + 1) & s->mask;
    return slot;
}

static void leave_out(const struct summing *s, const struct one_sided *side)
{
    s->reduction->relations[side->relation].idle = true;
}

/* Of several that are the same the closest one stays. */
static void index_sides(const struct summing *s)
{
    for (uint32_t i = 0; i < s->count; i++) {
        size_t slot = slot_of(s, s->sides[i].hash);
        if (s->slots[slot])
            leave_out(s, &s->sides[s->slots[slot] - 1]);
        s->slots[slot] = i + 1;
        s->side_of[s->sides[i].relation] = i + 1;
    }
    s->reduction->work += 2 * s->count;
}

static const struct one_sided *active(const struct summing *s, uint32_t number)
{
    const struct one_sided *side = number ? &s->sides[number - 1] : NULL;
    return side && !s->reduction->relations[side->relation].idle ? side : NULL;
}

/* The variable of the relation that the fewest others have. */
static uint32_t rarest(const struct reduction *reduction, const struct reduced_relation *relation)
{
    uint32_t best = relation->terms[0].other;
    for (size_t i = 1; i < relation->count; i++) {
        uint32_t other = relation->terms[i].other;
        if (reduction->first[other + 1ull] - reduction->first[other] <
            reduction->first[best + 1ull] - reduction->first[best])
            best = other;
    }
    return best;
}

static bool is_implied(const struct summing *s, const struct one_sided *whole)
{
    struct reduction *reduction = s->reduction;
    uint32_t by = rarest(reduction, &reduction->relations[whole->relation]);
    size_t from = reduction->first[by], end = reduction->first[by + 1ull];
    end = end - from > LOOKED ? from + LOOKED : end;
    reduction->work += 3 * (end - from);
    for (size_t i = from; i < end; i++) {
        const struct one_sided *part = active(s, s->side_of[reduction->columns[i].other]);
        if (!part || part == whole)
            continue;
        const struct one_sided *rest = active(s, s->slots[slot_of(s, whole->hash - part->hash)]);
        if (rest && rest != whole && part->bound + rest->bound <= whole->bound + CLOSE)
            return true;
    }
    return false;
}

enum status implied_sums_find(struct reduction *reduction, struct error *err)
{
    struct summing s = {.reduction = reduction, .mask = 1};
    while (s.mask < 2 * reduction->relation_count)
        s.mask *= 2;
    s.sides = arena_alloc(&reduction->arena, (reduction->relation_count + 1) * sizeof *s.sides);
    s.side_of = arena_zalloc(&reduction->arena, reduction->relation_count + 1, sizeof *s.side_of);
    s.slots = arena_zalloc(&reduction->arena, s.mask--, sizeof *s.slots);
    if (!s.sides || !s.side_of || !s.slots)
        return error_nomem(err);
    list_sides(&s);
    if (s.count)
        qsort(s.sides, s.count, sizeof *s.sides, compare_bounds);
    index_sides(&s);
    for (size_t i = 0; i < s.count; i++)
        if (active(&s, (uint32_t)i + 1) && is_implied(&s, &s.sides[i]))
            leave_out(&s, &s.sides[i]);
    return STATUS_OK;
}
