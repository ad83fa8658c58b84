/*
 * One conversation: first laid out (who, when, which turns, what is planted where), then its turns
 * are written by a format, and on the way its words are counted. The layout is all that the truth
 * needs to know.
 */
#ifndef MAKE_LOGS_CONVERSATION_H
#define MAKE_LOGS_CONVERSATION_H

#include "examples/make_logs_people.h"
#include "examples/make_logs_plants.h"
#include "examples/make_logs_works.h"

#include <stdbool.h>
#include <stdint.h>

/* What a format's records can carry. */
enum carries {
    CARRIES_ID = 1 << 0,
    CARRIES_USER = 1 << 1,
    CARRIES_TIME = 1 << 2,
    CARRIES_MODEL = 1 << 3,
    CARRIES_COUNTRY = 1 << 4,
    CARRIES_LANGUAGE = 1 << 5,
    CARRIES_ACCOUNT = 1 << 6,
    CARRIES_SURFACE = 1 << 7,
    CARRIES_SYSTEM = 1 << 8,    /* turns of the system */
    CARRIES_SHAPES = 1 << 9,    /* tools, parts, null contents, unknown roles, odd times */
    CARRIES_BRANCHES = 1 << 10, /* abandoned turns */
    CARRIES_TWICE = 1 << 11     /* every text stands twice in the record */
};

enum role { ROLE_OF_USER, ROLE_OF_ASSISTANT, ROLE_OF_SYSTEM, ROLE_OF_TOOL };
enum { MAKE_ROLE_COUNT = 4 };

enum turn_shape {
    SHAPE_TEXT,
    SHAPE_PARTS,     /* an array of a text part and an image */
    SHAPE_TOOL_CALL, /* content null; the arguments are its text */
    SHAPE_NULL,      /* content null and nothing else */
    SHAPE_CRITIC     /* a role that nobody knows: reads as a tool's turn */
};

struct turn_plan {
    uint8_t role, shape;
    uint16_t exchange;
};

/* How a record is spoilt. */
enum breakage {
    BREAK_NOT,
    BREAK_JSON,
    BREAK_CUT, /* the line ends inside the record */
    BREAK_UTF8,
    BREAK_NO_MESSAGES,
    BREAK_LONG_ID,
    BREAK_DEEP,
    BREAK_DUPLICATE
};

enum { BLOCK_SIZE = 1000 /* conversations made at a time */ };
enum { TURN_MAX = 800, PLANTING_MAX = 6, IDENTIFIER_MAX = 2 };

struct conversation_plan {
    struct meta meta;
    enum text_style style;
    int spoken;           /* the language, whether or not the record tells it */
    bool time_in_turns;   /* each turn has its time */
    bool time_only_there; /* ... and the record has none of its own */
    bool bad_time;        /* the record's time is none */
    bool bad_text;        /* invalid UTF-8 in the first turn */
    uint32_t surrogates;  /* lone ones in the record, all in the first turn */
    bool abandoned;       /* a turn on a branch that was left */

    struct turn_plan turns[TURN_MAX];
    uint32_t turn_count, exchange_count;
    uint32_t role_counts[MAKE_ROLE_COUNT]; /* without messages that are null */
    uint32_t null_messages, parts, tool_calls, unknown_roles;

    struct planting plantings[PLANTING_MAX];
    uint32_t planting_count;
    struct {
        uint8_t kind;
        uint16_t turn;
    } identifiers[IDENTIFIER_MAX];
    uint32_t identifier_count;

    bool has_excerpt;
    struct excerpt excerpt;
    int excerpt_prompt, excerpt_output; /* turns, or -1 */

    uint64_t words; /* counted while writing */
};

/* What all conversations share; read-only once made. */
struct maker {
    uint64_t seed;
    unsigned carries; /* of the format */
    bool lines;       /* one record a line, so that any record can be spoilt */
    bool broken;
    uint32_t one_in; /* conversations to a relevant one */
    struct people people;
    struct words words;
    struct works works;
    struct piece plant_pieces[PLANT_COUNT];
};

/* Conversation INDEX as it would be were it not spoilt. RANDOM is left as its text needs it. */
void conversation_plan(const struct maker *maker, uint64_t index, struct random *random,
                       struct conversation_plan *plan);

/* How record INDEX is spoilt, and for a duplicate which earlier one it repeats. */
enum breakage conversation_breakage(const struct maker *maker, uint64_t index, uint64_t *earlier);

/* The text of turn TURN as the inside of a JSON string; its words are added to PLAN's. */
void conversation_write_turn(const struct maker *maker, struct conversation_plan *plan,
                             uint32_t turn, struct random *random, struct sink *out);

/* Whether the conversation is of the relevant class. */
static inline bool conversation_relevant(const struct conversation_plan *plan)
{
    return plan->has_excerpt && work_run_lengths[plan->excerpt.length] >= WORK_MIN_WORDS;
}

#endif
