/*
 * All wildcard and fuzzy patterns of a term set as one automaton over code points. Built once,
 * then shared read-only.
 */
#ifndef PROFFER_PATTERN_NFA_H
#define PROFFER_PATTERN_NFA_H

#include "base/error.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define NFA_NONE UINT32_MAX

struct term_leaf;

struct nfa_node {
    uint32_t any[2];  /* reached by any code point */
    uint32_t digit;   /* reached by a decimal digit */
    uint32_t star;    /* entered with this one: a node that loops */
    uint32_t skips;   /* first of the nodes entered with this one, in nfa->links */
    uint32_t accepts; /* first of the patterns that end here, in nfa->links */
    bool loop;        /* stays on any code point */
};

struct nfa_link {
    uint32_t value, next;
};

struct nfa_edge {
    uint32_t from;
    int32_t point; /* -1: a free slot */
    uint32_t to;
};

struct nfa {
    struct nfa_node *nodes; /* nodes[0] is where a word begins */
    size_t count, capacity;
    struct nfa_link *links;
    size_t link_count, link_capacity;
    struct nfa_edge *edges; /* open addressing by (from, point) */
    size_t edge_count, edge_slots;
};

void nfa_init(struct nfa *nfa);
void nfa_release(struct nfa *nfa);

/* Adds a leaf of kind LEAF_WILD or LEAF_FUZZY; it accepts with NUMBER. */
PROFFER_MUST_USE enum status nfa_add(struct nfa *nfa, const struct term_leaf *leaf, uint32_t number,
                                     struct error *err);

/* The node that POINT leads to by an edge of its own, or NFA_NONE. */
uint32_t nfa_edge(const struct nfa *nfa, uint32_t from, int32_t point);

#endif
