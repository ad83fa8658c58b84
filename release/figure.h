/*
 * Figures: numbers that passed the gate, the only kind that answers and reports hold. Figures are
 * made in release/gate and nowhere else: this header can only read them.
 */
#ifndef PROFFER_FIGURE_H
#define PROFFER_FIGURE_H

#include "stats/noisy_design.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum figure_state {
    FIGURE_EXACT,
    FIGURE_NOISY,   /* value is not below 0; the true one is from low to high at a confidence */
    FIGURE_WITHHELD /* value is 0 and means nothing */
};

struct figure {
    uint64_t value;
    enum figure_state state;
    uint64_t low, high; /* of a noisy one */
    /* The same with half the chance to err, so that bounds of two figures hold together. */
    uint64_t wide_low, wide_high;
    /* What was told before it was kept from below 0, and the law of its noise: figures of one
     * column share a law, those of no other do. NULL where it is not known. */
    int64_t told;
    const struct noise_law *law;
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
/*
 * False of a row that no answer may show, since its table has rows only of what was found: of what
 * is withheld whole, whose row would say that it is not zero, and then of zeros, too; and of a
 * group of terms by fields in which nothing was found, whose row would say that the group is there.
 */
bool figure_row_is_listed(const struct figure_table *table, size_t row);
/* Whether rows that are withheld whole are not listed. */
bool figure_table_is_cut(const struct figure_table *table);
/* How many figures of listed rows are withheld, primary and complementary alike. */
size_t figure_table_withheld(const struct figure_table *table);

/* A released sample and its parts: see struct tally_sample for each number. */
struct figure_stratum {
    const char *name;
    bool found;
    struct figure population, drawn, relevant, unreadable, missing, disagreements;
    struct figure labelled, upheld, cleared, checked, overturned, unclear;
};

enum { FIGURE_CATEGORIES = 3 };
struct figure_agreement {
    struct figure units, agreed, reviews, same_pairs;
    struct figure table[FIGURE_CATEGORIES * FIGURE_CATEGORIES], of_category[FIGURE_CATEGORIES];
};

enum { FIGURE_LABELS = 5 };
struct figure_changes {
    bool compared;
    struct figure units[FIGURE_LABELS * FIGURE_LABELS];
};

/* See struct tally_clusters. */
struct figure_clusters {
    uint64_t clusters, drawn, m, mm, y[2], yy[2], ym[2];
};

enum { FIGURE_NO_SEARCH = -1 };

struct figure_sample {
    size_t query;
    long search;
    const char *unit, *units;
    struct figure_stratum whole;
    const struct figure_stratum *strata; /* [stratum_count]; 0: one, which is the whole */
    size_t stratum_count;
    size_t parts, predicted; /* of a search: see struct tally_sample */
    bool checked, check_all;
    const char *drawn_units;                /* NULL where the unit itself was drawn */
    const struct figure_clusters *clusters; /* [stratum_count], or one; NULL if withheld */
    struct figure frame, frame_drawn, rejected, reviewers, draw;
    struct figure_agreement agreement;
    struct figure_changes changes;
    const char *seed_source, *seed_time, *frame_digest, *sample_digest;
};

/*
 * How the drawn units of a sample are spread over its population, and what it takes to draw it
 * again: see struct tally_spread for each number. A group's number of drawn units is withheld
 * where that of the population is.
 */
struct figure_spread_row {
    const char *name;
    struct figure population, drawn;
};

struct figure_spread {
    size_t query;
    const char *unit, *units;
    bool by_design; /* rows are strata; else months */
    const struct figure_spread_row *rows;
    size_t count;
    struct figure population, drawn; /* of all rows together */
    struct figure frame, frame_drawn, draw;
    const char *by;        /* the query whose groups the strata are, or NULL */
    const uint64_t *sizes; /* [size_count] of the frame's strata; NULL if withheld */
    size_t size_count;
    const char *seed_source, *seed_time, *frame_digest, *sample_digest;
};

/* A stratum of a sample with noise; the population of the only one is the capped one's. */
struct figure_noisy_stratum {
    const char *name;
    double share; /* of all tickets; 0 where a size was asked for */
    struct figure population, drawn, relevant, unreadable;
    struct figure cleared, checked, overturned, unclear; /* where labels are checked */
};

/* A sample with noise: numbers as told, which may be below 0, and the laws of their noise. */
struct figure_noisy_sample {
    size_t query;
    const struct figure_noisy_stratum *strata; /* [design.count] */
    struct noisy_design design;                /* stats/noisy_design.h */
    bool check_all;                            /* of the cleared all were to be checked */
    const char *drawn_units; /* "users": what was drawn, where it is not the unit */
    const char *by;          /* the query that makes the strata, or NULL */
    const char *seed_source, *seed_time;
    const char *cut_off; /* of the only stratum */
};

/* What the search of a relevance query found of its sample, and what it left: two parts of each
 * stratum, each with its own numbers told with noise. */
struct figure_noisy_search {
    size_t query;
    struct {
        const struct figure_noisy_stratum *strata; /* [design.count] */
        struct noisy_design design;
    } parts[2]; /* found, left */
};

struct release; /* everything that passed the gate in one run */

size_t release_table_count(const struct release *release);
const struct figure_table *release_table(const struct release *release, size_t i);
/* The table of that id, or NULL. */
const struct figure_table *release_table_find(const struct release *release, const char *id);
/* The sample of a query (index in the plan), or what its search number SEARCH found of it; or NULL.
 * SEARCH is FIGURE_NO_SEARCH for the sample itself. */
const struct figure_sample *release_sample_find(const struct release *release, size_t query,
                                                long search);

/* Spreads in the plan's order of their queries; none with noise. */
size_t release_spread_count(const struct release *release);
const struct figure_spread *release_spread(const struct release *release, size_t i);
/* That of a query, or NULL. */
const struct figure_spread *release_spread_find(const struct release *release, size_t query);

/* The sample with noise of a query, or NULL. */
const struct figure_noisy_sample *release_noisy_sample_find(const struct release *release,
                                                            size_t query);

/* The search with noise of a relevance query, or NULL. */
const struct figure_noisy_search *release_noisy_search_find(const struct release *release,
                                                            size_t query);

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

/* Whether noise was put on the figures, and at which confidence each one's bounds hold. */
bool release_is_noisy(const struct release *release);
double release_confidence(const struct release *release);
/* The guarantee in numbers: names are lower case with underscores; false after the last. */
bool release_fact(const struct release *release, size_t i, const char **name, const char **value);

#endif
