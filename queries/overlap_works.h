/*
 * The works of a plan's overlap queries, read: from files of one work each (.txt) or of one a line
 * (.jsonl, {"id": ..., "text": ...}) to an index of their words and the ids that they go by.
 */
#ifndef PROFFER_OVERLAP_WORKS_H
#define PROFFER_OVERLAP_WORKS_H

#include "base/error.h"
#include "base/intern.h"
#include "queries/plan.h"
#include "queries/text/term.h"
#include "queries/text/word_hash.h"
#include "queries/text/works_index.h"

#include <stddef.h>

struct overlap_works {
    struct works_index *index;
    struct intern ids; /* by number of the work */
};

enum {
    WORK_TEXT_MAX = 256 << 20, /* bytes of a work, and of a line */
    WORK_ID_MAX = 256          /* bytes of an id */
};

/*
 * Reads the works of QUERY, cut into words by RULES and hashed by KEY, on THREADS threads. What is
 * no text or no work is STATUS_INPUT naming file and line; so is an id that two works have. NULL
 * into *WORKS on failure.
 */
PROFFER_MUST_USE enum status overlap_works_read(struct overlap_works **works,
                                                const struct plan_query *query,
                                                const struct word_rules *rules,
                                                const struct word_key *key, unsigned threads,
                                                struct error *err);
void overlap_works_free(struct overlap_works *works);

/* The works of all overlap queries of a plan, each read when it is first needed. */
struct work_shelf {
    unsigned threads;
    struct word_key key;          /* of all of them */
    struct overlap_works **works; /* [query_count] */
    size_t query_count;
};

/* Release also on failure. */
PROFFER_MUST_USE enum status work_shelf_init(struct work_shelf *shelf, const struct plan *plan,
                                             unsigned threads, struct error *err);
void work_shelf_release(struct work_shelf *shelf);
/* The works of query NUMBER of the plan, which is one of overlap; the shelf keeps them. */
PROFFER_MUST_USE enum status work_shelf_get(struct work_shelf *shelf, const struct plan *plan,
                                            size_t number, const struct word_rules *rules,
                                            const struct overlap_works **works, struct error *err);

#endif
