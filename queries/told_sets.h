/*
 * What a report tells the size of: sets of conversations, each with the row of a table where its
 * size stands. Everything; what each term, topic, kind of identifier and pattern finds, and any of
 * a query's; what shares a run with a work; each option of proposals; and, where they are added,
 * the rows of counts, of terms by fields, of pairs of terms, and of what nothing is found in; what
 * further columns tell of terms, the rows of runs and works, and what is odd.
 */
#ifndef PROFFER_TOLD_SETS_H
#define PROFFER_TOLD_SETS_H

#include "base/error.h"
#include "queries/tally.h"
#include "queries/tally_source.h"
#include "queries/unit_set.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What is told of a set: the number of its conversations, and that of its users. */
enum told_of { TOLD_CONVERSATIONS, TOLD_USERS, TOLD_KINDS };
#define TOLD_NOWHERE UINT32_MAX

struct told_set {
    size_t table;                     /* of the tally */
    size_t query;                     /* SIZE_MAX for none */
    uint32_t row, column[TOLD_KINDS]; /* where each number stands, or TOLD_NOWHERE */
    bool everything;                  /* the population, whose numbers are told in many places */
    bool taken;                       /* by told_sets_take */
    bool rest;                        /* all that the row does not count: a reader subtracts */
    struct unit_set set;
    uint64_t conversations;
    uint32_t users; /* unknown ones together one */
};

struct told_sets {
    const struct tally_source *source;
    const struct tally *tally;
    struct units units;
    struct user_counter counter;
    struct told_set *items; /* [count] ascending by users */
    size_t count, capacity;
};

/* Of a tally whose tables are all there. Release also on failure. */
PROFFER_MUST_USE enum status told_sets_init(struct told_sets *sets,
                                            const struct tally_source *source,
                                            const struct tally *tally, struct error *err);
void told_sets_release(struct told_sets *sets);

/* Without any set: for counting such as told_sets_difference. */
PROFFER_MUST_USE enum status told_sets_init_none(struct told_sets *sets,
                                                 const struct tally_source *source,
                                                 const struct tally *tally, struct error *err);

/* The same as told_sets_init of what query NUMBER finds alone. */
PROFFER_MUST_USE enum status told_sets_init_query(struct told_sets *sets,
                                                  const struct tally_source *source,
                                                  const struct tally *tally, size_t number,
                                                  struct error *err);

/* The set of QUERY's row as a whole, or NULL; and the table of QUERY, or of that id, the tally's count
 * if there is none. */
const struct told_set *told_sets_find(const struct told_sets *sets, size_t query, uint32_t row);
size_t told_sets_table(const struct told_sets *sets, size_t query);
size_t told_sets_table_named(const struct told_sets *sets, const char *id);

/* Is SET the one of its row, and not of a further column? */
bool told_sets_is_whole(const struct told_sets *sets, const struct told_set *set);

/* Tables with more rows are left out, but for terms' own sets. */
enum { TOLD_ROWS_MAX = 1000 };

/* A new set, still empty and not counted, for a row of table TABLE: its columns "conversations" and
 * "users", as far as it has them. */
PROFFER_MUST_USE enum status told_sets_add(struct told_sets *sets, size_t table, size_t query,
                                           uint32_t row, struct told_set **set, struct error *err);

/* Where numbers of a set stand. */
struct told_place {
    size_t table, query;
    uint32_t row, column[TOLD_KINDS]; /* as of a told_set */
};

/* Takes SET, which is empty then, as what stands there; it is left out where it has fewer users
 * than the release policy tells of, since nobody is told how many. */
PROFFER_MUST_USE enum status told_sets_take(struct told_sets *sets, const struct told_place *place,
                                            struct unit_set *set, struct error *err);

/* Adds the rows of counts, of topics, of terms by fields, of pairs of terms, and of what no term or
 * topic is found in; further columns of terms (told_term_columns.h), runs and works
 * (told_overlap.h); what labels of drawn units call irrelevant, and leave (told_labels.h); and
 * what the table of completeness tells of (told_records.h). */
PROFFER_MUST_USE enum status told_sets_add_counts(struct told_sets *sets, struct error *err);

/* Users and conversations of A without B (NULL: of all of A). */
uint32_t told_sets_difference(struct told_sets *sets, const struct unit_set *a,
                              const struct unit_set *b, uint64_t *conversations);

/* Conversations of both. */
uint64_t told_sets_common(const struct unit_set *a, const struct unit_set *b);

#endif
