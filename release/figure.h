/*
 * Figures: numbers that passed the gate, the only kind that answers and reports hold. Figures are
 * made in release/gate and nowhere else: this header can only read them.
 */
#ifndef PROFFER_FIGURE_H
#define PROFFER_FIGURE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum figure_state {
    FIGURE_EXACT,
    FIGURE_WITHHELD /* value is 0 and means nothing */
};

struct figure {
    uint64_t value;
    enum figure_state state;
};

struct figure_table; /* rows and columns as its tally had them */

const char *figure_table_id(const struct figure_table *table);
size_t figure_table_query(const struct figure_table *table); /* SIZE_MAX for none */
size_t figure_table_rows(const struct figure_table *table);
size_t figure_table_keys(const struct figure_table *table);
size_t figure_table_columns(const struct figure_table *table);
const char *figure_key_id(const struct figure_table *table, size_t key);
const char *figure_key_title(const struct figure_table *table, size_t key);
bool figure_key_is_month(const struct figure_table *table, size_t key);
const char *figure_key_value(const struct figure_table *table, size_t row, size_t key);
const char *figure_column_id(const struct figure_table *table, size_t column);
const char *figure_column_title(const struct figure_table *table, size_t column);
const char *figure_column_unit(const struct figure_table *table, size_t column);
/* The column of that id, or SIZE_MAX. */
size_t figure_column_find(const struct figure_table *table, const char *id);
struct figure figure_at(const struct figure_table *table, size_t row, size_t column);
/* How many figures of the table are withheld, primary and complementary alike. */
size_t figure_table_withheld(const struct figure_table *table);

/* A released sample: see struct tally_sample for each number. */
struct figure_sample {
    size_t query;
    struct figure population, drawn, relevant, unreadable, missing, frame, frame_drawn, rejected;
    struct figure disagreements, reviewers;
    const char *seed_source, *frame_digest, *sample_digest;
};

struct release; /* everything that passed the gate in one run */

size_t release_table_count(const struct release *release);
const struct figure_table *release_table(const struct release *release, size_t i);
/* The table of that id, or NULL. */
const struct figure_table *release_table_find(const struct release *release, const char *id);
/* The sample of a query (index in the plan), or NULL. */
const struct figure_sample *release_sample_find(const struct release *release, size_t query);

/* N: conversations of the population; and its exchanges, users, words. */
struct figure release_population(const struct release *release);
struct figure release_population_exchanges(const struct release *release);
struct figure release_population_users(const struct release *release);
struct figure release_population_words(const struct release *release);

/* The policy in words: `release_statement(release, i)` until NULL; the first is the banner. */
const char *release_statement(const struct release *release, size_t i);
uint32_t release_min_users(const struct release *release);
/* Figures withheld in all tables. */
size_t release_withheld(const struct release *release);

#endif
