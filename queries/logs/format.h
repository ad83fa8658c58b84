/*
 * What a format is: how to tell it, where it keeps the fields of a conversation, and how its
 * messages become turns. One file a format; format.c has the table of them.
 *
 * Where a format carries a field is a list of JSON Pointers, of which the first that leads to a
 * value counts. Rules that hold for all formats:
 *   - an id, user or other field that is a number or a boolean is its JSON text; null, "", an array
 *     or an object is no value;
 *   - a message that is null, or has neither text nor any part, is no turn (ODDITY_NULL_MESSAGE);
 *   - a conversation without a turn is rejected as REJECT_NO_MESSAGES.
 */
#ifndef PROFFER_FORMAT_H
#define PROFFER_FORMAT_H

#include "queries/logs/dom.h"
#include "queries/logs/record.h"

#include <stdbool.h>

struct turn_builder; /* message.h */

/* The fields that a format's table of pointers tells; those from SLOT_MODEL on are the fixed
 * fields of enum conversation_field, in its order. */
enum format_slot {
    SLOT_ID,
    SLOT_USER,
    SLOT_TIME,
    SLOT_MODEL,
    SLOT_COUNTRY,
    SLOT_LANGUAGE,
    SLOT_ACCOUNT,
    SLOT_COUNT
};

enum { SLOT_POINTERS = 6 };

struct format_type {
    const char *name, *summary;
    const char *pointers[SLOT_COUNT][SLOT_POINTERS]; /* each list ends with NULL */
    /* Is this record (an object) of the format? */
    bool (*detect)(struct dom_node root);
    /* Reads the turns; may set the model where the format keeps it with the messages. False if the
     * record does not fit. */
    bool (*read)(struct turn_builder *builder, struct dom_node root);
};

extern const struct format_type format_native, format_openai, format_lmsys, format_wildchat,
    format_sharegpt, format_chatgpt, format_claude;

/* The format of a record under `auto`, or NULL. */
const struct format_type *format_detect(struct dom_node root);

#endif
