/*
 * Terms as functions of their parts: what stands below AND, OR and NOT (term_tree.h), such as a
 * word, a phrase, words near each other. Which parts a text has depends on no Boolean, so that what
 * several terms find together follows from which parts a conversation has.
 *
 * Parts imply each other: a phrase its words, a word what it matches with a wildcard. So each part
 * has a text that should have it, its words side by side, and the matcher itself says which parts
 * that text has. What a text has, a conversation can have: none is taken for possible otherwise. A
 * part whose own text does not have it (a regular expression; one of record fields) is not known to
 * be possible at all.
 */
#ifndef PROFFER_TERM_PARTS_H
#define PROFFER_TERM_PARTS_H

#include "base/arena.h"
#include "base/error.h"
#include "base/intern.h"
#include "queries/text/term.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum formula_kind { FORMULA_PART, FORMULA_AND, FORMULA_OR, FORMULA_NOT };

struct term_formula {
    enum formula_kind kind;
    uint32_t part;
    uint32_t count; /* of children */
    struct term_formula **children;
};

/* The parts that a text has. */
struct part_text {
    uint32_t *parts;
    size_t count;
};

struct term_parts {
    struct arena arena;             /* owns formulas and texts */
    struct intern forms;            /* normal forms of the parts, by number */
    bool *plain;                    /* [parts] a word or a phrase, written out */
    struct term_formula **formulas; /* [count] of each term; NULL for one that finds nothing */
    bool *spans;                    /* [count] it has AND or NOT: what it finds depends on the span
                                     */
    size_t count;
    struct part_text *texts; /* [text_count] of each part one in a prompt, one in an output */
    size_t text_count;
    bool unclear; /* some part is had by a text without words, or a term is too large: of what is
                     possible nothing is known */
    size_t part_capacity;
};

/* Of terms in normal form (NULL: finds nothing). Release also on failure. */
PROFFER_MUST_USE enum status term_parts_init(struct term_parts *parts, const char *const *forms,
                                             size_t count, const struct word_rules *rules,
                                             struct error *err);
void term_parts_release(struct term_parts *parts);

#endif
