/*
 * ChatGPT's data export: {conversation_id, create_time, current_node, default_model_slug, mapping:
 * {NODE: {message, parent, children}}}. The mapping is a tree; the conversation that its user saw
 * is the path from current_node over the parents to the root, read backwards.
 *
 * A current_node that is missing or leads nowhere: the leaf whose message was written last, and the
 * last such leaf in the file where times are equal or missing. A parent that is missing or was
 * visited before (a cycle) ends the path. Messages off the path are counted as abandoned and read
 * nowhere else.
 *
 * Content has many types; whatever text they hold stands under a few names, which are read without
 * asking for the type. Custom instructions (user_editable_context and the like) are given by the
 * system, whatever role the message claims: they are no prompt. A message of the assistant to
 * another recipient than "all" is a call of that tool. The model is that of the last assistant
 * message on the path that names one, else default_model_slug.
 *
 * Nodes are found by binary search over the sorted keys: no key can be chosen to make it slow.
 */
#include "queries/logs/format.h"
#include "queries/logs/message.h"

#include "base/civil.h"

#include <stdlib.h>
#include <string.h>

struct chat_node {
    struct span key;
    struct dom_node message; /* DOM_ABSENT if null or not an object */
    struct span parent;
    size_t at; /* order in the file */
    bool is_parent, on_path;
};

static bool chatgpt_detect(struct dom_node root)
{
    return dom_type(DOM_GET(root, "mapping")) == DOM_OBJECT;
}

static int compare_spans(struct span a, struct span b)
{
    int order = memcmp(a.data, b.data, a.len < b.len ? a.len : b.len);
    return order ? order : (a.len > b.len) - (a.len < b.len);
}

static int compare_nodes(const void *a, const void *b)
{
    const struct chat_node *x = a, *y = b;
    int order = compare_spans(x->key, y->key);
    return order ? order : (x->at > y->at) - (x->at < y->at);
}

