/*
 * The truth about a set of example logs: sums of what was laid out, over all accepted
 * conversations and over the example plan's population. Examples/README.md describes truth.json.
 *
 * Each thread adds to a truth of its own; they are added up in the end. Only who was seen in which
 * cell is shared: a bit for each user and cell, 80 bytes a user, so that memory depends on the
 * number of users alone.
 */
#ifndef MAKE_LOGS_TRUTH_H
#define MAKE_LOGS_TRUTH_H

#include "base/error.h"
#include "examples/make_logs_conversation.h"

#include <jansson.h>
#include <stdatomic.h>
#include <stdint.h>

/* Whom the example plan asks about: from .. to, without business accounts. */
#define POPULATION_FROM "2022-12-01"
#define POPULATION_TO   "2024-11-30"

enum section_kind { SECTION_ALL, SECTION_POPULATION };
enum { SECTION_COUNT = 2 };

/* Cells; the last of a dimension is for those that carry nothing. */
enum {
    CELL_TOTAL = 0,
    CELL_MONTH_MODEL = CELL_TOTAL + 1,
    CELL_ACCOUNT = CELL_MONTH_MODEL + (MONTH_COUNT + 1) * (MODEL_COUNT + 1),
    CELL_COUNTRY = CELL_ACCOUNT + ACCOUNT_COUNT + 1,
    CELL_LANGUAGE = CELL_COUNTRY + COUNTRY_COUNT + 1,
    CELL_SURFACE = CELL_LANGUAGE + LANGUAGE_COUNT + 1,
    CELL_TERM = CELL_SURFACE + SURFACE_COUNT + 1,
    CELL_ANY_TERM = CELL_TERM + TERM_COUNT,
    CELL_TOPIC_FIRST = CELL_ANY_TERM + 1,
    CELL_TOPIC_ALL = CELL_TOPIC_FIRST + TOPIC_COUNT + 1,
    CELL_RELEVANT = CELL_TOPIC_ALL + TOPIC_COUNT + 1,
    CELL_IDENTIFIER = CELL_RELEVANT + 1,
    CELL_OVERLAP = CELL_IDENTIFIER + IDENTIFIER_COUNT,
    CELL_COUNT = CELL_OVERLAP + 3,
    CELL_WORDS = (CELL_COUNT + 63) / 64
};

/* Runs of words of a work: in the prompt; in the output, of the model's own; in the output after
 * the user pasted them. */
enum overlap_side { OVERLAP_PROMPT, OVERLAP_ORIGINATED, OVERLAP_SUPPLIED };

struct cell {
    uint64_t conversations, exchanges, words, unknown_users;
};

struct section {
    struct cell cells[CELL_COUNT];
    uint64_t roles[MAKE_ROLE_COUNT];
    uint64_t null_messages, parts, tool_calls, surrogates, unknown_roles, bad_times, abandoned;
    uint64_t without_user, without_time;
    struct {
        uint64_t turns, occurrences, prompt_only, output_only, unique, added;
    } terms[TERM_COUNT];
    uint64_t pairs[TERM_COUNT][TERM_COUNT];
    uint64_t identifier_occurrences[IDENTIFIER_COUNT];
    uint64_t runs[3][RUN_LENGTH_COUNT];
    uint64_t works[3][WORK_COUNT];
};

struct truth {
    uint64_t read, duplicates, blank_lines;
    uint64_t broken[BREAK_DUPLICATE]; /* by enum breakage */
    uint64_t excluded[3][2];          /* by time (none, outside, inside) and business account */
    struct section sections[SECTION_COUNT];
};

/* Bits of users: [user][section][word]. */
struct truth_users {
    _Atomic uint64_t *bits;
    uint32_t count;
};

PROFFER_MUST_USE enum status truth_users_init(struct truth_users *users, uint32_t count,
                                              struct error *err);
void truth_users_release(struct truth_users *users);

/* An accepted conversation, after its text was written. */
void truth_add(struct truth *truth, struct truth_users *users,
               const struct conversation_plan *plan);

/* Adds OTHER to TRUTH. */
void truth_merge(struct truth *truth, const struct truth *other);

/* The tree of truth.json, without what only the caller knows; NULL without memory. */
json_t *truth_json(const struct truth *truth, const struct truth_users *users);

#endif
