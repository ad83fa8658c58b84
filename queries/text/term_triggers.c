/*
 * Triggers. Each term gets words or phrases one of which must occur for the term to be hit at all.
 * Of what must all occur (AND, both sides of a proximity) the part that looks rarest is the
 * trigger; of OR all parts are; NOT has none, and a term without triggers is looked at in each
 * conversation.
 *
 * A phrase is looked for by its anchor, the word that looks rarest; the other words are companions,
 * unless somebody asks for them by themselves (companions.h).
 */
#include "queries/text/term_triggers.h"

#include "base/memory.h"
#include "queries/text/companions.h"

#include <stdlib.h>
#include <string.h>

void term_triggers_release(struct term_set *set)
{
    companions_release(&set->companions);
    free(set->words.starts);
    free(set->words.items);
    free(set->always.items);
    free(set->wordless.items);
    set->words = (struct postings){NULL, NULL};
    set->always = set->wordless = (struct numbers){.items = NULL};
}

/* How often a pattern is likely to occur: any scale, lower is rarer. By its looks, at most 8; where
 * a sample is known, by what occurs there, and by looks what does not. */
static double pattern_cost(const struct term_set *set, uint32_t pattern)
{
    const struct intern_text *key = &set->patterns.keys.items[pattern];
    size_t letters = 0;
    bool plain = key->text[0] == '0' + LEAF_LITERAL;
    for (size_t i = 1; i < key->len; i++)
        letters += !strchr("*?=~%", key->text[i]);
    double looks = (plain ? 1.0 : 8.0) / (double)(letters * letters + 1);
    return set->weights ? looks / 8 + (double)set->weights[pattern] : looks;
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

/* Makes the triggers of a node, whose cost is below COST_ALWAYS, triggers of TERM. */
static void mark_triggers(struct term_set *set, uint32_t number, uint32_t term)
{
    struct program_node *node = &set->nodes[number];
    const uint32_t *items = set->items.items + node->items;
    uint32_t choice;
    node_cost(set, node, &choice);
    if (node->kind == TERM_WORDS) {
        node->triggers = term;
    } else if (node->kind != TERM_OR) {
        mark_triggers(set, items[choice], term);
    } else {
        for (uint32_t i = 0; i < node->count; i++)
            mark_triggers(set, items[i], term);
    }
}

static enum status find_triggers(struct term_set *set, struct error *err)
{
    for (size_t n = 0; n < set->node_count; n++)
        set->nodes[n].triggers = NO_TERM;
    for (size_t t = 0; t < set->program_count; t++) {
        uint32_t root = set->programs[t].root;
        uint32_t choice;
        if (node_cost(set, &set->nodes[root], &choice) >= COST_ALWAYS)
            TRY(numbers_push(&set->always, (uint32_t)t, err));
        else
            mark_triggers(set, root, (uint32_t)t);
    }
    return STATUS_OK;
}

/* Lists the nodes of words by their anchors. */
static enum status list_words(struct term_set *set, struct error *err)
{
    size_t patterns = set->patterns.keys.count;
    struct postings *words = &set->words;
    words->starts = mem_zalloc(patterns + 2, sizeof *words->starts);
    words->items = mem_zalloc(set->node_count, sizeof *words->items);
    if (!words->starts || !words->items)
        return error_nomem(err);
    /* Once to count what each has, once to put it where what is before ends. */
    for (int round = 0; round < 2; round++) {
        for (uint32_t n = 0; n < set->node_count; n++) {
            const struct program_node *node = &set->nodes[n];
            uint32_t anchor;
            if (node->kind != TERM_WORDS)
                continue;
            node_cost(set, node, &anchor);
            if (anchor == UINT32_MAX) {
                if (round == 0)
                    TRY(numbers_push(&set->wordless, n, err));
                continue;
            }
            uint32_t pattern = set->items.items[node->items + anchor];
            if (round == 0)
                words->starts[pattern + 2]++;
            else
                words->items[words->starts[pattern + 1]++] = n;
        }
        for (size_t i = 2; round == 0 && i <= patterns + 1; i++)
            words->starts[i] += words->starts[i - 1];
    }
    return STATUS_OK;
}

/* Tells the companions of each phrase and its anchor. */
static enum status find_companions(struct term_set *set, struct error *err)
{
    TRY(companions_begin(set, err));
    for (int round = 0; round < 2; round++) {
        for (size_t n = 0; n < set->node_count; n++) {
            const struct program_node *node = &set->nodes[n];
            struct phrase phrase = {set->items.items + node->items, node->count, 0};
            if (node->kind != TERM_WORDS)
                continue;
            node_cost(set, node, &phrase.anchor);
            if (phrase.anchor == UINT32_MAX)
                continue;
            if (round == 0)
                companions_exclude(set, &phrase);
            else
                TRY(companions_attach(set, &phrase, err));
        }
    }
    return companions_finish(set, err);
}

enum status term_triggers_find(struct term_set *set, struct error *err)
{
    TRY(find_companions(set, err));
    TRY(find_triggers(set, err));
    return list_words(set, err);
}
