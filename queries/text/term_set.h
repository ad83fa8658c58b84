/*
 * A compiled term set, for the parts of this folder that match it: the parse trees as arrays, their
 * leaves as pattern numbers, and for each pattern the terms that must be looked at when it occurs.
 */
#ifndef PROFFER_TERM_SET_H
#define PROFFER_TERM_SET_H

#include "queries/text/fold.h"
#include "queries/text/pattern_set.h"
#include "queries/text/term_tree.h"

/* Items of a PROGRAM node of kind TERM_WORDS: pattern numbers, or one of these. */
#define ITEM_ANY     UINT32_MAX       /* any one word */
#define ITEM_FIRST   (UINT32_MAX - 1) /* xfirstword */
#define ITEM_LAST    (UINT32_MAX - 2) /* xlastword */
#define ITEM_SPECIAL ITEM_LAST

struct program_node {
    uint8_t kind; /* enum term_kind */
    bool positional;
    uint32_t number; /* distance or place */
    uint32_t items;  /* the first one in set->items: patterns, or numbers of child nodes */
    uint32_t count;
};

struct program {
    const struct term *term; /* not owned */
    uint32_t root;           /* in set->nodes */
    enum term_within within;
    uint32_t leaves; /* the first one in set->leaf_patterns: one per leaf of the term */
};

/* A growing array of numbers. */
struct numbers {
    uint32_t *items;
    size_t count, capacity;
};

PROFFER_MUST_USE enum status numbers_grow(struct numbers *numbers, struct error *err);

static inline enum status numbers_push(struct numbers *numbers, uint32_t value, struct error *err)
{
    if (numbers->count == numbers->capacity)
        TRY(numbers_grow(numbers, err));
    numbers->items[numbers->count++] = value;
    return STATUS_OK;
}

struct term_set {
    unsigned flags; /* enum fold_flags */
    size_t field_count;
    struct pattern_set patterns;
    struct program *programs;
    size_t program_count, program_capacity;
    struct program_node *nodes;
    size_t node_count, node_capacity;
    struct numbers items, leaf_patterns;
    uint64_t places;          /* that contains() names */
    uint64_t *pattern_places; /* [patterns] where any term asks for the pattern */
    bool compiled;
    /* Terms to look at: those of pattern p are terms[starts[p] .. starts[p+1]-1]. */
    uint32_t *starts, *terms;
    struct numbers always; /* terms to look at in each conversation */
    struct fold_table *table;
};

#endif
