/*
 * Overlap with works by its definition and by nothing else: every stretch of every turn is compared
 * with every place of every work. For small texts; shares no code with queries/text.
 *
 * Words are numbers; overlap_reference_text writes them out for the engine to read.
 */
#ifndef PROFFER_OVERLAP_REFERENCE_H
#define PROFFER_OVERLAP_REFERENCE_H

#include "queries/text/overlap_finder.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { REFERENCE_WORDS = 400, REFERENCE_TURNS = 8, REFERENCE_WORKS = 100 };

struct reference_text {
    uint32_t words[REFERENCE_WORDS];
    size_t count;
};

struct reference_case {
    uint32_t window;
    struct reference_text works[REFERENCE_WORKS];
    size_t work_count;
    struct reference_turn {
        enum text_side side;
        uint32_t exchange;
        struct reference_text text;
    } turns[REFERENCE_TURNS];
    size_t turn_count;
};

/* The words as a text of SIZE bytes, in different ways of writing the same words. */
void overlap_reference_text(const struct reference_text *text, uint64_t *random, char *out,
                            size_t size);

/* Runs the engine on the case and compares with the definition: NULL if all is the same, else what
 * differs, in a static buffer. */
const char *overlap_reference_check(const struct reference_case *test, uint64_t seed);

/* A random case from a seed, of few different words so that much repeats. */
void overlap_reference_random(struct reference_case *test, uint64_t seed);

#endif
