/*
 * The automaton of wildcards and fuzzy words.
 *
 * Wildcards share a trie: an edge is a code point, ? or =, and * leads to a node that loops. A
 * fuzzy word with n code points after its fixed ones and k edits has a grid of (n+1)(k+1) nodes
 * below the trie's node for the fixed ones (after Wu and Manber, "Fast text searching allowing
 * errors", 1992): node (i, e) has read i code points with e edits; it goes on by the next code
 * point to (i+1, e), by any to (i, e+1) and (i+1, e+1), and by none to (i+1, e+1).
 */
#include "queries/text/pattern_nfa.h"

#include "base/memory.h"
#include "queries/text/fold.h"
#include "queries/text/term_tree.h"

#include <stdlib.h>

void nfa_init(struct nfa *nfa)
{
    *nfa = (struct nfa){0};
}

void nfa_release(struct nfa *nfa)
{
    free(nfa->nodes);
    free(nfa->links);
    free(nfa->edges);
    nfa_init(nfa);
}

static enum status new_node(struct nfa *nfa, uint32_t *number, struct error *err)
{
    if (nfa->count >= NFA_NONE - 1)
        return error_set(err, STATUS_PLAN, NULL, "too many wildcards in all terms together");
    struct nfa_node *grown = mem_grow(nfa->nodes, &nfa->capacity, nfa->count + 1, sizeof *grown);
    if (!grown)
        return error_nomem(err);
    nfa->nodes = grown;
    *number = (uint32_t)nfa->count++;
    nfa->nodes[*number] =
        (struct nfa_node){{NFA_NONE, NFA_NONE}, NFA_NONE, NFA_NONE, NFA_NONE, NFA_NONE, false};
    return STATUS_OK;
}

static enum status add_link(struct nfa *nfa, uint32_t value, uint32_t next, uint32_t *number,
                            struct error *err)
{
    struct nfa_link *grown =
        mem_grow(nfa->links, &nfa->link_capacity, nfa->link_count + 1, sizeof *grown);
    if (!grown)
        return error_nomem(err);
    nfa->links = grown;
    nfa->links[nfa->link_count] = (struct nfa_link){value, next};
    *number = (uint32_t)nfa->link_count++;
    return STATUS_OK;
}

static enum status accept(struct nfa *nfa, uint32_t node, uint32_t pattern, struct error *err)
{
    uint32_t link = NFA_NONE;
    TRY(add_link(nfa, pattern, nfa->nodes[node].accepts, &link, err));
    nfa->nodes[node].accepts = link;
    return STATUS_OK;
}

static size_t slot_of(const struct nfa *nfa, uint32_t from, int32_t point)
{
    uint64_t key = (uint64_t)from << 32 | (uint32_t)point;
    size_t mask = nfa->edge_slots - 1;
    size_t at = (size_t)((key * 0x9E3779B97F4A7C15u) >> 20) & mask;
    while (nfa->edges[at].point >= 0 &&
           (nfa->edges[at].from != from || nfa->edges[at].point != point))
        at = (at + 1) & mask;
    return at;
}

uint32_t nfa_edge(const struct nfa *nfa, uint32_t from, int32_t point)
{
    if (!nfa->edge_slots)
        return NFA_NONE;
    const struct nfa_edge *edge = &nfa->edges[slot_of(nfa, from, point)];
    return edge->point >= 0 ? edge->to : NFA_NONE;
}

static enum status add_edge(struct nfa *nfa, uint32_t from, int32_t point, uint32_t to,
                            struct error *err)
{
    if ((nfa->edge_count + 1) * 2 > nfa->edge_slots) {
        size_t old_slots = nfa->edge_slots, slots = old_slots ? old_slots * 2 : 64;
        struct nfa_edge *old = nfa->edges, *edges = mem_zalloc(slots, sizeof *edges);
        if (!edges)
            return error_nomem(err);
        for (size_t i = 0; i < slots; i++)
            edges[i].point = -1;
        nfa->edges = edges;
        nfa->edge_slots = slots;
        for (size_t i = 0; i < old_slots; i++)
            if (old[i].point >= 0)
                edges[slot_of(nfa, old[i].from, old[i].point)] = old[i];
        free(old);
    }
    nfa->edges[slot_of(nfa, from, point)] = (struct nfa_edge){from, point, to};
    nfa->edge_count++;
    return STATUS_OK;
}

