/*
 * What is planted into the logs so that its number is known: words for search terms and topics that
 * occur nowhere else in the vocabulary, and identifiers that are all fictitious.
 *
 * A plant is a sentence; it leaves marks. A term is true of a conversation when each of its clauses
 * is: at least one of the clause's marks was left on the clause's side (or, negated, none). The
 * term's occurrences are the plants that left a mark of a clause that is not negated. examples/
 * terms.txt and topics.json say the same in the term language.
 */
#ifndef MAKE_LOGS_PLANTS_H
#define MAKE_LOGS_PLANTS_H

#include "examples/make_logs_random.h"
#include "examples/make_logs_words.h"

#include <stddef.h>
#include <stdint.h>

enum plant_side { SIDE_OF_PROMPT, SIDE_OF_OUTPUT, SIDE_OF_OTHERS };
enum { SIDE_COUNT = 3, PLANT_COUNT = 28, TERM_COUNT = 14, TOPIC_COUNT = 6, IDENTIFIER_COUNT = 7 };

/* Bits of a plant's marks. */
enum plant_mark {
    MARK_PHRASE = 1 << 0,
    MARK_QUILLON = 1 << 1,
    MARK_ZEPHYRINE = 1 << 2,
    MARK_XANTHIC = 1 << 3,
    MARK_QUOKKA = 1 << 4,
    MARK_TO_BE = 1 << 5,
    MARK_CAFE = 1 << 6,
    MARK_ZEAL = 1 << 7,
    MARK_HERON = 1 << 8,
    MARK_XYLOGRAPHS = 1 << 9,
    MARK_ORIGAMI = 1 << 10,
    MARK_BEEKEEPING = 1 << 11,
    MARK_SOURDOUGH = 1 << 12,
    MARK_CHESS = 1 << 13,
    MARK_TELESCOPE = 1 << 14,
    MARK_MICROSCOPE = 1 << 15,
    MARK_TAX = 1 << 16
};

struct clause {
    uint32_t marks; /* 0: no more clauses */
    unsigned sides; /* bits of enum plant_side */
    bool negated;
};

enum { CLAUSE_MAX = 3 };

/* A search term or the rule of a topic. */
struct rule {
    const char *name, *term;
    struct clause clauses[CLAUSE_MAX];
};

extern const struct rule plant_terms[TERM_COUNT];
extern const struct rule plant_topics[TOPIC_COUNT]; /* in order: the first match wins */

struct plant {
    const char *text; /* with its carrier words */
    uint32_t marks;
};

extern const struct plant plants[PLANT_COUNT];

/* One plant where it was written. */
struct planting {
    uint8_t plant;
    uint8_t side; /* enum plant_side */
    uint16_t turn;
    uint16_t exchange;
};

/* How often a rule occurs in what was planted into one conversation. */
struct rule_hit {
    uint32_t occurrences, turns, exchanges;
    bool prompt_only, output_only;
};

/* False if RULE does not hit. PLANTINGS are in the order of turns. */
bool rule_hits(const struct rule *rule, const struct planting *plantings, size_t count,
               struct rule_hit *hit);

extern const char *const identifier_names[IDENTIFIER_COUNT];

/* A sentence with a fictitious identifier of KIND, 0 .. IDENTIFIER_COUNT-1. */
void write_identifier(struct writer *writer, unsigned kind);

#endif
