/*
 * The evaluator's state, and its lower half: where patterns stand in a conversation, and the
 * intervals of positional parts. The upper half is term_eval.c.
 */
#ifndef PROFFER_EVALUATOR_H
#define PROFFER_EVALUATOR_H

#include "queries/text/term_eval.h"

/* Where a pattern stands in the conversation at hand. */
struct bucket {
    uint32_t count;
    uint32_t start, end; /* in evaluator->positions */
};

/* Rows of bits, used as a stack. */
struct bits {
    uint64_t *items;
    size_t count, capacity;
};

struct evaluator {
    const struct term_set *set;
    struct bucket *buckets; /* by pattern */
    struct numbers touched; /* patterns with a count */
    uint32_t *positions;
    size_t positions_capacity;
    uint64_t *candidates;   /* a bit per term */
    uint64_t *live;         /* a bit per node of kind TERM_WORDS: all its words occur */
    struct numbers marked;  /* nodes that are live for this conversation */
    struct intervals stack; /* after evaluation: of all positional parts not under NOT */
    struct bits bits;
    struct text_hit *hits;
    size_t hit_count, hit_capacity;
    struct numbers exchanges; /* of all hits */
    /* Of the conversation at hand. */
    const struct turns *turns;
    size_t field_turns;
    uint32_t exchange_count;
    /* Of the term at hand. */
    enum term_within within;
    size_t span_count, row; /* words of a row of bits */
};

/* Sorts OCCURRENCES by pattern, for all terms of the conversation at hand. */
PROFFER_MUST_USE enum status evaluator_sort(struct evaluator *ev,
                                            const struct occurrence *occurrences, size_t count,
                                            const struct pattern_sets *sets, struct error *err);

/* Marks the nodes of words that are live, and the terms that must be looked at for that. */
PROFFER_MUST_USE enum status evaluator_mark(struct evaluator *ev, struct error *err);

/* False if the node NUMBER cannot hold in this conversation, by what occurs in it. */
bool evaluator_possible(const struct evaluator *ev, uint32_t number);

/* The first node from NUMBER on, below END, that is live; END if there is none. */
uint32_t evaluator_next_live(const struct evaluator *ev, uint32_t number, uint32_t end);

/* Pushes the intervals of the positional node NUMBER outside of contains(), sorted, with the detail
 * that DETAIL says. */
PROFFER_MUST_USE enum status evaluator_intervals(struct evaluator *ev, uint32_t number,
                                                 enum join_detail detail, struct interval_set *out,
                                                 struct error *err);

#endif
