/*
 * The parse tree of a term, for the parts of this folder that read it. Everything lives in the
 * term's arena and never changes after parsing. After parsing, Boolean nodes stand above positional
 * ones only: AND, OR and NOT were taken out of contains() and of proximity. Nodes may be shared.
 */
#ifndef PROFFER_TERM_TREE_H
#define PROFFER_TERM_TREE_H

#include "base/arena.h"
#include "queries/text/term.h"

enum leaf_kind {
    LEAF_LITERAL,
    LEAF_WILD,  /* with * ? = */
    LEAF_FUZZY, /* with % */
    LEAF_STEM,  /* with ~ */
    LEAF_RANGE, /* 12~~24 */
    LEAF_REGEX, /* "##..." */
    LEAF_FIRST, /* xfirstword */
    LEAF_LAST   /* xlastword */
};

enum {
    TERM_LENGTH_MAX = 1 << 20,
    TERM_DEPTH_MAX = 500,
    TERM_SIZE_MAX = 1000000, /* nodes and leaves, shared ones counted again */
    TERM_EDITS_MAX = 5,
    TERM_FUZZY_POINTS_MAX = 64,
    TERM_DISTANCE_MAX = 1000000,
    TERM_FIELDS_MAX = 56,
    WORD_STEM_MAX = 255 /* bytes of a word that can be stemmed */
};

/* Where contains() looks: the sides of enum text_side, then the record's fields. */
enum { PLACE_FIELDS = 4, TERM_PLACES /* the sides, and all fields together */ };
#define PLACES_TURNS ((uint64_t)0xF)

struct term_leaf {
    enum leaf_kind kind;
    bool noise;       /* inside a phrase it matches any one word */
    const char *text; /* as in the normal form, NUL-terminated, without quotes */
    size_t len;
    const char *word; /* the folded word without % and ~; of LEAF_WILD the pattern; of
                       * LEAF_REGEX the expression */
    size_t word_len;
    uint32_t fixed, edits; /* LEAF_FUZZY: code points that must stand, edits after them */
    uint64_t low, high;    /* LEAF_RANGE, both included */
};

enum term_kind {
    TERM_WORDS, /* one leaf, or several that stand side by side */
    TERM_NEAR,
    TERM_PRE,
    TERM_NOT_NEAR,
    TERM_CONTAINS,
    TERM_AND,
    TERM_OR,
    TERM_NOT
};

struct term_node {
    enum term_kind kind;
    bool positional; /* its hits are intervals of positions */
    bool has_not;
    uint16_t depth;
    uint32_t size;
    uint32_t distance; /* NEAR, PRE, NOT_NEAR */
    uint32_t place;    /* CONTAINS */
    const char *name;  /* CONTAINS: of the place */
    uint32_t count;    /* of leaves, or of children */
    const struct term_leaf *leaves;
    const struct term_node *const *children;
};

struct term {
    struct arena arena;
    const struct term_node *root;
    size_t leaf_count; /* shared nodes counted again */
    const struct term_leaf **leaves;
    size_t warning_count;
    struct term_note warnings[TERM_WARNINGS_MAX];
};

/* Normal form of a part of a tree; the caller frees it. NULL without memory. */
char *term_node_form(const struct term_node *node) __attribute__((warn_unused_result));

/* Names of the places of contains(): prompt, output, system, tool; then NULL. */
extern const char *const term_sides[];

#endif
