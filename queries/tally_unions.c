/* Sets and their union, told side by side: see tally_unions.h. */
#include "queries/tally_unions.h"

#include "base/memory.h"
#include "queries/query_terms.h"
#include "queries/terms_relations.h"

#include <stdlib.h>
#include <string.h>

enum status tally_hide_set(struct told_sets *sets, struct tally *tally, const struct unit_set *a,
                           const struct unit_set *b, uint32_t *number, struct error *err)
{
    struct tally_cell cell = {.value = 0};
    cell.users = told_sets_difference(sets, a, b, &cell.value);
    return tally_hide(tally, cell, number, err);
}

/* ---- one union ---- */

static struct tally_place hidden(uint32_t number, int sign)
{
    return (struct tally_place){TALLY_HIDDEN, number, 0, sign};
}

static struct tally_place with_sign(struct tally_place place, int sign)
{
    place.sign = sign;
    return place;
}

struct uniting {
    struct tally *tally;
    const struct counted_union *of;
    struct places places;
    uint32_t *alone, *shared; /* [count] hidden figures */
    uint32_t several[2];      /* the same figure, two times */
};

static enum status hide_all(struct uniting *u, struct error *err)
{
    const struct counted_union *of = u->of;
    u->alone = mem_zalloc(of->count, sizeof *u->alone);
    u->shared = mem_zalloc(of->count, sizeof *u->shared);
    if (!u->alone || !u->shared)
        return error_nomem(err);
    for (size_t i = 0; i < 2; i++)
        TRY(tally_hide(u->tally, of->several, &u->several[i], err));
    for (size_t i = 0; i < of->count; i++)
        TRY(tally_hide(u->tally, of->shared[i], &u->shared[i], err));
    for (size_t i = 0; i < of->count && !of->alone_told; i++)
        TRY(tally_hide(u->tally, of->alone[i], &u->alone[i], err));
    return STATUS_OK;
}

static struct tally_place alone_at(const struct uniting *u, size_t i, int sign)
{
    return u->of->alone_told ? with_sign(u->of->alone_told[i], sign) : hidden(u->alone[i], sign);
}

static enum status bind(struct uniting *u, const struct tally_place *places, size_t count,
                        bool at_most, struct error *err)
{
    for (size_t i = 0; i < count; i++)
        TRY(places_add(&u->places, places[i], err));
    return places_bind(&u->places, u->tally, at_most, err);
}

static enum status bind_sets(struct uniting *u, struct error *err)
{
    for (size_t i = 0; i < u->of->count; i++) {
        const struct tally_place split[] = {with_sign(u->of->told[i], 1), alone_at(u, i, -1),
                                            hidden(u->shared[i], -1)};
        const struct tally_place within[] = {hidden(u->shared[i], 1), hidden(u->several[0], -1)};
        TRY(bind(u, split, 3, false, err));
        TRY(bind(u, within, 2, true, err));
    }
    return STATUS_OK;
}

static enum status bind_whole(struct uniting *u, struct error *err)
{
    const struct tally_place same[] = {hidden(u->several[0], 1), hidden(u->several[1], -1)};
    TRY(bind(u, same, 2, false, err));
    for (size_t i = 0; i < u->of->whole_count; i++)
        TRY(places_add(&u->places, u->of->whole[i], err));
    for (size_t i = 0; i < u->of->count; i++)
        TRY(places_add(&u->places, alone_at(u, i, -1), err));
    const struct tally_place several = hidden(u->several[0], -1);
    TRY(bind(u, &several, 1, false, err));
    for (size_t i = 0; i < u->of->count; i++)
        TRY(places_add(&u->places, hidden(u->shared[i], -1), err));
    const struct tally_place twice[] = {hidden(u->several[0], 1), hidden(u->several[1], 1)};
    return bind(u, twice, 2, true, err);
}

