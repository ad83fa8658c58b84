/*
 * From messages to turns: what all formats share. A builder collects the texts of one message,
 * then ends it as a turn; roles, content parts, tool calls and times are read here in all the
 * shapes in which public formats write them.
 *
 * Running out of memory is remembered in the builder and told once at the end, so that the readers
 * of formats stay plain.
 */
#ifndef PROFFER_MESSAGE_H
#define PROFFER_MESSAGE_H

#include "base/arena.h"
#include "queries/logs/conversation.h"
#include "queries/logs/dom.h"

#include <stdbool.h>
#include <stddef.h>

struct turn_builder {
    struct arena *arena;
    struct turn *turns;
    size_t count, capacity;
    struct span *texts; /* of the message at hand */
    size_t text_count, text_capacity;
    size_t parts;      /* of the message at hand: parts without text, tool calls */
    struct span model; /* where a format keeps it with the messages */
    uint32_t oddities[ODDITY_COUNT];
    bool no_memory;
};

void turn_builder_init(struct turn_builder *builder, struct arena *arena);
void turn_builder_release(struct turn_builder *builder);
/* Ready for the next conversation; keeps the memory unless it is a lot. */
void turn_builder_reset(struct turn_builder *builder);

/* Adds text of the message at hand; empty text is nothing. */
void message_text(struct turn_builder *builder, struct span text);
/* The same if NODE is a string; false if it is not. */
bool message_string(struct turn_builder *builder, struct dom_node node);
/* A part without text. */
void message_nontext(struct turn_builder *builder);
/*
 * Content in any known shape: a string; an array of strings and typed parts ({type: "text", text},
 * {type: "text", value}, {text: {value}}, input_text, output_text, refusal, thinking, reasoning,
 * tool_use, tool_result, ...); one such part; null. Other parts count as ODDITY_NONTEXT_PART.
 */
void message_content(struct turn_builder *builder, struct dom_node content);
/* A call of the tool NAME; ARGUMENTS are a string or any JSON value. Both become text. */
void message_tool_call(struct turn_builder *builder, struct dom_node name,
                       struct dom_node arguments);
/* Ends the message: a turn, or ODDITY_NULL_MESSAGE if it held nothing. */
void message_end(struct turn_builder *builder, enum turn_role role, int64_t time);
/* Forgets the message at hand without counting it. */
void message_drop(struct turn_builder *builder);

/* The role that NODE names; an unknown one is ROLE_TOOL and counted. */
enum turn_role message_role(struct turn_builder *builder, struct dom_node node);
/* A time, or CIVIL_NONE; one that cannot be read is counted. */
int64_t message_time(struct turn_builder *builder, struct dom_node node);

/* What a format calls the members of a message. */
struct message_keys {
    const char *role, *content;
    const char *times[5]; /* ends with NULL */
};

/*
 * A list of messages {role, content, created?, tool_calls?, function_call?} and the like. False if
 * NODE is no array or an element is neither an object nor null.
 */
bool messages_read(struct turn_builder *builder, struct dom_node list,
                   const struct message_keys *keys);

/* A list that begins with an object (nulls before it aside) holding both members: the mark by
 * which formats are told apart. */
bool messages_look(struct dom_node list, const char *role, const char *content);

/* A scalar as text: a string as it is, a number or boolean as its JSON text in ARENA. False for
 * null, "", arrays and objects; *NO_MEMORY is set when there is none. */
bool scalar_text(struct arena *arena, struct dom_node node, struct span *out, bool *no_memory);

#endif
