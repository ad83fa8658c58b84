/*
 * Nodes of a term's tree. Booleans are taken out of what is positional as nodes are made:
 * contains(f, a AND b) becomes contains(f, a) AND contains(f, b); (a AND b) w/5 c becomes (a w/5 c)
 * AND (b w/5 c). NOT inside proximity and Booleans on both of its sides are errors with the
 * rewrite.
 */
#include "queries/text/term_build.h"

#include "base/buffer.h"
#include "base/memory.h"

#include <stdlib.h>
#include <string.h>

/* Longer rewrites help nobody. */
enum { REWRITE_MAX = 400 };

/* The column of byte AT, from 1: in characters, as editors count. */
static size_t column_of(const struct term_builder *build, size_t at)
{
    size_t column = 1;
    for (size_t i = 0; i < at && i < build->len; i++)
        column += ((unsigned char)build->source[i] & 0xC0) != 0x80;
    return column;
}

enum status build_fail(void *context, size_t at, size_t len, const char *hint, const char *text)
{
    struct term_builder *build = context;
    if (build->note) {
        build->note->at = at;
        build->note->len = len;
        snprintf(build->note->text, sizeof build->note->text, "%s", text);
    }
    error_set(build->err, STATUS_PLAN, NULL, "column %zu: %s", column_of(build, at), text);
    if (hint)
        error_hint(build->err, "write %s", hint);
    return STATUS_PLAN;
}

void build_warn(void *context, size_t at, size_t len, const char *text)
{
    struct term *term = ((struct term_builder *)context)->term;
    if (term->warning_count == TERM_WARNINGS_MAX)
        return;
    struct term_note *note = &term->warnings[term->warning_count++];
    note->at = at;
    note->len = len;
    snprintf(note->text, sizeof note->text, "%s", text);
}

enum status build_fail_rewrite(struct term_builder *build, const struct token *token, char *hint,
                               const char *text)
{
    bool fits = hint && strlen(hint) <= REWRITE_MAX;
    enum status status = build_fail(build, token->at, token->len, fits ? hint : NULL, text);
    free(hint);
    return status;
}

enum status build_node(struct term_builder *build, const struct token *token,
                       const struct term_node *model, tree *out)
{
    struct term_node *node = arena_alloc(&build->term->arena, sizeof *node);
    if (!node)
        return error_nomem(build->err);
    *node = *model;
    uint64_t size = 1;
    unsigned depth = 0;
    bool positional = true;
    if (node->kind == TERM_WORDS) {
        size += node->count;
    } else {
        for (uint32_t i = 0; i < node->count; i++) {
            size += node->children[i]->size;
            depth = node->children[i]->depth > depth ? node->children[i]->depth : depth;
            positional &= node->children[i]->positional;
            node->has_not |= node->children[i]->has_not;
        }
    }
    node->has_not |= node->kind == TERM_NOT;
    node->positional = positional && node->kind != TERM_AND && node->kind != TERM_NOT;
    if (depth >= TERM_DEPTH_MAX)
        return build_fail(build, token->at, token->len, NULL, "nested more than 500 deep");
    if (size > TERM_SIZE_MAX)
        return build_fail(build, token->at, token->len, NULL,
                          "expands to more than 1,000,000 parts");
    node->depth = (uint16_t)(depth + 1);
    node->size = (uint32_t)size;
    *out = node;
    return STATUS_OK;
}

enum status build_inner(struct term_builder *build, const struct token *token, enum term_kind kind,
                        uint32_t distance, tree const *children, uint32_t count, tree *out)
{
    tree *copy = arena_alloc(&build->term->arena, count * sizeof *copy);
    if (!copy)
        return error_nomem(build->err);
    memcpy(copy, children, count * sizeof *copy);
    struct term_node model = {.kind = kind, .distance = distance, .count = count, .children = copy};
    return build_node(build, token, &model, out);
}

/* AND or OR of CHILDREN; those of the same kind are taken in, one child alone is itself. */
enum status build_boolean(struct term_builder *build, const struct token *token,
                          enum term_kind kind, tree const *children, uint32_t count, tree *out)
{
    if (count == 1) {
        *out = children[0];
        return STATUS_OK;
    }
    size_t total = 0;
    for (uint32_t i = 0; i < count; i++)
        total += children[i]->kind == kind ? children[i]->count : 1;
    if (total > TERM_SIZE_MAX)
        return build_fail(build, token->at, token->len, NULL,
                          "expands to more than 1,000,000 parts");
    tree *flat = arena_alloc(&build->term->arena, total * sizeof *flat);
    if (!flat)
        return error_nomem(build->err);
    size_t n = 0;
    for (uint32_t i = 0; i < count; i++) {
        if (children[i]->kind == kind) {
            memcpy(flat + n, children[i]->children, children[i]->count * sizeof *flat);
            n += children[i]->count;
        } else {
            flat[n++] = children[i];
        }
    }
    struct term_node model = {.kind = kind, .count = (uint32_t)n, .children = flat};
    return build_node(build, token, &model, out);
}

