/*
 * Which patterns does a word match? Literals by hash, the stem by hash, numbers against the ranges
 * that begin below them, wildcards and fuzzy words by the one automaton, regular expressions by
 * another one (regex_set.h).
 *
 * The automaton is made deterministic as words come (lazily, after Thompson and grep), over
 * the ASCII characters that folded words have; words with others are walked in sets of nodes. The
 * states are forgotten when there are STATES_MAX of them or their sets fill SET_ROOM, so memory is
 * fixed; results never depend on what is remembered.
 */
#include "queries/text/pattern_set.h"

#include "base/memory.h"
#include "queries/text/fold.h"
#include "queries/text/term_tree.h"

#include <libstemmer.h>
#include <stdlib.h>
#include <string.h>
#include <utf8proc.h>

enum {
    SYMBOLS = 39, /* 0-9 a-z _ - ' */
    STATES_MAX = 4096,
    STATE_SLOTS = 2 * STATES_MAX,
    SET_ROOM = 1 << 19
};
#define UNKNOWN UINT32_MAX

struct state {
    uint32_t set, set_len;       /* nodes, in walk->sets */
    uint32_t accept, accept_len; /* patterns, in walk->sets */
};

/* A growing list of numbers. */
struct list {
    uint32_t *items;
    size_t count, capacity;
};

struct pattern_walk {
    const struct pattern_set *set;
    struct sb_stemmer *stemmer;
    struct regex_scratch *scratch;
    struct list found, current, next;
    uint32_t *stamps; /* by node: the step that entered it */
    uint32_t step;
    uint8_t symbols[128];
    struct state *states; /* states[0] is the empty set, states[1] where a word begins */
    uint32_t state_count;
    uint32_t (*rows)[SYMBOLS];
    uint32_t *slots; /* of states by their sets; state + 1, or 0 */
    uint32_t *sets;
    size_t sets_used;
};

static enum status push(struct list *list, uint32_t value, struct error *err)
{
    uint32_t *grown = mem_grow(list->items, &list->capacity, list->count + 1, sizeof *grown);
    if (!grown)
        return error_nomem(err);
    list->items = grown;
    grown[list->count++] = value;
    return STATUS_OK;
}

static int by_value(const void *a, const void *b)
{
    uint32_t left = *(const uint32_t *)a, right = *(const uint32_t *)b;
    return (left > right) - (left < right);
}

static void sort_unique(struct list *list)
{
    if (list->count < 2)
        return;
    qsort(list->items, list->count, sizeof *list->items, by_value);
    size_t n = 1;
    for (size_t i = 1; i < list->count; i++)
        if (list->items[i] != list->items[n - 1])
            list->items[n++] = list->items[i];
    list->count = n;
}

/* Adds NODE to the next set, with all that is entered with it. */
static enum status enter(struct pattern_walk *walk, uint32_t node, struct error *err)
{
    const struct nfa *nfa = &walk->set->nfa;
    size_t pending = walk->next.count;
    if (walk->stamps[node] == walk->step)
        return STATUS_OK;
    walk->stamps[node] = walk->step;
    TRY(push(&walk->next, node, err));
    /* What is pushed here is itself the queue of nodes whose companions are still to come. */
    for (; pending < walk->next.count; pending++) {
        const struct nfa_node *at = &nfa->nodes[walk->next.items[pending]];
        if (at->star != NFA_NONE && walk->stamps[at->star] != walk->step) {
            walk->stamps[at->star] = walk->step;
            TRY(push(&walk->next, at->star, err));
        }
        for (uint32_t link = at->skips; link != NFA_NONE; link = nfa->links[link].next) {
            uint32_t to = nfa->links[link].value;
            if (walk->stamps[to] != walk->step) {
                walk->stamps[to] = walk->step;
                TRY(push(&walk->next, to, err));
            }
        }
    }
    return STATUS_OK;
}

