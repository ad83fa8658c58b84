/*
 * WildChat: {conversation_hash, model, timestamp, conversation: [{content, role, country,
 * hashed_ip, language, timestamp}], country, hashed_ip, ...}. A user is a hashed address. What the
 * record lacks is taken from its first message.
 */
#include "queries/logs/format.h"
#include "queries/logs/message.h"

static const struct message_keys wildchat_keys = {"role", "content", {"timestamp"}};

static bool wildchat_detect(struct dom_node root)
{
    struct dom_node list = DOM_GET(root, "conversation");
    return messages_look(list, "role", "content") &&
           (DOM_GET(root, "conversation_hash").document || DOM_GET(root, "hashed_ip").document ||
            messages_look(list, "role", "hashed_ip"));
}

static bool wildchat_read(struct turn_builder *builder, struct dom_node root)
{
    return messages_read(builder, DOM_GET(root, "conversation"), &wildchat_keys);
}

const struct format_type format_wildchat = {
    .name = "wildchat",
    .summary = "{conversation_hash, timestamp, hashed_ip, country, conversation: [...]} (WildChat)",
    .pointers = {[SLOT_ID] = {"/conversation_hash", "/conversation_id", "/id"},
                 [SLOT_USER] = {"/hashed_ip", "/conversation/0/hashed_ip", "/user"},
                 [SLOT_TIME] = {"/timestamp", "/created"},
                 [SLOT_MODEL] = {"/model"},
                 [SLOT_COUNTRY] = {"/country", "/conversation/0/country"},
                 [SLOT_LANGUAGE] = {"/language", "/conversation/0/language"},
                 [SLOT_ACCOUNT] = {"/account"}},
    .detect = wildchat_detect,
    .read = wildchat_read,
};
