/* Making the nodes of a term's tree, and saying what is wrong with them. */
#ifndef PROFFER_TERM_BUILD_H
#define PROFFER_TERM_BUILD_H

#include "queries/text/term_lex.h"
#include "queries/text/term_tree.h"

typedef const struct term_node *tree;

struct term_builder {
    const char *source;
    size_t len;
    struct term *term;
    struct term_note *note; /* may be NULL */
    struct error *err;
};

/* Where contains() looks. */
struct place {
    uint32_t number;
    const char *name;
};

/* An error and a warning at bytes of the source; CONTEXT is a struct term_builder. */
enum status build_fail(void *context, size_t at, size_t len, const char *hint, const char *text);
void build_warn(void *context, size_t at, size_t len, const char *text);
/* Fails with a rewrite that is made of normal forms; HINT is freed here. NULL, or one that is too
 * long to help, is left out. */
enum status build_fail_rewrite(struct term_builder *build, const struct token *token, char *hint,
                               const char *text);

/* A node like MODEL, its measures filled in. TOKEN is where errors are shown, here and below. */
PROFFER_MUST_USE enum status build_node(struct term_builder *build, const struct token *token,
                                        const struct term_node *model, tree *out);
PROFFER_MUST_USE enum status build_inner(struct term_builder *build, const struct token *token,
                                         enum term_kind kind, uint32_t distance,
                                         tree const *children, uint32_t count, tree *out);
/* AND or OR of CHILDREN; those of the same kind are taken in, one child alone is itself. */
PROFFER_MUST_USE enum status build_boolean(struct term_builder *build, const struct token *token,
                                           enum term_kind kind, tree const *children,
                                           uint32_t count, tree *out);
PROFFER_MUST_USE enum status build_contains(struct term_builder *build, const struct token *token,
                                            struct place place, tree inner, tree *out);
/* A and B within the distance of TOKEN. */
PROFFER_MUST_USE enum status build_near(struct term_builder *build, const struct token *token,
                                        enum term_kind kind, tree a, tree b, tree *out);

#endif