static void new_step(struct pattern_walk *walk)
{
    walk->next.count = 0;
    if (++walk->step == 0) {
        memset(walk->stamps, 0, walk->set->nfa.count * sizeof *walk->stamps);
        walk->step = 1;
    }
}

/* The set that POINT leads to from the COUNT nodes of SET, into walk->next, sorted. */
static enum status advance(struct pattern_walk *walk, const uint32_t *set, size_t count,
                           int32_t point, struct error *err)
{
    const struct nfa *nfa = &walk->set->nfa;
    bool digit = point < 0x80 ? point >= '0' && point <= '9'
                              : utf8proc_category(point) == UTF8PROC_CATEGORY_ND;
    new_step(walk);
    for (size_t i = 0; i < count; i++) {
        const struct nfa_node *node = &nfa->nodes[set[i]];
        if (node->loop)
            TRY(enter(walk, set[i], err));
        for (int a = 0; a < 2; a++)
            if (node->any[a] != NFA_NONE)
                TRY(enter(walk, node->any[a], err));
        if (digit && node->digit != NFA_NONE)
            TRY(enter(walk, node->digit, err));
        uint32_t to = nfa_edge(nfa, set[i], point);
        if (to != NFA_NONE)
            TRY(enter(walk, to, err));
    }
    sort_unique(&walk->next);
    return STATUS_OK;
}

/* Adds the patterns that end in one of the nodes. */
static enum status collect(struct pattern_walk *walk, const uint32_t *set, size_t count,
                           struct list *out, struct error *err)
{
    const struct nfa *nfa = &walk->set->nfa;
    for (size_t i = 0; i < count; i++)
        for (uint32_t link = nfa->nodes[set[i]].accepts; link != NFA_NONE;
             link = nfa->links[link].next)
            TRY(push(out, nfa->links[link].value, err));
    return STATUS_OK;
}

static size_t set_hash(const uint32_t *set, size_t count)
{
    uint64_t hash = count;
    for (size_t i = 0; i < count; i++)
        hash = (hash ^ set[i]) * 0x9E3779B97F4A7C15u;
    return (size_t)(hash >> 32) % STATE_SLOTS;
}

static void forget_states(struct pattern_walk *walk)
{
    memset(walk->slots, 0, STATE_SLOTS * sizeof *walk->slots);
    walk->state_count = 0;
    walk->sets_used = 0;
}

/* The state of the set in walk->next; UNKNOWN if there is no room for it. Uses walk->found. */
static enum status state_of_next(struct pattern_walk *walk, uint32_t *state, struct error *err)
{
    const struct list *set = &walk->next;
    size_t slot = set_hash(set->items, set->count);
    for (; walk->slots[slot]; slot = (slot + 1) % STATE_SLOTS) {
        const struct state *old = &walk->states[walk->slots[slot] - 1];
        if (old->set_len == set->count &&
            (set->count == 0 ||
             memcmp(walk->sets + old->set, set->items, set->count * sizeof *set->items) == 0)) {
            *state = walk->slots[slot] - 1;
            return STATUS_OK;
        }
    }
    walk->found.count = 0;
    TRY(collect(walk, set->items, set->count, &walk->found, err));
    sort_unique(&walk->found);
    *state = UNKNOWN;
    if (walk->state_count == STATES_MAX ||
        set->count + walk->found.count > SET_ROOM - walk->sets_used)
        return STATUS_OK;
    struct state *made = &walk->states[walk->state_count];
    made->set = (uint32_t)walk->sets_used;
    made->set_len = (uint32_t)set->count;
    if (set->count)
        memcpy(walk->sets + walk->sets_used, set->items, set->count * sizeof *set->items);
    walk->sets_used += set->count;
    made->accept = (uint32_t)walk->sets_used;
    made->accept_len = (uint32_t)walk->found.count;
    if (walk->found.count)
        memcpy(walk->sets + walk->sets_used, walk->found.items,
               walk->found.count * sizeof *walk->sets);
    walk->sets_used += walk->found.count;
    memset(walk->rows[walk->state_count], 0xFF, sizeof walk->rows[0]);
    *state = walk->state_count++;
    walk->slots[slot] = *state + 1;
    return STATUS_OK;
}

