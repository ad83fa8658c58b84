/* Options of proposals and what else tells of their parts: see tally_options.h. */
#include "queries/tally_options.h"

#include "base/memory.h"
#include "queries/option_homes.h"
#include "queries/option_masks.h"
#include "queries/option_parts.h"
#include "queries/option_sums.h"
#include "queries/tally_proposals.h"
#include "queries/tally_ties.h"
#include "queries/tally_unions.h"

#include <stdlib.h>
#include <string.h>

struct options {
    struct told_sets *sets;
    struct tally *tally;
    const struct option_source *of; /* [queries] */
    struct option_parts parts;
    struct option_masks masks;       /* which parts conversations have */
    uint32_t first[OPTION_MEASURES]; /* hidden figure of the first */
    struct option_days days;
    struct places places;
};

/* The columns of options that measure them. */
static const uint32_t measure_columns[OPTION_MEASURES] = {
    [MEASURE_CONVERSATIONS] = 0, [MEASURE_EXCHANGES] = 1, [MEASURE_WORDS] = 3};

static bool has_filters(const struct options *o)
{
    bool has = false;
    for (size_t i = 0; i < o->parts.count; i++)
        has = has || o->parts.items[i].kind == PART_FILTERS;
    return has;
}

/* ---- combinations ---- */

static enum status hide_masks(struct options *o, struct error *err)
{
    for (enum option_measure m = 0; m < OPTION_MEASURES; m++)
        for (uint32_t i = 0, number; i < o->masks.found.lists.count; i++) {
            const struct term_combination *item = &o->masks.found.items[i];
            const struct tally_cell cell = {m == MEASURE_CONVERSATIONS ? item->conversations
                                                                       : o->masks.sums[m][i],
                                            item->users, 0};
            TRY(tally_hide(o->tally, cell, &number, err));
            o->first[m] = i ? o->first[m] : number;
        }
    return STATUS_OK;
}

/* ---- sums ---- */

