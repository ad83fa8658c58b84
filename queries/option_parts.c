/* What options are made of: see option_parts.h. */
#include "queries/option_parts.h"

#include "base/memory.h"
#include "queries/tally_proposals.h"

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
    }
    return false;
}

static bool lists(const uint32_t *items, size_t count, uint32_t item)
{
    for (size_t i = 0; i < count; i++)
        if (items[i] == item)
            return true;
    return false;
}

static bool same_items(const uint32_t *a, size_t a_count, const uint32_t *b, size_t b_count)
{
    for (size_t i = 0; i < a_count; i++)
        if (!lists(b, b_count, a[i]))
            return false;
    for (size_t i = 0; i < b_count; i++)
        if (!lists(a, a_count, b[i]))
            return false;
    return true;
}

static bool same_condition(const struct plan_option *a, const struct plan_option *b)
{
    return a->terms_query == b->terms_query && a->topics_query == b->topics_query &&
           a->overlap_query == b->overlap_query && a->overlap_words == b->overlap_words &&
           a->from == b->from && a->to == b->to &&
           same_items(a->terms, a->term_count, b->terms, b->term_count) &&
           same_items(a->topics, a->topic_count, b->topics, b->topic_count);
}

static size_t find_part(const struct option_parts *parts, enum option_part_kind kind,
                        const struct plan_option *alone)
{
    size_t i = 0;
    while (i < parts->count &&
           (parts->items[i].kind != kind || !same_condition(&parts->items[i].option, alone)))
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

enum status option_parts_init(struct option_parts *parts, const struct told_sets *sets,
                              struct error *err)
{
    const struct plan *plan = sets->source->plan;
    *parts = (struct option_parts){.items = NULL};
    for (size_t q = 0; q < plan->query_count; q++)
        for (size_t i = 0; i < plan->queries[q].option_count; i++)
            for (enum option_part_kind kind = PART_TERMS; kind <= PART_PERIOD; kind++) {
                struct plan_option alone;
                if (condition_of(&plan->queries[q].options[i], kind, &alone) &&
                    find_part(parts, kind, &alone) == parts->count)
                    TRY(add_part(parts, sets, kind, &alone, err));
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

/* What of PARTS of KIND and of QUERY a conversation may have: with any of the terms that there are;
 * of topics of which it has one, with one at most. */
static enum status add_listed(const struct option_parts *parts, enum option_part_kind kind,
                              size_t query, bool one_only, struct masks *masks, struct error *err)
{
    TRY(add_mask(masks, 0, err));
    for (size_t p = 0; p < parts->count; p++) {
        const struct option_part *part = &parts->items[p];
        bool terms = kind == PART_TERMS;
        if (part->kind != kind || option_part_query(part) != query)
            continue;
        size_t count = terms ? part->option.term_count : part->option.topic_count;
        for (size_t i = 0; i < count && !masks->too_many; i++) {
            uint32_t item = terms ? part->option.terms[i] : part->option.topics[i];
            uint64_t with = 0;
            for (size_t other = 0; other < parts->count; other++) {
                const struct plan_option *o = &parts->items[other].option;
                if (parts->items[other].kind == kind &&
                    option_part_query(&parts->items[other]) == query &&
                    lists(terms ? o->terms : o->topics, terms ? o->term_count : o->topic_count,
                          item))
                    with |= (uint64_t)1 << other;
            }
            size_t before = one_only ? 1 : masks->count;
            for (size_t k = 0; k < before && !masks->too_many; k++)
                TRY(add_mask(masks, masks->items[k] | with, err));
        }
    }
    return STATUS_OK;
}

static enum status add_runs(const struct option_parts *parts, size_t query, struct masks *masks,
                            struct error *err)
{
    TRY(add_mask(masks, 0, err));
    for (size_t p = 0; p < parts->count; p++) {
        const struct option_part *part = &parts->items[p];
        uint64_t with = 0;
        if (part->kind != PART_OVERLAP || option_part_query(part) != query)
            continue;
        for (size_t other = 0; other < parts->count; other++)
            if (parts->items[other].kind == PART_OVERLAP &&
                option_part_query(&parts->items[other]) == query &&
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
static enum status add_periods(const struct option_parts *parts, const struct plan *plan,
                               struct masks *masks, struct error *err)
{
    int64_t first = plan->population.from, last = plan->population.to;
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

/* The masks of the parts of one kind and one query. */
static enum status add_some(const struct option_parts *parts, const struct plan *plan,
                            const struct option_part *part, struct masks *masks, struct error *err)
{
    size_t query = option_part_query(part);
    if (part->kind == PART_PERIOD)
        return add_periods(parts, plan, masks, err);
    if (part->kind == PART_OVERLAP)
        return add_runs(parts, query, masks, err);
    bool one_only = part->kind == PART_TOPICS && !plan->queries[query].multi_label;
    return add_listed(parts, part->kind, query, one_only, masks, err);
}

/* Whether an earlier part is of the same kind and query. */
static bool is_seen(const struct option_parts *parts, size_t number)
{
    const struct option_part *part = &parts->items[number];
    for (size_t i = 0; i < number; i++)
        if (parts->items[i].kind == part->kind &&
            (part->kind == PART_PERIOD ||
             option_part_query(&parts->items[i]) == option_part_query(part)))
            return true;
    return false;
}

enum status option_parts_masks(const struct option_parts *parts, const struct plan *plan,
                               size_t most, uint64_t **out, size_t *count, struct error *err)
{
    struct masks masks = {.most = most};
    enum status status = add_mask(&masks, 0, err);
    for (size_t p = 0; status == STATUS_OK && p < parts->count && !masks.too_many; p++) {
        struct masks some = {.most = most};
        if (is_seen(parts, p))
            continue;
        status = add_some(parts, plan, &parts->items[p], &some, err);
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
