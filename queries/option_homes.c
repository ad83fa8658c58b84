/* Where parts of options are told, too: see option_homes.h. */
#include "queries/option_homes.h"

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
    const struct option_part *part, *filters; /* filters: or NULL */
    enum option_measure measure;
    struct option_days *days;
    struct places *places;
};

enum { UNTIED = TALLY_GONE | TALLY_CHANGED }; /* rows of earlier reports that no tie names */

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
    TRY(places_add(h->places, hidden(h->part->hidden[h->measure], -1), err));
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

/* Of the sets that SETS has, which are of all days of its population: of others it is not asked. */
static enum status home_union(const struct homing *h, size_t query, uint32_t table,
                              const uint32_t *slots, size_t count, struct error *err)
{
    if (h->part->option.from != INT64_MIN || h->part->option.to != INT64_MAX || h->filters)
        return STATUS_OK;
    const struct unit_set **sets = mem_zalloc(count, sizeof *sets);
    struct tally_place *told = mem_zalloc(count, sizeof *told);
    enum status status = sets && told ? STATUS_OK : error_nomem(err);
    const struct tally_place whole = hidden(h->part->hidden[h->measure], 1);
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
    for (size_t p = 0; status == STATUS_OK && h->filters && p < more.parts; p++)
        bitmap_and(more.rows[p], h->filters->set.rows[p]);
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

/* Rows of a table by its time field, which may be one of an earlier report. */
struct timed_rows {
    uint32_t number;
    const struct tally_table *table;
    size_t field;
    uint32_t column; /* of the measure */
};

static const char *label_of(const struct timed_rows *rows, uint32_t row)
{
    return rows->table->key_values[row * rows->table->key_count + rows->field];
}

/* How the period of a row lies to the part's: all in it, some of it, none. */
enum lie { LIES_OUTSIDE, LIES_ACROSS, LIES_INSIDE };

static enum lie lie_of(const struct homing *h, const struct timed_rows *rows, uint32_t row,
                       struct span_of_days *days)
{
    const struct plan_option *option = &h->part->option;
    const struct plan *plan = h->sets->source->plan;
    const struct option_asked part =
        option_asked_of(option, plan->population.from, plan->population.to);
    const struct tally_table *table = rows->table;
    if (!period_days(table->by[rows->field].kind, label_of(rows, row), &days->first, &days->last))
        return LIES_OUTSIDE; /* without a time */
    if (days->first < table->from)
        days->first = table->from;
    if (days->last > table->to)
        days->last = table->to;
    if (days->last < part.from || days->first > part.to)
        return LIES_OUTSIDE;
    return days->first >= part.from && days->last <= part.to ? LIES_INSIDE : LIES_ACROSS;
}

/* Adds stretches of DAYS: all of them, or those that the part has. */
static enum status add_stretches(const struct homing *h, struct span_of_days days, bool all,
                                 struct error *err)
{
    const struct plan *plan = h->sets->source->plan;
    const struct option_asked part =
        option_asked_of(&h->part->option, plan->population.from, plan->population.to);
    while (days.first <= days.last) {
        uint32_t number;
        const struct span_of_days stretch = option_days_first(h->days, days);
        if (all || (stretch.first >= part.from && stretch.last <= part.to)) {
            TRY(option_days_hide(h->days, h->sets, h->tally, h->filters, h->measure, stretch,
                                 &number, err));
            TRY(places_add(h->places, hidden(number, 1), err));
        }
        days.first = stretch.last + 1;
    }
    return STATUS_OK;
}

/* A period of which the part has some: its rows are its stretches. */
static enum status split_period(const struct homing *h, const struct timed_rows *rows,
                                const char *label, struct span_of_days days, struct error *err)
{
    for (uint32_t row = 0; row + 1 < rows->table->row_count; row++)
        if (strcmp(label_of(rows, row), label) == 0)
            TRY(add(h, rows->number, row, rows->column, -1, err));
    TRY(add_stretches(h, days, true, err));
    return places_bind(h->places, h->tally, false, err);
}

static enum status home_period(const struct homing *h, const struct timed_rows *rows,
                               struct error *err)
{
    const char *split[2] = {NULL, NULL}; /* a part begins in one period and ends in one */
    struct span_of_days across[2], days;
    for (uint32_t row = 0; row + 1 < rows->table->row_count; row++) {
        const char *label = label_of(rows, row);
        if (lie_of(h, rows, row, &days) != LIES_ACROSS ||
            (split[0] && strcmp(split[0], label) == 0) ||
            (split[1] && strcmp(split[1], label) == 0))
            continue;
        size_t i = split[0] != NULL;
        split[i] = label;
        across[i] = days;
        TRY(split_period(h, rows, label, days, err));
    }
    for (size_t i = 0; i < 2 && split[i]; i++)
        TRY(add_stretches(h, across[i], false, err));
    for (uint32_t row = 0; row + 1 < rows->table->row_count; row++)
        if (lie_of(h, rows, row, &days) == LIES_INSIDE)
            TRY(add(h, rows->number, row, rows->column, 1, err));
    return bind(h, err);
}

/* Whether its rows tell of the part: the period is the population's own, or holds all of the part,
 * whole row by row; and no row that would be named is no more. */
static bool tells_part(const struct homing *h, const struct timed_rows *rows)
{
    const struct plan *plan = h->sets->source->plan;
    const struct tally_table *table = rows->table;
    const struct option_asked part =
        option_asked_of(&h->part->option, plan->population.from, plan->population.to);
    bool own = table->from == plan->population.from && table->to == plan->population.to;
    bool tells = own || (part.from >= table->from && part.to <= table->to);
    for (uint32_t row = 0; tells && row + 1 < table->row_count; row++) {
        struct span_of_days days;
        enum lie lie = lie_of(h, rows, row, &days);
        tells = lie == LIES_OUTSIDE ||
                (!(table->row_flags[row] & UNTIED) && (own || lie == LIES_INSIDE));
    }
    return tells;
}

static const char *const measure_ids[OPTION_MEASURES] = {[MEASURE_CONVERSATIONS] = "conversations",
                                                         [MEASURE_EXCHANGES] = "exchanges",
                                                         [MEASURE_WORDS] = "words"};

/* Is TABLE of the population's filters, or of those that are asked for? */
static bool is_filtered_so(const struct homing *h, const struct tally_table *table)
{
    const struct plan *plan = h->sets->source->plan;
    return h->filters ? plan_filters_same(table->filters, table->filter_count, h->filters->filters,
                                          h->filters->filter_count)
                      : plan_filters_same(table->filters, table->filter_count,
                                          plan->population.filters, plan->population.filter_count);
}

static uint32_t measure_column(const struct homing *h, const struct tally_table *table)
{
    uint32_t column = 0;
    while (column < table->column_count &&
           strcmp(table->columns[column].id, measure_ids[h->measure]) != 0)
        column++;
    return column;
}

/* Rows of the tables of terms by fields are not of all conversations. */
static bool is_of_all(const struct tally_table *table)
{
    return (table->query != SIZE_MAX || table->told_before) && table->row_count > 1;
}

static bool find_times(const struct homing *h, uint32_t number, struct timed_rows *rows)
{
    const struct tally_table *table = &h->tally->tables[number];
    *rows =
        (struct timed_rows){.number = number, .table = table, .column = measure_column(h, table)};
    if (!is_filtered_so(h, table) || !is_of_all(table))
        return false;
    while (rows->field < table->by_count && (table->by[rows->field].kind == PLAN_FIELD_STORED ||
                                             table->by[rows->field].kind == PLAN_FIELD_WEEKDAY))
        rows->field++;
    return rows->field < table->by_count && rows->column < table->column_count;
}

/* ---- totals ---- */

/* The total of a table of just the part's days. */
static enum status home_total(const struct homing *h, uint32_t number, struct error *err)
{
    const struct tally_table *table = &h->tally->tables[number];
    const struct plan *plan = h->sets->source->plan;
    const struct option_asked part =
        option_asked_of(&h->part->option, plan->population.from, plan->population.to);
    uint32_t total = (uint32_t)table->row_count - 1, column = measure_column(h, table);
    if (!table->by_count || !is_of_all(table) || !is_filtered_so(h, table) ||
        table->from != part.from || table->to != part.to || column == table->column_count ||
        table->row_flags[total] & UNTIED)
        return STATUS_OK;
    TRY(add(h, number, total, column, 1, err));
    return bind(h, err);
}

static enum status home_periods(const struct homing *h, struct error *err)
{
    const struct plan_option *option = &h->part->option;
    /* Rows without a time are among all days, too. */
    bool all = option->from == INT64_MIN && option->to == INT64_MAX;
    for (uint32_t table = 0; table < h->tally->table_count; table++) {
        struct timed_rows rows;
        if (!all && find_times(h, table, &rows) && tells_part(h, &rows))
            TRY(home_period(h, &rows, err));
        TRY(home_total(h, table, err));
    }
    return STATUS_OK;
}

enum status option_part_home(struct told_sets *sets, struct tally *tally,
                             const struct option_part *part, const struct option_part *filters,
                             enum option_measure measure, struct option_days *days,
                             struct places *places, struct error *err)
{
    const struct homing h = {sets, tally, part, filters, measure, days, places};
    static enum status (*const homes[])(const struct homing *h, uint32_t table,
                                        struct error *err) = {
        [PART_TERMS] = home_terms, [PART_TOPICS] = home_topics, [PART_OVERLAP] = home_overlap};
    if (part->kind == PART_PERIOD)
        return home_periods(&h, err);
    size_t table = told_sets_table(sets, option_part_query(part));
    return table < tally->table_count ? homes[part->kind](&h, (uint32_t)table, err) : STATUS_OK;
}
