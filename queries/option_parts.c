/* What options are made of: see option_parts.h. */
#include "queries/option_parts.h"

#include "base/memory.h"
#include "queries/tally_proposals.h"
#include "queries/told_population.h"

#include <stdlib.h>
#include <string.h>

void option_parts_release(struct option_parts *parts)
{
    for (size_t i = 0; i < parts->count; i++)
        unit_set_release(&parts->items[i].set);
    free(parts->items);
    *parts = (struct option_parts){.items = NULL};
}

size_t option_part_query(const struct option_part *part)
{
    return part->kind == PART_TERMS    ? part->option.terms_query
           : part->kind == PART_TOPICS ? part->option.topics_query
                                       : part->option.overlap_query;
}

/* ---- the parts of one option ---- */

/* The condition of KIND that OPTION has; false if it has none. */
static bool condition_of(const struct plan_option *option, enum option_part_kind kind,
                         struct plan_option *alone)
{
    *alone = (struct plan_option){.from = INT64_MIN, .to = INT64_MAX};
    switch (kind) {
    case PART_TERMS:
        alone->terms_query = option->terms_query;
        alone->terms = option->terms;
        alone->term_count = option->term_count;
        return option->term_count > 0;
    case PART_TOPICS:
        alone->topics_query = option->topics_query;
        alone->topics = option->topics;
        alone->topic_count = option->topic_count;
        return option->topic_count > 0;
    case PART_OVERLAP:
        alone->overlap_query = option->overlap_query;
        alone->overlap_words = option->overlap_words;
        return option->overlap_words > 0;
    case PART_PERIOD:
        alone->from = option->from;
        alone->to = option->to;
        return option->from != INT64_MIN || option->to != INT64_MAX;
    case PART_FILTERS:
        return false;
    }
    return false;
}

static bool same_condition(const struct plan *plan, const struct plan_option *a,
                           const struct plan_option *b)
{
    const struct option_asked x = option_asked_of(a, INT64_MIN, INT64_MAX);
    const struct option_asked y = option_asked_of(b, INT64_MIN, INT64_MAX);
    return option_lies_in(plan, &x, &y) && option_lies_in(plan, &y, &x);
}

static size_t find_part(const struct option_parts *parts, enum option_part_kind kind,
                        const struct plan_option *alone)
{
    size_t i = 0;
    while (i < parts->count && (parts->items[i].kind != kind ||
                                !same_condition(parts->plan, &parts->items[i].option, alone)))
        i++;
    return i;
}

size_t option_parts_of(const struct option_parts *parts, const struct plan_option *option,
                       size_t numbers[static 4])
{
    struct plan_option alone;
    size_t count = 0;
    for (enum option_part_kind kind = PART_TERMS; kind <= PART_PERIOD; kind++)
        if (condition_of(option, kind, &alone))
            numbers[count++] = find_part(parts, kind, &alone);
    return count;
}

/* ---- all of them ---- */

static enum status add_part(struct option_parts *parts, const struct told_sets *sets,
                            enum option_part_kind kind, const struct plan_option *alone,
                            struct error *err)
{
    struct option_part *grown =
        mem_grow(parts->items, &parts->capacity, parts->count + 1, sizeof *grown);
    if (!grown)
        return error_nomem(err);
    parts->items = grown;
    struct option_part *part = &grown[parts->count++];
    *part = (struct option_part){.kind = kind, .option = *alone};
    TRY(unit_set_init(&part->set, sets->source->catalogue, err));
    return proposals_select(&part->set, &sets->units, sets->source, alone, err);
}

static enum status add_new(struct option_parts *parts, const struct told_sets *sets,
                           enum option_part_kind kind, const struct plan_option *alone,
                           struct error *err)
{
    return find_part(parts, kind, alone) == parts->count ? add_part(parts, sets, kind, alone, err)
                                                         : STATUS_OK;
}

size_t option_parts_period(const struct option_parts *parts, int64_t from, int64_t to)
{
    const struct plan_option period = {.from = from, .to = to};
    return find_part(parts, PART_PERIOD, &period);
}

size_t option_parts_filters(const struct option_parts *parts, const struct plan_filter *filters,
                            size_t count)
{
    size_t i = 0;
    while (i < parts->count && (parts->items[i].kind != PART_FILTERS ||
                                !plan_filters_same(parts->items[i].filters,
                                                   parts->items[i].filter_count, filters, count)))
        i++;
    return i;
}