enum status tally_unite_counted(struct tally *tally, const struct counted_union *of,
                                struct union_figures *figures, struct error *err)
{
    struct uniting u = {.tally = tally, .of = of};
    enum status status = hide_all(&u, err);
    if (status == STATUS_OK)
        status = bind_sets(&u, err);
    if (status == STATUS_OK)
        status = bind_whole(&u, err);
    if (figures)
        *figures = (struct union_figures){u.alone ? u.alone[0] : 0, u.shared ? u.shared[0] : 0,
                                          u.several[0]};
    places_release(&u.places);
    free(u.alone);
    free(u.shared);
    return status;
}

/* ---- counting one ---- */

struct parting {
    struct told_sets *sets;
    const struct set_union *of;
    struct unit_set any, twice, some; /* in one set at least; in several; of the set at hand */
    struct tally_cell *alone, *shared, several; /* [count] */
};

static enum status find_twice(struct parting *u, struct error *err)
{
    TRY(unit_set_init(&u->any, u->sets->source->catalogue, err));
    TRY(unit_set_init(&u->twice, u->sets->source->catalogue, err));
    TRY(unit_set_init(&u->some, u->sets->source->catalogue, err));
    for (size_t i = 0; i < u->of->count; i++)
        for (size_t p = 0; p < u->any.parts; p++) {
            struct bitmap *both = bitmap_copy(u->any.rows[p]);
            if (!both)
                return error_nomem(err);
            bitmap_and(both, u->of->sets[i]->rows[p]);
            bitmap_or(u->twice.rows[p], both);
            bitmap_or(u->any.rows[p], u->of->sets[i]->rows[p]);
            bitmap_free(both);
        }
    return STATUS_OK;
}

static struct tally_cell count_set(struct told_sets *sets, const struct unit_set *a,
                                   const struct unit_set *b)
{
    struct tally_cell cell = {.value = 0};
    cell.users = told_sets_difference(sets, a, b, &cell.value);
    return cell;
}

static enum status count_parts(struct parting *u, struct error *err)
{
    size_t count = u->of->count;
    u->alone = mem_zalloc(count, sizeof *u->alone);
    u->shared = mem_zalloc(count, sizeof *u->shared);
    if (!u->alone || !u->shared)
        return error_nomem(err);
    u->several = count_set(u->sets, &u->twice, NULL);
    for (size_t i = 0; i < count; i++) {
        for (size_t p = 0; p < u->some.parts; p++) {
            bitmap_or(u->some.rows[p], u->twice.rows[p]);
            bitmap_and(u->some.rows[p], u->of->sets[i]->rows[p]);
        }
        u->shared[i] = count_set(u->sets, &u->some, NULL);
        if (!u->of->alone)
            u->alone[i] = count_set(u->sets, u->of->sets[i], &u->twice);
    }
    return STATUS_OK;
}

static void parting_release(struct parting *u)
{
    unit_set_release(&u->any);
    unit_set_release(&u->twice);
    unit_set_release(&u->some);
    free(u->alone);
    free(u->shared);
}

/* Of one set only: it is all of U. */
static enum status bind_only(struct tally *tally, const struct set_union *of, struct error *err)
{
    struct places places = {.items = NULL};
    enum status status = places_add(&places, with_sign(of->told[0], -1), err);
    for (size_t i = 0; status == STATUS_OK && i < of->whole_count; i++)
        status = places_add(&places, of->whole[i], err);
    if (status == STATUS_OK)
        status = places_bind(&places, tally, false, err);
    places_release(&places);
    return status;
}

