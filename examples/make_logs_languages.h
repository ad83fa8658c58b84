/*
 * What the generator's languages say: prompts, sentence patterns and word lists, one row a
 * language. Lists are separated by blanks, lines by newlines. In a pattern {n} stands for a noun,
 * {a} an adjective, {v} a verb, {x} an invented name, {d} a number.
 */
#ifndef MAKE_LOGS_LANGUAGES_H
#define MAKE_LOGS_LANGUAGES_H

#include <stdint.h>

enum { LANGUAGE_COUNT = 11, LANGUAGE_ENGLISH = 0 };

struct language_source {
    const char *name;
    uint16_t weight;       /* of 1,000 users */
    const char *separator; /* between sentences */
    const char *prompts;
    const char *patterns;
    const char *nouns, *adjectives, *verbs;
};

extern const struct language_source language_sources[LANGUAGE_COUNT];

/* Things that assistants write around their sentences: greetings, list items, closings. Lines. */
extern const char *const language_openings;
extern const char *const language_closings;

/* Code as it stands in conversations: quotes, backslashes, tabs, several lines. */
enum { SNIPPET_COUNT = 8 };
extern const char *const language_snippets[SNIPPET_COUNT];

#endif
