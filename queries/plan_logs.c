/* The plan's `logs` and `words`: see plan_parts.h. */
#include "queries/field.h"
#include "queries/logs/conversation.h"
#include "queries/plan_keys.h"
#include "queries/plan_parts.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

/*
 * Names that a free field cannot have, since a row of a table already has a column of that name, or
 * contains() in a term a side.
 */
static const char *const taken_names[] = {"conversations", "exchanges", "users",  "words",
                                          "share",         "turns",     "topic",  "flags",
                                          "prompt",        "output",    "system", "tool"};

static bool name_taken(const char *name)
{
    for (size_t i = 0; i < sizeof taken_names / sizeof taken_names[0]; i++)
        if (strcasecmp(taken_names[i], name) == 0)
            return true;
    return false;
}

static bool name_good(const char *name)
{
    size_t len = strlen(name);
    if (len == 0 || len > 64 || !isalpha((unsigned char)name[0]))
        return false;
    for (size_t i = 1; i < len; i++)
        if (!isalnum((unsigned char)name[i]) && name[i] != '_' && name[i] != '-')
            return false;
    return true;
}

/* RFC 6901, and not the whole record. */
static bool pointer_good(const char *pointer)
{
    if (pointer[0] != '/')
        return false;
    for (const char *tilde = pointer; (tilde = strchr(tilde, '~')); tilde++)
        if (tilde[1] != '0' && tilde[1] != '1')
            return false;
    return true;
}

static enum status check_map_name(struct plan_reader *reader, const struct json_node *node,
                                  const char *name)
{
    struct plan_field field;
    struct json_shown shown = json_show(name);
    if (!name_good(name)) {
        json_fault(node, reader->err, "\"%s\" cannot be the name of a field", shown.text);
        error_hint(reader->err,
                   "a name is a letter, then letters, digits, \"_\" or \"-\", at most 64 in all");
        return STATUS_PLAN;
    }
    if (field_find(NULL, 0, name, &field) == FIELD_ROLE_CALENDAR) {
        json_fault(node, reader->err, "\"%s\" is made from the conversation's time", shown.text);
        error_hint(reader->err, "map \"time\" instead");
        return STATUS_PLAN;
    }
    if (name_taken(name))
        return json_fault(node, reader->err, "the name \"%s\" already means something else",
                          shown.text);
    return STATUS_OK;
}

static enum status read_field_map(struct plan_reader *reader, const struct json_node *node,
                                  struct plan_field_map *map)
{
    static const struct json_key pointer_key = {.want = WANT_FILLED};
    struct arena *arena = &reader->plan->arena;
    TRY(check_map_name(reader, node, node->name));
    map->name = arena_strndup(arena, node->name, strlen(node->name));
    if (!map->name)
        return error_nomem(reader->err);
    struct json_node pointer = *node, values;
    if (json_node_kind(node) == JSON_KIND_OBJECT) {
        TRY(json_check(node, &field_map_keys, reader->err));
        (void)json_get(node, "pointer", &pointer);
        if (json_get(node, "values", &values)) {
            if (field_name_fixed(map->name)) {
                json_fault(&values, reader->err, "values are listed for free fields only");
                error_hint(reader->err, "in \"by\", write { \"field\": \"%s\", \"values\": [...] }",
                           map->name);
                return STATUS_PLAN;
            }
            TRY(plan_read_values(reader, &values, &map->values, &map->value_count));
        }
    } else {
        TRY(json_check_value(node, &pointer_key, reader->err));
    }
    const char *text = json_node_text(&pointer);
    if (!pointer_good(text)) {
        json_fault(&pointer, reader->err, "\"%s\" is no JSON Pointer", json_show(text).text);
        error_hint(reader->err, "write the way to the value, such as \"/meta/account\"");
        return STATUS_PLAN;
    }
    map->pointer = arena_strndup(arena, text, strlen(text));
    return map->pointer ? STATUS_OK : error_nomem(reader->err);
}

