/* Compiling a term set: trees to arrays. What must occur for what is in term_triggers.c. */
#include "queries/text/term_set.h"

#include "base/memory.h"
#include "queries/text/term_triggers.h"
#include "queries/text/term_word.h"

#include <stdlib.h>
#include <string.h>

enum status numbers_grow(struct numbers *numbers, struct error *err)
{
    if (numbers->count >= UINT32_MAX)
        return error_set(err, STATUS_PLAN, NULL, "the terms are too many");
    uint32_t *grown =
        mem_grow(numbers->items, &numbers->capacity, numbers->count + 1, sizeof *grown);
    if (!grown)
        return error_nomem(err);
    numbers->items = grown;
    return STATUS_OK;
}

struct term_set *term_set_new(const struct word_rules *rules)
{
    struct term_set *set = mem_zalloc(1, sizeof *set);
    if (!set)
        return NULL;
    set->flags = word_rules_flags(rules);
    set->field_count = rules ? rules->field_count : 0;
    pattern_set_init(&set->patterns);
    return set;
}

void term_set_free(struct term_set *set)
{
    if (!set)
        return;
    pattern_set_release(&set->patterns);
    free(set->programs);
    free(set->nodes);
    free(set->items.items);
    free(set->leaf_patterns.items);
    term_triggers_release(set);
    free(set->weights);
    free(set->pattern_places);
    free(set->filters);
    fold_table_free(set->table);
    free(set);
}

static enum status add_leaf(struct term_set *set, const struct term_leaf *leaf, uint32_t *item,
                            struct error *err)
{
    if (leaf->kind == LEAF_FIRST || leaf->kind == LEAF_LAST) {
        *item = leaf->kind == LEAF_FIRST ? ITEM_FIRST : ITEM_LAST;
        return STATUS_OK;
    }
    return pattern_set_add(&set->patterns, leaf, item, err);
}

static enum status add_leaves(struct term_set *set, const struct term_node *tree, uint32_t items,
                              struct error *err)
{
    for (uint32_t i = 0; i < tree->count; i++) {
        uint32_t item;
        TRY(add_leaf(set, &tree->leaves[i], &item, err));
        set->items.items[items + i] = tree->count > 1 && tree->leaves[i].noise ? ITEM_ANY : item;
    }
    return STATUS_OK;
}

static enum status add_node(struct term_set *set, const struct term_node *tree, uint32_t *number,
                            struct error *err);

/* The order of what OR joins is free: words come first, and so get numbers in a row. */
static enum status add_children(struct term_set *set, const struct term_node *tree,
                                struct program_node *node, struct error *err)
{
    uint32_t next = node->items;
    for (int round = 0; round < (tree->kind == TERM_OR ? 2 : 1); round++) {
        for (uint32_t i = 0; i < tree->count; i++) {
            bool words = tree->children[i]->kind == TERM_WORDS;
            if (tree->kind == TERM_OR && words != (round == 0))
                continue;
            uint32_t item;
            TRY(add_node(set, tree->children[i], &item, err));
            set->items.items[next++] = item;
            node->words += tree->kind == TERM_OR && words;
        }
    }
    return STATUS_OK;
}

static enum status add_node(struct term_set *set, const struct term_node *tree, uint32_t *number,
                            struct error *err)
{
    if (set->node_count >= UINT32_MAX || set->items.count + tree->count >= UINT32_MAX)
        return error_set(err, STATUS_PLAN, NULL, "the terms are too many");
    struct program_node node = {.kind = (uint8_t)tree->kind,
                                .positional = tree->positional,
                                .number =
                                    tree->kind == TERM_CONTAINS ? tree->place : tree->distance,
                                .items = (uint32_t)set->items.count,
                                .count = tree->count};
    if (tree->kind == TERM_CONTAINS)
        set->places |= (uint64_t)1 << tree->place;
    for (uint32_t i = 0; i < tree->count; i++)
        TRY(numbers_push(&set->items, 0, err));
    if (tree->kind == TERM_WORDS)
        TRY(add_leaves(set, tree, node.items, err));
    else
        TRY(add_children(set, tree, &node, err));
    struct program_node *grown =
        mem_grow(set->nodes, &set->node_capacity, set->node_count + 1, sizeof *grown);
    if (!grown)
        return error_nomem(err);
    set->nodes = grown;
    *number = (uint32_t)set->node_count++;
    set->nodes[*number] = node;
    return STATUS_OK;
}

enum status term_set_add(struct term_set *set, const struct term *term, enum term_within within,
                         uint32_t *number, struct error *err)
{
    if (set->compiled)
        return error_set(err, STATUS_INTERNAL, NULL, "the term set is compiled already");
    struct program program = {
        .term = term, .within = within, .leaves = (uint32_t)set->leaf_patterns.count};
    TRY(add_node(set, term->root, &program.root, err));
    for (size_t i = 0; i < term->leaf_count; i++) {
        uint32_t item;
        TRY(add_leaf(set, term->leaves[i], &item, err));
        TRY(numbers_push(&set->leaf_patterns, item, err));
    }
    struct program *grown =
        mem_grow(set->programs, &set->program_capacity, set->program_count + 1, sizeof *grown);
    if (!grown)
        return error_nomem(err);
    set->programs = grown;
    *number = (uint32_t)set->program_count++;
    set->programs[*number] = program;
    return STATUS_OK;
}

