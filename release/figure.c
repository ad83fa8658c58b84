/* Reading figures: see figure.h. */
#include "release/figure.h"

#include "release/figure_make.h"

#include <assert.h>
#include <string.h>

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
    assert(key < table->key_count);
    return table->keys[key].id;
}

const char *figure_key_title(const struct figure_table *table, size_t key)
{
    assert(key < table->key_count);
    return table->keys[key].title;
}

bool figure_key_is_month(const struct figure_table *table, size_t key)
{
    assert(key < table->key_count);
    return table->keys[key].is_month;
}

const char *figure_key_value(const struct figure_table *table, size_t row, size_t key)
{
    assert(row < table->row_count && key < table->key_count);
    return table->key_values[row * table->key_count + key];
}

const char *figure_column_id(const struct figure_table *table, size_t column)
{
    assert(column < table->column_count);
    return table->columns[column].id;
}

const char *figure_column_title(const struct figure_table *table, size_t column)
{
    assert(column < table->column_count);
    return table->columns[column].title;
}

const char *figure_column_unit(const struct figure_table *table, size_t column)
{
    assert(column < table->column_count);
    return table->columns[column].unit;
}

size_t figure_column_find(const struct figure_table *table, const char *id)
{
    for (size_t column = 0; column < table->column_count; column++)
        if (strcmp(table->columns[column].id, id) == 0)
            return column;
    return SIZE_MAX;
}

struct figure figure_at(const struct figure_table *table, size_t row, size_t column)
{
    assert(row < table->row_count && column < table->column_count);
    return table->figures[row * table->column_count + column];
}

bool figure_row_is_listed(const struct figure_table *table, size_t row)
{
    assert(row < table->row_count);
    return !table->unlisted || !table->unlisted[row];
}

bool figure_table_is_cut(const struct figure_table *table)
{
    return table->cut;
}

size_t figure_table_withheld(const struct figure_table *table)
{
    return table->withheld;
}

size_t release_table_count(const struct release *release)
{
    return release->table_count;
}

const struct figure_table *release_table(const struct release *release, size_t i)
{
    assert(i < release->table_count);
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
    assert(i < release->spread_count);
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
    for (size_t i = 0; i < release->noisy_sample_count; i++)
        if (release->noisy_samples[i].query == query)
            return &release->noisy_samples[i];
    return NULL;
}

const struct figure_noisy_search *release_noisy_search_find(const struct release *release,
                                                            size_t query)
{
    for (size_t i = 0; i < release->noisy_search_count; i++)
        if (release->noisy_searches[i].query == query)
            return &release->noisy_searches[i];
    return NULL;
}

struct figure release_population(const struct release *release)
{
    return release->population[0];
}

struct figure release_population_exchanges(const struct release *release)
{
    return release->population[1];
}

struct figure release_population_users(const struct release *release)
{
    return release->population[2];
}

struct figure release_population_words(const struct release *release)
{
    return release->population[3];
}

const char *release_statement(const struct release *release, size_t i)
{
    return i < release->statement_count ? release->statements[i] : NULL;
}

uint32_t release_min_users(const struct release *release)
{
    return release->min_users;
}

bool release_is_noisy(const struct release *release)
{
    return release->noisy;
}

double release_confidence(const struct release *release)
{
    return release->confidence;
}

bool release_fact(const struct release *release, size_t i, const char **name, const char **value)
{
    if (i >= release->fact_count)
        return false;
    *name = release->facts[i].name;
    *value = release->facts[i].value;
    return true;
}

size_t release_withheld(const struct release *release)
{
    return release->withheld;
}