/* Of filters: what of the population of SETS passes them. */
static enum status add_filters(struct option_parts *parts, const struct told_sets *sets,
                               const struct option_source *of, struct error *err)
{
    const struct plan *plan = sets->source->plan;
    const struct tally_source *source;
    struct told_population population;
    if (plan_filters_same(of->filters, of->filter_count, plan->population.filters,
                          plan->population.filter_count) ||
        option_parts_filters(parts, of->filters, of->filter_count) < parts->count)
        return STATUS_OK;
    struct option_part *grown =
        mem_grow(parts->items, &parts->capacity, parts->count + 1, sizeof *grown);
    if (!grown)
        return error_nomem(err);
    parts->items = grown;
    struct option_part *part = &grown[parts->count++];
    *part = (struct option_part){.kind = PART_FILTERS,
                                 .option = {.from = INT64_MIN, .to = INT64_MAX},
                                 .filters = of->filters,
                                 .filter_count = of->filter_count};
    TRY(unit_set_init(&part->set, sets->source->catalogue, err));
    told_population_init(&population, sets->source);
    const struct told_wish wish = {plan->population.from, plan->population.to, of->filters,
                                   of->filter_count};
    enum status status = told_population_source(&population, &wish, &source, err);
    for (size_t p = 0; status == STATUS_OK && p < part->set.parts; p++)
        bitmap_or(part->set.rows[p], source->population->rows[p]);
    told_population_release(&population);
    return status;
}

static bool has_period(const struct option_parts *parts)
{
    size_t i = 0;
    while (i < parts->count && parts->items[i].kind != PART_PERIOD)
        i++;
    return i < parts->count;
}

enum status option_parts_init(struct option_parts *parts, const struct told_sets *sets,
                              const struct option_source *of, struct error *err)
{
    const struct plan *plan = sets->source->plan;
    struct plan_option alone;
    *parts = (struct option_parts){.plan = plan};
    for (size_t q = 0; q < plan->query_count; q++)
        for (size_t i = 0; of[q].used && i < plan->queries[q].option_count; i++)
            for (enum option_part_kind kind = PART_TERMS; kind <= PART_PERIOD; kind++)
                if (condition_of(&plan->queries[q].options[i], kind, &alone))
                    TRY(add_new(parts, sets, kind, &alone, err));
    for (size_t q = 0; q < plan->query_count && parts->count; q++) {
        alone = (struct plan_option){.from = of[q].from, .to = of[q].to};
        if (of[q].used && (of[q].from != plan->population.from || of[q].to != plan->population.to))
            TRY(add_new(parts, sets, PART_PERIOD, &alone, err));
    }
    for (size_t q = 0; q < plan->query_count && parts->count; q++)
        if (of[q].used)
            TRY(add_filters(parts, sets, &of[q], err));
    /* Where everything is without filters, also those of counts that tell of days. */
    for (size_t i = 0; i < sets->tally->table_count && !plan->population.filter_count; i++) {
        const struct tally_table *table = &sets->tally->tables[i];
        const struct option_source its = {.filters = table->filters,
                                          .filter_count = table->filter_count};
        if (has_period(parts) && table->told_before && table->by_count)
            TRY(add_filters(parts, sets, &its, err));
    }
    return STATUS_OK;
}

/* ---- which parts go together ---- */

/* A list of masks, each once. */
struct masks {
    uint64_t *items;
    size_t count, capacity, most;
    bool too_many;
};

static enum status add_mask(struct masks *masks, uint64_t mask, struct error *err)
{
    for (size_t i = 0; i < masks->count; i++)
        if (masks->items[i] == mask)
            return STATUS_OK;
    masks->too_many = masks->too_many || masks->count == masks->most;
    if (masks->too_many)
        return STATUS_OK;
    uint64_t *grown = mem_grow(masks->items, &masks->capacity, masks->count + 1, sizeof *grown);
    if (!grown)
        return error_nomem(err);
    masks->items = grown;
    grown[masks->count++] = mask;
    return STATUS_OK;
}

/* Are A and B of one kind, and of queries that can be compared? */
static bool is_beside(const struct option_parts *parts, const struct option_part *a,
                      const struct option_part *b)
{
    return a->kind == b->kind &&
           option_queries_alike(parts->plan, a->kind, option_part_query(a), option_part_query(b));
}

/* Has PART the term (or topic) ITEM of OF, which it is beside? */
static bool lists(const struct option_parts *parts, const struct option_part *part,
                  const struct option_part *of, uint32_t item)
{
    const struct plan_option *o = &part->option;
    bool terms = part->kind == PART_TERMS;
    size_t count = terms ? o->term_count : o->topic_count;
    for (size_t i = 0; i < count; i++)
        if (option_item_alike(parts->plan, part->kind, option_part_query(of), item,
                              option_part_query(part), terms ? o->terms[i] : o->topics[i]))
            return true;
    return false;
}

/* What of the parts beside FIRST a conversation may have: with any of the terms that there are; of
 * topics of which it has one, with one at most. */
