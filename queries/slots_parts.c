/* Queries of several populations by parts of the logs: see slots_parts.h. */
#include "queries/slots_parts.h"

#include "queries/slots_figures.h"
#include "queries/tally_ties.h"

struct tying {
    struct slots_figures figures;
    struct places places;
};

static const struct slots_query *member_at(const struct tying *t, size_t member)
{
    return figures_member(&t->figures, member);
}

static enum status add(struct tying *t, struct tally_place place, int sign)
{
    place.sign = sign;
    return places_add(&t->places, place, t->figures.err);
}

static enum status bind(struct tying *t)
{
    return places_bind(&t->places, t->figures.tally, false, t->figures.err);
}

/* What any slot finds: of topics all but what has none. */
static enum status add_any(struct tying *t, const struct slots_query *query, int sign)
{
    bool topics = query->query->kind == QUERY_TOPICS;
    TRY(add(t, slots_row(query, query->count + topics), sign));
    return topics ? add(t, slots_row(query, query->count), -sign) : STATUS_OK;
}

/* What several slots find (SEVERAL), or KEY's alone or with others. */
enum hidden { ALONE, SHARED, SEVERAL };

static uint32_t number_of(const struct slots_query *query, const struct union_figures *figures,
                          enum hidden what, uint32_t key)
{
    if (what == SEVERAL)
        return figures->several;
    return (what == SHARED ? figures->first_shared : figures->first_alone) +
           (uint32_t)figures_slot(query, key);
}

/* That of a query alone, of which there is one. */
static enum status add_own(struct tying *t, const struct slots_query *query, enum hidden what,
                           uint32_t key, int sign)
{
    const struct tally_union *own = tally_union_find(t->figures.tally, query->number);
    const struct union_figures figures = {own->first_alone, own->first_shared, own->several};
    return add(t, slots_hidden(number_of(query, &figures, what, key)), sign);
}

static enum status add_share(struct tying *t, const struct share_union *of, enum hidden what,
                             uint32_t key)
{
    return add(t, slots_hidden(number_of(of->query, &of->figures, what, key)), -1);
}

static bool has_own(const struct tying *t, const struct slots_query *query)
{
    return tally_union_find(t->figures.tally, query->number) != NULL;
}

/* ---- parts add up ---- */

static bool is_place(struct tally_place a, struct tally_place b)
{
    return a.table == b.table && a.row == b.row && a.column == b.column;
}

static enum status tie_rows(struct tying *t, size_t member)
{
    struct slots_figures *f = &t->figures;
    const struct slots_query *query = member_at(t, member);
    for (size_t slot = 0; query->way != SLOTS_FIRST && slot < query->count; slot++) {
        uint32_t key = query->keys[slot];
        bool own = false;
        if (key == INTERN_NONE || !f->in[key])
            continue;
        for (size_t part = 0; !own && part < f->part_count; part++)
            own = figures_has(f, member, part) &&
                  is_place(*figures_key(f, key, part), slots_row(query, slot));
        if (own)
            continue;
        TRY(add(t, slots_row(query, slot), 1));
        for (size_t part = 0; part < f->part_count; part++)
            if (figures_has(f, member, part))
                TRY(add(t, *figures_key(f, key, part), -1));
        TRY(bind(t));
    }
    return STATUS_OK;
}

static enum status tie_any(struct tying *t, size_t member)
{
    struct slots_figures *f = &t->figures;
    TRY(add_any(t, member_at(t, member), 1));
    for (size_t part = 0; part < f->part_count; part++)
        if (figures_has(f, member, part))
            TRY(add(t, figures_union(f, member, part)->any, -1));
    return bind(t);
}

static enum status tie_hidden(struct tying *t, size_t member, enum hidden what, uint32_t key)
{
    struct slots_figures *f = &t->figures;
    TRY(add_own(t, member_at(t, member), what, key, 1));
    for (size_t part = 0; part < f->part_count; part++)
        if (figures_has(f, member, part))
            TRY(add_share(t, figures_union(f, member, part), what, key));
    return bind(t);
}

