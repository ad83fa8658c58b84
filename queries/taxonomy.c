/* Taxonomy files: see taxonomy.h. */
#include "queries/taxonomy.h"

#include "base/intern.h"
#include "queries/plan_keys.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

struct taxonomy_reader {
    struct plan_reader *plan;
    struct plan_query *query;
    char *path;      /* of the file, joined */
    size_t capacity; /* topics that were made room for */
    struct intern names;
};

/* The row that every table of topics has for what no rule finds. */
static const char none_of_these[] = "none of these";

static enum status read_rule(struct taxonomy_reader *taxonomy, const struct json_node *node,
                             struct plan_topic *topic)
{
    struct plan_reader *reader = taxonomy->plan;
    struct error why = ERROR_INIT;
    const char *source = json_node_text(node);
    topic->term.name = topic->name;
    TRY(plan_parse_term(reader, source, strlen(source), &topic->term, &why));
    for (size_t i = 0; i < topic->term.warning_count; i++)
        TRY(plan_warn(reader, "%s: %s: %s", taxonomy->path, json_show(topic->name).text,
                      topic->term.warnings[i]));
    if (!topic->term.problem)
        return STATUS_OK;
    json_fault(node, reader->err, "%s", why.text);
    if (why.hint[0])
        error_hint(reader->err, "%s", why.hint);
    return STATUS_PLAN;
}

static enum status read_topic(struct taxonomy_reader *taxonomy, const struct json_node *node,
                              char *group)
{
    struct plan_reader *reader = taxonomy->plan;
    struct plan_query *query = taxonomy->query;
    struct json_node name, term;
    uint32_t number;
    TRY(json_check(node, &taxonomy_topic_keys, reader->err));
    (void)json_get(node, "name", &name);
    const char *text = json_node_text(&name);
    if (strcasecmp(text, none_of_these) == 0)
        return json_fault(&name, reader->err,
                          "\"%s\" is the name of the row for all that no topic finds",
                          none_of_these);
    TRY(intern_add(&taxonomy->names, text, strlen(text), &number, reader->err));
    if (number < query->topic_count)
        return json_fault(&name, reader->err, "a second topic is named \"%s\"",
                          json_show(text).text);
    struct plan_topic *topic = &query->topics[query->topic_count];
    topic->group = group;
    topic->name = arena_strndup(&reader->plan->arena, text, strlen(text));
    if (!topic->name)
        return error_nomem(reader->err);
    topic->term.name = topic->name;
    if (json_get(node, "term", &term))
        TRY(read_rule(taxonomy, &term, topic));
    query->topic_count++;
    return STATUS_OK;
}

static enum status read_topics(struct taxonomy_reader *taxonomy, const struct json_node *list,
                               char *group)
{
    for (size_t i = 0; i < json_node_length(list); i++) {
        struct json_node item = json_node_element(list, i);
        TRY(read_topic(taxonomy, &item, group));
    }
    return STATUS_OK;
}

static enum status read_groups(struct taxonomy_reader *taxonomy, const struct json_node *groups)
{
    struct plan_reader *reader = taxonomy->plan;
    for (size_t i = 0; i < json_node_length(groups); i++) {
        struct json_node item = json_node_element(groups, i), topics;
        char *name;
        TRY(json_get_text(&item, &taxonomy_group_keys, "name", &reader->plan->arena, &name,
                          reader->err));
        (void)json_get(&item, "topics", &topics);
        TRY(read_topics(taxonomy, &topics, name));
    }
    return STATUS_OK;
}

/* Checks the groups and counts the topics in them. */
static enum status count_topics(const struct json_node *groups, size_t *count, struct error *err)
{
    *count = 0;
    for (size_t i = 0; i < json_node_length(groups); i++) {
        struct json_node item = json_node_element(groups, i), topics;
        TRY(json_check(&item, &taxonomy_group_keys, err));
        (void)json_get(&item, "topics", &topics);
        *count += json_node_length(&topics);
    }
    return STATUS_OK;
}

static enum status read_root(struct taxonomy_reader *taxonomy, const struct json_node *root)
{
    struct plan_reader *reader = taxonomy->plan;
    struct plan_query *query = taxonomy->query;
    struct arena *arena = &reader->plan->arena;
    struct json_node groups, topics;
    TRY(json_check(root, &taxonomy_keys, reader->err));
    TRY(json_get_text(root, &taxonomy_keys, "title", arena, &query->taxonomy_title, reader->err));
    TRY(json_get_text(root, &taxonomy_keys, "source", arena, &query->taxonomy_source, reader->err));
    query->multi_label = json_get_choice(root, &taxonomy_keys, "assign") == 1;
    query->within = (enum plan_within)json_get_choice(root, &taxonomy_keys, "within");
    bool grouped = json_get(root, "groups", &groups), plain = json_get(root, "topics", &topics);
    if (grouped == plain)
        return json_fault(root, reader->err, "either \"groups\" or \"topics\" must be given%s",
                          grouped ? ", not both" : "");
    if (grouped)
        TRY(count_topics(&groups, &taxonomy->capacity, reader->err));
    else
        taxonomy->capacity = json_node_length(&topics);
    if (taxonomy->capacity == 0)
        return json_fault(root, reader->err, "there are no topics");
    query->topics = arena_zalloc(arena, taxonomy->capacity, sizeof *query->topics);
    char *no_group = arena_strndup(arena, "", 0);
    if (!query->topics || !no_group)
        return error_nomem(reader->err);
    return grouped ? read_groups(taxonomy, &groups) : read_topics(taxonomy, &topics, no_group);
}

enum status taxonomy_read(struct plan_reader *reader, const struct json_node *node,
                          struct plan_query *query)
{
    struct taxonomy_reader taxonomy = {.plan = reader, .query = query};
    struct json_doc doc = {NULL, NULL, ""};
    TRY(plan_path(reader, json_node_text(node), &taxonomy.path));
    intern_init(&taxonomy.names);
    enum status status = json_doc_read(&doc, taxonomy.path, NULL, PLAN_FILE_MAX, reader->err);
    if (status == STATUS_OK) {
        struct json_node root = json_doc_root(&doc);
        status = read_root(&taxonomy, &root);
    } else if (!doc.name) { /* it could not be read at all */
        status = plan_file_fault(node, status, reader->err);
    }
    json_doc_release(&doc);
    intern_release(&taxonomy.names);
    return status;
}