/* The first node of that key, or NULL. */
static struct chat_node *find_node(struct chat_node *nodes, size_t count, struct span key)
{
    size_t low = 0, high = count;
    if (!key.data)
        return NULL;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (compare_spans(nodes[middle].key, key) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low < count && compare_spans(nodes[low].key, key) == 0 ? &nodes[low] : NULL;
}

static double written(const struct chat_node *node)
{
    double time = 0;
    return dom_number(DOM_GET(node->message, "create_time"), &time) ? time : 0;
}

/* Where the path begins when current_node does not say. */
static struct chat_node *last_leaf(struct chat_node *nodes, size_t count)
{
    struct chat_node *best = NULL;
    for (size_t i = 0; i < count; i++) {
        struct chat_node *parent = find_node(nodes, count, nodes[i].parent);
        if (parent)
            parent->is_parent = true;
    }
    for (size_t i = 0; i < count; i++) {
        struct chat_node *node = &nodes[i];
        if (!node->message.document)
            continue;
        if (!best || best->is_parent > node->is_parent ||
            (best->is_parent == node->is_parent &&
             (written(node) > written(best) ||
              (written(node) >= written(best) && node->at > best->at))))
            best = node;
    }
    return best;
}

static const char *const content_texts[] = {"title",
                                            "url",
                                            "parts",
                                            "text",
                                            "result",
                                            "summary",
                                            "content",
                                            "user_profile",
                                            "user_instructions",
                                            "model_set_context",
                                            "output_str"};

static bool content_type_has(struct dom_node content, const char *word)
{
    struct span type;
    return dom_string(DOM_GET(content, "content_type"), &type) &&
           memmem(type.data, type.len, word, strlen(word));
}

static void read_content(struct turn_builder *builder, struct dom_node content)
{
    if (dom_type(content) != DOM_OBJECT) {
        message_content(builder, content);
        return;
    }
    bool has = false;
    for (size_t i = 0; i < sizeof content_texts / sizeof *content_texts; i++) {
        struct dom_node held = dom_find(content, content_texts[i], strlen(content_texts[i]));
        enum dom_type type = dom_type(held);
        has |= type != DOM_ABSENT;
        if (type == DOM_STRING || type == DOM_ARRAY)
            message_content(builder, held);
    }
    struct dom_node thought;
    struct dom_walk walk = dom_walk_over(DOM_GET(content, "thoughts"));
    has |= walk.document != NULL;
    while (dom_next(&walk, NULL, &thought)) {
        message_string(builder, thought);
        message_string(builder, DOM_GET(thought, "summary"));
        message_string(builder, DOM_GET(thought, "content"));
    }
    if (!has)
        message_nontext(builder);
}

static void read_message(struct turn_builder *builder, struct dom_node message)
{
    struct dom_node content = DOM_GET(message, "content");
    struct dom_node author = DOM_GET(message, "author");
    struct span recipient, model;
    read_content(builder, content);
    enum turn_role role = message_role(builder, DOM_GET(author, "role"));
    if (content_type_has(content, "editable_context"))
        role = ROLE_SYSTEM;
    if (role == ROLE_ASSISTANT) {
        if (dom_string(DOM_GET(message, "recipient"), &recipient) &&
            !(recipient.len == 3 && memcmp(recipient.data, "all", 3) == 0))
            builder->oddities[ODDITY_TOOL_CALL]++;
        if (dom_string(DOM_GET(DOM_GET(message, "metadata"), "model_slug"), &model) && model.len)
            builder->model = model;
    }
    message_end(builder, role, message_time(builder, DOM_GET(message, "create_time")));
}

/* Nodes of the mapping, sorted by key, into the builder's arena. NULL without memory. */
static struct chat_node *read_nodes(struct turn_builder *builder, struct dom_node mapping,
                                    size_t *count)
{
    struct span key;
    struct dom_node value;
    size_t n = 0;
    for (struct dom_walk walk = dom_walk_over(mapping); dom_next(&walk, NULL, &value);)
        n++;
    struct chat_node *nodes = arena_zalloc(builder->arena, n, sizeof *nodes);
    if (!nodes)
        return NULL;
    size_t at = 0;
    for (struct dom_walk walk = dom_walk_over(mapping); dom_next(&walk, &key, &value); at++) {
        struct chat_node *node = &nodes[at];
        struct dom_node message = DOM_GET(value, "message");
        *node = (struct chat_node){.key = key, .at = at};
        if (dom_type(message) == DOM_OBJECT)
            node->message = message;
        dom_string(DOM_GET(value, "parent"), &node->parent);
    }
    qsort(nodes, n, sizeof *nodes, compare_nodes);
    *count = n;
    return nodes;
}

static bool chatgpt_read(struct turn_builder *builder, struct dom_node root)
{
    struct dom_node mapping = DOM_GET(root, "mapping");
    if (dom_type(mapping) != DOM_OBJECT)
        return false;
    size_t count = 0, length = 0;
    struct chat_node *nodes = read_nodes(builder, mapping, &count);
    struct chat_node **path =
        nodes ? arena_zalloc(builder->arena, count, sizeof(struct chat_node *)) : NULL;
    if (!path) {
        builder->no_memory = true;
        return false;
    }
    struct span current = SPAN_NONE;
    dom_string(DOM_GET(root, "current_node"), &current);
    struct chat_node *node = find_node(nodes, count, current);
    if (!node)
        node = last_leaf(nodes, count);
    for (; node && !node->on_path; node = find_node(nodes, count, node->parent)) {
        node->on_path = true;
        path[length++] = node;
    }
    while (length-- > 0) {
        if (path[length]->message.document)
            read_message(builder, path[length]->message);
        else
            builder->oddities[ODDITY_NULL_MESSAGE]++;
    }
    for (size_t i = 0; i < count; i++)
        builder->oddities[ODDITY_ABANDONED_TURN] += !nodes[i].on_path && nodes[i].message.document;
    if (!builder->model.len)
        dom_string(DOM_GET(root, "default_model_slug"), &builder->model);
    return true;
}

const struct format_type format_chatgpt = {
    .name = "chatgpt-export",
    .summary =
        "{conversation_id, create_time, current_node, mapping: {...}} (ChatGPT's data export)",
    .pointers = {[SLOT_ID] = {"/conversation_id", "/id"},
                 [SLOT_USER] = {"/user_id", "/user"},
                 [SLOT_TIME] = {"/create_time"},
                 [SLOT_MODEL] = {"/model"},
                 [SLOT_COUNTRY] = {"/country"},
                 [SLOT_LANGUAGE] = {"/language"},
                 [SLOT_ACCOUNT] = {"/account"}},
    .detect = chatgpt_detect,
    .read = chatgpt_read,
};