/* Moves *AT along POINT in the trie, making the node where it is not there. */
static enum status walk_edge(struct nfa *nfa, int32_t point, uint32_t *at, struct error *err)
{
    uint32_t to = nfa_edge(nfa, *at, point);
    if (to == NFA_NONE) {
        TRY(new_node(nfa, &to, err));
        TRY(add_edge(nfa, *at, point, to, err));
    }
    *at = to;
    return STATUS_OK;
}

static enum status add_wild(struct nfa *nfa, const struct term_leaf *leaf, uint32_t number,
                            struct error *err)
{
    uint32_t at = 0;
    for (size_t i = 0; i < leaf->word_len;) {
        int32_t point = fold_next(leaf->word, leaf->word_len, &i);
        if (point != '*' && point != '?' && point != '=') {
            TRY(walk_edge(nfa, point, &at, err));
            continue;
        }
        const struct nfa_node *node = &nfa->nodes[at];
        uint32_t to = point == '*' ? node->star : point == '?' ? node->any[0] : node->digit;
        if (to == NFA_NONE) {
            TRY(new_node(nfa, &to, err));
            nfa->nodes[to].loop = point == '*';
            struct nfa_node *from = &nfa->nodes[at];
            *(point == '*' ? &from->star : point == '?' ? &from->any[0] : &from->digit) = to;
        }
        at = to;
    }
    return accept(nfa, at, number, err);
}

static enum status add_fuzzy(struct nfa *nfa, const struct term_leaf *leaf, uint32_t number,
                             struct error *err)
{
    uint32_t at = 0, length = 0;
    int32_t points[TERM_FUZZY_POINTS_MAX];
    size_t i = 0;
    for (uint32_t fixed = 0; fixed < leaf->fixed && i < leaf->word_len; fixed++)
        TRY(walk_edge(nfa, fold_next(leaf->word, leaf->word_len, &i), &at, err));
    while (i < leaf->word_len && length < TERM_FUZZY_POINTS_MAX)
        points[length++] = fold_next(leaf->word, leaf->word_len, &i);

    uint32_t first = (uint32_t)nfa->count, stride = length + 1, link = NFA_NONE;
    for (uint32_t n = 0; n < stride * (leaf->edits + 1); n++) {
        uint32_t node;
        TRY(new_node(nfa, &node, err));
    }
    TRY(add_link(nfa, first, nfa->nodes[at].skips, &link, err));
    nfa->nodes[at].skips = link;
    for (uint32_t e = 0; e <= leaf->edits; e++) {
        for (uint32_t p = 0; p <= length; p++) {
            uint32_t node = first + e * stride + p;
            if (p < length)
                TRY(add_edge(nfa, node, points[p], node + 1, err));
            else
                TRY(accept(nfa, node, number, err));
            if (e == leaf->edits)
                continue;
            nfa->nodes[node].any[0] = node + stride;
            if (p < length) {
                nfa->nodes[node].any[1] = node + stride + 1;
                TRY(add_link(nfa, node + stride + 1, NFA_NONE, &nfa->nodes[node].skips, err));
            }
        }
    }
    return STATUS_OK;
}

enum status nfa_add(struct nfa *nfa, const struct term_leaf *leaf, uint32_t number,
                    struct error *err)
{
    uint32_t root;
    if (nfa->count == 0)
        TRY(new_node(nfa, &root, err));
    return leaf->kind == LEAF_WILD ? add_wild(nfa, leaf, number, err)
                                   : add_fuzzy(nfa, leaf, number, err);
}
