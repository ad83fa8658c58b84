/*
 * Kinds of queries that reports without noise told and that are counted anew (told_query.h,
 * told_plan.h, told_answers.h): what the ledger keeps of such a query, how it is made one again
 * that can be scanned for and counted, and what ties it to others. One row a kind.
 */
#ifndef PROFFER_TOLD_KIND_H
#define PROFFER_TOLD_KIND_H

#include "base/arena.h"
#include "base/error.h"
#include "base/json_io.h"
#include "queries/plan.h"
#include "queries/tally.h"
#include "queries/tally_source.h"
#include "queries/text/term.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Tables of one query at most; names of a query's slots (terms, kinds, patterns, topics). */
enum { TOLD_QUERY_TABLES_MAX = 4, TOLD_QUERY_SLOTS_MAX = 10000 };

/* An object of a ledger's text that is read, which is not trusted. */
struct told_reading {
    const json_t *root;
    const struct plan *plan; /* fields by its names for them */
    struct arena *arena;
    bool unknown; /* set: the plan has no such field */
};

struct told_kind {
    enum query_kind kind;
    /* Its tables by what their ids have after the query's; the first is there always. */
    const char *suffixes[TOLD_QUERY_TABLES_MAX];
    size_t table_count;
    bool refers; /* it asks for more of other queries (told_references.h), and is not scanned for */

    /* Adds what is asked to ROOT, an object; false for lack of memory, or of what cannot be
     * written down. */
    bool (*write)(json_t *root, const struct plan_query *query);
    /* Reads it into QUERY, whose kind is set. *VALID is false where it is none. */
    enum status (*read)(struct plan_query *query, struct told_reading *reading, bool *valid,
                        struct error *err);
    /* Makes a query of PLAN's of what was read: what it looks for, and its scan_digest, which
     * differs from the one told where it cannot be looked for as it was. Of one that refers: NULL.
     */
    enum status (*parse)(struct plan *plan, const struct word_rules *rules,
                         struct plan_query *query, struct error *err);
    /* Whether a scan can look for it; NULL: whatever was parsed. */
    enum status (*ready)(const struct plan_query *query, bool *ready, struct error *err);
    /* Whether queries of the same scan_digest, whose slots have the same names, and the same
     * fields are the same question; NULL: they are. */
    bool (*same)(const struct plan_query *a, const struct plan_query *b);
    enum status (*count)(const struct tally_source *source, size_t query, struct tally *tally,
                         struct error *err);
};

/* The row of KIND, or NULL; of the kind that plans call NAME. */
const struct told_kind *told_kind_find(enum query_kind kind);
const struct told_kind *told_kind_named(const char *name);

/* Whether QUERY is one that is counted anew: of topics those by rules alone. */
bool told_kind_takes(const struct plan_query *query);

/* Numbers of the tables of query NUMBER of PLAN, each SIZE_MAX where there is none. False where the
 * first one is none. */
bool told_kind_tables(const struct told_kind *kind, const struct plan *plan, size_t number,
                      const struct tally *tally, size_t numbers[static TOLD_QUERY_TABLES_MAX]);

/* ---- ties ---- */

struct told_plan;

/* All queries that are judged together: this report's, and those that were counted anew. */
struct told_tying {
    const struct tally_source *source; /* of all queries, of this report's period */
    const struct told_plan *told;
    const bool *asked;  /* [told->plan.query_count] its tables are there */
    const bool *others; /* the same of populations with other filters, which are not among ASKED */
    struct tally *tally;
};

/* Each ties all queries of its kinds that were counted anew, to each other and to this report's;
 * then NULL. */
typedef enum status told_tie(const struct told_tying *tying, struct error *err);
extern told_tie *const told_ties[];

/* ---- one a kind; used by the tables ---- */

extern const struct told_kind told_kind_terms, told_kind_identifiers, told_kind_patterns,
    told_kind_topics, told_kind_works, told_kind_options;
told_tie told_tie_terms, told_tie_combinations, told_tie_slots, told_tie_works, told_tie_options;

/* Lists of texts: [["T1", "a OR b"], ...]. */

/* Each an array of WIDTH texts; TEXT_OF gives them, NULL: null. NULL for lack of memory. */
json_t *told_texts_write(const struct plan_query *query, size_t count, size_t width,
                         const char *(*text_of)(const struct plan_query *query, size_t item,
                                                size_t part));
/* Reads LIST, of at least one item, into TEXTS[*COUNT * WIDTH] of ARENA; NULL for null, of which
 * the first of an item is none. *VALID is false where it is no such list. */
PROFFER_MUST_USE enum status told_texts_read(const json_t *list, size_t width, struct arena *arena,
                                             char ***texts, size_t *count, bool *valid,
                                             struct error *err);

/* Reads the names, and with WIDTH 2 the sources, of QUERY's terms from the list KEY. */
PROFFER_MUST_USE enum status told_terms_read(struct plan_query *query,
                                             const struct told_reading *reading, const char *key,
                                             size_t width, bool *valid, struct error *err);

#endif
