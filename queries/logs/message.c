/* From messages to turns: see message.h. */
#include "queries/logs/message.h"

#include "base/civil.h"
#include "base/memory.h"
#include "queries/logs/json_text.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum { KEPT_TURNS = 4096, PART_DEPTH = 16 };

void turn_builder_init(struct turn_builder *builder, struct arena *arena)
{
    *builder = (struct turn_builder){.arena = arena};
}

void turn_builder_release(struct turn_builder *builder)
{
    free(builder->turns);
    free(builder->texts);
    *builder = (struct turn_builder){.arena = builder->arena};
}

void turn_builder_reset(struct turn_builder *builder)
{
    if (builder->capacity > KEPT_TURNS || builder->text_capacity > KEPT_TURNS)
        turn_builder_release(builder);
    builder->count = builder->text_count = builder->parts = 0;
    builder->model = SPAN_NONE;
    builder->no_memory = false;
    memset(builder->oddities, 0, sizeof builder->oddities);
}

void message_text(struct turn_builder *builder, struct span text)
{
    if (text.len == 0)
        return;
    struct span *grown =
        mem_grow(builder->texts, &builder->text_capacity, builder->text_count + 1, sizeof *grown);
    if (!grown) {
        builder->no_memory = true;
        return;
    }
    builder->texts = grown;
    grown[builder->text_count++] = text;
}

bool message_string(struct turn_builder *builder, struct dom_node node)
{
    struct span text;
    if (!dom_string(node, &text))
        return false;
    message_text(builder, text);
    return true;
}

void message_nontext(struct turn_builder *builder)
{
    builder->parts++;
    builder->oddities[ODDITY_NONTEXT_PART]++;
}

static bool is_text(struct dom_node node, const char *text)
{
    struct span span;
    return dom_string(node, &span) && span.len == strlen(text) &&
           memcmp(span.data, text, span.len) == 0;
}

void message_tool_call(struct turn_builder *builder, struct dom_node name,
                       struct dom_node arguments)
{
    builder->parts++;
    builder->oddities[ODDITY_TOOL_CALL]++;
    message_string(builder, name);
    enum dom_type type = dom_type(arguments);
    if (type == DOM_ABSENT || type == DOM_NULL || message_string(builder, arguments))
        return;
    struct span text;
    if (json_text(builder->arena, arguments, &text))
        message_text(builder, text);
    else
        builder->no_memory = true;
}

static void function_call(struct turn_builder *builder, struct dom_node function)
{
    if (dom_type(function) == DOM_OBJECT)
        message_tool_call(builder, DOM_GET(function, "name"), DOM_GET(function, "arguments"));
}

/* OpenAI's `tool_calls`: [{type, function: {name, arguments}}]. */
static void tool_calls(struct turn_builder *builder, struct dom_node list)
{
    struct dom_node call;
    struct dom_walk walk = dom_walk_over(list);
    while (dom_next(&walk, NULL, &call)) {
        struct dom_node function = DOM_GET(call, "function");
        function_call(builder, dom_type(function) == DOM_OBJECT ? function : call);
    }
}

static void content_at(struct turn_builder *builder, struct dom_node node, int depth);

/* Members of a part that hold its text, in the order in which they are read. Each may be a string,
 * {value: string} or, of `content` and `summary`, a list of parts. */
static const char *const part_texts[] = {"text",    "value",      "thinking", "refusal",
                                         "summary", "transcript", "content",  "output"};

static void part_at(struct turn_builder *builder, struct dom_node part, int depth)
{
    struct dom_node type = DOM_GET(part, "type");
    if (is_text(type, "tool_use") || is_text(type, "server_tool_use")) {
        message_tool_call(builder, DOM_GET(part, "name"), DOM_GET(part, "input"));
        return;
    }
    if (is_text(type, "function_call") || is_text(type, "tool_call")) {
        message_tool_call(builder, DOM_GET(part, "name"), DOM_GET(part, "arguments"));
        return;
    }
    size_t before = builder->text_count + builder->parts;
    bool has = false;
    for (size_t i = 0; i < sizeof part_texts / sizeof *part_texts; i++) {
        struct dom_node held = dom_find(part, part_texts[i], strlen(part_texts[i]));
        if (message_string(builder, held)) {
            has = true;
        } else if (dom_type(held) == DOM_OBJECT) {
            has |= message_string(builder, DOM_GET(held, "value"));
        } else if (dom_type(held) == DOM_ARRAY && depth < PART_DEPTH) {
            content_at(builder, held, depth + 1);
            has = true;
        }
        if (builder->text_count + builder->parts > before)
            return;
    }
    struct dom_node source = DOM_GET(part, "source");
    if (is_text(DOM_GET(source, "type"), "text"))
        has |= message_string(builder, DOM_GET(source, "data"));
    if (!has)
        message_nontext(builder);
}

