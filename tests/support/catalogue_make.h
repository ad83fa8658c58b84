/*
 * A random catalogue with known contents, for tests and measurements: rows are kept, hits are a
 * function of seed, query, slot and row, so that a test computes them again instead of storing
 * them.
 */
#ifndef PROFFER_CATALOGUE_MAKE_H
#define PROFFER_CATALOGUE_MAKE_H

#include "queries/catalogue/catalogue.h"
#include "queries/plan.h"
#include "queries/population.h"
#include "queries/scan.h"
#include "queries/tally_run.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct made_wish {
    uint64_t seed;
    size_t parts;
    uint32_t rows, users;
    unsigned hit_permille;  /* share of rows that a term hits */
    unsigned gap_percent;   /* share of rows without id, user, time, model (each) */
    unsigned again_percent; /* share of rows that take an earlier row's id */
    bool same_input;        /* all parts say they have the same input digest */
    bool no_digest;         /* parts carry no input digest */
    bool by_text;           /* a term hits the same rows in whichever query it stands, and AND, OR
                               and NOT of words what these make of it */
    unsigned lumps;        /* if not 0, most rows are like one of so many: few combinations occur */
    unsigned tier_numbers; /* if not 0, tiers are numbers below it */
    const char *plan;      /* JSON; "logs" need not exist */
    const char *taxonomy;  /* JSON of usage.json beside the plan, or NULL */
};

enum { MADE_MODELS = 7, MADE_LANGUAGES = 3, MADE_TIERS = 4 };
extern const char *const made_models[MADE_MODELS];       /* some must not be shown */
extern const char *const made_languages[MADE_LANGUAGES]; /* field language */
extern const char *const made_tiers[MADE_TIERS];         /* free field "tier", if the plan has it */

struct made_row {
    size_t part;
    uint32_t local, first_exchange; /* within its part */
    char id[48];                    /* as catalogue_id gives it */
    bool own_id;
    int64_t user; /* -1: unknown; its name is "user NUMBER" */
    int64_t time; /* CIVIL_NONE */
    uint64_t offset;
    uint32_t turns, exchanges, words;
    int model, language, tier; /* -1: absent */
    uint32_t odd[ODDITY_COUNT];
};

struct made_hit {
    uint32_t turns, occurrences;
    bool prompt_only, output_only;
    uint32_t exchanges; /* bit set of ordinals within the conversation; at most 8 */
};

struct made {
    struct made_wish wish;
    const char *dir;
    struct plan plan;
    struct scan_state state;
    struct made_row *rows;
    struct catalogue catalogue;
    struct population population;
    bool opened, counted;
    uint64_t rejected; /* of each reason */
};

/* Writes the catalogue below test_dir() and opens nothing but the plan. Fails the test on error. */
void made_init(struct made *made, const struct made_wish *wish);
/* catalogue_open and settle_open. */
void made_open(struct made *made);
/* population_init, after made_open. */
void made_population(struct made *made);
/* All three. */
void made_ready(struct made *made, const struct made_wish *wish);
void made_release(struct made *made);

struct tally_source made_source(const struct made *made);

/* The tally of the plan's queries, whose relations hold; to be released. */
void made_tally(const struct made *made, struct tally *tally);

/* Does slot SLOT of query QUERY hit a row? */
bool made_hit(const struct made *made, size_t query, size_t slot, uint32_t row,
              struct made_hit *hit);

/* The identity rule, row by row over all rows: is there an earlier row of the same user and id? */
bool made_duplicate(const struct made *made, uint32_t row);

/* Every relation that the tables state holds on their own numbers, and users fit their values. */
void made_check_relations(const struct tally *tally);

/* Distinct users of the rows for which IN holds: unknown ones one each, and all together one. */
struct made_users {
    uint64_t counted;
    uint32_t support;
};
struct made_users made_count_users(const struct made *made, const bool *in);

/* The most that one known user has of a set, each row counting VALUES[row], or 1 where that is
 * NULL.
 */
uint64_t made_largest(const struct made *made, const bool *in, const uint32_t *values);

/* A fixed stream of numbers. */
uint64_t made_random(uint64_t *state);

#endif
