/*
 * Claude's data export: {uuid, name, created_at, account: {uuid}, chat_messages: [{sender, text,
 * content: [{type, text}], attachments, files, created_at}]}.
 *
 * `text` repeats the text blocks of `content` in another layout, so it is read only where `content`
 * gives no text block. The text of attachments belongs to the turn; an attachment without text and
 * every entry of `files` is a part without text.
 */
#include "queries/logs/format.h"
#include "queries/logs/message.h"

static bool claude_detect(struct dom_node root)
{
    return dom_type(DOM_GET(root, "chat_messages")) == DOM_ARRAY;
}

/* Has CONTENT a block whose own `text` is not empty? */
static bool has_text_block(struct dom_node content)
{
    struct dom_node block;
    struct span text;
    if (dom_string(content, &text))
        return text.len > 0;
    struct dom_walk walk = dom_walk_over(content);
    while (!walk.keyed && dom_next(&walk, NULL, &block))
        if (dom_string(DOM_GET(block, "text"), &text) && text.len > 0)
            return true;
    return false;
}

static void read_message(struct turn_builder *builder, struct dom_node message)
{
    struct dom_node content = DOM_GET(message, "content"), file, extracted;
    if (!has_text_block(content))
        message_string(builder, DOM_GET(message, "text"));
    message_content(builder, content);
    struct dom_walk walk = dom_walk_over(DOM_GET(message, "attachments"));
    while (dom_next(&walk, NULL, &file)) {
        struct span text;
        extracted = DOM_GET(file, "extracted_content");
        if (dom_string(extracted, &text) && text.len > 0)
            message_text(builder, text);
        else
            message_nontext(builder);
    }
    walk = dom_walk_over(DOM_GET(message, "files"));
    while (dom_next(&walk, NULL, &file))
        message_nontext(builder);
    enum turn_role role = message_role(builder, DOM_GET(message, "sender"));
    message_end(builder, role, message_time(builder, DOM_GET(message, "created_at")));
}

static bool claude_read(struct turn_builder *builder, struct dom_node root)
{
    struct dom_node list = DOM_GET(root, "chat_messages"), message;
    if (dom_type(list) != DOM_ARRAY)
        return false;
    struct dom_walk walk = dom_walk_over(list);
    while (dom_next(&walk, NULL, &message)) {
        enum dom_type type = dom_type(message);
        if (type == DOM_OBJECT)
            read_message(builder, message);
        else if (type == DOM_NULL)
            builder->oddities[ODDITY_NULL_MESSAGE]++;
        else
            return false;
    }
    return true;
}

const struct format_type format_claude = {
    .name = "claude-export",
    .summary = "{uuid, created_at, account: {uuid}, chat_messages: [...]} (Claude's data export)",
    .pointers = {[SLOT_ID] = {"/uuid", "/id"},
                 [SLOT_USER] = {"/account/uuid"},
                 [SLOT_TIME] = {"/created_at"},
                 [SLOT_MODEL] = {"/model"},
                 [SLOT_COUNTRY] = {"/country"},
                 [SLOT_LANGUAGE] = {"/language"},
                 [SLOT_ACCOUNT] = {NULL}},
    .detect = claude_detect,
    .read = claude_read,
};