static void content_at(struct turn_builder *builder, struct dom_node node, int depth)
{
    struct dom_node part;
    struct dom_walk walk;
    switch (dom_type(node)) {
    case DOM_STRING:
        message_string(builder, node);
        break;
    case DOM_OBJECT:
        part_at(builder, node, depth);
        break;
    case DOM_ARRAY:
        walk = dom_walk_over(node);
        while (dom_next(&walk, NULL, &part)) {
            if (dom_type(part) == DOM_ARRAY)
                message_nontext(builder);
            else
                content_at(builder, part, depth);
        }
        break;
    case DOM_ABSENT:
    case DOM_NULL:
        break;
    default:
        message_nontext(builder);
    }
}

void message_content(struct turn_builder *builder, struct dom_node content)
{
    content_at(builder, content, 0);
}

/* The texts of the message, joined by newlines. */
static struct span joined(struct turn_builder *builder)
{
    size_t count = builder->text_count, len = 0;
    if (count == 1)
        return builder->texts[0];
    if (count == 0)
        return (struct span){"", 0};
    for (size_t i = 0; i < count; i++)
        len += builder->texts[i].len + (i > 0);
    char *data = arena_alloc(builder->arena, len);
    if (!data) {
        builder->no_memory = true;
        return (struct span){"", 0};
    }
    char *at = data;
    for (size_t i = 0; i < count; i++) {
        if (i > 0)
            *at++ = '\n';
        memcpy(at, builder->texts[i].data, builder->texts[i].len);
        at += builder->texts[i].len;
    }
    return (struct span){data, len};
}

void message_end(struct turn_builder *builder, enum turn_role role, int64_t time)
{
    if (builder->text_count + builder->parts == 0) {
        builder->oddities[ODDITY_NULL_MESSAGE]++;
        return;
    }
    struct turn *grown =
        mem_grow(builder->turns, &builder->capacity, builder->count + 1, sizeof *grown);
    if (grown) {
        builder->turns = grown;
        grown[builder->count++] = (struct turn){role, joined(builder), time};
    } else {
        builder->no_memory = true;
    }
    message_drop(builder);
}

void message_drop(struct turn_builder *builder)
{
    builder->text_count = builder->parts = 0;
}

static const struct {
    const char *name;
    enum turn_role role;
} roles[] = {
    {"user", ROLE_USER},           {"human", ROLE_USER},
    {"prompter", ROLE_USER},       {"assistant", ROLE_ASSISTANT},
    {"gpt", ROLE_ASSISTANT},       {"model", ROLE_ASSISTANT},
    {"chatgpt", ROLE_ASSISTANT},   {"bot", ROLE_ASSISTANT},
    {"bard", ROLE_ASSISTANT},      {"bing", ROLE_ASSISTANT},
    {"ai", ROLE_ASSISTANT},        {"function_call", ROLE_ASSISTANT},
    {"tool_call", ROLE_ASSISTANT}, {"system", ROLE_SYSTEM},
    {"developer", ROLE_SYSTEM},    {"tool", ROLE_TOOL},
    {"function", ROLE_TOOL},       {"observation", ROLE_TOOL},
    {"tool_response", ROLE_TOOL},  {"function_response", ROLE_TOOL},
};

static bool same_word(struct span text, const char *word)
{
    for (size_t i = 0; i < text.len; i++) {
        char c = text.data[i];
        if (c >= 'A' && c <= 'Z')
            c = (char)(c + ('a' - 'A'));
        if (c != word[i]) /* also at the word's NUL */
            return false;
    }
    return word[text.len] == '\0';
}

