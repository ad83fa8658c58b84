/* Where parts of options are told, too: see option_homes.h. */
#include "queries/option_homes.h"

#include "base/civil.h"
#include "base/memory.h"
#include "queries/overlap_relations.h"
#include "queries/period_label.h"
#include "queries/tally_proposals.h"
#include "queries/tally_unions.h"
#include "queries/terms_relations.h"

#include <stdlib.h>
#include <string.h>

struct homing {
    struct told_sets *sets;
    struct tally *tally;
    const struct option_part *part;
    struct places *places;
};

static struct tally_place hidden(uint32_t number, int sign)
{
    return (struct tally_place){TALLY_HIDDEN, number, 0, sign};
}

static enum status add(const struct homing *h, uint32_t table, uint32_t row, uint32_t column,
                       int sign, struct error *err)
{
    return places_add(h->places, (struct tally_place){table, row, column, sign}, err);
}

/* The part is what was added so far. */
static enum status bind(const struct homing *h, struct error *err)
{
    TRY(places_add(h->places, hidden(h->part->hidden, -1), err));
    return places_bind(h->places, h->tally, false, err);
}

/* ---- terms ---- */

static bool names(const struct plan_option *option, const unsigned char *list, size_t len)
{
    for (size_t i = 0; i < option->term_count; i++)
        if (memchr(list, (int)option->terms[i], len))
            return true;
    return false;
}

/* What one of the terms has alone, and each combination with one of them. */
static enum status home_combinations(const struct homing *h, uint32_t table,
                                     const struct tally_atoms *atoms, struct error *err)
{
    const struct plan_option *option = &h->part->option;
    for (size_t i = 0; i < option->term_count; i++)
        TRY(add(h, table, option->terms[i], UNIQUE, 1, err));
    for (size_t i = 0; i < atoms->count; i++)
        if (atoms->lists[i] && names(option, atoms->lists[i], atoms->lengths[i]))
            TRY(places_add(h->places, hidden(atoms->first + (uint32_t)i, 1), err));
    return bind(h, err);
}

/* ---- a union of told sets ---- */

static enum status home_union(const struct homing *h, size_t query, uint32_t table,
                              const uint32_t *slots, size_t count, struct error *err)
{
    const struct unit_set **sets = mem_zalloc(count, sizeof *sets);
    struct tally_place *told = mem_zalloc(count, sizeof *told);
    enum status status = sets && told ? STATUS_OK : error_nomem(err);
    const struct tally_place whole = hidden(h->part->hidden, 1);
    for (size_t i = 0; status == STATUS_OK && i < count; i++) {
        const struct told_set *set = told_sets_find(h->sets, query, slots[i]);
        if (!set)
            status = error_set(err, STATUS_INTERNAL, NULL, "a set of an option is missing");
        sets[i] = set ? &set->set : NULL;
        told[i] = (struct tally_place){table, slots[i], CONVERSATIONS, 1};
    }
    const struct set_union of = {
        .sets = sets, .told = told, .count = count, .whole = &whole, .whole_count = 1};
    if (status == STATUS_OK)
        status = tally_unite(h->sets, h->tally, &of, NULL, err);
    free(sets);
    free(told);
    return status;
}

static enum status home_terms(const struct homing *h, uint32_t table, struct error *err)
{
    const struct plan_option *option = &h->part->option;
    size_t query = option->terms_query;
    const struct tally_atoms *atoms = tally_atoms_find(h->tally, query);
    if (option->term_count == 1) {
        TRY(add(h, table, option->terms[0], CONVERSATIONS, 1, err));
        return bind(h, err);
    }
    if (atoms)
        return home_combinations(h, table, atoms, err);
    if (option->term_count == h->sets->source->plan->queries[query].term_count) {
        TRY(add(h, table, (uint32_t)option->term_count, CONVERSATIONS, 1, err));
        TRY(bind(h, err));
    }
    return home_union(h, query, table, option->terms, option->term_count, err);
}

static enum status home_topics(const struct homing *h, uint32_t table, struct error *err)
{
    const struct plan_option *option = &h->part->option;
    if (h->sets->source->plan->queries[option->topics_query].multi_label)
        return home_union(h, option->topics_query, table, option->topics, option->topic_count, err);
    for (size_t i = 0; i < option->topic_count; i++)
        TRY(add(h, table, option->topics[i], 0, 1, err));
    return bind(h, err);
}

