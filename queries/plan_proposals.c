/*
 * Proposals: the options that are compared. See plan_parts.h. Options name terms and topics of
 * other queries, which may stand later in the plan, so they are read when all queries are.
 */
#include "base/suggest.h"
#include "queries/plan_keys.h"
#include "queries/plan_parts.h"
#include "queries/query_terms.h"

#include <string.h>
#include <strings.h>

enum { OPTIONS_MAX = 100 };

enum status plan_read_proposals(struct plan_reader *reader, const struct json_node *node,
                                struct plan_query *query)
{
    struct json_node list;
    (void)json_get(node, "options", &list);
    size_t count = json_node_length(&list);
    if (count == 0 || count > OPTIONS_MAX)
        return json_fault(&list, reader->err, "there must be 1 to %d options", OPTIONS_MAX);
    return plan_set_title(reader, query,
                          arena_strndup(&reader->plan->arena, "Options compared", 16));
}

/* The one query of KIND; or among several the one that the option's "query" names. */
static enum status find_query(struct plan_reader *reader, const struct json_node *option,
                              const struct json_node *place, enum query_kind kind, size_t *index)
{
    const struct plan *plan = reader->plan;
    struct json_node named;
    size_t count = 0;
    if (json_get(option, "query", &named)) {
        for (size_t i = 0; i < plan->query_count; i++)
            if (plan->queries[i].kind == kind &&
                strcmp(plan->queries[i].id, json_node_text(&named)) == 0) {
                *index = i;
                return STATUS_OK;
            }
    }
    for (size_t i = 0; i < plan->query_count; i++)
        if (plan->queries[i].kind == kind) {
            *index = i;
            count++;
        }
    if (count == 1)
        return STATUS_OK;
    json_fault(place, reader->err, "the plan has %s query of kind \"%s\"",
               count ? "more than one" : "no", query_types[kind].name);
    return count ? error_hint(reader->err, "say which one with \"query\"") : STATUS_PLAN;
}

static bool is_listed(const uint32_t *slots, size_t count, size_t slot)
{
    for (size_t i = 0; i < count; i++)
        if (slots[i] == slot)
            return true;
    return false;
}

/* The slots that the names of LIST stand for, each once. */
static enum status find_slots(struct plan_reader *reader, const struct json_node *list,
                              const struct plan_query *query, uint32_t **slots, size_t *count)
{
    size_t length = json_node_length(list);
    *slots = arena_zalloc(&reader->plan->arena, length, sizeof **slots);
    if (!*slots)
        return error_nomem(reader->err);
    for (size_t i = 0; i < length; i++) {
        struct json_node item = json_node_element(list, i);
        const char *name = json_node_text(&item);
        struct suggest suggest;
        size_t slot = 0;
        suggest_init(&suggest, name);
        for (; slot < query_term_slots(query) && strcmp(query_slot_name(query, slot), name) != 0;
             slot++)
            suggest_offer(&suggest, query_slot_name(query, slot));
        if (slot == query_term_slots(query)) {
            json_fault(&item, reader->err, "the query \"%s\" has no \"%s\"", query->id,
                       json_show(name).text);
            suggest_hint(&suggest, reader->err);
            return STATUS_PLAN;
        }
        if (query_term(query, slot)->problem)
            return json_fault(&item, reader->err, "it does not parse: %s",
                              query_term(query, slot)->problem);
        if (!is_listed(*slots, *count, slot))
            (*slots)[(*count)++] = (uint32_t)slot;
    }
    return STATUS_OK;
}

static enum status read_overlap(struct plan_reader *reader, const struct json_node *node,
                                struct plan_option *option)
{
    struct json_node words;
    if (!json_get(node, "overlap", &words))
        return STATUS_OK;
    TRY(find_query(reader, node, &words, QUERY_OVERLAP, &option->overlap_query));
    option->overlap_words = (uint32_t)json_node_integer(&words);
    uint32_t least = reader->plan->queries[option->overlap_query].min_words;
    if (option->overlap_words < least)
        return json_fault(&words, reader->err,
                          "runs are looked for from %u words on (min_words of \"%s\")",
                          (unsigned)least, reader->plan->queries[option->overlap_query].id);
    return STATUS_OK;
}

