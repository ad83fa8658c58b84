/* The population of a plan: see population.h. */
#include "queries/population.h"

#include "base/civil.h"
#include "base/intern.h"
#include "base/memory.h"
#include "queries/field_index.h"

#include <stdlib.h>
#include <string.h>

/* ---- counting distinct users ---- */

enum status user_counter_init(struct user_counter *counter, uint32_t users, struct error *err)
{
    *counter = (struct user_counter){.users = users, .stamp = 1};
    counter->seen = mem_zalloc(users, sizeof *counter->seen);
    counter->rows = mem_zalloc(users, sizeof *counter->rows);
    return counter->seen && counter->rows ? STATUS_OK : error_nomem(err);
}

void user_counter_release(struct user_counter *counter)
{
    free(counter->seen);
    free(counter->rows);
    *counter = (struct user_counter){.seen = NULL};
}

void user_counter_reset(struct user_counter *counter)
{
    counter->known = counter->unknown = counter->most = 0;
    if (++counter->stamp == 0) {
        memset(counter->seen, 0, counter->users * sizeof *counter->seen);
        counter->stamp = 1;
    }
}

uint64_t user_counter_value(const struct user_counter *counter)
{
    return counter->known + counter->unknown;
}

uint32_t user_counter_support(const struct user_counter *counter)
{
    return (uint32_t)counter->known + (counter->unknown > 0);
}

/* ---- filters ---- */

/* A filter made ready: which codes of its field, or which ids, are listed. */
struct ready_filter {
    bool exclude, by_id;
    const struct plan_extent *extent;
    struct field_index index;
    bool *listed; /* [index.count] */
    struct intern ids;
};

static void ready_filter_release(struct ready_filter *filter)
{
    field_index_release(&filter->index);
    free(filter->listed);
    intern_release(&filter->ids);
}

static enum status ready_filter_init(struct ready_filter *ready, const struct catalogue *catalogue,
                                     const struct plan_filter *filter, struct error *err)
{
    *ready = (struct ready_filter){.exclude = filter->exclude, .extent = filter->extent};
    intern_init(&ready->ids);
    if (ready->extent)
        return STATUS_OK;
    uint32_t number;
    for (size_t i = 0; i < filter->value_count; i++)
        TRY(intern_add(&ready->ids, filter->values[i], strlen(filter->values[i]), &number, err));
    ready->by_id = filter->field.stored == SIZE_MAX && strcmp(filter->field.name, "id") == 0;
    if (ready->by_id)
        return STATUS_OK;
    TRY(field_index_init_raw(&ready->index, catalogue, &filter->field, err));
    ready->listed = mem_zalloc(ready->index.count, sizeof *ready->listed);
    if (!ready->listed)
        return error_nomem(err);
    for (size_t i = 0; i < ready->index.count; i++) {
        const struct intern_text *label = &ready->index.labels.items[i];
        ready->listed[i] = intern_find(&ready->ids, label->text, label->len) != INTERN_NONE;
    }
    return STATUS_OK;
}

static bool filter_passes(const struct ready_filter *filter, const struct catalogue *catalogue,
                          size_t part, uint32_t row)
{
    bool listed;
    if (filter->extent) {
        uint64_t number = catalogue->parts[part].first_row + row;
        return filter->extent->bits[number / 64] >> number % 64 & 1;
    }
    if (filter->by_id) {
        char scratch[CATALOGUE_ID_MAX];
        struct span id = catalogue_id(&catalogue->parts[part], row, scratch);
        listed = intern_find(&filter->ids, id.data, id.len) != INTERN_NONE;
    } else {
        uint32_t code = field_index_code(&filter->index, part, row);
        listed = code != FIELD_INDEX_NONE && filter->listed[code];
    }
    return filter->exclude ? !listed : listed;
}

/* ---- the population ---- */

struct filter_set {
    const struct plan *plan;
    struct ready_filter *filters;
};

/* The first reason to leave out a row that is no duplicate; EXCLUDED_FILTER + i for filter i. */
static size_t reason_of(const struct filter_set *set, const struct catalogue *catalogue, size_t p,
                        uint32_t row)
{
    const struct catalogue_part *part = &catalogue->parts[p];
    const struct plan *plan = set->plan;
    if (plan->population.from != INT64_MIN || plan->population.to != INT64_MAX) {
        if (part->time[row] == CIVIL_NONE)
            return EXCLUDED_NO_TIME;
        int64_t day = civil_day_of(part->time[row]);
        if (day < plan->population.from)
            return EXCLUDED_BEFORE;
        if (day > plan->population.to)
            return EXCLUDED_AFTER;
    }
    for (size_t i = 0; i < plan->population.filter_count; i++)
        if (!filter_passes(&set->filters[i], catalogue, p, row))
            return EXCLUDED_FILTER + i;
    return IN_POPULATION;
}