static enum status read_fields(struct plan_reader *reader, const struct json_node *logs)
{
    struct plan *plan = reader->plan;
    struct json_node fields, child;
    if (!json_get(logs, "fields", &fields))
        return STATUS_OK;
    plan->logs.fields =
        arena_zalloc(&plan->arena, json_node_length(&fields), sizeof *plan->logs.fields);
    if (!plan->logs.fields)
        return error_nomem(reader->err);
    void *iter = NULL;
    size_t free_count = 0;
    for (const char *name; (name = json_node_next_key(&fields, &iter));) {
        (void)json_node_member(&fields, name, &child);
        TRY(read_field_map(reader, &child, &plan->logs.fields[plan->logs.field_count]));
        plan->logs.field_count++;
        if (!field_name_fixed(name) && ++free_count > FIELD_FREE_MAX)
            return json_fault(&fields, reader->err, "more than %d free fields", FIELD_FREE_MAX);
    }
    return STATUS_OK;
}

enum status plan_read_logs(struct plan_reader *reader, const struct json_node *node)
{
    static const struct json_table *const table = &logs_keys;
    struct plan *plan = reader->plan;
    struct error *err = reader->err;
    TRY(json_check(node, table, err));
    TRY(json_get_texts(node, "paths", &plan->arena, &plan->logs.paths, &plan->logs.path_count,
                       err));
    TRY(json_get_text(node, table, "format", &plan->arena, &plan->logs.format, err));
    plan->logs.stop_on_error = json_get_choice(node, table, "on_error") == 1;
    plan->logs.max_record = (size_t)json_get_integer(node, table, "max_record");
    plan->logs.digest = json_get_choice(node, table, "digest") == 0;
    TRY(json_get_texts(node, "expected", &plan->arena, &plan->logs.expected,
                       &plan->logs.expected_count, err));
    return read_fields(reader, node);
}

static enum status read_alphabet(struct plan_reader *reader, const struct json_node *words)
{
    struct plan *plan = reader->plan;
    TRY(json_get_text(words, &words_keys, "alphabet", &plan->arena, &plan->words.alphabet,
                      reader->err));
    const char *text = plan->words.alphabet;
    struct json_node node;
    if (!json_get(words, "alphabet", &node))
        return STATUS_OK;
    if (strspn(text, "-'") != strlen(text)) {
        json_fault(&node, reader->err, "\"%s\" holds a character that cannot be made part of words",
                   json_show(text).text);
        error_hint(reader->err, "only - and ' can be");
        return STATUS_PLAN;
    }
    if (strlen(text) > 2 || (text[0] && text[0] == text[1]))
        return json_fault(&node, reader->err, "a character stands twice");
    return STATUS_OK;
}

/* The names that contains() may use: what is stored with a conversation. */
static enum status term_fields(struct plan_reader *reader)
{
    struct plan *plan = reader->plan;
    char **names = arena_zalloc(&plan->arena, FIELD_COUNT + plan->logs.field_count, sizeof *names);
    if (!names)
        return error_nomem(reader->err);
    static const char *const fixed[FIELD_COUNT] = {"model", "country", "language", "account"};
    size_t count = 0;
    for (; count < FIELD_COUNT; count++) {
        names[count] = arena_strndup(&plan->arena, fixed[count], strlen(fixed[count]));
        if (!names[count])
            return error_nomem(reader->err);
    }
    for (size_t i = 0; i < plan->logs.field_count; i++)
        if (!field_name_fixed(plan->logs.fields[i].name))
            names[count++] = plan->logs.fields[i].name;
    reader->rules = (struct word_rules){.alphabet = plan->words.alphabet,
                                        .noise = plan->words.noise,
                                        .noise_count = plan->words.noise_count,
                                        .fields = names,
                                        .field_count = count};
    return STATUS_OK;
}

enum status plan_read_words(struct plan_reader *reader, const struct json_node *root)
{
    struct plan *plan = reader->plan;
    struct json_node words;
    if (json_get(root, "words", &words))
        TRY(json_check(&words, &words_keys, reader->err));
    TRY(read_alphabet(reader, &words));
    TRY(json_get_texts(&words, "noise", &plan->arena, &plan->words.noise, &plan->words.noise_count,
                       reader->err));
    return term_fields(reader);
}
