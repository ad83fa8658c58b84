/*
 * Figures without a gate: the functions of release/figure.h over tables that a test writes down, so
 * that answers can be tested for what they make of given figures.
 */
#ifndef PROFFER_FAKE_RELEASE_H
#define PROFFER_FAKE_RELEASE_H

#include "release/figure.h"

#include <stdint.h>
#include <string.h>

#define FAKE_WITHHELD UINT64_MAX

struct figure_table {
    const char *id;
    size_t query;
    const char *keys[3]; /* ids */
    size_t key_count;
    bool month; /* the first key is a month */
    const char *columns[10];
    size_t column_count;
    size_t row_count;
    const char *const *key_values; /* [row * key_count + key] */
    const uint64_t *values;        /* [row * column_count + column]; FAKE_WITHHELD */
};

struct release {
    const struct figure_table *tables;
    size_t table_count;
    const struct figure_sample *samples;
    size_t sample_count;
    const struct figure_spread *spreads;
    size_t spread_count;
    uint64_t population[4];
    uint32_t min_users;
};

const char *figure_table_id(const struct figure_table *table)
{
    return table->id;
}

size_t figure_table_query(const struct figure_table *table)
{
    return table->query;
}

size_t figure_table_rows(const struct figure_table *table)
{
    return table->row_count;
}

size_t figure_table_keys(const struct figure_table *table)
{
    return table->key_count;
}

size_t figure_table_columns(const struct figure_table *table)
{
    return table->column_count;
}

const char *figure_key_id(const struct figure_table *table, size_t key)
{
    return table->keys[key];
}

const char *figure_key_title(const struct figure_table *table, size_t key)
{
    return table->keys[key];
}

bool figure_key_is_month(const struct figure_table *table, size_t key)
{
    return table->month && key == 0;
}

const char *figure_key_value(const struct figure_table *table, size_t row, size_t key)
{
    return table->key_values[row * table->key_count + key];
}

const char *figure_column_id(const struct figure_table *table, size_t column)
{
    return table->columns[column];
}

const char *figure_column_title(const struct figure_table *table, size_t column)
{
    return table->columns[column];
}

const char *figure_column_unit(const struct figure_table *table, size_t column)
{
    return table->columns[column];
}

size_t figure_column_find(const struct figure_table *table, const char *id)
{
    for (size_t i = 0; i < table->column_count; i++)
        if (strcmp(table->columns[i], id) == 0)
            return i;
    return SIZE_MAX;
}

/* Whether figures have noise: plus and minus 5, and 6 where two must hold together. */
static bool fake_noisy;

static struct figure fake_figure(uint64_t value)
{
    if (value == FAKE_WITHHELD)
        return (struct figure){.state = FIGURE_WITHHELD};
    if (!fake_noisy)
        return (struct figure){.value = value, .state = FIGURE_EXACT};
    return (struct figure){.value = value,
                           .state = FIGURE_NOISY,
                           .low = value > 5 ? value - 5 : 0,
                           .high = value + 5,
                           .wide_low = value > 6 ? value - 6 : 0,
                           .wide_high = value + 6};
}

struct figure figure_at(const struct figure_table *table, size_t row, size_t column)
{
    return fake_figure(table->values[row * table->column_count + column]);
}

bool figure_row_is_listed(const struct figure_table *table, size_t row)
{
    (void)table;
    (void)row;
    return true;
}

bool figure_table_is_cut(const struct figure_table *table)
{
    (void)table;
    return false;
}

size_t figure_table_withheld(const struct figure_table *table)
{
    size_t count = 0;
    for (size_t i = 0; i < table->row_count * table->column_count; i++)
        count += table->values[i] == FAKE_WITHHELD;
    return count;
}

size_t release_table_count(const struct release *release)
{
    return release->table_count;
}

const struct figure_table *release_table(const struct release *release, size_t i)
{
    return &release->tables[i];
}

const struct figure_table *release_table_find(const struct release *release, const char *id)
{
    for (size_t i = 0; i < release->table_count; i++)
        if (strcmp(release->tables[i].id, id) == 0)
            return &release->tables[i];
    return NULL;
}

const struct figure_sample *release_sample_find(const struct release *release, size_t query,
                                                long search)
{
    for (size_t i = 0; i < release->sample_count; i++)
        if (release->samples[i].query == query && release->samples[i].search == search)
            return &release->samples[i];
    return NULL;
}

size_t release_spread_count(const struct release *release)
{
    return release->spread_count;
}

const struct figure_spread *release_spread(const struct release *release, size_t i)
{
    return &release->spreads[i];
}

const struct figure_spread *release_spread_find(const struct release *release, size_t query)
{
    for (size_t i = 0; i < release->spread_count; i++)
        if (release->spreads[i].query == query)
            return &release->spreads[i];
    return NULL;
}

const struct figure_noisy_sample *release_noisy_sample_find(const struct release *release,
                                                            size_t query)
{
    (void)release, (void)query;
    return NULL;
}

const struct figure_noisy_search *release_noisy_search_find(const struct release *release,
                                                            size_t query)
{
    (void)release;
    (void)query;
    return NULL;
}

struct figure release_population(const struct release *release)
{
    return fake_figure(release->population[0]);
}

struct figure release_population_exchanges(const struct release *release)
{
    return fake_figure(release->population[1]);
}

struct figure release_population_users(const struct release *release)
{
    return fake_figure(release->population[2]);
}

struct figure release_population_words(const struct release *release)
{
    return fake_figure(release->population[3]);
}

const char *release_statement(const struct release *release, size_t i)
{
    static const char *const statements[] = {
        "EXACT COUNTS, no noise: small cells are withheld, all else is shown as counted.",
        "Cells of 1 to 10 distinct users are withheld, with as many others as protect them.",
    };
    (void)release;
    return i < 2 ? statements[i] : NULL;
}

uint32_t release_min_users(const struct release *release)
{
    return release->min_users;
}

size_t release_withheld(const struct release *release)
{
    size_t count = 0;
    for (size_t i = 0; i < release->table_count; i++)
        count += figure_table_withheld(&release->tables[i]);
    return count;
}

bool release_is_noisy(const struct release *release)
{
    (void)release;
    return fake_noisy;
}

double release_confidence(const struct release *release)
{
    (void)release;
    return 0.95;
}

bool release_fact(const struct release *release, size_t i, const char **name, const char **value)
{
    *name = i == 0 ? "law" : "confidence";
    *value = i == 0 ? "a law" : "0.95";
    (void)release;
    return fake_noisy && i < 2;
}

#endif
