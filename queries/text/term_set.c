/*
 * Compiling a term set. Each term gets triggers: patterns one of which must occur for the term to
 * be hit at all. Of what must all occur (a phrase, AND, both sides of a proximity) the part that
 * looks rarest is the trigger; of OR all parts are; NOT has none, and a term without triggers is
 * looked at in each conversation.
 */
#include "queries/text/term_set.h"

#include "base/memory.h"
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
    free(set->starts);
    free(set->terms);
    free(set->pattern_places);
    free(set->always.items);
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
    for (uint32_t i = 0; i < tree->count; i++) {
        uint32_t item;
        if (tree->kind == TERM_WORDS) {
            TRY(add_leaf(set, &tree->leaves[i], &item, err));
            if (tree->count > 1 && tree->leaves[i].noise)
                item = ITEM_ANY;
        } else {
            TRY(add_node(set, tree->children[i], &item, err));
        }
        set->items.items[node.items + i] = item;
    }
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

/* How often a pattern is likely to occur, by its looks: any scale, lower is rarer. */
static double pattern_cost(const struct term_set *set, uint32_t pattern)
{
    const struct intern_text *key = &set->patterns.keys.items[pattern];
    size_t letters = 0;
    bool plain = key->text[0] == '0' + LEAF_LITERAL;
    for (size_t i = 1; i < key->len; i++)
        letters += !strchr("*?=~%", key->text[i]);
    return (plain ? 1.0 : 8.0) / (double)(letters * letters + 1);
}

#define COST_ALWAYS 1e30

static double node_cost(const struct term_set *set, const struct program_node *node,
                        uint32_t *choice)
{
    const uint32_t *items = set->items.items + node->items;
    double best = COST_ALWAYS, sum = 0;
    *choice = UINT32_MAX;
    switch ((enum term_kind)node->kind) {
    case TERM_NOT:
        return COST_ALWAYS;
    case TERM_NOT_NEAR:
    case TERM_CONTAINS:
        *choice = 0;
        return node_cost(set, &set->nodes[items[0]], &(uint32_t){0});
    case TERM_OR:
        for (uint32_t i = 0; i < node->count; i++)
            sum += node_cost(set, &set->nodes[items[i]], &(uint32_t){0});
        return sum;
    default:
        break;
    }
    for (uint32_t i = 0; i < node->count; i++) {
        double cost = COST_ALWAYS;
        if (node->kind != TERM_WORDS)
            cost = node_cost(set, &set->nodes[items[i]], &(uint32_t){0});
        else if (items[i] < ITEM_SPECIAL)
            cost = pattern_cost(set, items[i]);
        if (cost < best) {
            best = cost;
            *choice = i;
        }
    }
    return best;
}

/* Adds the triggers of a node, whose cost is below COST_ALWAYS. */
static enum status add_triggers(const struct term_set *set, uint32_t number, struct numbers *out,
                                struct error *err)
{
    const struct program_node *node = &set->nodes[number];
    const uint32_t *items = set->items.items + node->items;
    uint32_t choice;
    node_cost(set, node, &choice);
    if (node->kind == TERM_WORDS)
        return numbers_push(out, items[choice], err);
    if (node->kind != TERM_OR)
        return add_triggers(set, items[choice], out, err);
    for (uint32_t i = 0; i < node->count; i++)
        TRY(add_triggers(set, items[i], out, err));
    return STATUS_OK;
}

static int by_value(const void *a, const void *b)
{
    uint32_t left = *(const uint32_t *)a, right = *(const uint32_t *)b;
    return (left > right) - (left < right);
}

/* Fills set->starts and set->terms from PATTERNS, whose terms are in OWNERS. */
static enum status index_triggers(struct term_set *set, const struct numbers *patterns,
                                  const struct numbers *owners, struct error *err)
{
    size_t count = set->patterns.keys.count;
    set->starts = mem_zalloc(count + 2, sizeof *set->starts);
    set->terms = mem_zalloc(patterns->count, sizeof *set->terms);
    if (!set->starts || !set->terms)
        return error_nomem(err);
    for (size_t i = 0; i < patterns->count; i++)
        set->starts[patterns->items[i] + 2]++;
    for (size_t i = 2; i <= count + 1; i++)
        set->starts[i] += set->starts[i - 1];
    for (size_t i = 0; i < patterns->count; i++)
        set->terms[set->starts[patterns->items[i] + 1]++] = owners->items[i];
    return STATUS_OK;
}

static enum status find_triggers(struct term_set *set, struct numbers *patterns,
                                 struct numbers *owners, struct error *err)
{
    for (size_t t = 0; t < set->program_count; t++) {
        uint32_t root = set->programs[t].root;
        uint32_t choice;
        if (node_cost(set, &set->nodes[root], &choice) >= COST_ALWAYS) {
            TRY(numbers_push(&set->always, (uint32_t)t, err));
            continue;
        }
        size_t first = patterns->count;
        TRY(add_triggers(set, root, patterns, err));
        size_t added = patterns->count - first, kept = 0;
        uint32_t *own = patterns->items + first;
        qsort(own, added, sizeof *own, by_value);
        for (size_t i = 0; i < added; i++)
            if (i == 0 || own[i] != own[i - 1])
                own[kept++] = own[i];
        patterns->count = first + kept;
        for (size_t i = 0; i < kept; i++)
            TRY(numbers_push(owners, (uint32_t)t, err));
    }
    return index_triggers(set, patterns, owners, err);
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

enum status term_set_compile(struct term_set *set, struct error *err)
{
    if (set->compiled)
        return STATUS_OK;
    if (!set->table)
        set->table = fold_table_new(set->flags);
    if (!set->table)
        return error_nomem(err);
    pattern_set_finish(&set->patterns);
    set->pattern_places = mem_zalloc(set->patterns.keys.count, sizeof *set->pattern_places);
    if (!set->pattern_places)
        return error_nomem(err);
    for (size_t t = 0; t < set->program_count; t++)
        note_places(set, set->programs[t].root, UINT64_MAX);
    struct numbers patterns = {0}, owners = {0};
    enum status status = find_triggers(set, &patterns, &owners, err);
    free(patterns.items);
    free(owners.items);
    set->compiled = status == STATUS_OK;
    return status;
}
