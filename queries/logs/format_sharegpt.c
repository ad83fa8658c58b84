/*
 * ShareGPT: {id?, system?, conversations: [{from, value}]}. `function_call` is the model's turn and
 * counts as a tool call; `observation` is the tool's. A `system` text beside the list is the first
 * turn; `tools` only describes what could be called and is no message.
 */
#include "queries/logs/format.h"
#include "queries/logs/message.h"

#include "base/civil.h"

#include <string.h>

static const struct message_keys sharegpt_keys = {
    "from", "value", {"created", "created_at", "create_time", "timestamp"}};

static bool sharegpt_detect(struct dom_node root)
{
    return messages_look(DOM_GET(root, "conversations"), "from", "value");
}

static bool is_call(struct dom_node from)
{
    struct span name;
    return dom_string(from, &name) &&
           ((name.len == 13 && memcmp(name.data, "function_call", 13) == 0) ||
            (name.len == 9 && memcmp(name.data, "tool_call", 9) == 0));
}

static bool sharegpt_read(struct turn_builder *builder, struct dom_node root)
{
    struct dom_node list = DOM_GET(root, "conversations");
    struct span system;
    if (dom_string(DOM_GET(root, "system"), &system) && system.len > 0) {
        message_text(builder, system);
        message_end(builder, ROLE_SYSTEM, CIVIL_NONE);
    }
    if (!messages_read(builder, list, &sharegpt_keys))
        return false;
    struct dom_node message;
    struct dom_walk walk = dom_walk_over(list);
    while (dom_next(&walk, NULL, &message))
        builder->oddities[ODDITY_TOOL_CALL] += is_call(DOM_GET(message, "from"));
    return true;
}

const struct format_type format_sharegpt = {
    .name = "sharegpt",
    .summary = "{id, conversations: [{from, value}]} (ShareGPT and fine-tuning sets)",
    .pointers = {[SLOT_ID] = {"/id", "/conversation_id"},
                 [SLOT_USER] = {"/user", "/user_id"},
                 [SLOT_TIME] = {"/created", "/create_time", "/created_at", "/timestamp"},
                 [SLOT_MODEL] = {"/model"},
                 [SLOT_COUNTRY] = {"/country"},
                 [SLOT_LANGUAGE] = {"/language", "/lang"},
                 [SLOT_ACCOUNT] = {"/account"}},
    .detect = sharegpt_detect,
    .read = sharegpt_read,
};