size_t term_set_count(const struct term_set *set)
{
    return set->program_count;
}

/* Notes where the patterns below a node are asked for; ALLOWED are the places so far. */
static void note_places(struct term_set *set, uint32_t number, uint64_t allowed)
{
    const struct program_node *node = &set->nodes[number];
    const uint32_t *items = set->items.items + node->items;
    if (node->kind == TERM_CONTAINS)
        allowed &= (uint64_t)1 << node->number;
    for (uint32_t i = 0; i < node->count; i++) {
        if (node->kind != TERM_WORDS)
            note_places(set, items[i], allowed);
        else if (items[i] < ITEM_SPECIAL)
            set->pattern_places[items[i]] |= allowed == UINT64_MAX ? PLACES_TURNS : allowed;
    }
}

/* The bytes of ASCII that each word begins with that LEAF matches; *WHOLE if it is that word. False
 * if it matches no ASCII word. */
static bool leaf_begin(const struct term_leaf *leaf, char begin[static 4], size_t *len, bool *whole)
{
    static const char specials[] = "*?=";
    size_t most = leaf->kind == LEAF_LITERAL || leaf->kind == LEAF_WILD ? leaf->word_len
                  : leaf->kind == LEAF_FUZZY                            ? leaf->fixed
                                                                        : 0;
    size_t n = 0;
    while (n < most && n < leaf->word_len &&
           (leaf->kind != LEAF_WILD || !memchr(specials, leaf->word[n], 3))) {
        if ((unsigned char)leaf->word[n] >= 0x80)
            return false;
        if (n < 4)
            begin[n] = leaf->word[n];
        n++;
    }
    *len = n;
    *whole = leaf->kind == LEAF_LITERAL;
    return true;
}

/* What may begin a word that matches a stem or a range. */
static void add_loose(struct word_filter *filter, const struct term_leaf *leaf)
{
    if (leaf->kind == LEAF_RANGE) {
        for (char digit = '0'; digit <= '9'; digit++)
            word_filter_add(filter, &digit, 1, false);
        return;
    }
    /* Stemming keeps the first letter, save for an apostrophe before it. */
    if ((unsigned char)leaf->word[0] < 0x80 && leaf->word[0] != '\'')
        word_filter_add(filter, leaf->word, 1, false);
    else
        word_filter_add(filter, "", 0, false);
    word_filter_add(filter, "'", 1, false);
}

static enum status make_filters(struct term_set *set, struct error *err)
{
    free(set->filters);
    set->filters = mem_zalloc(TERM_PLACES, sizeof *set->filters);
    if (!set->filters)
        return error_nomem(err);
    for (size_t t = 0; t < set->program_count; t++) {
        const struct term *term = set->programs[t].term;
        for (size_t i = 0; i < term->leaf_count; i++) {
            const struct term_leaf *leaf = term->leaves[i];
            uint32_t pattern = set->leaf_patterns.items[set->programs[t].leaves + i];
            if (pattern >= ITEM_SPECIAL || set->companions.passed[pattern])
                continue;
            char begin[4];
            size_t len = 0;
            bool whole = false;
            bool loose = leaf->kind == LEAF_STEM || leaf->kind == LEAF_RANGE;
            if (!loose && !leaf_begin(leaf, begin, &len, &whole))
                continue;
            for (unsigned place = 0; place < TERM_PLACES; place++) {
                if (!term_set_asks(set, pattern, place))
                    continue;
                if (loose)
                    add_loose(&set->filters[place], leaf);
                else
                    word_filter_add(&set->filters[place], begin, len, whole);
            }
        }
    }
    return STATUS_OK;
}

bool term_set_asks(const struct term_set *set, uint32_t pattern, unsigned place)
{
    uint64_t places = set->pattern_places[pattern];
    return place < PLACE_FIELDS ? places >> place & 1 : places >> PLACE_FIELDS != 0;
}

enum status term_set_compile(struct term_set *set, struct error *err)
{
    if (set->compiled)
        return STATUS_OK;
    if (!set->table)
        set->table = fold_table_new(set->flags);
    if (!set->table)
        return error_nomem(err);
    TRY(pattern_set_finish(&set->patterns, err));
    set->pattern_places = mem_zalloc(set->patterns.keys.count, sizeof *set->pattern_places);
    if (!set->pattern_places)
        return error_nomem(err);
    for (size_t t = 0; t < set->program_count; t++)
        note_places(set, set->programs[t].root, UINT64_MAX);
    TRY(term_triggers_find(set, err));
    TRY(make_filters(set, err));
    set->compiled = true;
    return STATUS_OK;
}

size_t term_set_pattern_count(const struct term_set *set)
{
    return set->patterns.keys.count;
}

enum status term_set_weigh(struct term_set *set, const uint64_t *counts, struct error *err)
{
    size_t patterns = set->patterns.keys.count;
    if (!set->weights)
        set->weights = mem_zalloc(patterns, sizeof *set->weights);
    if (!set->weights)
        return error_nomem(err);
    if (patterns)
        memcpy(set->weights, counts, patterns * sizeof *counts);
    term_triggers_release(set);
    TRY(term_triggers_find(set, err));
    return make_filters(set, err);
}
