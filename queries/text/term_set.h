/*
 * A compiled term set, for the parts of this folder that match it: the parse trees as arrays, their
 * leaves as pattern numbers, and for each pattern the terms that must be looked at when it occurs.
 */
#ifndef PROFFER_TERM_SET_H
#define PROFFER_TERM_SET_H

#include "base/span.h"
#include "queries/text/fold.h"
#include "queries/text/known_runs.h"
#include "queries/text/pattern_set.h"
#include "queries/text/term_tree.h"
#include "queries/text/word_filter.h"

/* Items of a PROGRAM node of kind TERM_WORDS: pattern numbers, or one of these. */
#define ITEM_ANY     UINT32_MAX       /* any one word */
#define ITEM_FIRST   (UINT32_MAX - 1) /* xfirstword */
#define ITEM_LAST    (UINT32_MAX - 2) /* xlastword */
#define ITEM_SPECIAL ITEM_LAST

#define NO_TERM UINT32_MAX

struct program_node {
    uint8_t kind; /* enum term_kind */
    bool positional;
    uint32_t number; /* distance or place */
    uint32_t items;  /* the first one in set->items: patterns, or numbers of child nodes */
    uint32_t count;
    uint32_t triggers; /* TERM_WORDS: the term that must be looked at where it occurs, or NO_TERM */
    /* TERM_OR: so many of its children come first, are of kind TERM_WORDS, and have numbers in a
     * row. */
    uint32_t words;
};

struct program {
    const struct term *term; /* not owned */
    uint32_t root;           /* in set->nodes */
    enum term_within within;
    uint32_t leaves; /* the first one in set->leaf_patterns: one per leaf of the term */
};

/* A growing array of numbers. */
struct numbers {
    uint32_t *items;
    size_t count, capacity;
};

PROFFER_MUST_USE enum status numbers_grow(struct numbers *numbers, struct error *err);

static inline enum status numbers_push(struct numbers *numbers, uint32_t value, struct error *err)
{
    if (numbers->count == numbers->capacity)
        TRY(numbers_grow(numbers, err));
    numbers->items[numbers->count++] = value;
    return STATUS_OK;
}

/* For each pattern a list of numbers: those of pattern p are items[starts[p] .. starts[p+1]-1]. */
struct postings {
    uint32_t *starts, *items;
};

/* How many words before and after an anchor its companions stand. */
struct reach {
    uint8_t before, after;
    bool alone;       /* the pattern is wanted without companions, too */
    uint32_t phrases; /* the first of its phrases in companions.phrases, or NO_PHRASE */
};
#define NO_PHRASE UINT32_MAX

/* A phrase with companions, as what may stand around its anchor. */
struct anchor_phrase {
    const uint32_t *items; /* not owned: before the anchor, the anchor, after it */
    uint32_t anchor, count;
    uint8_t before, after;            /* reach of the companions */
    uint8_t last_before, first_after; /* letters, small, of the words next to it; 0: any */
    uint32_t next;                    /* another one of the same anchor, or NO_PHRASE */
};

/*
 * Companions: words of phrases, beside the phrases' anchors (term_triggers.c). Most are among the
 * commonest words of all. A word that is an anchor and a companion of another one is recorded where
 * either of its phrases may stand.
 */
struct companions {
    bool *spelled; /* [patterns] a word of ASCII, at most 16 bytes, near enough to anchors */
    bool *passed;  /* [patterns] spelled, and no anchor: asked for only beside anchors */
    struct span *literals; /* [patterns] their words, not owned */
    struct reach *reach;   /* [patterns] of all patterns, as anchors */
    struct anchor_phrase *phrases;
    size_t phrase_count, phrase_capacity;
    size_t count; /* of those that are looked up */
    /* The words that are not recorded wherever they stand, by open addressing: small letters. */
    struct raw_run *words; /* [slots], all zeros is free */
    uint32_t *patterns;    /* [slots] */
    size_t slots;
};

struct term_set {
    unsigned flags; /* enum fold_flags */
    size_t field_count;
    struct pattern_set patterns;
    struct program *programs;
    size_t program_count, program_capacity;
    struct program_node *nodes;
    size_t node_count, node_capacity;
    struct numbers items, leaf_patterns;
    uint64_t places;          /* that contains() names */
    uint64_t *pattern_places; /* [patterns] where any term asks for the pattern */
    bool compiled;
    uint64_t *weights; /* [patterns] occurrences in a sample; NULL: not known */
    struct companions companions;
    struct word_filter *filters; /* [TERM_PLACES] */
    struct postings words;       /* nodes of kind TERM_WORDS, by their anchors */
    struct numbers wordless;     /* those without an anchor */
    struct numbers always;       /* terms to look at in each conversation */
    struct fold_table *table;
};

/* True if any term asks for PATTERN in PLACE, below TERM_PLACES. */
bool term_set_asks(const struct term_set *set, uint32_t pattern, unsigned place);

#endif