/* ---- overlap ---- */

/* Conversations with a run of FROM words or more and, if TO is not 0, of fewer than TO. */
static enum status hide_runs(const struct homing *h, uint32_t from, uint32_t to, uint32_t *number,
                             struct error *err)
{
    struct plan_option option = h->part->option;
    struct unit_set more, less;
    enum status status = unit_set_init(&more, h->sets->source->catalogue, err);
    if (status == STATUS_OK)
        status = unit_set_init(&less, h->sets->source->catalogue, err);
    else
        less = (struct unit_set){.parts = 0};
    option.overlap_words = from;
    if (status == STATUS_OK)
        status = proposals_select(&more, &h->sets->units, h->sets->source, &option, err);
    option.overlap_words = to;
    if (status == STATUS_OK && to)
        status = proposals_select(&less, &h->sets->units, h->sets->source, &option, err);
    if (status == STATUS_OK)
        status = tally_hide_set(h->sets, h->tally, &more, &less, number, err);
    unit_set_release(&more);
    unit_set_release(&less);
    return status;
}

/* The bins from so many words on, and a part of the bin before them. */
static enum status home_overlap(const struct homing *h, uint32_t table, struct error *err)
{
    const struct plan_query *query = &h->sets->source->plan->queries[h->part->option.overlap_query];
    uint32_t bins = (uint32_t)query->bin_count, words = h->part->option.overlap_words, bin = bins;
    uint32_t inside, outside;
    while (bin > 0 && query->bins[bin - 1] >= words)
        bin--;
    uint32_t next = bin < bins ? query->bins[bin] : 0;
    bool split = bin > 0 && (!next || next > words);
    if (split) {
        TRY(hide_runs(h, words, next, &inside, err));
        TRY(hide_runs(h, query->bins[bin - 1], words, &outside, err));
        TRY(add(h, table, overlap_row(VIEW_ANYWHERE, bin - 1, bins), RUN_CONVERSATIONS, -1, err));
        TRY(places_add(h->places, hidden(inside, 1), err));
        TRY(places_add(h->places, hidden(outside, 1), err));
        TRY(places_bind(h->places, h->tally, false, err));
        TRY(places_add(h->places, hidden(inside, 1), err));
    }
    for (uint32_t i = bin; i < bins; i++)
        TRY(add(h, table, overlap_row(VIEW_ANYWHERE, i, bins), RUN_CONVERSATIONS, 1, err));
    return bind(h, err);
}

/* ---- periods ---- */

struct span_of_days {
    int64_t first, last;
};

struct filling {
    const struct catalogue_part *part;
    struct bitmap *to;
    struct span_of_days in;
};

static bool fill(uint32_t row, void *context)
{
    const struct filling *f = context;
    int64_t time = f->part->time[row], day = time == CIVIL_NONE ? 0 : civil_day_of(time);
    if (time != CIVIL_NONE && day >= f->in.first && day <= f->in.last)
        bitmap_add(f->to, row);
    return true;
}

/* Conversations of days IN, and in the part or (OUTSIDE) not. */
static enum status hide_days(const struct homing *h, struct span_of_days in, bool outside,
                             uint32_t *number, struct error *err)
{
    struct unit_set days;
    enum status status = unit_set_init(&days, h->sets->source->catalogue, err);
    for (size_t p = 0; status == STATUS_OK && p < days.parts; p++) {
        struct filling f = {&h->sets->source->catalogue->parts[p], days.rows[p], in};
        bitmap_each(h->sets->units.rows[p], fill, &f);
        if (outside)
            bitmap_andnot(days.rows[p], h->part->set.rows[p]);
        else
            bitmap_and(days.rows[p], h->part->set.rows[p]);
    }
    if (status == STATUS_OK)
        status = tally_hide_set(h->sets, h->tally, &days, NULL, number, err);
    unit_set_release(&days);
    return status;
}

/* How the period of a row lies to the part's: all in it, some of it, none. */
enum lie { LIES_OUTSIDE, LIES_ACROSS, LIES_INSIDE };