static enum status add_listed(const struct option_parts *parts, const struct option_part *first,
                              bool one_only, struct masks *masks, struct error *err)
{
    TRY(add_mask(masks, 0, err));
    for (size_t p = 0; p < parts->count; p++) {
        const struct option_part *part = &parts->items[p];
        bool terms = part->kind == PART_TERMS;
        if (!is_beside(parts, part, first))
            continue;
        size_t count = terms ? part->option.term_count : part->option.topic_count;
        for (size_t i = 0; i < count && !masks->too_many; i++) {
            uint32_t item = terms ? part->option.terms[i] : part->option.topics[i];
            uint64_t with = 0;
            for (size_t other = 0; other < parts->count; other++)
                if (is_beside(parts, &parts->items[other], first) &&
                    lists(parts, &parts->items[other], part, item))
                    with |= (uint64_t)1 << other;
            size_t before = one_only ? 1 : masks->count;
            for (size_t k = 0; k < before && !masks->too_many; k++)
                TRY(add_mask(masks, masks->items[k] | with, err));
        }
    }
    return STATUS_OK;
}

static enum status add_runs(const struct option_parts *parts, const struct option_part *first,
                            struct masks *masks, struct error *err)
{
    TRY(add_mask(masks, 0, err));
    for (size_t p = 0; p < parts->count; p++) {
        const struct option_part *part = &parts->items[p];
        uint64_t with = 0;
        if (!is_beside(parts, part, first))
            continue;
        for (size_t other = 0; other < parts->count; other++)
            if (is_beside(parts, &parts->items[other], first) &&
                parts->items[other].option.overlap_words <= part->option.overlap_words)
                with |= (uint64_t)1 << other;
        TRY(add_mask(masks, with, err));
    }
    return STATUS_OK;
}

static uint64_t periods_of(const struct option_parts *parts, int64_t day)
{
    uint64_t with = 0;
    for (size_t p = 0; p < parts->count; p++)
        if (parts->items[p].kind == PART_PERIOD && day >= parts->items[p].option.from &&
            day <= parts->items[p].option.to)
            with |= (uint64_t)1 << p;
    return with;
}

/* Parts change at their first day and after their last one. */
static enum status add_periods(const struct option_parts *parts, struct masks *masks,
                               struct error *err)
{
    int64_t first = parts->plan->population.from, last = parts->plan->population.to;
    if (first == INT64_MIN && last == INT64_MAX)
        TRY(add_mask(masks, 0, err)); /* without a time */
    TRY(add_mask(masks, periods_of(parts, first), err));
    for (size_t p = 0; p < parts->count; p++) {
        if (parts->items[p].kind != PART_PERIOD)
            continue;
        int64_t days[] = {parts->items[p].option.from, parts->items[p].option.to};
        if (days[0] >= first && days[0] <= last)
            TRY(add_mask(masks, periods_of(parts, days[0]), err));
        if (days[1] < last && days[1] + 1 >= first)
            TRY(add_mask(masks, periods_of(parts, days[1] + 1), err));
    }
    return STATUS_OK;
}

/* Each of MASKS with each of MORE, which are of other parts. */
static enum status multiply(struct masks *masks, const struct masks *more, struct error *err)
{
    struct masks all = {.most = masks->most};
    enum status status = STATUS_OK;
    for (size_t i = 0; status == STATUS_OK && i < masks->count; i++)
        for (size_t k = 0; status == STATUS_OK && k < more->count && !all.too_many; k++)
            status = add_mask(&all, masks->items[i] | more->items[k], err);
    all.too_many = all.too_many || masks->too_many || more->too_many;
    free(masks->items);
    *masks = all;
    return status;
}

/* The masks of the parts beside one. */
static enum status add_some(const struct option_parts *parts, const struct option_part *part,
                            struct masks *masks, struct error *err)
{
    if (part->kind == PART_PERIOD)
        return add_periods(parts, masks, err);
    if (part->kind == PART_OVERLAP)
        return add_runs(parts, part, masks, err);
    bool one_only =
        part->kind == PART_TOPICS && !parts->plan->queries[option_part_query(part)].multi_label;
    return add_listed(parts, part, one_only, masks, err);
}

/* Whether an earlier part is beside it. */
static bool is_seen(const struct option_parts *parts, size_t number)
{
    for (size_t i = 0; i < number; i++)
        if (is_beside(parts, &parts->items[i], &parts->items[number]))
            return true;
    return false;
}

enum status option_parts_masks(const struct option_parts *parts, size_t most, uint64_t **out,
                               size_t *count, struct error *err)
{
    struct masks masks = {.most = most};
    enum status status = add_mask(&masks, 0, err);
    for (size_t p = 0; status == STATUS_OK && p < parts->count && !masks.too_many; p++) {
        struct masks some = {.most = most};
        if (parts->items[p].kind == PART_FILTERS || is_seen(parts, p))
            continue;
        status = add_some(parts, &parts->items[p], &some, err);
        if (status == STATUS_OK)
            status = multiply(&masks, &some, err);
        free(some.items);
    }
    if (status != STATUS_OK || masks.too_many) {
        free(masks.items);
        masks = (struct masks){.items = NULL};
    }
    *out = masks.items;
    *count = masks.count;
    return status;
}
