/*
 * One conversation as every format is read into it: identity, fields, turns in order, and counts of
 * what was odd about the record. All spans point into the reader that filled it and live until its
 * next record.
 */
#ifndef PROFFER_CONVERSATION_H
#define PROFFER_CONVERSATION_H

#include "base/span.h"

#include <stddef.h>
#include <stdint.h>

enum turn_role { ROLE_USER, ROLE_ASSISTANT, ROLE_SYSTEM, ROLE_TOOL };
enum { ROLE_COUNT = 4 };

struct turn {
    enum turn_role role;
    struct span text; /* all text of the message, parts joined by a newline; valid UTF-8 */
    int64_t time;     /* seconds since 1970, or CIVIL_NONE */
};

/* Fields with a fixed meaning that can be counted by. Free fields follow them. */
enum conversation_field { FIELD_MODEL, FIELD_COUNTRY, FIELD_LANGUAGE, FIELD_ACCOUNT };
enum { FIELD_COUNT = 4, FIELD_FREE_MAX = 32, FIELD_MAX = FIELD_COUNT + FIELD_FREE_MAX };

/* "model", "country", "language", "account". */
extern const char *const conversation_field_names[FIELD_COUNT];

/*
 * What was odd but not a reason to reject: counted per conversation and told in the completeness
 * table. conversation_oddities[] has name and title of each.
 */
enum oddity {
    ODDITY_ABANDONED_TURN,     /* a message on a branch that current_node does not reach */
    ODDITY_NULL_MESSAGE,       /* a message that is null or has neither text nor parts */
    ODDITY_NONTEXT_PART,       /* an image, audio, file or other part without text */
    ODDITY_TOOL_CALL,          /* a call of a tool; its arguments are read as text of the turn */
    ODDITY_REPAIRED_SURROGATE, /* a lone surrogate escape, read as U+FFFD */
    ODDITY_UNKNOWN_ROLE,       /* a role outside the known ones: read as a tool turn */
    ODDITY_BAD_TIME,           /* a time that is none: read as no time */
    ODDITY_COUNT
};

struct oddity_type {
    const char *name;  /* "abandoned_turns" */
    const char *title; /* "turns on abandoned branches" */
};
extern const struct oddity_type conversation_oddities[ODDITY_COUNT];

struct conversation {
    struct span id;   /* data is NULL if the record has none */
    struct span user; /* data is NULL if unknown */
    int64_t time;     /* `created`, else the first turn's that has one, else CIVIL_NONE */
    struct span fields[FIELD_MAX]; /* FIELD_COUNT fixed ones, then the free ones of the plan */
    struct turn *turns;
    size_t turn_count;
    uint32_t oddities[ODDITY_COUNT];
};

#endif
