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
    return counter->seen ? STATUS_OK : error_nomem(err);
}

void user_counter_release(struct user_counter *counter)
{
    free(counter->seen);
    *counter = (struct user_counter){.seen = NULL};
}

void user_counter_reset(struct user_counter *counter)
{
    counter->known = counter->unknown = 0;
    if (++counter->stamp == 0) {
        memset(counter->seen, 0, counter->users * sizeof *counter->seen);
        counter->stamp = 1;
    }
}

void user_counter_add(struct user_counter *counter, uint32_t user)
{
    if (user == PART_NO_CODE) {
        counter->unknown++;
    } else if (counter->seen[user] != counter->stamp) {
        counter->seen[user] = counter->stamp;
        counter->known++;
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
    *ready = (struct ready_filter){.exclude = filter->exclude};
    intern_init(&ready->ids);
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

/* The first reason to leave a row out; EXCLUDED_FILTER + i for filter i. */
static size_t reason_of(const struct filter_set *set, const struct catalogue *catalogue, size_t p,
                        uint32_t row)
{
    const struct catalogue_part *part = &catalogue->parts[p];
    const struct plan *plan = set->plan;
    if (bitmap_contains(part->duplicates, row))
        return EXCLUDED_DUPLICATE;
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

/* Rows that stand together in the population become one range, which Roaring keeps as a run. */
static enum status read_part(struct population *population, const struct filter_set *set, size_t p,
                             uint8_t *reasons, struct error *err)
{
    const struct catalogue_part *part = &population->catalogue->parts[p];
    population->rows[p] = bitmap_new();
    population->exchanges[p] = bitmap_new();
    if (!population->rows[p] || !population->exchanges[p])
        return error_nomem(err);
    uint32_t run = 0;
    uint64_t exchange = 0, exchange_run = 0;
    for (uint32_t row = 0; row <= part->rows; row++) {
        size_t why = row < part->rows ? reason_of(set, population->catalogue, p, row) : SIZE_MAX;
        if (why != IN_POPULATION) {
            if (run < row) {
                bitmap_add_range(population->rows[p], run, row);
                bitmap_add_range(population->exchanges[p], exchange_run, exchange);
            }
            run = row + 1;
        }
        if (row == part->rows)
            break;
        population->reasons[why].conversations++;
        reasons[row] = (uint8_t)(why < UINT8_MAX ? why : UINT8_MAX);
        exchange += part->exchanges[row];
        if (why != IN_POPULATION) {
            exchange_run = exchange;
            continue;
        }
        population->conversations++;
        population->exchange_count += part->exchanges[row];
        population->turns += part->turns[row];
        population->words += part->words[row];
    }
    return STATUS_OK;
}

/* Distinct users of each reason, and the rows of the population grouped by user. */
static enum status read_users(struct population *population, uint8_t *const *reasons,
                              struct error *err)
{
    const struct catalogue *catalogue = population->catalogue;
    enum status status = STATUS_OK;
    struct user_counter counter = {.seen = NULL};
    uint64_t *starts = mem_zalloc((size_t)catalogue->users + 1, sizeof *starts);
    if (!starts)
        return error_nomem(err);
    TRY_CLEANUP(user_counter_init(&counter, catalogue->users, err));
    for (size_t why = 0; why < population->reason_count; why++) {
        user_counter_reset(&counter);
        for (size_t p = 0; population->reasons[why].conversations && p < catalogue->count; p++)
            for (uint32_t row = 0; row < catalogue->parts[p].rows; row++)
                if (reasons[p][row] == why)
                    user_counter_add(&counter, catalogue_user(&catalogue->parts[p], row));
        population->reasons[why].users = user_counter_support(&counter);
        if (why == IN_POPULATION) {
            population->users = user_counter_value(&counter);
            population->users_support = user_counter_support(&counter);
        }
    }
    for (size_t p = 0; p < catalogue->count; p++)
        for (uint32_t row = 0; row < catalogue->parts[p].rows; row++) {
            uint32_t user = catalogue_user(&catalogue->parts[p], row);
            if (reasons[p][row] == IN_POPULATION && user != PART_NO_CODE) {
                starts[user + 1]++;
                population->by_user_count++;
            }
        }
    for (uint32_t user = 0; user < catalogue->users; user++)
        starts[user + 1] += starts[user];
    population->by_user = mem_zalloc(population->by_user_count, sizeof *population->by_user);
    if (!population->by_user) {
        status = error_nomem(err);
        goto cleanup;
    }
    for (size_t p = 0; p < catalogue->count; p++)
        for (uint32_t row = 0; row < catalogue->parts[p].rows; row++) {
            uint32_t user = catalogue_user(&catalogue->parts[p], row);
            if (reasons[p][row] == IN_POPULATION && user != PART_NO_CODE)
                population->by_user[starts[user]++] = catalogue->parts[p].first_row + row;
        }
cleanup:
    user_counter_release(&counter);
    free(starts);
    return status;
}

enum status population_init(struct population *population, const struct catalogue *catalogue,
                            const struct plan *plan, struct error *err)
{
    enum status status = STATUS_OK;
    size_t filters = plan->population.filter_count;
    *population =
        (struct population){.catalogue = catalogue, .reason_count = EXCLUDED_FILTER + filters};
    struct filter_set set = {plan, mem_zalloc(filters, sizeof *set.filters)};
    uint8_t **reasons = mem_zalloc(catalogue->count, sizeof *reasons);
    population->rows = mem_zalloc(catalogue->count, sizeof *population->rows);
    population->exchanges = mem_zalloc(catalogue->count, sizeof *population->exchanges);
    population->reasons = mem_zalloc(population->reason_count, sizeof *population->reasons);
    if (!set.filters || !reasons || !population->rows || !population->exchanges ||
        !population->reasons) {
        status = error_nomem(err);
        goto cleanup;
    }
    if (population->reason_count >= UINT8_MAX) {
        status = error_set(err, STATUS_PLAN, "population", "more than 240 filters");
        goto cleanup;
    }
    for (size_t i = 0; i < filters; i++)
        TRY_CLEANUP(
            ready_filter_init(&set.filters[i], catalogue, &plan->population.filters[i], err));
    for (size_t p = 0; p < catalogue->count; p++) {
        reasons[p] = mem_zalloc(catalogue->parts[p].rows, 1);
        if (!reasons[p]) {
            status = error_nomem(err);
            goto cleanup;
        }
        TRY_CLEANUP(read_part(population, &set, p, reasons[p], err));
    }
    status = read_users(population, reasons, err);
cleanup:
    for (size_t i = 0; set.filters && i < filters; i++)
        ready_filter_release(&set.filters[i]);
    for (size_t p = 0; reasons && p < catalogue->count; p++)
        free(reasons[p]);
    free(set.filters);
    free(reasons);
    return status;
}

void population_release(struct population *population)
{
    for (size_t p = 0; population->catalogue && p < population->catalogue->count; p++) {
        if (population->rows)
            bitmap_free(population->rows[p]);
        if (population->exchanges)
            bitmap_free(population->exchanges[p]);
    }
    free(population->rows);
    free(population->exchanges);
    free(population->reasons);
    free(population->by_user);
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
