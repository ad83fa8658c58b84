/*
 * The native record {id, user?, created?, model?, country?, language?, account?, messages: [{role,
 * content, created?}]}, and OpenAI's {messages: [...]}, which has no id and so no identity but its
 * place. Both read messages in the same way; apart from native, usual other names of fields are
 * known too.
 */
#include "queries/logs/format.h"
#include "queries/logs/message.h"

static const struct message_keys native_keys = {
    "role", "content", {"created", "created_at", "create_time", "timestamp"}};

static bool native_read(struct turn_builder *builder, struct dom_node root)
{
    return messages_read(builder, DOM_GET(root, "messages"), &native_keys);
}

static bool has_messages(struct dom_node root)
{
    struct dom_node list = DOM_GET(root, "messages");
    if (messages_look(list, "role", "content"))
        return true;
    /* The first message may be a bare tool call. */
    return messages_look(list, "role", "tool_calls");
}

static bool native_detect(struct dom_node root)
{
    return has_messages(root) && (DOM_GET(root, "id").document || DOM_GET(root, "user").document ||
                                  DOM_GET(root, "created").document);
}

const struct format_type format_native = {
    .name = "native",
    .summary =
        "{id, user, created, model, country, language, account, messages: [{role, content}]}",
    .pointers = {[SLOT_ID] = {"/id"},
                 [SLOT_USER] = {"/user"},
                 [SLOT_TIME] = {"/created"},
                 [SLOT_MODEL] = {"/model"},
                 [SLOT_COUNTRY] = {"/country"},
                 [SLOT_LANGUAGE] = {"/language"},
                 [SLOT_ACCOUNT] = {"/account"}},
    .detect = native_detect,
    .read = native_read,
};

const struct format_type format_openai = {
    .name = "openai",
    .summary = "{messages: [{role, content}]} as for OpenAI's API, without an id",
    .pointers = {[SLOT_ID] = {"/conversation_id", "/id"},
                 [SLOT_USER] = {"/user", "/user_id"},
                 [SLOT_TIME] = {"/created", "/create_time", "/created_at", "/timestamp"},
                 [SLOT_MODEL] = {"/model"},
                 [SLOT_COUNTRY] = {"/country"},
                 [SLOT_LANGUAGE] = {"/language"},
                 [SLOT_ACCOUNT] = {"/account"}},
    .detect = has_messages,
    .read = native_read,
};
