/* The plan's `queries`: what is common to all kinds, and each kind's part. See plan_parts.h. */
#include "base/suggest.h"
#include "queries/plan_keys.h"
#include "queries/plan_parts.h"
#include "queries/taxonomy.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

/* Tables and sheets of every report, which no query can be named like. */
static const char *const taken_ids[] = {"cover",       "summary",      "methods",
                                        "definitions", "completeness", "population"};

/* ---- what each kind reads ---- */

enum status plan_set_title(struct plan_reader *reader, struct plan_query *query, char *made)
{
    if (!made)
        return error_nomem(reader->err);
    if (!query->title)
        query->title = made;
    return STATUS_OK;
}

static enum status read_count(struct plan_reader *reader, const struct json_node *node,
                              struct plan_query *query)
{
    struct arena *arena = &reader->plan->arena;
    struct json_node by;
    if (json_get(node, "by", &by))
        TRY(plan_read_by(reader, &by, false, query));
    char *made = arena_strndup(arena, "Conversations", 13);
    for (size_t i = 0; made && i < query->by_count; i++)
        made = arena_printf(arena, "%s%s%s", made,
                            i == 0                     ? " by "
                            : i + 1 == query->by_count ? " and "
                                                       : ", ",
                            query->by[i].name);
    return plan_set_title(reader, query, made);
}

static enum status read_terms(struct plan_reader *reader, const struct json_node *node,
                              struct plan_query *query)
{
    query->within = (enum plan_within)json_get_choice(node, &query_keys[QUERY_TERMS], "within");
    struct json_node by;
    TRY(plan_read_terms(reader, node, query));
    if (json_get(node, "by", &by))
        TRY(plan_read_by(reader, &by, false, query));
    for (size_t i = 0; i < query->by_count; i++) {
        if (strcmp(query->by[i].name, "term") != 0)
            continue;
        json_fault(&by, reader->err, "\"term\" is a column of this table");
        return error_hint(reader->err, "give the field another name in logs.fields");
    }
    return plan_set_title(reader, query, arena_strndup(&reader->plan->arena, "Search terms", 12));
}

/* The labelled sample that corrects topics by rules. */
static enum status read_topic_labels(struct plan_reader *reader, const struct json_node *node,
                                     struct plan_query *query)
{
    static const struct json_table *const table = &query_keys[QUERY_TOPICS];
    struct json_node sample, labels;
    bool has_sample = json_get(node, "sample", &sample),
         has_labels = json_get(node, "labels", &labels);
    if (has_sample != has_labels)
        return json_fault(has_sample ? &sample : &labels, reader->err,
                          "\"sample\" and \"labels\" go together");
    query->confidence = 0.95;
    TRY(plan_read_confidence(reader, node, node->index, &query->confidence));
    TRY(plan_get_path(reader, node, table, "sample", &query->sample_path));
    TRY(plan_get_path(reader, node, table, "labels", &query->labels_path));
    /* Topics are of conversations, and so must the labelled units be. */
    if (has_sample && !(query->unit = arena_strndup(&reader->plan->arena, "conversation", 12)))
        return error_nomem(reader->err);
    if (has_sample && (query->multi_label || query->topic_count == 0))
        return json_fault(&sample, reader->err,
                          "labels correct only topics by rules that assign the first match");
    if (has_sample && query->topic_count > PLAN_LABELLED_TOPICS_MAX)
        return json_fault(&sample, reader->err, "labels correct at most %d topics",
                          PLAN_LABELLED_TOPICS_MAX);
    return STATUS_OK;
}

static enum status read_topics(struct plan_reader *reader, const struct json_node *node,
                               struct plan_query *query)
{
    static const struct json_table *const table = &query_keys[QUERY_TOPICS];
    struct arena *arena = &reader->plan->arena;
    struct json_node file, by, choice;
    bool rules = json_get(node, "taxonomy", &file), field = json_get(node, "by", &by);
    if (rules == field) {
        json_fault(node, reader->err, "either \"taxonomy\" or \"by\" must be given%s",
                   rules ? ", not both" : "");
        error_hint(reader->err, "\"taxonomy\" names a file of rules, \"by\" a field of the log");
        return STATUS_PLAN;
    }
    query->within = PLAN_CONVERSATION;
    if (field) {
        static const char *const rule_keys[] = {"within", "assign"};
        for (size_t i = 0; i < 2; i++)
            if (json_get(node, rule_keys[i], &choice))
                return json_fault(&choice, reader->err, "goes with \"taxonomy\" only");
        TRY(plan_read_by(reader, &by, true, query));
        return plan_set_title(reader, query,
                              arena_printf(arena, "Topics by %s", query->by[0].name));
    }
    TRY(taxonomy_read(reader, &file, query));
    if (json_get(node, "within", &choice))
        query->within = (enum plan_within)json_get_choice(node, table, "within");
    if (json_get(node, "assign", &choice))
        query->multi_label = json_get_choice(node, table, "assign") == 1;
    TRY(read_topic_labels(reader, node, query));
    return plan_set_title(reader, query,
                          query->taxonomy_title
                              ? arena_printf(arena, "Topics: %s", query->taxonomy_title)
                              : arena_strndup(arena, "Topics", 6));
}

