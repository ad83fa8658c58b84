/*
 * Topics by rules, as the ledger remembers them (told_kind.h):
 *
 *     "within": 2                          enum plan_within
 *     "multi_label": 0                     else the first match wins
 *     "topics": [["group", "name", "rule"], ["", "name", null], ...]    null: no rule
 *
 * Their labels are no part of it: what a sample says is no number of conversations.
 */
#include "queries/query_terms.h"
#include "queries/tally_run.h"
#include "queries/told_fields.h"
#include "queries/told_kind.h"

#include <string.h>

static const char *text_of(const struct plan_query *query, size_t item, size_t part)
{
    const struct plan_topic *topic = &query->topics[item];
    const char *const parts[] = {topic->group ? topic->group : "", topic->name, topic->term.source};
    return parts[part];
}

static bool write(json_t *root, const struct plan_query *query)
{
    json_t *topics = told_texts_write(query, query->topic_count, 3, text_of);
    bool good = topics && json_object_set(root, "topics", topics) == 0 &&
                json_object_set_new(root, "within", json_integer((int)query->within)) == 0 &&
                json_object_set_new(root, "multi_label", json_integer(query->multi_label)) == 0;
    json_decref(topics);
    return good;
}

static enum status read(struct plan_query *query, struct told_reading *reading, bool *valid,
                        struct error *err)
{
    uint64_t within, several;
    char **texts = NULL;
    *valid = told_number_read(reading->root, "within", PLAN_CONVERSATION, &within) &&
             told_number_read(reading->root, "multi_label", 1, &several);
    if (!*valid)
        return STATUS_OK;
    query->within = (enum plan_within)within;
    query->multi_label = several == 1;
    TRY(told_texts_read(json_object_get(reading->root, "topics"), 3, reading->arena, &texts,
                        &query->topic_count, valid, err));
    if (!*valid)
        return STATUS_OK;
    query->topics = arena_zalloc(reading->arena, query->topic_count, sizeof *query->topics);
    if (!query->topics)
        return error_nomem(err);
    for (size_t i = 0; i < query->topic_count; i++) {
        struct plan_topic *topic = &query->topics[i];
        topic->group = texts[3 * i];
        topic->name = topic->term.name = texts[3 * i + 1];
        topic->term.source = texts[3 * i + 2];
        *valid = *valid && topic->name;
    }
    return STATUS_OK;
}

static bool same(const struct plan_query *a, const struct plan_query *b)
{
    if (a->multi_label != b->multi_label)
        return false;
    for (size_t i = 0; i < a->topic_count; i++)
        if (strcmp(text_of(a, i, 0), text_of(b, i, 0)) != 0)
            return false;
    return true;
}

const struct told_kind told_kind_topics = {.kind = QUERY_TOPICS,
                                           .suffixes = {""},
                                           .table_count = 1,
                                           .write = write,
                                           .read = read,
                                           .parse = query_terms_parse,
                                           .same = same,
                                           .count = tally_topics};
