/* Terms of several queries, compiled together: see question_set.h. */
#include "queries/question_set.h"

#include "base/memory.h"
#include "queries/query_patterns.h"

#include <stdlib.h>
#include <string.h>

static enum status add_term(struct question_set *set, const struct word_rules *rules,
                            const struct plan_term *term, struct question_ref ref,
                            enum term_within within, struct error *err)
{
    uint32_t number = 0;
    if (!term->source || term->problem)
        return STATUS_OK;
    struct term **parsed = &set->parsed[set->parsed_count];
    TRY(term_parse(term->source, strlen(term->source), rules, parsed, NULL, err));
    set->parsed_count++;
    TRY(term_set_add(set->terms, *parsed, within, &number, err));
    set->refs[number] = ref;
    return STATUS_OK;
}

static enum status get_works(struct question_set *set, const struct plan *plan,
                             const struct word_rules *rules, struct work_shelf *shelf,
                             struct error *err)
{
    set->key = shelf->key;
    set->works = mem_zalloc(set->query_count, sizeof *set->works);
    if (!set->works)
        return error_nomem(err);
    for (size_t q = 0; q < set->query_count; q++)
        if (set->queries[q]->kind == QUERY_OVERLAP)
            TRY(work_shelf_get(shelf, plan, (size_t)(set->queries[q] - plan->queries), rules,
                               &set->works[q], err));
    return STATUS_OK;
}

static enum status add_identifiers(struct question_set *set, struct error *err)
{
    set->identifiers = mem_zalloc(set->query_count, sizeof *set->identifiers);
    set->identifier_refs =
        mem_zalloc(set->query_count, IDENTIFIER_KINDS * sizeof *set->identifier_refs);
    if (!set->identifiers || !set->identifier_refs)
        return error_nomem(err);
    for (uint32_t q = 0; q < set->query_count; q++) {
        const struct plan_query *query = set->queries[q];
        if (query->kind != QUERY_IDENTIFIERS)
            continue;
        struct identifier_question *question = &set->identifiers[set->identifier_count++];
        question->examples = query->examples;
        for (size_t kind = 0; kind < IDENTIFIER_KINDS; kind++)
            question->numbers[kind] = UINT32_MAX;
        for (uint32_t slot = 0; slot < query->term_count; slot++) {
            question->numbers[query->identifiers[slot].kind] = set->identifier_numbers;
            set->identifier_refs[set->identifier_numbers++] = (struct question_ref){q, slot};
        }
    }
    return STATUS_OK;
}

static enum status add_query_patterns(struct question_set *set, uint32_t q, struct error *err)
{
    const struct plan_query *query = set->queries[q];
    struct pattern_question *question = &set->patterns[set->pattern_count];
    uint32_t *slots = mem_zalloc(query->term_count, sizeof *slots);
    struct regex_fault fault;
    if (!slots)
        return error_nomem(err);
    enum status status = query_patterns_compile(query, &question->set, slots, &fault, err);
    if (status == STATUS_OK) {
        set->pattern_count++;
        question->first = set->pattern_numbers;
        for (size_t i = 0; i < regex_set_count(question->set); i++)
            set->pattern_refs[set->pattern_numbers++] = (struct question_ref){q, slots[i]};
    }
    free(slots);
    return status == STATUS_OK ? status : error_within(err, query->id);
}

static enum status add_patterns(struct question_set *set, struct error *err)
{
    size_t numbers = 0;
    for (uint32_t q = 0; q < set->query_count; q++)
        numbers += set->queries[q]->kind == QUERY_REGEX ? set->queries[q]->term_count : 0;
    set->patterns = mem_zalloc(set->query_count, sizeof *set->patterns);
    set->pattern_refs = mem_zalloc(numbers, sizeof *set->pattern_refs);
    if (!set->patterns || !set->pattern_refs)
        return error_nomem(err);
    for (uint32_t q = 0; q < set->query_count; q++)
        if (set->queries[q]->kind == QUERY_REGEX)
            TRY(add_query_patterns(set, q, err));
    return STATUS_OK;
}

enum status question_set_init(struct question_set *set, const struct plan *plan,
                              const struct word_rules *rules, const bool *wanted,
                              struct work_shelf *shelf, struct error *err)
{
    size_t slots = 0;
    *set = (struct question_set){.queries = mem_zalloc(plan->query_count, sizeof *set->queries)};
    if (!set->queries)
        return error_nomem(err);
    for (size_t i = 0; i < plan->query_count; i++)
        if (wanted[i]) {
            set->queries[set->query_count++] = &plan->queries[i];
            slots += query_term_slots(&plan->queries[i]);
        }
    TRY(get_works(set, plan, rules, shelf, err));
    set->terms = term_set_new(rules);
    set->refs = mem_zalloc(slots, sizeof *set->refs);
    set->parsed = mem_zalloc(slots, sizeof *set->parsed);
    if (!set->terms || !set->refs || !set->parsed)
        return error_nomem(err);
    for (uint32_t q = 0; q < set->query_count; q++) {
        const struct plan_query *query = set->queries[q];
        if (query->kind != QUERY_TERMS && query->kind != QUERY_TOPICS)
            continue;
        static const enum term_within spans[] = {[PLAN_TURN] = WITHIN_TURN,
                                                 [PLAN_EXCHANGE] = WITHIN_EXCHANGE,
                                                 [PLAN_CONVERSATION] = WITHIN_CONVERSATION};
        for (uint32_t slot = 0; slot < query_term_slots(query); slot++)
            TRY(add_term(set, rules, query_term(query, slot), (struct question_ref){q, slot},
                         spans[query->within], err));
    }
    TRY(add_identifiers(set, err));
    TRY(add_patterns(set, err));
    return term_set_compile(set->terms, err);
}

void question_set_release(struct question_set *set)
{
    term_set_free(set->terms);
    for (size_t i = 0; i < set->parsed_count; i++)
        term_free(set->parsed[i]);
    for (size_t i = 0; i < set->pattern_count; i++)
        regex_set_free(set->patterns[i].set);
    free(set->patterns);
    free(set->pattern_refs);
    free(set->identifiers);
    free(set->identifier_refs);
    free(set->parsed);
    free(set->refs);
    free(set->works);
    free(set->queries);
    *set = (struct question_set){.queries = NULL};
}
