/*
 * Evaluating the terms of a set over one conversation, from where its words hit patterns.
 */
#ifndef PROFFER_TERM_EVAL_H
#define PROFFER_TERM_EVAL_H

#include "queries/text/intervals.h"
#include "queries/text/matcher.h"
#include "queries/text/term_set.h"

/* A word that matches patterns: number SET below the number of patterns is that pattern alone,
 * above it is set SET - that number of the pattern sets. */
struct occurrence {
    uint32_t position, set;
};

/* Sets of patterns, two or more each: set s is items[starts[s] .. starts[s+1]-1]. */
struct pattern_sets {
    struct numbers items, starts;
};

struct evaluator;

struct evaluator *evaluator_new(const struct term_set *set) __attribute__((warn_unused_result));
void evaluator_free(struct evaluator *evaluator);

/*
 * OCCURRENCES ascend by position. The first FIELD_TURNS of TURNS are record fields. *HITS is valid
 * until the next call.
 */
PROFFER_MUST_USE enum status evaluator_run(struct evaluator *evaluator, const struct turns *turns,
                                           size_t field_turns, const struct occurrence *occurrences,
                                           size_t count, const struct pattern_sets *sets,
                                           const struct text_hit **hits, size_t *hit_count,
                                           struct error *err);

#endif
