/* What the same slots find on other days: see slots_rest.h. */
#include "queries/slots_rest.h"

#include "base/memory.h"
#include "queries/tally_ties.h"
#include "queries/tally_unions.h"
#include "queries/told_population.h"
#include "queries/told_sets.h"

#include <stdlib.h>

struct rest {
    const struct slots_query *less, *more; /* of the part, of all of it */
    size_t *of_more;                       /* [less->count] MORE's slot of each of LESS's */
    size_t *of_other;                      /* the same of others */
    bool rows_only;
    struct tally *tally;
    struct told_population periods[2]; /* that of MORE, which the counter needs, and that of LESS */
    struct told_sets counter;
    struct unit_set *sets; /* [more->count + 1] what its slots find on the other days; and any */
    const struct unit_set **members;
    struct tally_place *told; /* [more->count + 1] their hidden figures */
    struct places places;
};

/* Which slot of B has A's key of each slot; false where not each is there once, and no other. */
static bool same_keys(const struct slots_query *a, const struct slots_query *b, size_t *of_b)
{
    if (a->way != SLOTS_EACH || b->way != SLOTS_EACH || a->count != b->count || a->count < 2)
        return false;
    for (size_t i = 0; i < a->count; i++) {
        size_t found = 0;
        for (size_t k = 0; k < b->count; k++)
            if (b->keys[k] == a->keys[i] && a->keys[i] != INTERN_NONE) {
                of_b[i] = k;
                found++;
            }
        if (found != 1)
            return false;
    }
    return true;
}

/* Whether the same is asked of a period between the two. */
static bool is_between(const struct rest *r, const struct slots_queries *queries)
{
    for (size_t i = 0; i < queries->count; i++) {
        const struct slots_query *other = &queries->items[i];
        if (other->population != r->less->population && other->population != r->more->population &&
            slots_population_within(queries, r->less->population, other->population) &&
            slots_population_within(queries, other->population, r->more->population) &&
            same_keys(r->less, other, r->of_other))
            return true;
    }
    return false;
}

static enum status count_sets(struct rest *r, const struct tally_source *source,
                              const struct slots_queries *queries, struct error *err)
{
    const struct tally_source *more, *less;
    const struct told_wish *all = &queries->populations[r->more->population];
    const struct told_wish *part = &queries->populations[r->less->population];
    size_t slots = r->more->count, parts = source->catalogue->count;
    told_population_init(&r->periods[0], source);
    told_population_init(&r->periods[1], source);
    TRY(told_population_source(&r->periods[0], all, &more, err));
    TRY(told_population_source(&r->periods[1], part, &less, err));
    TRY(told_sets_init_none(&r->counter, more, r->tally, err));
    for (size_t slot = 0; slot <= slots; slot++)
        TRY(unit_set_init(&r->sets[slot], source->catalogue, err));
    TRY(unit_set_add_slots(r->sets, &r->counter.units, more, r->more->number, err));
    for (size_t slot = 0; slot < slots; slot++)
        for (size_t p = 0; p < parts; p++) {
            bitmap_andnot(r->sets[slot].rows[p], less->population->rows[p]);
            bitmap_or(r->sets[slots].rows[p], r->sets[slot].rows[p]);
        }
    for (size_t slot = 0; slot <= slots; slot++) {
        r->members[slot] = &r->sets[slot];
        r->told[slot] = (struct tally_place){TALLY_HIDDEN, 0, 0, 1};
        TRY(tally_hide_set(&r->counter, r->tally, &r->sets[slot], NULL, &r->told[slot].row, err));
    }
    return STATUS_OK;
}

/* The figure of all days is that of the part and that of the others. */
static enum status add_up(struct rest *r, struct tally_place all, struct tally_place part,
                          struct tally_place others, struct error *err)
{
    all.sign = 1;
    part.sign = others.sign = -1;
    TRY(places_add(&r->places, all, err));
    TRY(places_add(&r->places, part, err));
    TRY(places_add(&r->places, others, err));
    return places_bind(&r->places, r->tally, false, err);
}

static struct tally_place row_at(const struct slots_query *query, size_t row)
{
    return (struct tally_place){(uint32_t)query->table, (uint32_t)row, 0, 1};
}

static struct tally_place hidden(uint32_t number)
{
    return (struct tally_place){TALLY_HIDDEN, number, 0, 1};
}