static enum status read_claim(struct plan_reader *reader, const struct json_node *node,
                              struct plan_query *query)
{
    struct arena *arena = &reader->plan->arena;
    TRY(json_get_share(node, "irrelevant_at_least", arena, &query->at_least, reader->err));
    TRY(plan_read_confidence(reader, node, node->index, &query->confidence));
    return plan_set_title(reader, query,
                          arena_printf(arena, "Claim: at least %s irrelevant", query->at_least));
}

static enum status read_overlap(struct plan_reader *reader, const struct json_node *node,
                                struct plan_query *query)
{
    TRY(plan_read_works(reader, node, query));
    return plan_set_title(reader, query,
                          arena_strndup(&reader->plan->arena, "Overlap with works", 18));
}

static enum status read_identifiers(struct plan_reader *reader, const struct json_node *node,
                                    struct plan_query *query)
{
    TRY(plan_read_identifiers(reader, node, query));
    return plan_set_title(reader, query, arena_strndup(&reader->plan->arena, "Identifiers", 11));
}

static enum status read_regex(struct plan_reader *reader, const struct json_node *node,
                              struct plan_query *query)
{
    TRY(plan_read_patterns(reader, node, query));
    return plan_set_title(reader, query,
                          arena_strndup(&reader->plan->arena, "Regular expressions", 19));
}

static enum status (*const readers[QUERY_KIND_COUNT])(struct plan_reader *reader,
                                                      const struct json_node *node,
                                                      struct plan_query *query) = {
    [QUERY_COUNT] = read_count,
    [QUERY_TERMS] = read_terms,
    [QUERY_TOPICS] = read_topics,
    [QUERY_RELEVANCE] = plan_read_relevance,
    [QUERY_CLAIM] = read_claim,
    [QUERY_OVERLAP] = read_overlap,
    [QUERY_IDENTIFIERS] = read_identifiers,
    [QUERY_REGEX] = read_regex,
    [QUERY_PROPOSALS] = plan_read_proposals,
};

/* ---- what all kinds have ---- */

static enum status read_kind(struct plan_reader *reader, const struct json_node *node,
                             enum query_kind *kind)
{
    static const struct json_key kind_key = {.want = WANT_FILLED},
                                 object_key = {.want = WANT_OBJECT};
    struct json_node member;
    TRY(json_check_value(node, &object_key, reader->err));
    if (!json_node_member(node, "kind", &member))
        return json_fault(node, reader->err, "the key \"kind\" is missing");
    TRY(json_check_value(&member, &kind_key, reader->err));
    const char *text = json_node_text(&member);
    struct suggest suggest;
    suggest_init(&suggest, text);
    for (size_t i = 0; i < QUERY_KIND_COUNT; i++) {
        if (strcmp(query_types[i].name, text) == 0) {
            *kind = (enum query_kind)i;
            return STATUS_OK;
        }
        suggest_offer(&suggest, query_types[i].name);
    }
    json_fault(&member, reader->err, "unknown query kind \"%s\"", json_show(text).text);
    if (suggest.best)
        suggest_hint(&suggest, reader->err);
    else
        error_hint(reader->err, "the kinds are count, terms, topics, relevance, claim, overlap, "
                                "identifiers, regex and proposals");
    return STATUS_PLAN;
}

