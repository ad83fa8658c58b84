/*
 * The matcher: one pass over each message (text_pass.c) gives the places of the words that terms
 * ask for; at the end of a conversation the evaluator (term_eval.c) decides the terms.
 */
#include "queries/text/matcher.h"

#include "base/memory.h"
#include "queries/text/term_word.h"
#include "queries/text/text_pass.h"

#include <stdlib.h>

#define POSITION_MAX 0xFFFFFF00u

struct matcher {
    const struct term_set *set; /* NULL: counting only */
    struct fold_table *own_table;
    struct text_pass pass;
    struct evaluator *evaluator;
    struct turns turns;
    size_t field_turns;
    uint64_t position; /* the base of the next turn */
};

static struct matcher *new_matcher(const struct term_set *set, unsigned flags, bool portable)
{
    struct matcher *matcher = mem_zalloc(1, sizeof *matcher);
    if (!matcher)
        return NULL;
    matcher->set = set;
    const struct fold_table *table = set ? set->table : NULL;
    if (!table)
        table = matcher->own_table = fold_table_new(flags);
    if (set)
        matcher->evaluator = evaluator_new(set);
    if (!table || (set && !matcher->evaluator) ||
        text_pass_init(&matcher->pass, set, table, portable, NULL) != STATUS_OK) {
        matcher_free(matcher);
        return NULL;
    }
    return matcher;
}

struct matcher *matcher_new(const struct term_set *set)
{
    return new_matcher(set, set ? set->flags : 0, false);
}

struct matcher *matcher_new_portable(const struct term_set *set)
{
    return new_matcher(set, set ? set->flags : 0, true);
}

struct matcher *matcher_new_counting(const struct word_rules *rules)
{
    return new_matcher(NULL, word_rules_flags(rules), false);
}

void matcher_free(struct matcher *matcher)
{
    if (!matcher)
        return;
    evaluator_free(matcher->evaluator);
    text_pass_release(&matcher->pass);
    fold_table_free(matcher->own_table);
    free(matcher->turns.items);
    free(matcher->turns.hints);
    free(matcher);
}

/* ---- conversations ---- */

static enum status add_turn(struct matcher *matcher, uint8_t place, uint32_t exchange,
                            struct span text, struct error *err)
{
    struct turns *turns = &matcher->turns;
    struct turn *grown = mem_grow(turns->items, &turns->capacity, turns->count + 1, sizeof *grown);
    if (!grown)
        return error_nomem(err);
    turns->items = grown;
    if (text.len > POSITION_MAX || matcher->position + text.len >= POSITION_MAX)
        return error_set(err, STATUS_INPUT, NULL, "a conversation has more than 4 GiB of text");
    TRY(text_pass_run(&matcher->pass, text, place, matcher->position + 1, err));
    uint32_t ordinal = 0;
    if (turns->count > matcher->field_turns) {
        const struct turn *last = &grown[turns->count - 1];
        ordinal = last->ordinal + (last->exchange != exchange);
    }
    uint64_t end = matcher->position + matcher->pass.words + 2;
    if (end >= POSITION_MAX)
        return error_set(err, STATUS_INPUT, NULL, "a conversation has more than 4 billion words");
    uint32_t *hints =
        mem_grow(turns->hints, &turns->hints_capacity, (size_t)(end / 64 + 1), sizeof *hints);
    if (!hints)
        return error_nomem(err);
    turns->hints = hints;
    for (uint64_t block = (matcher->position + 63) / 64; block * 64 < end; block++)
        hints[block] = (uint32_t)turns->count;
    grown[turns->count++] = (struct turn){(uint32_t)matcher->position,
                                          (uint32_t)matcher->pass.words, exchange, ordinal, place};
    matcher->position = end;
    return STATUS_OK;
}

enum status matcher_begin(struct matcher *matcher, const struct span *fields, struct error *err)
{
    text_pass_begin(&matcher->pass);
    matcher->turns.count = 0;
    matcher->field_turns = 0;
    matcher->position = 0;
    if (!matcher->set || !fields)
        return STATUS_OK;
    for (size_t i = 0; i < matcher->set->field_count && i < TERM_FIELDS_MAX; i++) {
        uint8_t place = (uint8_t)(PLACE_FIELDS + i);
        if (!fields[i].data || !(matcher->set->places >> place & 1))
            continue;
        matcher->field_turns = matcher->turns.count + 1;
        TRY(add_turn(matcher, place, 0, fields[i], err));
    }
    return STATUS_OK;
}