enum turn_role message_role(struct turn_builder *builder, struct dom_node node)
{
    struct span name;
    if (dom_string(node, &name) && !memchr(name.data, '\0', name.len)) {
        for (size_t i = 0; i < sizeof roles / sizeof *roles; i++)
            if (same_word(name, roles[i].name))
                return roles[i].role;
    }
    builder->oddities[ODDITY_UNKNOWN_ROLE]++;
    return ROLE_TOOL;
}

int64_t message_time(struct turn_builder *builder, struct dom_node node)
{
    int64_t time = CIVIL_NONE;
    struct span text;
    double number = 0;
    enum dom_type type = dom_type(node);
    if (type == DOM_ABSENT || type == DOM_NULL)
        return CIVIL_NONE;
    if (dom_string(node, &text) ? civil_parse_time(text.data, text.len, &time)
                                : dom_number(node, &number) && civil_from_number(number, &time))
        return time;
    builder->oddities[ODDITY_BAD_TIME]++;
    return CIVIL_NONE;
}

/* The members of a message that are read, each the first of its name. */
struct members {
    struct dom_node role, content, tool_calls, function_call;
    struct dom_node time; /* the one that comes first in the message */
};

static bool is_key(struct span key, const char *name)
{
    return strlen(name) == key.len && memcmp(name, key.data, key.len) == 0;
}

static void set_first(struct dom_node *member, struct dom_node value)
{
    if (!member->document)
        *member = value;
}

/* One walk over all members is faster than a search for each. */
static struct members members_of(struct dom_node message, const struct message_keys *keys)
{
    struct members found = {0};
    struct span key = SPAN_NONE;
    struct dom_node value;
    struct dom_walk walk = dom_walk_over(message);
    while (dom_next(&walk, &key, &value)) {
        if (is_key(key, keys->role))
            set_first(&found.role, value);
        else if (is_key(key, keys->content))
            set_first(&found.content, value);
        else if (is_key(key, "tool_calls"))
            set_first(&found.tool_calls, value);
        else if (is_key(key, "function_call"))
            set_first(&found.function_call, value);
        else
            for (size_t i = 0; keys->times[i]; i++)
                if (is_key(key, keys->times[i]))
                    set_first(&found.time, value);
    }
    return found;
}

bool messages_read(struct turn_builder *builder, struct dom_node list,
                   const struct message_keys *keys)
{
    if (dom_type(list) != DOM_ARRAY)
        return false;
    struct dom_node message;
    struct dom_walk walk = dom_walk_over(list);
    while (dom_next(&walk, NULL, &message)) {
        enum dom_type type = dom_type(message);
        if (type == DOM_NULL) {
            builder->oddities[ODDITY_NULL_MESSAGE]++;
            continue;
        }
        if (type != DOM_OBJECT)
            return false;
        struct members found = members_of(message, keys);
        message_content(builder, found.content);
        tool_calls(builder, found.tool_calls);
        function_call(builder, found.function_call);
        message_end(builder, message_role(builder, found.role), message_time(builder, found.time));
    }
    return true;
}

bool messages_look(struct dom_node list, const char *role, const char *content)
{
    struct dom_node message;
    struct dom_walk walk = dom_walk_over(list);
    if (walk.keyed)
        return false;
    while (dom_next(&walk, NULL, &message)) {
        if (dom_type(message) != DOM_NULL)
            return dom_find(message, role, strlen(role)).document &&
                   dom_find(message, content, strlen(content)).document;
    }
    return false;
}

bool scalar_text(struct arena *arena, struct dom_node node, struct span *out, bool *no_memory)
{
    struct span text;
    switch (dom_type(node)) {
    case DOM_STRING:
        if (dom_string(node, &text) && text.len > 0) {
            *out = text;
            return true;
        }
        return false;
    case DOM_BOOL:
    case DOM_INT:
    case DOM_UINT:
    case DOM_DOUBLE:
        if (json_text(arena, node, out))
            return true;
        *no_memory = true;
        return false;
    default:
        return false;
    }
}
