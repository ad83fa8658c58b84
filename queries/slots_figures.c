/* What keys find in parts of the logs: see slots_figures.h. */
#include "queries/slots_figures.h"

#include "base/memory.h"
#include "queries/slots_parts.h"
#include "queries/told_population.h"
#include "queries/told_sets.h"

#include <stdlib.h>

/* ---- which keys, and which families ---- */

size_t figures_slot(const struct slots_query *query, uint32_t key)
{
    for (size_t slot = 0; slot < query->count; slot++)
        if (query->keys[slot] == key)
            return slot;
    return SIZE_MAX;
}

static bool has_once(const struct slots_query *query)
{
    for (size_t slot = 0; slot < query->count; slot++)
        if (query->keys[slot] == INTERN_NONE || figures_slot(query, query->keys[slot]) != slot)
            return false;
    return true;
}

bool slots_same_keys(const struct slots_query *a, const struct slots_query *b)
{
    if (a->way != SLOTS_EACH || b->way != SLOTS_EACH || a->count != b->count || a->count < 2 ||
        !has_once(a) || !has_once(b))
        return false;
    for (size_t slot = 0; slot < a->count; slot++)
        if (figures_slot(b, a->keys[slot]) == SIZE_MAX)
            return false;
    return true;
}

static uint32_t bit_of(const struct slots_figures *f, size_t member)
{
    return UINT32_C(1) << figures_member(f, member)->population;
}

static bool are_several(uint32_t populations)
{
    return (populations & (populations - 1)) != 0;
}

/* Keys that are found in several populations, and not by search terms alone. */
static enum status find_keys(struct slots_figures *f)
{
    size_t keys = f->queries->keys.count;
    bool *each = mem_zalloc(keys + 1, sizeof *each);
    f->in = mem_zalloc(keys + 1, sizeof *f->in);
    enum status status = f->in && each ? STATUS_OK : error_nomem(f->err);
    for (size_t i = 0; status == STATUS_OK && i < f->count; i++) {
        const struct slots_query *query = figures_member(f, i);
        if (query->way == SLOTS_FIRST)
            continue;
        f->asked |= bit_of(f, i);
        for (size_t slot = 0; slot < query->count; slot++) {
            uint32_t key = query->keys[slot];
            if (key == INTERN_NONE)
                continue;
            f->in[key] |= bit_of(f, i);
            each[key] = each[key] || query->way == SLOTS_EACH;
        }
    }
    for (size_t key = 0; status == STATUS_OK && key < keys; key++) {
        f->in[key] = each[key] && are_several(f->in[key]) ? f->in[key] : 0;
        f->wanted += f->in[key] != 0;
    }
    free(each);
    return status;
}

static enum status find_families(struct slots_figures *f)
{
    f->family = mem_zalloc(f->count, sizeof *f->family);
    f->family_in = mem_zalloc(f->count, sizeof *f->family_in);
    if (!f->family || !f->family_in)
        return error_nomem(f->err);
    for (size_t i = 0; i < f->count; i++) {
        size_t first = 0;
        while (first < i && !slots_same_keys(figures_member(f, first), figures_member(f, i)))
            first++;
        f->family[i] = first;
        if (first < i)
            f->family_in[first] |= bit_of(f, first) | bit_of(f, i);
    }
    return STATUS_OK;
}

/* ---- shares ---- */

/* The number of the part of MASK; that of none where there is none. */
static size_t part_of(const struct slots_figures *f, uint32_t mask)
{
    size_t part = 0;
    while (part < f->part_count && f->masks[part] != mask)
        part++;
    return part;
}

static enum status find_parts(struct slots_figures *f)
{
    const struct slots_places *places = &f->queries->places;
    f->masks = mem_zalloc(places->mask_count + 1, sizeof *f->masks);
    if (!f->masks)
        return error_nomem(f->err);
    for (size_t i = 0; i < places->mask_count; i++) {
        uint32_t mask = places->masks[i] & f->asked;
        if (mask && part_of(f, mask) == f->part_count)
            f->masks[f->part_count++] = mask;
    }
    f->share_count = f->part_count;
    return STATUS_OK;
}

static bool is_in_rest(const struct slots_figures *f, size_t part, struct slots_rest rest)
{
    return f->masks[part] >> rest.all & 1 && !(f->masks[part] >> rest.less & 1);
}

static bool is_rest(const struct slots_figures *f, struct slots_rest rest)
{
    size_t parts = 0;
    if (rest.all == rest.less || !(f->asked >> rest.all & 1) || !(f->asked >> rest.less & 1) ||
        !slots_population_within(f->queries, rest.less, rest.all))
        return false;
    for (size_t part = 0; part < f->part_count; part++)
        parts += is_in_rest(f, part, rest);
    return parts > 1;
}

