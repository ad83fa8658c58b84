/*
 * The questions that one scan of a part has to answer: the terms of several queries compiled
 * together, so that each message is read once for all of them.
 */
#ifndef PROFFER_QUESTION_SET_H
#define PROFFER_QUESTION_SET_H

#include "base/error.h"
#include "queries/overlap_works.h"
#include "queries/plan.h"
#include "queries/query_terms.h"
#include "queries/text/term.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct question_ref {
    uint32_t query; /* position among the set's queries */
    uint32_t slot;
};

struct question_set {
    const struct plan_query **queries;
    size_t query_count;
    struct term_set *terms;             /* NULL when there is no term at all */
    struct question_ref *refs;          /* [term_set_count(terms)] whose term it is */
    const struct overlap_works **works; /* [query_count]; NULL for queries without works */
    struct word_key key;                /* by which their words are hashed */
    struct term **parsed;               /* owned */
    size_t parsed_count;
};

/*
 * Compiles the queries of PLAN for which WANTED[i] holds. Terms that do not
 * parse, and topics without a rule, have a slot and no hits. Works come from SHELF, which outlives
 * the set. Release also on failure.
 */
PROFFER_MUST_USE enum status question_set_init(struct question_set *set, const struct plan *plan,
                                               const struct word_rules *rules, const bool *wanted,
                                               struct work_shelf *shelf, struct error *err);
void question_set_release(struct question_set *set);

#endif