/* Makes the empty state and the one where words begin. */
static enum status begin_states(struct pattern_walk *walk, uint32_t *start, struct error *err)
{
    forget_states(walk);
    new_step(walk);
    TRY(state_of_next(walk, start, err));
    TRY(enter(walk, 0, err));
    sort_unique(&walk->next);
    return state_of_next(walk, start, err);
}

/* Walks WORD from its byte AT in sets of nodes, beginning with walk->next; adds to walk->found. */
static enum status walk_sets(struct pattern_walk *walk, const char *word, size_t len, size_t at,
                             struct error *err)
{
    while (at < len && walk->next.count) {
        struct list swapped = walk->current;
        walk->current = walk->next;
        walk->next = swapped;
        TRY(advance(walk, walk->current.items, walk->current.count, fold_next(word, len, &at),
                    err));
    }
    walk->found.count = 0;
    return collect(walk, walk->next.items, walk->next.count, &walk->found, err);
}

/* Fills walk->found with the wildcards and fuzzy words that match. */
static enum status find_wild(struct pattern_walk *walk, const char *word, size_t len,
                             struct error *err)
{
    uint32_t state = 1;
    if (walk->state_count < 2 || walk->state_count == STATES_MAX ||
        walk->sets_used > SET_ROOM / 2) {
        TRY(begin_states(walk, &state, err));
        if (state == UNKNOWN)
            return walk_sets(walk, word, len, 0, err);
    }
    for (size_t at = 0; at < len; at++) {
        if (state == 0)
            break;
        unsigned char c = (unsigned char)word[at];
        uint32_t symbol = c < 0x80 ? walk->symbols[c] : SYMBOLS;
        uint32_t to = symbol < SYMBOLS ? walk->rows[state][symbol] : UNKNOWN;
        if (to == UNKNOWN) {
            const struct state *from = &walk->states[state];
            if (symbol < SYMBOLS) {
                TRY(advance(walk, walk->sets + from->set, from->set_len, c, err));
                TRY(state_of_next(walk, &to, err));
                if (to == UNKNOWN)
                    return walk_sets(walk, word, len, at + 1, err);
                walk->rows[state][symbol] = to;
            } else {
                new_step(walk);
                for (uint32_t i = 0; i < from->set_len; i++)
                    TRY(enter(walk, walk->sets[from->set + i], err));
                return walk_sets(walk, word, len, at, err);
            }
        }
        state = to;
    }
    const struct state *end = &walk->states[state];
    walk->found.count = 0;
    for (uint32_t i = 0; i < end->accept_len; i++)
        TRY(push(&walk->found, walk->sets[end->accept + i], err));
    return STATUS_OK;
}

static enum status find_ranges(struct pattern_walk *walk, const char *word, size_t len,
                               struct error *err)
{
    uint64_t value = 0;
    for (size_t i = 0; i < len; i++) {
        if (word[i] < '0' || word[i] > '9' || value >= 1000000000000000000u)
            return STATUS_OK; /* no range goes beyond 18 digits */
        value = value * 10 + (uint64_t)(word[i] - '0');
    }
    for (size_t i = 0; i < walk->set->range_count && walk->set->ranges[i].low <= value; i++)
        if (value <= walk->set->ranges[i].high)
            TRY(push(&walk->found, walk->set->ranges[i].pattern, err));
    return STATUS_OK;
}

static enum status find_stem(struct pattern_walk *walk, const char *word, size_t len,
                             struct error *err)
{
    const sb_symbol *stem = sb_stemmer_stem(walk->stemmer, (const sb_symbol *)word, (int)len);
    if (!stem)
        return error_nomem(err);
    uint32_t number = intern_find(&walk->set->stems, (const char *)stem,
                                  (size_t)sb_stemmer_length(walk->stemmer));
    return number == INTERN_NONE ? STATUS_OK
                                 : push(&walk->found, walk->set->stem_patterns[number], err);
}