static enum status find_rests(struct slots_figures *f)
{
    size_t populations = f->queries->population_count;
    f->rests = mem_zalloc(populations * populations + 1, sizeof *f->rests);
    if (!f->rests)
        return error_nomem(f->err);
    for (size_t all = 0; all < populations; all++)
        for (size_t less = 0; less < populations; less++) {
            const struct slots_rest rest = {all, less};
            if (is_rest(f, rest))
                f->rests[f->share_count++ - f->part_count] = rest;
        }
    return STATUS_OK;
}

bool figures_has(const struct slots_figures *f, size_t member, size_t share)
{
    return share < f->part_count
               ? (f->masks[share] & bit_of(f, member)) != 0
               : f->rests[share - f->part_count].all == figures_member(f, member)->population;
}

static enum status find_rows(struct slots_figures *f)
{
    const struct catalogue *catalogue = f->source->catalogue;
    f->rows = mem_zalloc(f->share_count + 1, sizeof *f->rows);
    if (!f->rows)
        return error_nomem(f->err);
    for (size_t share = 0; share < f->share_count; share++)
        TRY(unit_set_init(&f->rows[share], catalogue, f->err));
    for (size_t c = 0, part = f->part_count; c < catalogue->count; c++) {
        const uint32_t *masks = f->queries->places.of_row + catalogue->parts[c].first_row;
        for (uint32_t row = 0; row < catalogue->parts[c].rows; row++) {
            uint32_t mask = masks[row] & f->asked;
            if (!mask)
                continue;
            if (part == f->part_count || f->masks[part] != mask)
                part = part_of(f, mask);
            bitmap_add(f->rows[part].rows[c], row);
        }
    }
    for (size_t share = f->part_count; share < f->share_count; share++)
        for (size_t part = 0; part < f->part_count; part++)
            for (size_t c = 0;
                 is_in_rest(f, part, f->rests[share - f->part_count]) && c < catalogue->count; c++)
                bitmap_or(f->rows[share].rows[c], f->rows[part].rows[c]);
    return STATUS_OK;
}

/* ---- figures ---- */

/* Whether both populations of a rest are among POPULATIONS. */
static bool has_both(const struct slots_figures *f, size_t share, uint32_t populations)
{
    if (share < f->part_count)
        return true;
    const struct slots_rest *rest = &f->rests[share - f->part_count];
    return populations >> rest->all & 1 && populations >> rest->less & 1;
}

static bool lacks_key(const struct slots_figures *f, uint32_t key, size_t share)
{
    return key != INTERN_NONE && f->in[key] && has_both(f, share, f->in[key]) &&
           figures_key(f, key, share)->column == UINT32_MAX;
}

static bool lacks_union(const struct slots_figures *f, size_t member, size_t share)
{
    uint32_t populations = f->family_in[f->family[member]];
    return are_several(populations) && has_both(f, share, populations) &&
           !figures_union(f, member, share)->query;
}

/* Whether MEMBER is to say what is found in SHARE. */
static bool is_needed(const struct slots_figures *f, size_t member, size_t share)
{
    const struct slots_query *query = figures_member(f, member);
    if (query->way == SLOTS_FIRST || !figures_has(f, member, share) ||
        (f->rests_only && share < f->part_count))
        return false;
    bool needed = lacks_union(f, member, share);
    for (size_t slot = 0; !needed && slot < query->count; slot++)
        needed = lacks_key(f, query->keys[slot], share);
    return needed;
}

static enum status renew(const struct slots_figures *f, struct unit_set *set)
{
    unit_set_release(set);
    return unit_set_init(set, f->source->catalogue, f->err);
}

/* What MEMBER's slots find in SHARE, and what any does. */
static enum status find_within(struct slots_figures *f, size_t member, size_t share)
{
    size_t slots = figures_member(f, member)->count;
    for (size_t slot = 0; slot <= slots; slot++)
        TRY(renew(f, &f->within[slot]));
    for (size_t slot = 0; slot < slots; slot++)
        for (size_t c = 0; c < f->source->catalogue->count; c++) {
            bitmap_or(f->within[slot].rows[c], f->found[slot].rows[c]);
            bitmap_and(f->within[slot].rows[c], f->rows[share].rows[c]);
            bitmap_or(f->within[slots].rows[c], f->within[slot].rows[c]);
        }
    return STATUS_OK;
}

/* Whether SHARE is all that MEMBER's population has. */
static bool is_all(const struct slots_figures *f, size_t member, size_t share)
{
    size_t parts = 0;
    for (size_t part = 0; part < f->part_count; part++)
        parts += figures_has(f, member, part);
    return share < f->part_count && parts == 1;
}

/* Of a population that is one part, a row is the part's figure. */
static enum status put_keys(struct slots_figures *f, size_t member, size_t share,
                            struct told_sets *counter)
{
    const struct slots_query *query = figures_member(f, member);
    bool all = is_all(f, member, share);
    for (size_t slot = 0; slot < query->count; slot++) {
        uint32_t key = query->keys[slot];
        if (!lacks_key(f, key, share))
            continue;
        struct tally_place place = all ? slots_row(query, slot) : slots_hidden(0);
        if (!all)
            TRY(tally_hide_set(counter, f->tally, &f->within[slot], NULL, &place.row, f->err));
        *figures_key(f, key, share) = place;
    }
    return STATUS_OK;
}

