/* Conditions of options by what they ask: see option_alike.h. */
#include "queries/option_alike.h"

#include <string.h>

static bool works_alike(const struct plan_query *a, const struct plan_query *b)
{
    if (a->work_file_count != b->work_file_count)
        return false;
    for (size_t i = 0; i < a->work_file_count; i++)
        if (strcmp(a->work_files[i].sha256, b->work_files[i].sha256) != 0)
            return false;
    return true;
}

bool option_queries_alike(const struct plan *plan, enum option_part_kind kind, size_t a, size_t b)
{
    const struct plan_query *x = &plan->queries[a], *y = &plan->queries[b];
    if (a == b || kind == PART_PERIOD)
        return true;
    if (x->kind != y->kind)
        return false;
    if (kind == PART_TERMS)
        return x->within == y->within;
    if (kind == PART_TOPICS)
        return x->topic_count && x->multi_label == y->multi_label &&
               strcmp(x->scan_digest, y->scan_digest) == 0;
    return works_alike(x, y);
}

bool option_item_alike(const struct plan *plan, enum option_part_kind kind, size_t a, uint32_t slot,
                       size_t b, uint32_t other)
{
    if (a == b || kind != PART_TERMS)
        return slot == other;
    const char *x = plan->queries[a].terms[slot].parsed, *y = plan->queries[b].terms[other].parsed;
    return x && y && strcmp(x, y) == 0;
}

/* ---- one in the other ---- */

struct listed {
    size_t query;
    const uint32_t *items;
    size_t count;
};

static struct listed list_of(const struct plan_option *option, enum option_part_kind kind)
{
    if (kind == PART_TERMS)
        return (struct listed){option->terms_query, option->terms, option->term_count};
    return (struct listed){option->topics_query, option->topics, option->topic_count};
}

static bool is_listed(const struct plan *plan, enum option_part_kind kind, size_t query,
                      uint32_t item, const struct listed *of)
{
    for (size_t i = 0; i < of->count; i++)
        if (option_item_alike(plan, kind, query, item, of->query, of->items[i]))
            return true;
    return false;
}

/* One of fewer terms (topics) has nothing that one of them and others has not. */
static bool list_lies_in(const struct plan *plan, const struct plan_option *a,
                         const struct plan_option *b, enum option_part_kind kind)
{
    const struct listed less = list_of(a, kind), more = list_of(b, kind);
    if (!more.count)
        return true;
    if (!less.count || !option_queries_alike(plan, kind, less.query, more.query))
        return false;
    for (size_t i = 0; i < less.count; i++)
        if (!is_listed(plan, kind, less.query, less.items[i], &more))
            return false;
    return true;
}

struct option_asked option_asked_of(const struct plan_option *option, int64_t from, int64_t to)
{
    return (struct option_asked){option, option->from > from ? option->from : from,
                                 option->to < to ? option->to : to};
}

bool option_lies_in(const struct plan *plan, const struct option_asked *a,
                    const struct option_asked *b)
{
    const struct plan_option *x = a->option, *y = b->option;
    if (a->from < b->from || a->to > b->to || !list_lies_in(plan, x, y, PART_TERMS) ||
        !list_lies_in(plan, x, y, PART_TOPICS))
        return false;
    return !y->overlap_words ||
           (x->overlap_words >= y->overlap_words &&
            option_queries_alike(plan, PART_OVERLAP, x->overlap_query, y->overlap_query));
}
