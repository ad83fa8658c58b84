/* Terms of several queries, compiled together: see question_set.h. */
#include "queries/question_set.h"

#include "base/memory.h"

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
        static const enum term_within spans[] = {[PLAN_TURN] = WITHIN_TURN,
                                                 [PLAN_EXCHANGE] = WITHIN_EXCHANGE,
                                                 [PLAN_CONVERSATION] = WITHIN_CONVERSATION};
        for (uint32_t slot = 0; slot < query_term_slots(query); slot++)
            TRY(add_term(set, rules, query_term(query, slot), (struct question_ref){q, slot},
                         spans[query->within], err));
    }
    return term_set_compile(set->terms, err);
}

void question_set_release(struct question_set *set)
{
    term_set_free(set->terms);
    for (size_t i = 0; i < set->parsed_count; i++)
        term_free(set->parsed[i]);
    free(set->parsed);
    free(set->refs);
    free(set->works);
    free(set->queries);
    *set = (struct question_set){.queries = NULL};
}