/* contains(PLACE, TREE), with Booleans taken out. */
enum status build_contains(struct term_builder *build, const struct token *token,
                           struct place place, tree inner, tree *out)
{
    tree *children = arena_alloc(&build->term->arena, (inner->count + 1) * sizeof *children);
    if (!children)
        return error_nomem(build->err);
    if (inner->kind != TERM_AND && inner->kind != TERM_OR && inner->kind != TERM_NOT) {
        children[0] = inner;
        struct term_node model = {.kind = TERM_CONTAINS,
                                  .place = place.number,
                                  .name = place.name,
                                  .count = 1,
                                  .children = children};
        return build_node(build, token, &model, out);
    }
    for (uint32_t i = 0; i < inner->count; i++)
        TRY(build_contains(build, token, place, inner->children[i], &children[i]));
    if (inner->kind == TERM_NOT)
        return build_inner(build, token, TERM_NOT, 0, children, 1, out);
    return build_boolean(build, token, inner->kind, children, inner->count, out);
}

static const char *connector_name(enum term_kind kind)
{
    return kind == TERM_PRE ? "pre" : kind == TERM_NEAR ? "w" : "not w";
}

/* "A w/5 B" in normal forms. */
static enum status put_joined(struct buffer *out, const struct term_builder *build,
                              enum term_kind kind, uint32_t distance, tree a, tree b)
{
    char *left = term_node_form(a), *right = term_node_form(b);
    enum status status = left && right
                             ? buffer_addf(out, build->err, "%s %s/%u %s", left,
                                           connector_name(kind), (unsigned)distance, right)
                             : error_nomem(build->err);
    free(left);
    free(right);
    return status;
}

/*
 * A and B joined part by part, with AND, OR and NOT around the proximities; AROUND is what stands
 * around this part, NULL if nothing does. No b and c nearby means no b nearby or no c nearby: under
 * not w/ AND and OR of the right side change places.
 */
static enum status put_split(struct buffer *out, const struct term_builder *build,
                             enum term_kind kind, uint32_t distance, tree a, tree b,
                             const char *around)
{
    tree split = !a->positional || a->has_not ? a : b;
    bool whole = split->positional && !split->has_not, negated = split->kind == TERM_NOT;
    bool turned = kind == TERM_NOT_NEAR && split == b;
    const char *between = whole                                 ? "part"
                          : negated                             ? "NOT "
                          : (split->kind == TERM_AND) != turned ? " AND "
                                                                : " OR ";
    bool enclosed = around && !negated && strcmp(around, between) != 0;
    if (enclosed)
        TRY(buffer_add(out, "(", 1, build->err));
    if (whole)
        TRY(put_joined(out, build, kind, distance, a, b));
    if (negated)
        TRY(buffer_addf(out, build->err, "%s", between));
    for (uint32_t i = 0; !whole && i < split->count; i++) {
        tree child = split->children[i];
        if (i)
            TRY(buffer_addf(out, build->err, "%s", between));
        TRY(put_split(out, build, kind, distance, split == a ? child : a, split == a ? b : child,
                      between));
    }
    return enclosed ? buffer_add(out, ")", 1, build->err) : STATUS_OK;
}

/* NULL if the rewrite is too long, or without memory. */
static char *split_form(const struct term_builder *build, enum term_kind kind, uint32_t distance,
                        tree a, tree b)
{
    struct buffer out;
    buffer_init(&out, REWRITE_MAX);
    char *text = NULL;
    if (put_split(&out, build, kind, distance, a, b, NULL) == STATUS_OK)
        text = buffer_take(&out, NULL);
    buffer_release(&out);
    return text;
}

/* NOT in a side of a proximity: an error, with the rewrite. Nothing says what NOT on both sides
 * would mean, nor what it means where not w/ denies already. */
static enum status refuse_not(struct term_builder *build, const struct token *token,
                              enum term_kind kind, tree a, tree b)
{
    static const char text[] = "NOT cannot stand inside w/ and pre/";
    tree bad = a->has_not ? a : b, other = a->has_not ? b : a;
    char *hint = NULL;
    if (other->has_not || kind == TERM_NOT_NEAR)
        hint = mem_strdup("NOT outside of the parentheses");
    else if (bad->kind == TERM_NOT && bad->children[0]->positional && other->positional &&
             kind == TERM_NEAR)
        hint = split_form(build, TERM_NOT_NEAR, token->distance, other, bad->children[0]);
    else
        hint = split_form(build, kind, token->distance, a, b);
    return build_fail_rewrite(build, token, hint, text);
}

/* A Boolean on both sides of a proximity, or on the right of not w/N: an error with the rewrite. */
static enum status refuse_both(struct term_builder *build, const struct token *token,
                               enum term_kind kind, tree a, tree b)
{
    return build_fail_rewrite(build, token, split_form(build, kind, token->distance, a, b),
                              kind == TERM_NOT_NEAR
                                  ? "AND cannot stand on the right side of not w/"
                                  : "AND cannot stand on both sides of w/ and pre/");
}

/* A w/N B, with Booleans taken out. */
enum status build_near(struct term_builder *build, const struct token *token, enum term_kind kind,
                       tree a, tree b, tree *out)
{
    if (a->has_not || b->has_not)
        return refuse_not(build, token, kind, a, b);
    if (a->positional && b->positional)
        return build_inner(build, token, kind, token->distance, (tree[]){a, b}, 2, out);
    if (!b->positional && (kind == TERM_NOT_NEAR || !a->positional))
        return refuse_both(build, token, kind, a, b);
    tree split = a->positional ? b : a;
    tree *children = arena_alloc(&build->term->arena, split->count * sizeof *children);
    if (!children)
        return error_nomem(build->err);
    for (uint32_t i = 0; i < split->count; i++)
        TRY(build_near(build, token, kind, split == a ? split->children[i] : a,
                       split == a ? b : split->children[i], &children[i]));
    return build_boolean(build, token, split->kind, children, split->count, out);
}