static bool mark_duplicate(uint32_t row, void *context)
{
    uint8_t *reasons = context;
    reasons[row] = EXCLUDED_DUPLICATE;
    return true;
}

static void add_row(struct population *population, const struct catalogue_part *part, uint32_t row)
{
    population->conversations++;
    population->exchange_count += part->exchanges[row];
    population->turns += part->turns[row];
    population->words += part->words[row];
    if (part->time[row] == CIVIL_NONE)
        return;
    int64_t day = civil_day_of(part->time[row]);
    if (day < population->first_day)
        population->first_day = day;
    if (day > population->last_day)
        population->last_day = day;
}

/* Rows that stand together in the population become one range, which Roaring keeps as a run. */
static enum status read_part(struct population *population, const struct filter_set *set, size_t p,
                             struct error *err)
{
    const struct catalogue_part *part = &population->catalogue->parts[p];
    uint8_t *reasons = mem_zalloc(part->rows, 1);
    population->reason_of[p] = reasons;
    population->rows[p] = bitmap_new();
    population->exchanges[p] = bitmap_new();
    if (!reasons || !population->rows[p] || !population->exchanges[p])
        return error_nomem(err);
    bitmap_each(part->duplicates, mark_duplicate, reasons);
    uint32_t run = 0; /* where the rows that stand together began */
    for (uint32_t row = 0; row < part->rows; row++) {
        if (reasons[row] != EXCLUDED_DUPLICATE)
            reasons[row] = (uint8_t)reason_of(set, population->catalogue, p, row);
        population->reasons[reasons[row]].conversations++;
        if (reasons[row] == IN_POPULATION) {
            add_row(population, part, row);
            continue;
        }
        bitmap_add_range(population->rows[p], run, row);
        bitmap_add_range(population->exchanges[p], part->first_exchange[run],
                         part->first_exchange[row]);
        run = row + 1;
    }
    bitmap_add_range(population->rows[p], run, part->rows);
    bitmap_add_range(population->exchanges[p], part->first_exchange[run],
                     part->first_exchange[part->rows]);
    return STATUS_OK;
}

/* Distinct users of each reason. */
static enum status count_users(struct population *population, struct error *err)
{
    const struct catalogue *catalogue = population->catalogue;
    struct user_counter counter;
    TRY(user_counter_init(&counter, catalogue->users, err));
    for (size_t why = 0; why < population->reason_count; why++) {
        user_counter_reset(&counter);
        for (size_t p = 0; population->reasons[why].conversations && p < catalogue->count; p++)
            for (uint32_t row = 0; row < catalogue->parts[p].rows; row++)
                if (population->reason_of[p][row] == why)
                    user_counter_add(&counter, catalogue_user(&catalogue->parts[p], row));
        population->reasons[why].users = user_counter_support(&counter);
        if (why == IN_POPULATION) {
            population->users = user_counter_value(&counter);
            population->users_support = user_counter_support(&counter);
        }
    }
    user_counter_release(&counter);
    return STATUS_OK;
}

/* The number of a row's user, where all unknown ones have the number after the last. */
static uint32_t user_place(const struct catalogue *catalogue, size_t p, uint32_t row)
{
    uint32_t user = catalogue_user(&catalogue->parts[p], row);
    return user == PART_NO_CODE ? catalogue->users : user;
}

/* The rows of the population grouped by user: a counting sort. */
enum status population_group_users(struct population *population, struct error *err)
{
    if (population->by_user)
        return STATUS_OK;
    const struct catalogue *catalogue = population->catalogue;
    size_t users = catalogue->users;
    /* start[u + 2] counts user u, then start[u + 1] is where user u goes on. */
    uint64_t *start = mem_zalloc(users + 3, sizeof *start);
    population->user_start = start;
    population->by_user = mem_zalloc(population->conversations, sizeof *population->by_user);
    if (!start || !population->by_user)
        return error_nomem(err);
    for (size_t p = 0; p < catalogue->count; p++)
        for (uint32_t row = 0; row < catalogue->parts[p].rows; row++)
            if (population_has(population, p, row))
                start[user_place(catalogue, p, row) + 2ull]++;
    for (size_t user = 0; user <= users; user++)
        start[user + 2] += start[user + 1];
    for (size_t p = 0; p < catalogue->count; p++)
        for (uint32_t row = 0; row < catalogue->parts[p].rows; row++)
            if (population_has(population, p, row))
                population->by_user[start[user_place(catalogue, p, row) + 1ull]++] =
                    (uint32_t)(catalogue->parts[p].first_row + row);
    return STATUS_OK;
}