/* PLACE, which is of MEASURE, is the sum of the combinations that have all parts of MASK. */
static enum status bind_sum(struct options *o, struct tally_place place, enum option_measure m,
                            uint64_t mask, struct error *err)
{
    place.sign = -1;
    TRY(places_add(&o->places, place, err));
    for (uint32_t i = 0; i < o->masks.found.lists.count; i++) {
        if ((option_mask_at(&o->masks, i) & mask) == mask)
            TRY(places_add(&o->places, (struct tally_place){TALLY_HIDDEN, o->first[m] + i, 0, 1},
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

static struct tally_place part_place(const struct options *o, size_t part, enum option_measure m)
{
    return (struct tally_place){TALLY_HIDDEN, o->parts.items[part].hidden[m], 0, 1};
}

/* Of exchanges and words nothing else tells but that of a period. */
static bool is_measured(const struct option_part *part, enum option_measure m)
{
    return m == MEASURE_CONVERSATIONS || part->kind == PART_PERIOD;
}

/* A part as a mask; 0 where there are too many parts for one. */
static uint64_t bit_of(size_t part)
{
    return part < OPTION_PARTS_MAX ? (uint64_t)1 << part : 0;
}

static size_t number_of(const struct options *o, const struct option_part *part)
{
    return (size_t)(part - o->parts.items);
}

/* FILTERS: those of its query. */
static enum status bind_option(struct options *o, const struct plan_option *option, size_t table,
                               uint32_t row, enum option_measure m, uint64_t filters,
                               struct error *err)
{
    const struct tally_place place = {(uint32_t)table, row, measure_columns[m], 1};
    size_t numbers[4], count = option_parts_of(&o->parts, option, numbers);
    uint64_t mask = filters;
    for (size_t i = 0; i < count; i++) {
        mask |= bit_of(numbers[i]);
        if (is_measured(&o->parts.items[numbers[i]], m))
            TRY(bind_two(o, place, part_place(o, numbers[i], m), count > 1 || filters, err));
    }
    return o->masks.found.too_many ? STATUS_OK : bind_sum(o, place, m, mask, err);
}

/* Days as a mask: none where they are all that is counted. */
static uint64_t mask_of_days(const struct options *o, int64_t from, int64_t to)
{
    size_t part = option_parts_period(&o->parts, from, to);
    return part < o->parts.count ? bit_of(part) : 0;
}

/* The filters of query NUMBER, or NULL where they are those of all that is counted. */
static const struct option_part *filters_of(const struct options *o, size_t number, uint64_t *mask)
{
    size_t part =
        option_parts_filters(&o->parts, o->of[number].filters, o->of[number].filter_count);
    *mask = part < o->parts.count ? bit_of(part) : 0;
    return part < o->parts.count ? &o->parts.items[part] : NULL;
}

static enum status bind_options(struct options *o, size_t query, enum option_measure m,
                                struct error *err)
{
    const struct plan_query *asked = &o->sets->source->plan->queries[query];
    size_t table = told_sets_table(o->sets, query);
    uint64_t filters;
    (void)filters_of(o, query, &filters);
    if (!asked->option_count || table == o->tally->table_count)
        return STATUS_OK;
    for (uint32_t i = 0; i < asked->option_count; i++)
        TRY(bind_option(o, &asked->options[i], table, i, m, filters, err));
    /* All combinations of its days and filters are everything. */
    if (o->masks.found.too_many)
        return STATUS_OK;
    return bind_sum(
        o,
        (struct tally_place){(uint32_t)table, (uint32_t)asked->option_count, measure_columns[m], 1},
        m, filters | mask_of_days(o, o->of[query].from, o->of[query].to), err);
}

/* ---- parts ---- */

/* OPTION's terms, as those of query NUMBER, in the tally's arena; *THERE is false where it has not
 * all of them. */
static enum status find_terms(const struct options *o, struct plan_option *option, size_t number,
                              bool *there, struct error *err)
{
    const struct plan *plan = o->sets->source->plan;
    size_t terms = plan->queries[number].term_count;
    uint32_t *found = arena_zalloc(&o->tally->arena, option->term_count, sizeof *found);
    if (!found)
        return error_nomem(err);
    size_t count = 0;
    *there = true;
    for (size_t i = 0; i < option->term_count && *there; i++) {
        uint32_t slot = 0;
        bool again = false; /* two that read alike are one there */
        while (slot < terms && !option_item_alike(plan, PART_TERMS, option->terms_query,
                                                  option->terms[i], number, slot))
            slot++;
        *there = slot < terms;
        for (size_t k = 0; k < count; k++)
            again = again || found[k] == slot;
        if (!again)
            found[count++] = slot;
    }
    option->terms = found;
    option->term_count = count;
    return STATUS_OK;
}

/* PART as query NUMBER is asked it; *THERE is false where that does not ask it. */
static enum status option_at(const struct options *o, const struct option_part *part, size_t number,
                             struct plan_option *option, bool *there, struct error *err)
{
    const struct plan *plan = o->sets->source->plan;
    const struct plan_query *query = &plan->queries[number];
    *option = part->option;
    *there = o->of[number].used && query->kind == plan->queries[option_part_query(part)].kind &&
             option_queries_alike(plan, part->kind, option_part_query(part), number) &&
             (part->kind != PART_OVERLAP || option->overlap_words >= query->min_words);
    if (!*there)
        return STATUS_OK;
    if (part->kind == PART_TERMS)
        TRY(find_terms(o, option, number, there, err));
    option->terms_query = option->topics_query = option->overlap_query = number;
    if (o->of[number].from != plan->population.from || o->of[number].to != plan->population.to) {
        option->from = o->of[number].from;
        option->to = o->of[number].to;
    }
    return STATUS_OK;
}

/* Takes from SET what has not the part FILTERS, or nothing where that is NULL. */
static void keep_filtered(struct unit_set *set, const struct option_part *filters)
{
    for (size_t p = 0; filters && p < set->parts; p++)
        bitmap_and(set->rows[p], filters->set.rows[p]);
}

/* What a part of terms, topics or runs has of the population of query NUMBER, whose table tells it.
 */
static enum status bind_home(struct options *o, size_t part, size_t number, struct error *err)
{
    struct option_part here = {.kind = o->parts.items[part].kind};
    bool there;
    TRY(option_at(o, &o->parts.items[part], number, &here.option, &there, err));
    if (!there)
        return STATUS_OK;
    uint64_t days = mask_of_days(o, here.option.from, here.option.to);
    uint64_t filtered;
    const struct option_part *filters = filters_of(o, number, &filtered);
    bool whole = !filters &&
                 option_parts_period(&o->parts, here.option.from, here.option.to) == o->parts.count;
    enum status status = unit_set_init(&here.set, o->sets->source->catalogue, err);
    if (status == STATUS_OK)
        status = proposals_select(&here.set, &o->sets->units, o->sets->source, &here.option, err);
    keep_filtered(&here.set, status == STATUS_OK ? filters : NULL);
    if (status == STATUS_OK)
        status = option_set_hide(o->sets, o->tally, &here.set, MEASURE_CONVERSATIONS,
                                 &here.hidden[MEASURE_CONVERSATIONS], err);
    if (status == STATUS_OK)
        status = option_part_home(o->sets, o->tally, &here, filters, MEASURE_CONVERSATIONS,
                                  &o->days, &o->places, err);
    if (status == STATUS_OK && o->masks.found.too_many && whole)
        status =
            bind_two(o, part_place(o, part, MEASURE_CONVERSATIONS),
                     (struct tally_place){TALLY_HIDDEN, here.hidden[MEASURE_CONVERSATIONS], 0, 1},
                     false, err);
    if (status == STATUS_OK && !o->masks.found.too_many)
        status = bind_sum(
            o, (struct tally_place){TALLY_HIDDEN, here.hidden[MEASURE_CONVERSATIONS], 0, 1},
            MEASURE_CONVERSATIONS, bit_of(part) | days | filtered, err);
    unit_set_release(&here.set);
    return status;
}

/* What has the part DAYS, or is there at all, and the part FILTERS, or any: as tables by fields of
 * these filters tell it. */
static enum status bind_days(struct options *o, const struct option_part *days,
                             const struct option_part *filters, enum option_measure m,
                             struct error *err)
{
    struct option_part here = {.kind = PART_PERIOD, .option = {.from = INT64_MIN, .to = INT64_MAX}};
    uint64_t mask =
        (days ? bit_of(number_of(o, days)) : 0) | (filters ? bit_of(number_of(o, filters)) : 0);
    if (days)
        here.option = days->option;
    enum status status = unit_set_init(&here.set, o->sets->source->catalogue, err);
    for (size_t p = 0; status == STATUS_OK && p < here.set.parts; p++)
        bitmap_or(here.set.rows[p], days ? days->set.rows[p] : o->sets->units.rows[p]);
    keep_filtered(&here.set, status == STATUS_OK ? filters : NULL);
    if (status == STATUS_OK)
        status = option_set_hide(o->sets, o->tally, &here.set, m, &here.hidden[m], err);
    if (status == STATUS_OK)
        status = option_part_home(o->sets, o->tally, &here, filters, m, &o->days, &o->places, err);
    if (status == STATUS_OK && !o->masks.found.too_many)
        status =
            bind_sum(o, (struct tally_place){TALLY_HIDDEN, here.hidden[m], 0, 1}, m, mask, err);
    unit_set_release(&here.set);
    return status;
}

static enum status bind_part(struct options *o, size_t number, enum option_measure m,
                             struct error *err)
{
    struct option_part *part = &o->parts.items[number];
    const struct plan *plan = o->sets->source->plan;
    if (!is_measured(part, m) || part->kind == PART_FILTERS)
        return STATUS_OK;
    TRY(option_set_hide(o->sets, o->tally, &part->set, m, &part->hidden[m], err));
    if (!o->masks.found.too_many)
        TRY(bind_sum(o, part_place(o, number, m), m, bit_of(number), err));
    if (part->kind == PART_PERIOD) {
        for (size_t i = 0; i < o->parts.count; i++)
            if (o->parts.items[i].kind == PART_FILTERS)
                TRY(bind_days(o, part, &o->parts.items[i], m, err));
        return option_part_home(o->sets, o->tally, part, NULL, m, &o->days, &o->places, err);
    }
    for (size_t i = 0; i < plan->query_count; i++) {
        uint64_t filters;
        bool whole = o->of[i].from == plan->population.from && o->of[i].to == plan->population.to &&
                     !filters_of(o, i, &filters);
        if (o->of[i].used && whole && i == option_part_query(part))
            TRY(option_part_home(o->sets, o->tally, part, NULL, m, &o->days, &o->places, err));
        else
            TRY(bind_home(o, number, i, err));
    }
    return STATUS_OK;
}

static enum status bind_all(struct options *o, enum option_measure m, struct error *err)
{
    if (!o->masks.found.too_many)
        TRY(bind_days(o, NULL, NULL, m, err));
    for (size_t i = 0; i < o->parts.count && !o->masks.found.too_many; i++)
        if (o->parts.items[i].kind == PART_FILTERS)
            TRY(bind_days(o, NULL, &o->parts.items[i], m, err));
    for (size_t i = 0; i < o->parts.count; i++)
        TRY(bind_part(o, i, m, err));
    for (size_t i = 0; i < o->sets->source->plan->query_count; i++)
        if (o->of[i].used)
            TRY(bind_options(o, i, m, err));
    return STATUS_OK;
}

/* ---- several populations ---- */

/* Puts MASK behind LIST[*COUNT] where it is not among it. */
static void put_mask(uint64_t *list, size_t *count, uint64_t mask)
{
    size_t i = 0;
    while (i < *count && list[i] != mask)
        i++;
    list[i] = mask;
    *count += i == *count;
}

/* What each option and each part, and everything, has in some of the populations. */
static enum status hide_sums(struct options *o, struct error *err)
{
    const struct plan *plan = o->sets->source->plan;
    size_t room = o->parts.count + plan->query_count + 1;
    for (size_t q = 0; q < plan->query_count; q++)
        room += plan->queries[q].option_count;
    uint64_t *asked = mem_zalloc(2 * room, sizeof *asked), *populations = asked + room;
    if (!asked)
        return error_nomem(err);
    size_t asked_count = 0, population_count = 0;
    put_mask(asked, &asked_count, 0);
    for (size_t i = 0; i < o->parts.count; i++)
        if (o->parts.items[i].kind != PART_FILTERS)
            put_mask(asked, &asked_count, bit_of(i));
    for (size_t q = 0; q < plan->query_count; q++) {
        uint64_t filters;
        if (!o->of[q].used)
            continue;
        (void)filters_of(o, q, &filters);
        if (population_count < 64)
            put_mask(populations, &population_count,
                     filters | mask_of_days(o, o->of[q].from, o->of[q].to));
        for (size_t i = 0; i < plan->queries[q].option_count; i++) {
            size_t numbers[4];
            size_t count = option_parts_of(&o->parts, &plan->queries[q].options[i], numbers);
            uint64_t mask = 0;
            for (size_t k = 0; k < count; k++)
                mask |= bit_of(numbers[k]);
            put_mask(asked, &asked_count, mask);
        }
    }
    const struct option_sums sums = {.source = o->sets->source,
                                     .masks = &o->masks,
                                     .first = o->first,
                                     .asked = asked,
                                     .asked_count = asked_count,
                                     .populations = populations,
                                     .population_count = population_count};
    enum status status = option_sums_hide(&sums, o->tally, err);
    free(asked);
    return status;
}

/* Without the options nobody asks what their parts have in common. */
static void mark_tables(struct options *o, uint32_t first)
{
    const struct plan *plan = o->sets->source->plan;
    for (size_t i = 0; i < o->tally->table_count; i++) {
        struct tally_table *table = &o->tally->tables[i];
        if (table->query == SIZE_MAX || !o->of[table->query].used || table->told_before ||
            plan->queries[table->query].kind != QUERY_PROPOSALS)
            continue;
        table->ties = true;
        table->own_hidden = first;
        table->own_hidden_end = (uint32_t)o->tally->hidden_count;
    }
}

/* ALONE: there is nothing of earlier reports, whose options stay told. */
static enum status tie(struct options *o, bool alone, struct error *err)
{
    uint32_t first = (uint32_t)o->tally->hidden_count;
    TRY(option_parts_init(&o->parts, o->sets, o->of, err));
    o->days.parts = &o->parts;
    if (!o->parts.count)
        return STATUS_OK;
    o->masks.found.too_many = o->parts.count > OPTION_PARTS_MAX;
    if (!o->masks.found.too_many)
        TRY(option_masks_find(&o->masks, &o->parts, o->sets->source, err));
    if (o->masks.found.too_many && has_filters(o))
        return STATUS_OK;
    if (!o->masks.found.too_many)
        TRY(hide_masks(o, err));
    for (enum option_measure m = 0; m < OPTION_MEASURES; m++)
        TRY(bind_all(o, m, err));
    if (has_filters(o))
        TRY(hide_sums(o, err));
    if (alone)
        mark_tables(o, first);
    return STATUS_OK;
}

enum status tally_options(struct told_sets *sets, struct tally *tally,
                          const struct option_source *of, bool *too_many, struct error *err)
{
    const struct plan *plan = sets->source->plan;
    struct option_source *all = mem_zalloc(plan->query_count + 1, sizeof *all);
    struct options o = {.sets = sets, .tally = tally, .of = of ? of : all};
    if (!all)
        return error_nomem(err);
    for (size_t i = 0; i < plan->query_count; i++)
        all[i] = (struct option_source){true, plan->population.from, plan->population.to,
                                        plan->population.filters, plan->population.filter_count};
    option_masks_init(&o.masks);
    enum status status = tie(&o, !of, err);
    *too_many = o.masks.found.too_many;
    option_parts_release(&o.parts);
    option_days_release(&o.days);
    option_masks_release(&o.masks);
    places_release(&o.places);
    free(all);
    return status;
}
