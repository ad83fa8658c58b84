/* Options of proposals and what else tells of their parts: see tally_options.h. */
#include "queries/tally_options.h"

#include "base/memory.h"
#include "queries/option_homes.h"
#include "queries/option_parts.h"
#include "queries/tally_ties.h"
#include "queries/tally_unions.h"
#include "queries/term_combinations.h"

#include <stdlib.h>
#include <string.h>

/* Combinations that are possible are hidden figures, too, where there are no more of them. */
enum { POSSIBLE_MOST = 256 };

struct options {
    struct told_sets *sets;
    struct tally *tally;
    struct option_parts parts;
    struct term_combinations masks; /* which parts conversations have: lists are masks */
    uint32_t first;                 /* hidden figure of the first */
    struct places places;
};

/* ---- which parts conversations have ---- */

struct marking {
    uint64_t *mask; /* [row of a catalogue part] */
    uint64_t bit;
};

static bool mark(uint32_t row, void *context)
{
    const struct marking *marking = context;
    marking->mask[row] |= marking->bit;
    return true;
}

static enum status count_masks(struct options *o, const uint64_t *mask_of, struct error *err)
{
    const struct tally_source *source = o->sets->source;
    const struct population *population = source->population;
    for (uint32_t user = 0; user <= source->catalogue->users; user++)
        for (uint64_t i = population->user_start[user]; i < population->user_start[user + 1ull];
             i++) {
            uint64_t mask = mask_of[population->by_user[i]];
            TRY(term_combinations_add(&o->masks, (const uint8_t *)&mask, sizeof mask, user, err));
        }
    return STATUS_OK;
}

static enum status find_masks(struct options *o, struct error *err)
{
    const struct catalogue *catalogue = o->sets->source->catalogue;
    uint64_t *mask_of = mem_zalloc(catalogue->rows, sizeof *mask_of), *possible = NULL;
    size_t count = 0;
    enum status status = mask_of ? STATUS_OK : error_nomem(err);
    for (size_t i = 0; status == STATUS_OK && i < o->parts.count; i++)
        for (size_t p = 0; p < catalogue->count; p++) {
            struct marking marking = {mask_of + catalogue->parts[p].first_row, (uint64_t)1 << i};
            bitmap_each(o->parts.items[i].set.rows[p], mark, &marking);
        }
    if (status == STATUS_OK)
        status = count_masks(o, mask_of, err);
    if (status == STATUS_OK)
        status = option_parts_masks(&o->parts, o->sets->source->plan, POSSIBLE_MOST, &possible,
                                    &count, err);
    for (size_t i = 0; status == STATUS_OK && i < count && !o->masks.too_many; i++)
        status =
            term_combinations_have(&o->masks, (const uint8_t *)&possible[i], sizeof *possible, err);
    free(mask_of);
    free(possible);
    return status;
}

static enum status hide_masks(struct options *o, struct error *err)
{
    for (uint32_t i = 0, number; i < o->masks.lists.count; i++) {
        const struct term_combination *item = &o->masks.items[i];
        const struct tally_cell cell = {item->conversations, item->users, 0};
        TRY(tally_hide(o->tally, cell, &number, err));
        o->first = i ? o->first : number;
    }
    return STATUS_OK;
}

/* ---- sums ---- */

/* PLACE is the sum of the combinations that have all parts of MASK. */
static enum status bind_sum(struct options *o, struct tally_place place, uint64_t mask,
                            struct error *err)
{
    place.sign = -1;
    TRY(places_add(&o->places, place, err));
    for (uint32_t i = 0; i < o->masks.lists.count; i++) {
        uint64_t has;
        memcpy(&has, o->masks.lists.items[i].text, sizeof has);
        if ((has & mask) == mask)
            TRY(places_add(&o->places, (struct tally_place){TALLY_HIDDEN, o->first + i, 0, 1},
                           err));
    }
    return places_bind(&o->places, o->tally, false, err);
}