/* Room for what is counted; the filters made ready. */
static enum status prepare(struct population *population, struct filter_set *set, struct error *err)
{
    const struct catalogue *catalogue = population->catalogue;
    const struct plan *plan = set->plan;
    size_t parts = catalogue->count;
    if (population->reason_count > UINT8_MAX)
        return error_set(err, STATUS_PLAN, "population", "more than %d filters",
                         UINT8_MAX - EXCLUDED_FILTER);
    if (catalogue->rows > UINT32_MAX)
        return error_set(err, STATUS_INPUT, NULL, "more than %u conversations", UINT32_MAX);
    population->rows = mem_zalloc(parts, sizeof *population->rows);
    population->exchanges = mem_zalloc(parts, sizeof *population->exchanges);
    population->reason_of = mem_zalloc(parts, sizeof *population->reason_of);
    population->reasons = mem_zalloc(population->reason_count, sizeof *population->reasons);
    set->filters = mem_zalloc(plan->population.filter_count, sizeof *set->filters);
    if (!population->rows || !population->exchanges || !population->reason_of ||
        !population->reasons || !set->filters)
        return error_nomem(err);
    for (size_t i = 0; i < plan->population.filter_count; i++)
        TRY(ready_filter_init(&set->filters[i], catalogue, &plan->population.filters[i], err));
    return STATUS_OK;
}

enum status population_init_rows(struct population *population, const struct catalogue *catalogue,
                                 const struct plan *plan, struct error *err)
{
    enum status status = STATUS_OK;
    size_t filters = plan->population.filter_count;
    *population = (struct population){.catalogue = catalogue,
                                      .first_day = INT64_MAX,
                                      .last_day = INT64_MIN,
                                      .from = plan->population.from,
                                      .to = plan->population.to,
                                      .reason_count = EXCLUDED_FILTER + filters};
    struct filter_set set = {plan, NULL};
    TRY_CLEANUP(prepare(population, &set, err));
    for (size_t p = 0; p < catalogue->count; p++)
        TRY_CLEANUP(read_part(population, &set, p, err));
    status = count_users(population, err);
cleanup:
    for (size_t i = 0; set.filters && i < filters; i++)
        ready_filter_release(&set.filters[i]);
    free(set.filters);
    return status;
}

enum status population_init(struct population *population, const struct catalogue *catalogue,
                            const struct plan *plan, struct error *err)
{
    TRY(population_init_rows(population, catalogue, plan, err));
    return population_group_users(population, err);
}

void population_release(struct population *population)
{
    for (size_t p = 0; population->catalogue && p < population->catalogue->count; p++) {
        if (population->rows)
            bitmap_free(population->rows[p]);
        if (population->exchanges)
            bitmap_free(population->exchanges[p]);
        if (population->reason_of)
            free(population->reason_of[p]);
    }
    free(population->rows);
    free(population->exchanges);
    free(population->reasons);
    free(population->reason_of);
    free(population->by_user);
    free(population->user_start);
    *population = (struct population){.catalogue = NULL};
}

const struct catalogue_part *population_part(const struct catalogue *catalogue, uint64_t row,
                                             uint32_t *local)
{
    size_t low = 0, high = catalogue->count;
    while (high - low > 1) {
        size_t middle = low + (high - low) / 2;
        if (catalogue->parts[middle].first_row <= row)
            low = middle;
        else
            high = middle;
    }
    *local = (uint32_t)(row - catalogue->parts[low].first_row);
    return &catalogue->parts[low];
}

/* ROW is in both, or capped; or it is of a user who has nothing in INNER. */
static bool keeps_row(const struct population *inner, const struct population *whole, size_t p,
                      uint32_t row)
{
    uint8_t reason = inner->reason_of[p][row];
    bool there = population_has(whole, p, row);
    if (reason == IN_POPULATION || reason == EXCLUDED_CAPPED)
        return there;
    uint32_t user = catalogue_user(&inner->catalogue->parts[p], row);
    return !there || user == PART_NO_CODE ||
           inner->user_start[user] == inner->user_start[user + 1ull];
}

bool population_keeps_users(const struct population *inner, const struct population *whole)
{
    for (size_t p = 0; p < inner->catalogue->count; p++)
        for (uint32_t row = 0; row < inner->catalogue->parts[p].rows; row++)
            if (!keeps_row(inner, whole, p, row))
                return false;
    return true;
}
