/*
 * Queries whose rows are sets of conversations that are found in the text, slot by slot (kinds of
 * identifiers, patterns, topics by rules, search terms), brought under common names: two slots with
 * the same key find the same, whatever else their queries ask for.
 *
 *     kind          key
 *     terms         within, the term's normal form
 *     topics        the same of the rule
 *     identifiers   whether examples count, the kind
 *     regex         both options, the pattern
 */
#ifndef PROFFER_SLOTS_QUERY_H
#define PROFFER_SLOTS_QUERY_H

#include "base/arena.h"
#include "base/error.h"
#include "base/intern.h"
#include "queries/plan.h"
#include "queries/tally.h"
#include "queries/tally_source.h"
#include "queries/told_population.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What the rows of a query's own table say of its slots. */
enum slots_way {
    SLOTS_FIRST, /* a conversation is in the row of the first slot that finds it */
    SLOTS_EACH,  /* in those of all */
    SLOTS_TERMS  /* the same, and more: combinations of slots (tally_atoms) */
};

struct slots_query {
    const struct plan_query *query;
    size_t number; /* as tables and hits have it */
    size_t table;  /* its own */
    enum slots_way way;
    uint32_t *keys; /* [count] number of each slot's key; INTERN_NONE: it finds nothing */
    size_t count;
    size_t population; /* among those of the queries */
    bool anew;         /* an earlier report told it, and it was counted anew */
};

/* Populations have a bit each; a report and those that were counted anew have fewer. */
enum { SLOTS_POPULATIONS_MAX = 32, SLOTS_MASKS_MAX = 4096 };

/* Which conversations are in which of the queries' populations. */
struct slots_places {
    uint32_t *of_row; /* [rows of the catalogue] the populations that have it */
    uint32_t *masks;  /* [mask_count] what of that occurs, each once, and never 0 */
    size_t mask_count;
    bool too_many;                          /* more than SLOTS_MASKS_MAX: not all are there */
    uint32_t within[SLOTS_POPULATIONS_MAX]; /* those that have all that one has */
};

struct slots_queries {
    struct arena arena;
    struct intern keys;
    struct slots_query *items; /* [count] */
    size_t count, capacity;
    struct told_wish populations[SLOTS_POPULATIONS_MAX]; /* [population_count] that differ */
    size_t population_count;
    struct slots_places places;
};

void slots_queries_init(struct slots_queries *queries);
void slots_queries_release(struct slots_queries *queries);

/* Whether QUERY is one of them. */
bool slots_query_is_one(const struct plan_query *query);

/* Of one of them. */
enum slots_way slots_way_of(const struct plan_query *query);

/* Adds QUERY, which must live as long, with its NUMBER, its TABLE and its population. */
PROFFER_MUST_USE enum status slots_queries_add(struct slots_queries *queries,
                                               const struct plan_query *query, size_t number,
                                               size_t table, const struct told_wish *population,
                                               bool anew, struct error *err);

/*
 * When all are added: finds their places. Populations that have the same conversations become one,
 * whatever their days and filters: what these leave out is told, so that a reader sees it. For the
 * same reason those that occur are all the places that there are, and a population lies in another
 * one where all its conversations do. A reader who cannot tell knows less than is reckoned with.
 */
PROFFER_MUST_USE enum status slots_queries_place(struct slots_queries *queries,
                                                 const struct tally_source *source,
                                                 struct error *err);

/* Whether population A lies within B, of these, which are placed. */
bool slots_population_within(const struct slots_queries *queries, size_t a, size_t b);

#endif