static enum status tie_rows(struct rest *r, struct error *err)
{
    size_t slots = r->less->count;
    bool topics = r->less->query->kind == QUERY_TOPICS;
    for (size_t slot = 0; slot < slots; slot++)
        TRY(add_up(r, row_at(r->more, r->of_more[slot]), row_at(r->less, slot),
                   r->told[r->of_more[slot]], err));
    if (!topics)
        return add_up(r, row_at(r->more, slots), row_at(r->less, slots), r->told[slots], err);
    /* What has a topic is all but what has none. */
    const struct tally_place any[] = {row_at(r->more, slots + 1), row_at(r->more, slots),
                                      row_at(r->less, slots + 1), row_at(r->less, slots),
                                      r->told[slots]};
    static const int signs[] = {1, -1, -1, 1, -1};
    for (size_t i = 0; i < sizeof any / sizeof *any; i++) {
        struct tally_place place = any[i];
        place.sign = signs[i];
        TRY(places_add(&r->places, place, err));
    }
    return places_bind(&r->places, r->tally, false, err);
}

/* What slots find alone, and share. */
static enum status tie_hidden(struct rest *r, const struct union_figures *others, struct error *err)
{
    const struct tally_union *all = tally_union_find(r->tally, r->more->number);
    const struct tally_union *part = tally_union_find(r->tally, r->less->number);
    if (!all || !part)
        return STATUS_OK;
    for (uint32_t slot = 0; slot < r->less->count; slot++) {
        uint32_t to = (uint32_t)r->of_more[slot];
        TRY(add_up(r, hidden(all->first_alone + to), hidden(part->first_alone + slot),
                   hidden(others->first_alone + to), err));
        TRY(add_up(r, hidden(all->first_shared + to), hidden(part->first_shared + slot),
                   hidden(others->first_shared + to), err));
    }
    return add_up(r, hidden(all->several), hidden(part->several), hidden(others->several), err);
}

static enum status tie_all(struct rest *r, struct error *err)
{
    struct union_figures others;
    const struct set_union of = {.sets = r->members,
                                 .told = r->told,
                                 .count = r->more->count,
                                 .whole = &r->told[r->more->count],
                                 .whole_count = 1};
    TRY(tie_rows(r, err));
    if (r->rows_only)
        return STATUS_OK;
    TRY(tally_unite(&r->counter, r->tally, &of, &others, err));
    return tie_hidden(r, &others, err);
}

enum status slots_rest(const struct tally_source *source, const struct slots_queries *queries,
                       const struct slots_query *a, const struct slots_query *b,
                       struct tally *tally, bool *done, struct error *err)
{
    bool within = slots_population_within(queries, a->population, b->population);
    struct rest r = {.less = within ? a : b, .more = within ? b : a, .tally = tally};
    enum status status = STATUS_OK;
    *done = false;
    if (a->count != b->count ||
        !slots_population_within(queries, r.less->population, r.more->population))
        return STATUS_OK;
    r.of_more = mem_zalloc(a->count + 1, sizeof *r.of_more);
    r.of_other = mem_zalloc(a->count + 1, sizeof *r.of_other);
    r.sets = mem_zalloc(a->count + 1, sizeof *r.sets);
    r.members = mem_zalloc(a->count + 1, sizeof *r.members);
    r.told = mem_zalloc(a->count + 1, sizeof *r.told);
    if (!r.of_more || !r.of_other || !r.sets || !r.members || !r.told)
        TRY_CLEANUP(error_nomem(err));
    *done = same_keys(r.less, r.more, r.of_more);
    /* Of one period all their rows are the same. */
    if (!*done || a->population == b->population)
        goto cleanup;
    r.rows_only = is_between(&r, queries);
    TRY_CLEANUP(count_sets(&r, source, queries, err));
    status = tie_all(&r, err);
cleanup:
    for (size_t slot = 0; r.sets && slot <= a->count; slot++)
        unit_set_release(&r.sets[slot]);
    told_sets_release(&r.counter);
    told_population_release(&r.periods[0]);
    told_population_release(&r.periods[1]);
    places_release(&r.places);
    free(r.of_more);
    free(r.of_other);
    free(r.sets);
    free(r.members);
    free(r.told);
    return status;
}