static enum status tie_parts(struct tying *t, size_t member)
{
    const struct slots_query *query = member_at(t, member);
    uint32_t populations = t->figures.family_in[t->figures.family[member]];
    TRY(tie_rows(t, member));
    if (!(populations & (populations - 1)))
        return STATUS_OK;
    TRY(tie_any(t, member));
    for (size_t slot = 0; has_own(t, query) && slot < query->count; slot++)
        for (int what = ALONE; what <= SHARED; what++)
            TRY(tie_hidden(t, member, (enum hidden)what, query->keys[slot]));
    return has_own(t, query) ? tie_hidden(t, member, SEVERAL, 0) : STATUS_OK;
}

/* ---- what a population has more than one that lies in it ---- */

/* The first member of POPULATION that counts every match of KEY; NULL. */
static const struct slots_query *find_member(const struct tying *t, size_t population, uint32_t key)
{
    for (size_t i = 0; i < t->figures.count; i++)
        if (member_at(t, i)->population == population && member_at(t, i)->way != SLOTS_FIRST &&
            figures_slot(member_at(t, i), key) != SIZE_MAX)
            return member_at(t, i);
    return NULL;
}

static enum status tie_key_rest(struct tying *t, size_t share, uint32_t key)
{
    const struct slots_rest *rest = &t->figures.rests[share - t->figures.part_count];
    const struct slots_query *all = find_member(t, rest->all, key);
    const struct slots_query *less = find_member(t, rest->less, key);
    TRY(add(t, slots_row(all, figures_slot(all, key)), 1));
    TRY(add(t, slots_row(less, figures_slot(less, key)), -1));
    TRY(add(t, *figures_key(&t->figures, key, share), -1));
    return bind(t);
}

static enum status tie_union_rest(struct tying *t, const struct share_union *of,
                                  const struct slots_query *less)
{
    const struct slots_query *all = of->query;
    TRY(add_any(t, all, 1));
    TRY(add_any(t, less, -1));
    TRY(add(t, of->any, -1));
    TRY(bind(t));
    if (!has_own(t, all) || !has_own(t, less))
        return STATUS_OK;
    for (size_t slot = 0; slot <= all->count; slot++)
        for (int what = slot < all->count ? ALONE : SEVERAL;
             what <= (slot < all->count ? SHARED : SEVERAL); what++) {
            uint32_t key = slot < all->count ? all->keys[slot] : 0;
            TRY(add_own(t, all, (enum hidden)what, key, 1));
            TRY(add_own(t, less, (enum hidden)what, key, -1));
            TRY(add_share(t, of, (enum hidden)what, key));
            TRY(bind(t));
        }
    return STATUS_OK;
}

static enum status tie_rest(struct tying *t, size_t share)
{
    struct slots_figures *f = &t->figures;
    size_t less = f->rests[share - f->part_count].less;
    for (uint32_t key = 0; key < f->queries->keys.count; key++)
        if (figures_key(f, key, share)->column != UINT32_MAX)
            TRY(tie_key_rest(t, share, key));
    for (size_t i = 0; i < f->count; i++) {
        const struct share_union *of = figures_union(f, i, share);
        size_t first = i;
        if (f->family[i] != i || !of->query)
            continue;
        while (f->family[first] != i || member_at(t, first)->population != less)
            first++;
        TRY(tie_union_rest(t, of, member_at(t, first)));
    }
    return STATUS_OK;
}

enum status slots_parts(const struct tally_source *source, const struct slots_queries *queries,
                        const size_t *members, size_t count, bool whole, struct tally *tally,
                        struct error *err)
{
    struct tying t = {.figures = {.source = source,
                                  .queries = queries,
                                  .members = members,
                                  .count = count,
                                  .tally = tally,
                                  .rests_only = whole,
                                  .err = err}};
    struct slots_figures *f = &t.figures;
    enum status status = slots_figures_make(f);
    tally->slots_left_out += f->too_many;
    for (size_t i = 0; status == STATUS_OK && !whole && f->share_count && i < count; i++)
        status = tie_parts(&t, i);
    for (size_t share = f->part_count; status == STATUS_OK && share < f->share_count; share++)
        status = tie_rest(&t, share);
    slots_figures_release(f);
    places_release(&t.places);
    return status;
}