static enum status put_union(struct slots_figures *f, size_t member, size_t share,
                             struct told_sets *counter)
{
    const struct slots_query *query = figures_member(f, member);
    struct share_union *to = figures_union(f, member, share);
    size_t slots = query->count;
    for (size_t slot = 0; slot < slots; slot++) {
        f->sets[slot] = &f->within[slot];
        f->told[slot] = *figures_key(f, query->keys[slot], share);
    }
    to->any = slots_hidden(0);
    TRY(tally_hide_set(counter, f->tally, &f->within[slots], NULL, &to->any.row, f->err));
    const struct set_union of = {
        .sets = f->sets, .told = f->told, .count = slots, .whole = &to->any, .whole_count = 1};
    to->query = query;
    return tally_unite(counter, f->tally, &of, &to->figures, f->err);
}

static enum status put_member(struct slots_figures *f, size_t member,
                              const struct tally_source *source)
{
    const struct slots_query *query = figures_member(f, member);
    struct told_sets counter;
    enum status status = told_sets_init_none(&counter, source, f->tally, f->err);
    for (size_t slot = 0; status == STATUS_OK && slot < query->count; slot++)
        status = renew(f, &f->found[slot]);
    if (status == STATUS_OK)
        status = unit_set_add_slots(f->found, &counter.units, source, query->number, f->err);
    for (size_t share = 0; status == STATUS_OK && share < f->share_count; share++) {
        if (!is_needed(f, member, share))
            continue;
        status = find_within(f, member, share);
        if (status == STATUS_OK)
            status = put_keys(f, member, share, &counter);
        if (status == STATUS_OK && lacks_union(f, member, share))
            status = put_union(f, member, share, &counter);
    }
    told_sets_release(&counter);
    return status;
}

static enum status put_all(struct slots_figures *f)
{
    struct told_population population;
    enum status status = STATUS_OK;
    told_population_init(&population, f->source);
    for (size_t i = 0; i < f->count; i++) {
        const struct tally_source *source;
        bool needed = false;
        for (size_t share = 0; !needed && share < f->share_count; share++)
            needed = is_needed(f, i, share);
        if (!needed)
            continue;
        size_t number = figures_member(f, i)->population;
        TRY_CLEANUP(
            told_population_source(&population, &f->queries->populations[number], &source, f->err));
        TRY_CLEANUP(put_member(f, i, source));
    }
cleanup:
    told_population_release(&population);
    return status;
}

/* ---- all of it ---- */

static enum status make_room(struct slots_figures *f)
{
    size_t figures = (f->queries->keys.count + 1) * (f->share_count + 1);
    for (size_t i = 0; i < f->count; i++)
        f->most = figures_member(f, i)->count > f->most ? figures_member(f, i)->count : f->most;
    f->of_key = mem_zalloc(figures, sizeof *f->of_key);
    f->unions = mem_zalloc(f->count * (f->share_count + 1), sizeof *f->unions);
    f->found = mem_zalloc(f->most + 1, sizeof *f->found);
    f->within = mem_zalloc(f->most + 1, sizeof *f->within);
    f->sets = mem_zalloc(f->most + 1, sizeof *f->sets);
    f->told = mem_zalloc(f->most + 1, sizeof *f->told);
    if (!f->of_key || !f->unions || !f->found || !f->within || !f->sets || !f->told)
        return error_nomem(f->err);
    for (size_t i = 0; i < figures; i++)
        f->of_key[i].column = UINT32_MAX;
    return STATUS_OK;
}

enum status slots_figures_make(struct slots_figures *f)
{
    TRY(find_keys(f));
    TRY(find_parts(f));
    TRY(find_rests(f));
    f->too_many = f->queries->places.too_many || f->wanted * f->share_count > SLOTS_PARTS_MAX;
    if (f->too_many || !f->wanted || (f->rests_only && f->share_count == f->part_count)) {
        f->share_count = f->part_count = 0;
        return STATUS_OK;
    }
    TRY(find_families(f));
    TRY(find_rows(f));
    TRY(make_room(f));
    return put_all(f);
}

void slots_figures_release(struct slots_figures *f)
{
    for (size_t slot = 0; f->found && f->within && slot <= f->most; slot++) {
        unit_set_release(&f->found[slot]);
        unit_set_release(&f->within[slot]);
    }
    for (size_t share = 0; f->rows && share < f->share_count; share++)
        unit_set_release(&f->rows[share]);
    free(f->masks);
    free(f->rests);
    free(f->rows);
    free(f->in);
    free(f->family);
    free(f->family_in);
    free(f->of_key);
    free(f->unions);
    free(f->found);
    free(f->within);
    free(f->sets);
    free(f->told);
}
