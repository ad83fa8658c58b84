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
#include "queries/text/identifier.h"
#include "queries/text/regex_set.h"
#include "queries/text/term.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct question_ref {
    uint32_t query; /* position among the set's queries */
    uint32_t slot;
};

/* The kinds of identifiers that a query asks for. */
struct identifier_question {
    bool examples;
    uint32_t
        numbers[IDENTIFIER_KINDS]; /* of each kind among the set's refs, UINT32_MAX: not asked */
};

/* The patterns of a regex query. */
struct pattern_question {
    struct regex_set *set; /* owned */
    uint32_t first;        /* number of its first expression among the set's refs */
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

    struct identifier_question *identifiers;
    size_t identifier_count;
    struct question_ref *identifier_refs;
    uint32_t identifier_numbers; /* refs */

    struct pattern_question *patterns;
    size_t pattern_count;
    struct question_ref *pattern_refs;
    uint32_t pattern_numbers; /* refs */
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