/* Without combinations: LESS is within MORE, or the same. */
static enum status bind_two(struct options *o, struct tally_place less, struct tally_place more,
                            bool at_most, struct error *err)
{
    more.sign = -1;
    TRY(places_add(&o->places, less, err));
    TRY(places_add(&o->places, more, err));
    return places_bind(&o->places, o->tally, at_most, err);
}

static struct tally_place part_place(const struct options *o, size_t part)
{
    return (struct tally_place){TALLY_HIDDEN, o->parts.items[part].hidden, 0, 1};
}

static enum status bind_option(struct options *o, const struct plan_option *option,
                               struct tally_place place, struct error *err)
{
    size_t numbers[4], count = option_parts_of(&o->parts, option, numbers);
    uint64_t mask = 0;
    for (size_t i = 0; i < count; i++) {
        mask |= (uint64_t)1 << numbers[i];
        TRY(bind_two(o, place, part_place(o, numbers[i]), count > 1, err));
    }
    return o->masks.too_many ? STATUS_OK : bind_sum(o, place, mask, err);
}

static enum status bind_options(struct options *o, size_t query, struct error *err)
{
    const struct plan_query *asked = &o->sets->source->plan->queries[query];
    size_t table = told_sets_table(o->sets, query);
    for (uint32_t i = 0; table < o->tally->table_count && i < asked->option_count; i++)
        TRY(bind_option(o, &asked->options[i], (struct tally_place){(uint32_t)table, i, 0, 1},
                        err));
    /* All combinations are everything. */
    if (o->masks.too_many || table == o->tally->table_count || !asked->option_count)
        return STATUS_OK;
    return bind_sum(o, (struct tally_place){(uint32_t)table, (uint32_t)asked->option_count, 0, 1},
                    0, err);
}

static enum status bind_parts(struct options *o, struct error *err)
{
    for (size_t i = 0; i < o->parts.count; i++) {
        struct option_part *part = &o->parts.items[i];
        TRY(tally_hide_set(o->sets, o->tally, &part->set, NULL, &part->hidden, err));
        TRY(option_part_home(o->sets, o->tally, part, &o->places, err));
        if (!o->masks.too_many)
            TRY(bind_sum(o, part_place(o, i), (uint64_t)1 << i, err));
    }
    return STATUS_OK;
}

/* Without the options nobody asks what their parts have in common. */
static void mark_tables(struct options *o, uint32_t first)
{
    const struct plan *plan = o->sets->source->plan;
    for (size_t i = 0; i < o->tally->table_count; i++) {
        struct tally_table *table = &o->tally->tables[i];
        if (table->query == SIZE_MAX || plan->queries[table->query].kind != QUERY_PROPOSALS)
            continue;
        table->ties = true;
        table->own_hidden = first;
        table->own_hidden_end = (uint32_t)o->tally->hidden_count;
    }
}

enum status tally_options(struct told_sets *sets, struct tally *tally, struct error *err)
{
    struct options o = {.sets = sets, .tally = tally};
    enum status status = STATUS_OK;
    uint32_t first = (uint32_t)tally->hidden_count;
    term_combinations_init(&o.masks);
    TRY_CLEANUP(option_parts_init(&o.parts, sets, err));
    if (!o.parts.count)
        goto cleanup;
    o.masks.too_many = o.parts.count > OPTION_PARTS_MAX;
    if (!o.masks.too_many)
        TRY_CLEANUP(find_masks(&o, err));
    if (!o.masks.too_many)
        TRY_CLEANUP(hide_masks(&o, err));
    TRY_CLEANUP(bind_parts(&o, err));
    for (size_t i = 0; i < sets->source->plan->query_count; i++)
        TRY_CLEANUP(bind_options(&o, i, err));
    mark_tables(&o, first);
cleanup:
    option_parts_release(&o.parts);
    term_combinations_release(&o.masks);
    places_release(&o.places);
    return status;
}
