/* What others do with a plan that was read: see plan.h. */
#include "queries/plan.h"

#include <string.h>

const struct query_type query_types[QUERY_KIND_COUNT] = {
    [QUERY_COUNT] = {"count", "conversations, exchanges, users and words by any fields", false},
    [QUERY_TERMS] = {"terms", "a search term report: what each term hits, alone and together",
                     true},
    [QUERY_TOPICS] = {"topics", "conversations by topic, by rules or by a field of the log", true},
    [QUERY_RELEVANCE] = {"relevance", "how much is relevant, estimated from a labelled sample",
                         false},
    [QUERY_CLAIM] = {"claim", "whether a stated share of irrelevance is supported or contradicted",
                     false},
    [QUERY_OVERLAP] = {"overlap", "runs of words that chats share with works at issue", true},
    [QUERY_IDENTIFIERS] = {"identifiers", "what de-identification left behind in the text", true},
    [QUERY_REGEX] = {"regex", "what regular expressions match in the text", true},
    [QUERY_PROPOSALS] = {"proposals", "what narrower options find, leave and expose", false},
};

void plan_release(struct plan *plan)
{
    arena_release(&plan->arena);
    *plan = (struct plan){.arena = ARENA_INIT};
}

size_t plan_sample_query(const struct plan *plan, size_t query)
{
    const char *path = plan->queries[query].sample_path;
    for (size_t i = 0; path && i < query; i++)
        if (plan->queries[i].sample_path && strcmp(plan->queries[i].sample_path, path) == 0)
            return i;
    return query;
}

const struct plan_query *plan_query_find(const struct plan *plan, const char *id)
{
    for (size_t i = 0; i < plan->query_count; i++)
        if (strcmp(plan->queries[i].id, id) == 0)
            return &plan->queries[i];
    return NULL;
}

bool plan_filter_same(const struct plan_filter *a, const struct plan_filter *b)
{
    bool same = a->exclude == b->exclude && a->field.kind == b->field.kind &&
                a->field.stored == b->field.stored && a->value_count == b->value_count &&
                strcmp(a->field.name, b->field.name) == 0;
    for (size_t i = 0; same && i < a->value_count; i++)
        same = strcmp(a->values[i], b->values[i]) == 0;
    return same;
}

bool plan_filters_same(const struct plan_filter *a, size_t a_count, const struct plan_filter *b,
                       size_t b_count)
{
    bool same = a_count == b_count;
    for (size_t i = 0; same && i < a_count; i++)
        same = plan_filter_same(&a[i], &b[i]);
    return same;
}

bool plan_filters_within(const struct plan_filter *a, size_t a_count, const struct plan_filter *b,
                         size_t b_count)
{
    size_t found = 0;
    for (size_t i = 0; i < b_count; i++) {
        size_t k = 0;
        while (k < a_count && !plan_filter_same(&a[k], &b[i]))
            k++;
        found += k < a_count;
    }
    return found == b_count;
}

bool plan_extent_within(const struct plan_extent *a, const struct plan_extent *b)
{
    bool within = a && b && a->words == b->words;
    for (size_t i = 0; within && i < a->words; i++)
        within = !(a->bits[i] & ~b->bits[i]);
    return within;
}