enum status matcher_turn(struct matcher *matcher, enum text_side side, uint32_t exchange,
                         struct span text, uint64_t *words, struct error *err)
{
    TRY(add_turn(matcher, (uint8_t)side, exchange, text, err));
    *words += matcher->pass.words;
    return STATUS_OK;
}

enum status matcher_end(struct matcher *matcher, const struct text_hit **hits, size_t *count,
                        struct error *err)
{
    *hits = NULL;
    *count = 0;
    if (!matcher->set)
        return STATUS_OK;
    return evaluator_run(matcher->evaluator, &matcher->turns, matcher->field_turns,
                         matcher->pass.occurrences, matcher->pass.occurrence_count,
                         &matcher->pass.run.sets, hits, count, err);
}

enum status matcher_keep_hashes(struct matcher *matcher, const struct word_key *key,
                                struct error *err)
{
    return text_pass_keep_hashes(&matcher->pass, key, err);
}

const uint64_t *matcher_hashes(const struct matcher *matcher, size_t *count)
{
    *count = (size_t)matcher->pass.words;
    return matcher->pass.hashes;
}

/* ---- words seen ---- */

void matcher_list_words(struct matcher *matcher)
{
    text_pass_list_words(&matcher->pass);
}

static void add_count(void *context, uint32_t pattern, struct span word, uint64_t count)
{
    (void)word;
    ((uint64_t *)context)[pattern] += count;
}

enum status matcher_add_pattern_counts(const struct matcher *matcher, uint64_t *counts,
                                       struct error *err)
{
    return matcher->set ? run_words_seen(&matcher->pass.run, add_count, counts, err) : STATUS_OK;
}

/* Where a pattern is a leaf. */
struct leaf_place {
    uint32_t pattern, term, leaf;
};

struct leaf_visit {
    const struct leaf_place *places;
    size_t count;
    void (*visit)(void *context, uint32_t term, size_t leaf, struct span word, uint64_t count);
    void *context;
};

static int by_pattern(const void *a, const void *b)
{
    const struct leaf_place *left = a, *right = b;
    if (left->pattern != right->pattern)
        return left->pattern < right->pattern ? -1 : 1;
    if (left->term != right->term)
        return left->term < right->term ? -1 : 1;
    return (left->leaf > right->leaf) - (left->leaf < right->leaf);
}

static void visit_places(void *context, uint32_t pattern, struct span word, uint64_t count)
{
    const struct leaf_visit *to = context;
    size_t low = 0, high = to->count;
    while (low < high) {
        size_t mid = (low + high) / 2;
        if (to->places[mid].pattern < pattern)
            low = mid + 1;
        else
            high = mid;
    }
    for (; low < to->count && to->places[low].pattern == pattern; low++)
        to->visit(to->context, to->places[low].term, to->places[low].leaf, word, count);
}

enum status matcher_leaf_words(const struct matcher *matcher,
                               void (*visit)(void *context, uint32_t term, size_t leaf,
                                             struct span word, uint64_t count),
                               void *context, struct error *err)
{
    const struct term_set *set = matcher->set;
    if (!set)
        return STATUS_OK;
    struct leaf_place *places = mem_zalloc(set->leaf_patterns.count, sizeof *places);
    if (!places)
        return error_nomem(err);
    size_t count = 0;
    for (size_t t = 0; t < set->program_count; t++) {
        const struct program *program = &set->programs[t];
        for (size_t leaf = 0; leaf < program->term->leaf_count; leaf++)
            places[count++] = (struct leaf_place){set->leaf_patterns.items[program->leaves + leaf],
                                                  (uint32_t)t, (uint32_t)leaf};
    }
    if (count)
        qsort(places, count, sizeof *places, by_pattern);
    struct leaf_visit to = {places, count, visit, context};
    enum status status = run_words_seen(&matcher->pass.run, visit_places, &to, err);
    free(places);
    return status;
}
