/*
 * The vocabulary: sentences of eleven languages, written straight as JSON and counted in words on
 * the way. Frequent words are frequent and rare ones many (a Zipf-like head and a long tail of
 * invented words). Built once, the same for every seed; then shared read-only.
 */
#ifndef MAKE_LOGS_WORDS_H
#define MAKE_LOGS_WORDS_H

#include "base/arena.h"
#include "base/error.h"
#include "examples/make_logs_languages.h"
#include "examples/make_logs_random.h"
#include "examples/make_logs_sink.h"
#include "examples/make_logs_text.h"

#include <stddef.h>
#include <stdint.h>

enum { HEAD_BITS = 12, HEAD_SIZE = 1 << HEAD_BITS };

/* Words of one kind, the most frequent first. */
struct word_class {
    struct piece *words;
    uint32_t count;
    uint16_t head[HEAD_SIZE]; /* equally likely indexes: word r stands there about 1/(r+3) often */
};

enum word_slot { SLOT_TEXT, SLOT_NOUN, SLOT_ADJECTIVE, SLOT_VERB, SLOT_NAME, SLOT_NUMBER };

struct pattern_token {
    enum word_slot slot;
    struct piece text; /* of SLOT_TEXT */
};

struct pattern {
    struct pattern_token *tokens;
    uint32_t count;
};

struct pattern_list {
    struct pattern *patterns;
    uint32_t count;
};

struct language {
    struct pattern_list prompts, sentences;
    struct word_class nouns, adjectives, verbs;
    struct piece separator;
};

struct words {
    struct arena arena;
    struct language languages[LANGUAGE_COUNT];
    struct word_class names;
    struct pattern_list openings, closings;
    struct piece snippets[SNIPPET_COUNT];
    struct piece line, paragraph, bullet; /* what stands between sentences */
};

PROFFER_MUST_USE enum status words_init(struct words *words, struct error *err);
void words_release(struct words *words);

/* Invented syllables: SYLLABLES of them into TEXT, which has room for 6 bytes each and a NUL. The
 * letters q, w, x, y and z never occur in them. */
void words_invent(struct random *random, unsigned syllables, char *text);

/* What is being written: where, how, by which dice, and how many words it came to. */
struct writer {
    const struct words *words;
    const struct language *language;
    struct random *random;
    struct sink *out;
    enum text_style style;
    uint64_t word_count;
};

void write_piece(struct writer *writer, const struct piece *piece);
void write_pattern(struct writer *writer, const struct pattern_list *list);

/* COUNT sentences with what stands between them. */
void write_sentences(struct writer *writer, uint32_t count);

#endif