static bool note_regex(void *context, uint32_t number, size_t from, size_t to)
{
    (void)from;
    (void)to;
    struct pattern_walk *walk = context;
    return push(&walk->found, walk->set->regex_patterns[number], NULL) != STATUS_OK;
}

static enum status find_regexes(struct pattern_walk *walk, const char *word, size_t len,
                                struct error *err)
{
    /* Room for all, so that noting one cannot fail. */
    uint32_t *grown = mem_grow(walk->found.items, &walk->found.capacity,
                               walk->found.count + walk->set->regex_count, sizeof *grown);
    if (!grown)
        return error_nomem(err);
    walk->found.items = grown;
    return regex_set_scan(walk->set->regex_set, walk->scratch, word, len, note_regex, walk, err);
}

enum status pattern_walk_find(struct pattern_walk *walk, const char *word, size_t len,
                              const uint32_t **found, size_t *count, struct error *err)
{
    const struct pattern_set *set = walk->set;
    walk->found.count = 0;
    if (set->nfa.count)
        TRY(find_wild(walk, word, len, err));
    if (set->literals.count) {
        uint32_t literal = intern_find(&set->literals, word, len);
        if (literal != INTERN_NONE)
            TRY(push(&walk->found, set->literal_patterns[literal], err));
    }
    if (set->range_count && len && word[0] >= '0' && word[0] <= '9')
        TRY(find_ranges(walk, word, len, err));
    if (walk->stemmer && len <= WORD_STEM_MAX)
        TRY(find_stem(walk, word, len, err));
    if (set->regex_set)
        TRY(find_regexes(walk, word, len, err));
    sort_unique(&walk->found);
    *found = walk->found.items;
    *count = walk->found.count;
    return STATUS_OK;
}

struct pattern_walk *pattern_walk_new(const struct pattern_set *set)
{
    struct pattern_walk *walk = mem_zalloc(1, sizeof *walk);
    if (!walk)
        return NULL;
    walk->set = set;
    bool made = true;
    if (set->nfa.count) {
        walk->stamps = mem_zalloc(set->nfa.count, sizeof *walk->stamps);
        walk->states = mem_zalloc(STATES_MAX, sizeof *walk->states);
        walk->rows = mem_zalloc(STATES_MAX, sizeof *walk->rows);
        walk->slots = mem_zalloc(STATE_SLOTS, sizeof *walk->slots);
        walk->sets = mem_zalloc(SET_ROOM, sizeof *walk->sets);
        made = walk->stamps && walk->states && walk->rows && walk->slots && walk->sets;
    }
    if (set->stems.count) {
        walk->stemmer = sb_stemmer_new("english", "UTF_8");
        made = made && walk->stemmer;
    }
    if (set->regex_set) {
        walk->scratch = regex_scratch_new(set->regex_set);
        made = made && walk->scratch;
    }
    if (!made) {
        pattern_walk_free(walk);
        return NULL;
    }
    memset(walk->symbols, SYMBOLS, sizeof walk->symbols);
    static const char symbols[] = "0123456789abcdefghijklmnopqrstuvwxyz_-'";
    for (size_t i = 0; i < SYMBOLS; i++)
        walk->symbols[(unsigned char)symbols[i]] = (uint8_t)i;
    return walk;
}

void pattern_walk_free(struct pattern_walk *walk)
{
    if (!walk)
        return;
    if (walk->stemmer)
        sb_stemmer_delete(walk->stemmer);
    regex_scratch_free(walk->scratch);
    free(walk->found.items);
    free(walk->current.items);
    free(walk->next.items);
    free(walk->stamps);
    free(walk->states);
    free(walk->rows);
    free(walk->slots);
    free(walk->sets);
    free(walk);
}