static enum status read_option(struct plan_reader *reader, const struct json_node *node,
                               const struct plan_query *query, struct plan_option *option)
{
    struct arena *arena = &reader->plan->arena;
    struct json_node list;
    TRY(json_check(node, &option_keys, reader->err));
    TRY(json_get_text(node, &option_keys, "id", arena, &option->id, reader->err));
    TRY(json_get_text(node, &option_keys, "title", arena, &option->title, reader->err));
    for (const struct plan_option *other = query->options; other < option; other++)
        if (strcasecmp(other->id, option->id) == 0)
            return json_fault(node, reader->err, "an option before it has the id \"%s\"",
                              other->id);
    option->from = json_get_date(node, "from", INT64_MIN);
    option->to = json_get_date(node, "to", INT64_MAX);
    if (option->from > option->to)
        return json_fault(node, reader->err, "\"from\" is after \"to\"");
    if (json_get(node, "terms", &list)) {
        TRY(find_query(reader, node, &list, QUERY_TERMS, &option->terms_query));
        TRY(find_slots(reader, &list, &reader->plan->queries[option->terms_query], &option->terms,
                       &option->term_count));
    }
    if (json_get(node, "topics", &list)) {
        TRY(find_query(reader, node, &list, QUERY_TOPICS, &option->topics_query));
        TRY(find_slots(reader, &list, &reader->plan->queries[option->topics_query], &option->topics,
                       &option->topic_count));
    }
    TRY(read_overlap(reader, node, option));
    if (!option->term_count && !option->topic_count && !option->overlap_words &&
        option->from == INT64_MIN && option->to == INT64_MAX)
        return json_fault(node, reader->err,
                          "the option has no condition: terms, topics, overlap, "
                          "from or to");
    return STATUS_OK;
}

/* The assumption that the member KEY of BURDEN names. */
static enum status find_assumption(struct plan_reader *reader, const struct json_node *burden,
                                   const char *key, size_t *index)
{
    const struct plan *plan = reader->plan;
    struct json_node named;
    struct suggest suggest;
    (void)json_get(burden, key, &named);
    suggest_init(&suggest, json_node_text(&named));
    for (*index = 0; *index < plan->assumption_count; ++*index) {
        if (strcmp(plan->assumptions[*index].id, json_node_text(&named)) == 0)
            return STATUS_OK;
        suggest_offer(&suggest, plan->assumptions[*index].id);
    }
    json_fault(&named, reader->err, "the plan has no assumption \"%s\"",
               json_show(json_node_text(&named)).text);
    suggest_hint(&suggest, reader->err);
    return STATUS_PLAN;
}

static enum status read_burden(struct plan_reader *reader, const struct json_node *node,
                               struct plan_query *query)
{
    struct json_node burden;
    query->has_burden = json_get(node, "burden", &burden);
    if (!query->has_burden)
        return STATUS_OK;
    TRY(json_check(&burden, &burden_keys, reader->err));
    TRY(find_assumption(reader, &burden, "pace", &query->pace));
    TRY(find_assumption(reader, &burden, "rate", &query->rate));
    if (!(reader->plan->assumptions[query->pace].low > 0))
        return json_fault(&burden, reader->err, "the pace \"%s\" must be above 0",
                          reader->plan->assumptions[query->pace].id);
    return STATUS_OK;
}

enum status plan_join_proposals(struct plan_reader *reader, const struct json_node *node,
                                struct plan_query *query)
{
    struct json_node list, of;
    query->has_of = json_get(node, "of", &of);
    if (query->has_of)
        TRY(plan_find_query(reader, &of, 1u << QUERY_RELEVANCE, "relevance query",
                            "options are judged by one of kind \"relevance\"", &query->of));
    TRY(read_burden(reader, node, query));
    (void)json_get(node, "options", &list);
    size_t count = json_node_length(&list);
    query->options = arena_zalloc(&reader->plan->arena, count, sizeof *query->options);
    if (!query->options)
        return error_nomem(reader->err);
    for (; query->option_count < count; query->option_count++) {
        struct json_node item = json_node_element(&list, query->option_count);
        TRY(read_option(reader, &item, query, &query->options[query->option_count]));
    }
    return STATUS_OK;
}
