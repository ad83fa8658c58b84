/*
 * The making of figures: private to release/gate.c and release/figure.c. Whoever else includes this
 * breaks the one door.
 */
#ifndef PROFFER_FIGURE_MAKE_H
#define PROFFER_FIGURE_MAKE_H

#include "base/arena.h"
#include "release/figure.h"
#include "release/gate.h"

struct figure_key {
    const char *id, *title;
    bool is_month;
};

struct figure_column {
    const char *id, *title, *unit;
};

struct figure_table {
    const char *id;
    size_t query;
    struct figure_key *keys;
    size_t key_count;
    struct figure_column *columns;
    size_t column_count;
    size_t row_count;
    const char **key_values; /* [row * key_count + key] */
    struct figure *figures;  /* [row * column_count + column] */
    size_t withheld;
    bool *complement; /* [row] withheld for the sake of others alone; never told. NULL with noise */
    bool *gone;       /* [row] withheld whole, zeros too; never told apart. NULL with noise */
    bool *unlisted;   /* [row] see figure_row_is_listed; or NULL */
    bool cut;         /* some of these are not zero */
};

struct release {
    struct arena arena; /* owns everything below */
    struct figure_table *tables;
    size_t table_count;
    struct figure_sample *samples;
    size_t sample_count;
    struct figure_spread *spreads;
    size_t spread_count;
    struct figure_noisy_sample *noisy_samples;
    size_t noisy_sample_count;
    struct figure_noisy_search *noisy_searches;
    size_t noisy_search_count;
    struct figure population[4];
    struct noisy_number {
        int64_t told;
        struct noise_law law;
    } noisy_population[4]; /* the same as told, where they are */
    const char **statements;
    size_t statement_count;
    uint32_t min_users, min_conversations;
    double dominance;
    const char *preset;
    size_t withheld;
    bool noisy;
    double confidence;
    struct release_fact {
        const char *name, *value;
    } * facts;
    size_t fact_count;
};

/* gate_noise.c: the figures of TALLY with the noise that POLICY's ledger pays for. */
PROFFER_MUST_USE enum status gate_release_noisy(struct release *release, const struct tally *tally,
                                                const struct gate_policy *policy,
                                                struct error *err);
/* gate_guarantee.c: states what it guarantees. */
PROFFER_MUST_USE enum status
gate_state_guarantee(struct release *release, const struct gate_noise *noise, struct error *err);
/* gate_tables.c: the exact figures of all tables, small cells withheld; LAST as in gate.h. */
PROFFER_MUST_USE enum status release_tables(struct release *release, const struct tally *tally,
                                            struct gate_again *last, struct error *err);
/* gate_spread.c: how samples are spread; after the tables. */
PROFFER_MUST_USE enum status release_spreads(struct release *release, const struct tally *tally,
                                             struct error *err);
/* gate.c */
PROFFER_MUST_USE enum status release_copy_heads(struct release *release, struct figure_table *to,
                                                const struct tally_table *from, struct error *err);
/* gate_statements.c: what is stated without noise. */
PROFFER_MUST_USE enum status release_make_statements(struct release *release,
                                                     const struct tally *tally, struct error *err);
/* TEXT may be NULL for lack of memory; STATEMENTS_MAX of them. */
enum { STATEMENTS_MAX = 32 };
PROFFER_MUST_USE enum status release_state(struct release *release, char *text, struct error *err);

#endif