static enum lie lie_of(const struct homing *h, enum plan_field_kind kind, const char *label,
                       struct span_of_days *days)
{
    const struct plan *plan = h->sets->source->plan;
    const struct plan_option *option = &h->part->option;
    if (!period_days(kind, label, &days->first, &days->last))
        return LIES_OUTSIDE; /* without a time */
    if (days->first < plan->population.from)
        days->first = plan->population.from;
    if (days->last > plan->population.to)
        days->last = plan->population.to;
    if (days->last < option->from || days->first > option->to)
        return LIES_OUTSIDE;
    return days->first >= option->from && days->last <= option->to ? LIES_INSIDE : LIES_ACROSS;
}

/* A period of which the part has some: its rows are what the part has of it and the rest. */
static enum status split_period(const struct homing *h, uint32_t table, size_t field,
                                const char *label, struct span_of_days days, uint32_t *inside,
                                struct error *err)
{
    const struct tally_table *rows = &h->tally->tables[table];
    uint32_t outside;
    TRY(hide_days(h, days, false, inside, err));
    TRY(hide_days(h, days, true, &outside, err));
    for (uint32_t row = 0; row + 1 < rows->row_count; row++)
        if (strcmp(rows->key_values[row * rows->key_count + field], label) == 0)
            TRY(add(h, table, row, 0, -1, err));
    TRY(places_add(h->places, hidden(*inside, 1), err));
    TRY(places_add(h->places, hidden(outside, 1), err));
    return places_bind(h->places, h->tally, false, err);
}

static enum status home_period(const struct homing *h, uint32_t table, size_t field,
                               enum plan_field_kind kind, struct error *err)
{
    const struct tally_table *rows = &h->tally->tables[table];
    const char *split[2] = {NULL, NULL}; /* a part begins in one period and ends in one */
    uint32_t inside[2];
    struct span_of_days days;
    for (uint32_t row = 0; row + 1 < rows->row_count; row++) {
        const char *label = rows->key_values[row * rows->key_count + field];
        if (lie_of(h, kind, label, &days) != LIES_ACROSS ||
            (split[0] && strcmp(split[0], label) == 0) ||
            (split[1] && strcmp(split[1], label) == 0))
            continue;
        size_t i = split[0] != NULL;
        split[i] = label;
        TRY(split_period(h, table, field, label, days, &inside[i], err));
    }
    for (size_t i = 0; i < 2 && split[i]; i++)
        TRY(places_add(h->places, hidden(inside[i], 1), err));
    for (uint32_t row = 0; row + 1 < rows->row_count; row++)
        if (lie_of(h, kind, rows->key_values[row * rows->key_count + field], &days) == LIES_INSIDE)
            TRY(add(h, table, row, 0, 1, err));
    return bind(h, err);
}

static enum status home_periods(const struct homing *h, struct error *err)
{
    for (uint32_t table = 0; table < h->tally->table_count; table++) {
        const struct tally_table *rows = &h->tally->tables[table];
        /* Rows of the tables of terms by fields are not of all conversations. */
        if (rows->query == SIZE_MAX || rows->row_count < 2)
            continue;
        for (size_t i = 0; i < rows->by_count; i++)
            if (rows->by[i].kind != PLAN_FIELD_STORED && rows->by[i].kind != PLAN_FIELD_WEEKDAY) {
                TRY(home_period(h, table, i, rows->by[i].kind, err));
                break;
            }
    }
    return STATUS_OK;
}

enum status option_part_home(struct told_sets *sets, struct tally *tally,
                             const struct option_part *part, struct places *places,
                             struct error *err)
{
    const struct homing h = {sets, tally, part, places};
    static enum status (*const homes[])(const struct homing *h, uint32_t table,
                                        struct error *err) = {
        [PART_TERMS] = home_terms, [PART_TOPICS] = home_topics, [PART_OVERLAP] = home_overlap};
    if (part->kind == PART_PERIOD)
        return home_periods(&h, err);
    size_t table = told_sets_table(sets, option_part_query(part));
    return table < tally->table_count ? homes[part->kind](&h, (uint32_t)table, err) : STATUS_OK;
}