enum status tally_unite(struct told_sets *sets, struct tally *tally, const struct set_union *of,
                        struct union_figures *figures, struct error *err)
{
    struct parting parts = {.sets = sets, .of = of};
    if (of->count < 2)
        return of->count ? bind_only(tally, of, err) : STATUS_OK;
    enum status status = find_twice(&parts, err);
    if (status == STATUS_OK)
        status = count_parts(&parts, err);
    const struct counted_union counted = {.told = of->told,
                                          .alone_told = of->alone,
                                          .alone = parts.alone,
                                          .shared = parts.shared,
                                          .several = parts.several,
                                          .count = of->count,
                                          .whole = of->whole,
                                          .whole_count = of->whole_count};
    if (status == STATUS_OK)
        status = tally_unite_counted(tally, &counted, figures, err);
    parting_release(&parts);
    return status;
}

/* ---- those of the plan's queries ---- */

static bool is_united(const struct plan_query *query, const struct tally *tally, size_t table)
{
    if (query->kind == QUERY_TOPICS)
        return query->topic_count && query->multi_label;
    if (query->kind == QUERY_TERMS) /* else their combinations say more (terms_joint.h) */
        return !tally_atoms_find(tally, tally->tables[table].query);
    return query->kind == QUERY_IDENTIFIERS || query->kind == QUERY_REGEX;
}

static enum status unite_query(struct told_sets *sets, struct tally *tally, size_t number,
                               uint32_t table, struct error *err)
{
    const struct plan_query *query = &sets->source->plan->queries[number];
    size_t slots = query_term_slots(query);
    const struct unit_set **members = mem_zalloc(slots, sizeof *members);
    struct tally_place *told = mem_zalloc(slots, sizeof *told);
    struct tally_place *alone = mem_zalloc(slots, sizeof *alone);
    enum status status = members && told && alone ? STATUS_OK : error_nomem(err);
    uint32_t any = (uint32_t)slots;
    /* Of topics what has one is all but what has none. */
    const struct tally_place whole[] = {{table, any + (query->kind == QUERY_TOPICS), 0, 1},
                                        {table, any, 0, -1}};
    for (uint32_t slot = 0; status == STATUS_OK && slot < slots; slot++) {
        const struct told_set *set = told_sets_find(sets, number, slot);
        members[slot] = set ? &set->set : NULL;
        told[slot] = (struct tally_place){table, slot, 0, 1};
        alone[slot] = (struct tally_place){table, slot, UNIQUE, 1};
        if (!set)
            status = error_set(err, STATUS_INTERNAL, query->id, "a set is missing");
    }
    struct set_union of = {.sets = members,
                           .told = told,
                           .alone = query->kind == QUERY_TERMS ? alone : NULL,
                           .count = slots,
                           .whole = whole,
                           .whole_count = query->kind == QUERY_TOPICS ? 2 : 1};
    struct union_figures figures = {0, 0, 0};
    if (status == STATUS_OK)
        status = tally_unite(sets, tally, &of, &figures, err);
    const struct tally_union made = {number, figures.first_alone, figures.first_shared,
                                     figures.several, slots};
    if (status == STATUS_OK && slots > 1 && !of.alone)
        status = tally_add_union(tally, &made, err);
    free(members);
    free(told);
    free(alone);
    return status;
}

enum status tally_unions(struct told_sets *sets, struct tally *tally, struct error *err)
{
    const struct plan *plan = sets->source->plan;
    for (size_t i = 0; i < plan->query_count; i++) {
        size_t table = told_sets_table(sets, i);
        if (table < tally->table_count && is_united(&plan->queries[i], tally, table))
            TRY(unite_query(sets, tally, i, (uint32_t)table, err));
    }
    return STATUS_OK;
}

enum status tally_union_of(const struct tally_source *source, struct tally *tally, size_t number,
                           struct error *err)
{
    struct told_sets sets;
    enum status status = told_sets_init_query(&sets, source, tally, number, err);
    size_t table = status == STATUS_OK ? told_sets_table(&sets, number) : tally->table_count;
    if (table < tally->table_count && is_united(&source->plan->queries[number], tally, table))
        status = unite_query(&sets, tally, number, (uint32_t)table, err);
    told_sets_release(&sets);
    return status;
}