static enum status check_id(struct plan_reader *reader, const struct json_node *node)
{
    const struct plan *plan = reader->plan;
    const char *id = json_node_text(node);
    size_t len = strlen(id);
    bool good = len <= 64 && isalpha((unsigned char)id[0]);
    for (size_t i = 1; good && i < len; i++)
        good = isalnum((unsigned char)id[i]) || id[i] == '_' || id[i] == '-';
    if (!good) {
        json_fault(node, reader->err, "\"%s\" cannot be an id", json_show(id).text);
        error_hint(reader->err,
                   "an id is a letter, then letters, digits, \"_\" or \"-\", at most 64 in all");
        return STATUS_PLAN;
    }
    for (size_t i = 0; i < sizeof taken_ids / sizeof taken_ids[0]; i++)
        if (strcasecmp(taken_ids[i], id) == 0)
            return json_fault(node, reader->err,
                              "\"%s\" is a part of every report: choose another "
                              "id",
                              id);
    /* Sheets of a workbook do not differ by case alone. */
    for (size_t i = 0; i < plan->query_count; i++)
        if (strcasecmp(plan->queries[i].id, id) == 0)
            return json_fault(node, reader->err, "queries[%zu] already has the id \"%s\"", i,
                              plan->queries[i].id);
    return STATUS_OK;
}

static enum status read_query(struct plan_reader *reader, const struct json_node *node,
                              struct plan_query *query)
{
    struct arena *arena = &reader->plan->arena;
    struct json_node id;
    TRY(read_kind(reader, node, &query->kind));
    const struct json_table *table = &query_keys[query->kind];
    TRY(json_check(node, table, reader->err));
    (void)json_get(node, "id", &id);
    TRY(check_id(reader, &id));
    TRY(json_get_text(node, table, "id", arena, &query->id, reader->err));
    TRY(json_get_text(node, table, "title", arena, &query->title, reader->err));
    query->weight = (uint32_t)json_get_integer(node, table, "weight");
    return readers[query->kind](reader, node, query);
}

enum status plan_find_query(struct plan_reader *reader, const struct json_node *node,
                            unsigned kinds, const char *what, const char *kinds_words,
                            size_t *index)
{
    const struct plan *plan = reader->plan;
    const char *text = json_node_text(node);
    struct suggest suggest;
    suggest_init(&suggest, text);
    for (*index = 0; *index < plan->query_count; ++*index) {
        const struct plan_query *query = &plan->queries[*index];
        bool fits = kinds & (1u << query->kind);
        if (fits)
            suggest_offer(&suggest, query->id);
        if (strcmp(query->id, text) != 0)
            continue;
        if (fits)
            return STATUS_OK;
        return json_fault(node, reader->err, "\"%s\" is a query of kind \"%s\"; %s", text,
                          query_types[query->kind].name, kinds_words);
    }
    json_fault(node, reader->err, "no %s has the id \"%s\"", what, json_show(text).text);
    suggest_hint(&suggest, reader->err);
    return STATUS_PLAN;
}

static enum status join_claim(struct plan_reader *reader, const struct json_node *node,
                              struct plan_query *claim)
{
    struct json_node of;
    (void)json_get(node, "of", &of);
    TRY(plan_find_query(reader, &of, 1u << QUERY_RELEVANCE, "relevance query",
                        "a claim is about one of kind \"relevance\"", &claim->of));
    const struct plan_query *query = &reader->plan->queries[claim->of];
    claim->has_of = true;
    claim->method = query->method;
    claim->prior[0] = query->prior[0];
    claim->prior[1] = query->prior[1];
    if (claim->confidence == 0)
        claim->confidence = query->confidence;
    return STATUS_OK;
}

/* A query may stand before the one that it is about, so they are joined when all are read. */
static enum status join(struct plan_reader *reader, const struct json_node *node,
                        struct plan_query *query)
{
    switch (query->kind) {
    case QUERY_CLAIM:
        return join_claim(reader, node, query);
    case QUERY_RELEVANCE:
        return plan_join_relevance(reader, node, query);
    case QUERY_PROPOSALS:
        return plan_join_proposals(reader, node, query);
    default:
        return STATUS_OK;
    }
}

enum status plan_read_queries(struct plan_reader *reader, const struct json_node *list)
{
    struct plan *plan = reader->plan;
    size_t length = json_node_length(list);
    if (length > PLAN_QUERIES_MAX)
        return json_fault(list, reader->err, "more than %d queries", PLAN_QUERIES_MAX);
    plan->queries = arena_zalloc(&plan->arena, length, sizeof *plan->queries);
    if (!plan->queries)
        return error_nomem(reader->err);
    for (; plan->query_count < length; plan->query_count++) {
        struct json_node item = json_node_element(list, plan->query_count);
        TRY(read_query(reader, &item, &plan->queries[plan->query_count]));
    }
    for (size_t i = 0; i < length; i++) {
        struct json_node item = json_node_element(list, i);
        TRY(join(reader, &item, &plan->queries[i]));
    }
    return STATUS_OK;
}
