/* LMSYS-Chat-1M: {conversation_id, model, conversation: [{content, role}], language, ...}. */
#include "queries/logs/format.h"
#include "queries/logs/message.h"

static const struct message_keys lmsys_keys = {
    "role", "content", {"created", "created_at", "create_time", "timestamp"}};

static bool lmsys_detect(struct dom_node root)
{
    return messages_look(DOM_GET(root, "conversation"), "role", "content");
}

static bool lmsys_read(struct turn_builder *builder, struct dom_node root)
{
    return messages_read(builder, DOM_GET(root, "conversation"), &lmsys_keys);
}

const struct format_type format_lmsys = {
    .name = "lmsys",
    .summary =
        "{conversation_id, model, language, conversation: [{role, content}]} (LMSYS-Chat-1M)",
    .pointers = {[SLOT_ID] = {"/conversation_id", "/id"},
                 [SLOT_USER] = {"/user", "/user_id"},
                 [SLOT_TIME] = {"/created", "/create_time", "/created_at", "/timestamp", "/tstamp"},
                 [SLOT_MODEL] = {"/model"},
                 [SLOT_COUNTRY] = {"/country"},
                 [SLOT_LANGUAGE] = {"/language"},
                 [SLOT_ACCOUNT] = {"/account"}},
    .detect = lmsys_detect,
    .read = lmsys_read,
};
