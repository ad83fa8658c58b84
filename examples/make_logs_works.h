/*
 * The works at issue: texts of the generator's own making, of which excerpts of a known number of
 * words are planted into few conversations. A third of a work's words are invented with endings
 * that no log text has, so that an excerpt is the longest run shared with a work, and the only one
 * of more than a few words.
 */
#ifndef MAKE_LOGS_WORKS_H
#define MAKE_LOGS_WORKS_H

#include "base/arena.h"
#include "base/error.h"
#include "examples/make_logs_words.h"

#include <stddef.h>
#include <stdint.h>

enum { WORK_COUNT = 12, WORK_WORDS = 1500, RUN_LENGTH_COUNT = 12, WORK_MIN_WORDS = 12 };

struct work {
    char *text;
    uint32_t len;
    uint32_t word_count;
    uint32_t *starts, *ends; /* bytes of each word */
};

struct works {
    struct arena arena;
    struct work works[WORK_COUNT];
};

/* Lengths of excerpts in words. The first is under WORK_MIN_WORDS: it makes nothing relevant. */
extern const uint16_t work_run_lengths[RUN_LENGTH_COUNT];

PROFFER_MUST_USE enum status works_init(struct works *works, uint64_t seed, struct error *err);
void works_release(struct works *works);

/* DIR/works/work-01.txt and so on. */
PROFFER_MUST_USE enum status works_write(const struct works *works, const char *dir,
                                         struct error *err);

struct excerpt {
    uint8_t work;
    uint8_t length;  /* index into work_run_lengths */
    uint8_t variant; /* as it stands, in capitals, or with other line breaks */
    uint32_t first;  /* word */
};

struct excerpt works_choose(const struct works *works, struct random *random, uint8_t length);

/* The excerpt in quotation marks with words around it that no work has. */
void write_excerpt(struct writer *writer, const struct works *works, struct excerpt excerpt);

#endif
