/*
 * The term parser.
 *
 *     term    := or { AND or }
 *     or      := not { OR not }
 *     not     := { NOT } near
 *     near    := part { (w/N | pre/N | not w/N) part }          left-associative
 *     part    := words | contains(field, term) | ( term )
 *     words   := { word | "words" }                             side by side: a phrase
 *
 * Then Booleans are taken out of what is positional: contains(f, a AND b) becomes contains(f, a)
 * AND contains(f, b); (a AND b) w/5 c becomes (a w/5 c) AND (b w/5 c). NOT inside proximity and
 * Booleans on both of its sides are errors with the rewrite.
 *
 * Limits: TERM_LENGTH_MAX bytes, TERM_DEPTH_MAX levels, TERM_SIZE_MAX nodes.
 */
#include "base/memory.h"
#include "queries/text/term_lex.h"
#include "queries/text/term_tree.h"
#include "queries/text/term_word.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

const char *const term_sides[] = {"prompt", "output", "system", "tool", NULL};

struct parser {
    const char *source;
    size_t len;
    const struct word_rules *rules;
    struct term *term;
    struct tokens tokens;
    size_t at; /* of the next token */
    unsigned depth;
    struct term_words words;
    size_t words_base; /* of the text that goes through WORDS, in the source */
    struct term_note *note;
    struct error *err;
};

typedef const struct term_node *tree;

/* ---- errors and warnings ------------------------------------------------------------------------
 */

static enum status fail(void *context, size_t at, size_t len, const char *hint, const char *text)
{
    struct parser *parser = context;
    if (parser->note) {
        parser->note->at = at;
        parser->note->len = len;
        snprintf(parser->note->text, sizeof parser->note->text, "%s", text);
    }
    error_set(parser->err, STATUS_PLAN, NULL, "column %zu: %s", at + 1, text);
    if (hint)
        error_hint(parser->err, "write %s", hint);
    return STATUS_PLAN;
}

static void warn(void *context, size_t at, size_t len, const char *text)
{
    struct term *term = ((struct parser *)context)->term;
    if (term->warning_count == TERM_WARNINGS_MAX)
        return;
    struct term_note *note = &term->warnings[term->warning_count++];
    note->at = at;
    note->len = len;
    snprintf(note->text, sizeof note->text, "%s", text);
}

static enum status words_fail(void *context, size_t at, size_t len, const char *hint,
                              const char *text)
{
    return fail(context, ((struct parser *)context)->words_base + at, len, hint, text);
}

static void words_warn(void *context, size_t at, size_t len, const char *text)
{
    warn(context, ((struct parser *)context)->words_base + at, len, text);
}

/* Fails with a rewrite that is made of normal forms; HINT is freed here. */
static enum status fail_rewrite(struct parser *parser, const struct token *token, char *hint,
                                const char *text)
{
    enum status status =
        hint ? fail(parser, token->at, token->len, strlen(hint) < 400 ? hint : NULL, text)
             : error_nomem(parser->err);
    free(hint);
    return status;
}

/* ---- nodes --------------------------------------------------------------------------------------
 */

static const struct token *peek(const struct parser *parser)
{
    return &parser->tokens.items[parser->at];
}

static enum status new_node(struct parser *parser, const struct token *token,
                            const struct term_node *model, tree *out)
{
    struct term_node *node = arena_alloc(&parser->term->arena, sizeof *node);
    if (!node)
        return error_nomem(parser->err);
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
        return fail(parser, token->at, token->len, NULL, "nested more than 500 deep");
    if (size > TERM_SIZE_MAX)
        return fail(parser, token->at, token->len, NULL, "expands to more than 1,000,000 parts");
    node->depth = (uint16_t)(depth + 1);
    node->size = (uint32_t)size;
    *out = node;
    return STATUS_OK;
}

static enum status new_inner(struct parser *parser, const struct token *token, enum term_kind kind,
                             uint32_t distance, tree const *children, uint32_t count, tree *out)
{
    tree *copy = arena_alloc(&parser->term->arena, count * sizeof *copy);
    if (!copy)
        return error_nomem(parser->err);
    memcpy(copy, children, count * sizeof *copy);
    struct term_node model = {.kind = kind, .distance = distance, .count = count, .children = copy};
    return new_node(parser, token, &model, out);
}

/* AND or OR of CHILDREN; those of the same kind are taken in, one child alone is itself. */
static enum status new_boolean(struct parser *parser, const struct token *token,
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
        return fail(parser, token->at, token->len, NULL, "expands to more than 1,000,000 parts");
    tree *flat = arena_alloc(&parser->term->arena, total * sizeof *flat);
    if (!flat)
        return error_nomem(parser->err);
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
    return new_node(parser, token, &model, out);
}

/* Where contains() looks. */
struct place {
    uint32_t number;
    const char *name;
};

/* contains(PLACE, TREE), with Booleans taken out. */
static enum status new_contains(struct parser *parser, const struct token *token,
                                struct place place, tree inner, tree *out)
{
    tree *children = arena_alloc(&parser->term->arena, (inner->count + 1) * sizeof *children);
    if (!children)
        return error_nomem(parser->err);
    if (inner->kind != TERM_AND && inner->kind != TERM_OR && inner->kind != TERM_NOT) {
        children[0] = inner;
        struct term_node model = {.kind = TERM_CONTAINS,
                                  .place = place.number,
                                  .name = place.name,
                                  .count = 1,
                                  .children = children};
        return new_node(parser, token, &model, out);
    }
    for (uint32_t i = 0; i < inner->count; i++)
        TRY(new_contains(parser, token, place, inner->children[i], &children[i]));
    if (inner->kind == TERM_NOT)
        return new_inner(parser, token, TERM_NOT, 0, children, 1, out);
    return new_boolean(parser, token, inner->kind, children, inner->count, out);
}

static const char *connector_name(enum term_kind kind)
{
    return kind == TERM_PRE ? "pre" : kind == TERM_NEAR ? "w" : "not w";
}

/* "A w/5 B" in normal forms. */
static char *joined_form(enum term_kind kind, uint32_t distance, tree a, tree b)
{
    char *left = term_node_form(a), *right = term_node_form(b);
    char *text = left && right ? mem_printf("%s %s/%u %s", left, connector_name(kind),
                                            (unsigned)distance, right)
                               : NULL;
    free(left);
    free(right);
    return text;
}

/* NOT in a side of a proximity: an error, with the rewrite. */
static enum status refuse_not(struct parser *parser, const struct token *token, enum term_kind kind,
                              tree a, tree b)
{
    static const char text[] = "NOT cannot stand inside w/ and pre/";
    bool left = a->has_not;
    tree bad = left ? a : b, other = left ? b : a;
    if (bad->kind == TERM_NOT && !other->has_not && !bad->children[0]->has_not && kind == TERM_NEAR)
        return fail_rewrite(parser, token,
                            joined_form(TERM_NOT_NEAR, token->distance, other, bad->children[0]),
                            text);
    if (bad->kind != TERM_AND || other->has_not)
        return fail(parser, token->at, token->len, "NOT outside of the parentheses", text);
    char *hint = mem_strdup("");
    for (uint32_t i = 0; hint && i < bad->count && strlen(hint) < 400; i++) {
        tree child = bad->children[i];
        bool negated = child->kind == TERM_NOT;
        if (negated)
            child = child->children[0];
        char *one = joined_form(kind, token->distance, left ? child : other, left ? other : child);
        char *longer =
            one ? mem_printf("%s%s%s(%s)", hint, i ? " AND " : "", negated ? "NOT " : "", one)
                : NULL;
        free(one);
        free(hint);
        hint = longer;
    }
    return fail_rewrite(parser, token, hint, text);
}

/* A Boolean on both sides of a proximity, or on the right of not w/N: an error with the rewrite. */
static enum status refuse_both(struct parser *parser, const struct token *token,
                               enum term_kind kind, tree a, tree b)
{
    bool negative = kind == TERM_NOT_NEAR;
    const char *text = negative ? "AND cannot stand on the right side of not w/"
                                : "AND cannot stand on both sides of w/ and pre/";
    if (b->kind != TERM_AND || (negative ? !a->positional : a->kind != TERM_AND))
        return fail(parser, token->at, token->len, "the parts joined one by one", text);
    const tree single[1] = {a};
    tree const *lefts = negative ? single : a->children;
    char *hint = mem_strdup("");
    for (uint32_t i = 0; i < (negative ? 1 : a->count); i++)
        for (uint32_t j = 0; hint && j < b->count && strlen(hint) < 400; j++) {
            char *one = joined_form(kind, token->distance, lefts[i], b->children[j]);
            char *longer = one ? mem_printf("%s%s(%s)", hint,
                                            !*hint     ? ""
                                            : negative ? " OR "
                                                       : " AND ",
                                            one)
                               : NULL;
            free(one);
            free(hint);
            hint = longer;
        }
    return fail_rewrite(parser, token, hint, text);
}

/* A w/N B, with Booleans taken out. */
static enum status new_near(struct parser *parser, const struct token *token, enum term_kind kind,
                            tree a, tree b, tree *out)
{
    if (a->has_not || b->has_not)
        return refuse_not(parser, token, kind, a, b);
    if (a->positional && b->positional)
        return new_inner(parser, token, kind, token->distance, (tree[]){a, b}, 2, out);
    if (!b->positional && (kind == TERM_NOT_NEAR || !a->positional))
        return refuse_both(parser, token, kind, a, b);
    tree split = a->positional ? b : a;
    tree *children = arena_alloc(&parser->term->arena, split->count * sizeof *children);
    if (!children)
        return error_nomem(parser->err);
    for (uint32_t i = 0; i < split->count; i++)
        TRY(new_near(parser, token, kind, split == a ? split->children[i] : a,
                     split == a ? b : split->children[i], &children[i]));
    return new_boolean(parser, token, split->kind, children, split->count, out);
}

/* ---- the grammar --------------------------------------------------------------------------------
 */

static enum status parse_term(struct parser *parser, tree *out);

/* True if TEXT is made of ASCII letters and digits: then folding is lower case. */
static bool is_plain(const char *text)
{
    for (; *text; text++)
        if ((unsigned char)*text >= 0x80 || *text == '_' || fold_kind(*text, 0) != KIND_LETTER)
            return false;
    return true;
}

/* The noise word NUMBER, folded. */
static enum status noise_word(struct parser *parser, size_t number, const char **word, size_t *len)
{
    const char *written = parser->rules->noise[number];
    *word = written;
    *len = strlen(written);
    if (*len && is_plain(written))
        return STATUS_OK;
    char *folded = NULL;
    TRY(term_single_word(written, *len, parser->words.flags, &parser->term->arena, &folded, len,
                         parser->err));
    if (!folded)
        return error_set(parser->err, STATUS_PLAN, NULL, "the noise word \"%s\" is not one word",
                         written);
    *word = folded;
    return STATUS_OK;
}

static enum status mark_noise(struct parser *parser, struct term_leaf *leaves, size_t count)
{
    for (size_t n = 0; parser->rules && n < parser->rules->noise_count; n++) {
        const char *word;
        size_t len;
        TRY(noise_word(parser, n, &word, &len));
        for (size_t i = 0; i < count; i++)
            if (leaves[i].kind == LEAF_LITERAL && leaves[i].word_len == len &&
                strncasecmp(leaves[i].word, word, len) == 0)
                leaves[i].noise = true;
    }
    return STATUS_OK;
}

/* Words and quotes side by side. */
static enum status parse_words(struct parser *parser, tree *out)
{
    const struct token *first = peek(parser), *last = first;
    parser->words.count = 0;
    for (; peek(parser)->kind == TOKEN_BARE || peek(parser)->kind == TOKEN_QUOTED; parser->at++) {
        last = peek(parser);
        size_t before = parser->words.count;
        parser->words_base = last->text_at;
        TRY(term_words_add(&parser->words, parser->source + last->text_at, last->text_len,
                           last->kind == TOKEN_QUOTED, parser->err));
        if (parser->words.count == before)
            warn(parser, last->at, last->len, "there is no word in this; it was left out");
    }
    struct token whole = *first;
    whole.len = last->at + last->len - first->at;
    size_t count = parser->words.count;
    if (count == 0)
        return fail(parser, whole.at, whole.len, NULL, "there is no word in this");
    if (count > TERM_SIZE_MAX)
        return fail(parser, whole.at, whole.len, NULL, "expands to more than 1,000,000 parts");
    struct term_leaf *leaves = arena_alloc(&parser->term->arena, count * sizeof *leaves);
    if (!leaves)
        return error_nomem(parser->err);
    memcpy(leaves, parser->words.leaves, count * sizeof *leaves);
    TRY(mark_noise(parser, leaves, count));
    struct term_node model = {.kind = TERM_WORDS, .count = (uint32_t)count, .leaves = leaves};
    return new_node(parser, &whole, &model, out);
}

static enum status find_place(struct parser *parser, const struct token *token, struct place *place)
{
    const char *name = parser->source + token->text_at;
    for (uint32_t i = 0; term_sides[i]; i++)
        if (strlen(term_sides[i]) == token->text_len &&
            strncasecmp(term_sides[i], name, token->text_len) == 0) {
            *place = (struct place){i, term_sides[i]};
            return STATUS_OK;
        }
    const struct word_rules *rules = parser->rules;
    for (size_t i = 0; rules && i < rules->field_count; i++)
        if (strlen(rules->fields[i]) == token->text_len &&
            memcmp(rules->fields[i], name, token->text_len) == 0) {
            if (i >= TERM_FIELDS_MAX)
                return fail(parser, token->text_at, token->text_len, NULL,
                            "only the first 56 fields can be searched");
            place->number = PLACE_FIELDS + (uint32_t)i;
            place->name = arena_strndup(&parser->term->arena, name, token->text_len);
            return place->name ? STATUS_OK : error_nomem(parser->err);
        }
    return fail(parser, token->text_at, token->text_len, NULL,
                "contains() knows prompt, output, system, tool and the plan's fields");
}

static enum status expect_close(struct parser *parser, const struct token *opening)
{
    if (peek(parser)->kind != TOKEN_CLOSE)
        return fail(parser, opening->at, opening->len, NULL, "this parenthesis is never closed");
    parser->at++;
    return STATUS_OK;
}

static enum status parse_part(struct parser *parser, tree *out)
{
    const struct token *token = peek(parser);
    switch (token->kind) {
    case TOKEN_BARE:
    case TOKEN_QUOTED:
        TRY(parse_words(parser, out));
        break;
    case TOKEN_OPEN:
    case TOKEN_CONTAINS: {
        struct place place = {0, NULL};
        if (token->kind == TOKEN_CONTAINS)
            TRY(find_place(parser, token, &place));
        if (parser->depth >= TERM_DEPTH_MAX)
            return fail(parser, token->at, token->len, NULL, "nested more than 500 deep");
        parser->depth++;
        parser->at++;
        TRY(parse_term(parser, out));
        TRY(expect_close(parser, token));
        parser->depth--;
        if (token->kind == TOKEN_CONTAINS)
            TRY(new_contains(parser, token, place, *out, out));
        break;
    }
    case TOKEN_CLOSE:
        return fail(parser, token->at, token->len, NULL,
                    parser->depth ? "a term is missing before this parenthesis"
                                  : "this parenthesis was never opened");
    case TOKEN_END:
        return fail(parser, token->at, token->len, NULL,
                    parser->tokens.count == 1 ? "the term is empty"
                                              : "a term is missing at the end");
    default:
        return fail(parser, token->at, token->len, NULL,
                    "a term is missing before this connector; quotes make a word of it");
    }
    token = peek(parser);
    if (token->kind == TOKEN_OPEN || token->kind == TOKEN_CONTAINS || token->kind == TOKEN_BARE ||
        token->kind == TOKEN_QUOTED)
        return fail(parser, token->at, token->len, "AND, OR or pre/1 here",
                    "a connector is missing before this");
    return STATUS_OK;
}

static enum status parse_near(struct parser *parser, tree *out)
{
    TRY(parse_part(parser, out));
    for (;;) {
        const struct token *token = peek(parser);
        if (token->kind != TOKEN_NEAR && token->kind != TOKEN_PRE && token->kind != TOKEN_NOT_NEAR)
            return STATUS_OK;
        parser->at++;
        enum term_kind kind = token->kind == TOKEN_NEAR  ? TERM_NEAR
                              : token->kind == TOKEN_PRE ? TERM_PRE
                                                         : TERM_NOT_NEAR;
        bool negated = peek(parser)->kind == TOKEN_NOT;
        const struct token *not_token = peek(parser);
        parser->at += negated;
        tree right;
        TRY(parse_part(parser, &right));
        if (negated)
            TRY(new_inner(parser, not_token, TERM_NOT, 0, &right, 1, &right));
        TRY(new_near(parser, token, kind, *out, right, out));
    }
}

static enum status parse_not(struct parser *parser, tree *out)
{
    size_t first = parser->at;
    while (peek(parser)->kind == TOKEN_NOT)
        parser->at++;
    size_t count = parser->at - first;
    if (count > TERM_DEPTH_MAX)
        return fail(parser, parser->tokens.items[first].at, 3, NULL, "nested more than 500 deep");
    TRY(parse_near(parser, out));
    while (count--)
        TRY(new_inner(parser, &parser->tokens.items[first], TERM_NOT, 0, out, 1, out));
    return STATUS_OK;
}

struct tree_list {
    tree *items;
    size_t count, capacity;
};

static enum status push(struct parser *parser, struct tree_list *list, tree node)
{
    tree *grown = mem_grow((void *)list->items, &list->capacity, list->count + 1, sizeof *grown);
    if (!grown)
        return error_nomem(parser->err);
    list->items = grown;
    list->items[list->count++] = node;
    return STATUS_OK;
}

/* "a NOT b": an error with the rewrite. */
static enum status refuse_bare_not(struct parser *parser, tree left)
{
    const struct token *token = peek(parser);
    tree right;
    TRY(parse_not(parser, &right));
    char *a = term_node_form(left), *b = term_node_form(right);
    char *hint = a && b ? mem_printf("%s AND %s", a, b) : NULL;
    free(a);
    free(b);
    return fail_rewrite(parser, token, hint, "NOT needs AND or OR before it");
}

static enum status parse_or(struct parser *parser, tree *out, bool *mixed)
{
    struct tree_list list = {0};
    const struct token *first = peek(parser);
    enum status status = STATUS_OK;
    for (;;) {
        tree node = NULL;
        TRY_CLEANUP(parse_not(parser, &node));
        TRY_CLEANUP(push(parser, &list, node));
        if (peek(parser)->kind == TOKEN_NOT) {
            status = refuse_bare_not(parser, node);
            goto cleanup;
        }
        if (peek(parser)->kind != TOKEN_OR)
            break;
        parser->at++;
    }
    *mixed |= list.count > 1;
    TRY_CLEANUP(new_boolean(parser, first, TERM_OR, list.items, (uint32_t)list.count, out));
cleanup:
    free((void *)list.items);
    return status;
}

static void warn_mixed(struct parser *parser, const struct token *first, tree node)
{
    char *form = term_node_form(node);
    char text[240];
    bool fits = form && strlen(form) < 160;
    snprintf(text, sizeof text, "AND and OR are mixed without parentheses; OR binds tighter%s%s",
             fits ? ": read as " : "", fits ? form : "");
    warn(parser, first->at,
         parser->at ? parser->tokens.items[parser->at - 1].at +
                          parser->tokens.items[parser->at - 1].len - first->at
                    : 0,
         text);
    free(form);
}

static enum status parse_term(struct parser *parser, tree *out)
{
    struct tree_list list = {0};
    const struct token *first = peek(parser);
    enum status status = STATUS_OK;
    bool mixed = false;
    for (;;) {
        tree node = NULL;
        TRY_CLEANUP(parse_or(parser, &node, &mixed));
        TRY_CLEANUP(push(parser, &list, node));
        if (peek(parser)->kind != TOKEN_AND)
            break;
        parser->at++;
    }
    TRY_CLEANUP(new_boolean(parser, first, TERM_AND, list.items, (uint32_t)list.count, out));
    if (mixed && list.count > 1)
        warn_mixed(parser, first, *out);
cleanup:
    free((void *)list.items);
    return status;
}

/* ---- the whole ----------------------------------------------------------------------------------
 */

static void collect_leaves(struct term *term, tree node)
{
    for (uint32_t i = 0; i < node->count; i++) {
        if (node->kind == TERM_WORDS)
            term->leaves[term->leaf_count++] = &node->leaves[i];
        else
            collect_leaves(term, node->children[i]);
    }
}

static enum status check_text(struct parser *parser)
{
    if (parser->len > TERM_LENGTH_MAX)
        return fail(parser, 0, 0, NULL, "longer than 1 MiB");
    for (size_t at = 0; at < parser->len;) {
        size_t begin = at;
        if (fold_next(parser->source, parser->len, &at) == ' ' && parser->source[begin] != ' ')
            return fail(parser, begin, 1, NULL, "not valid UTF-8");
    }
    return STATUS_OK;
}

static enum status parse_all(struct parser *parser)
{
    struct lex_notes notes = {parser, fail, warn};
    TRY(check_text(parser));
    TRY(term_lex(parser->source, parser->len, &notes, &parser->tokens, parser->err));
    TRY(parse_term(parser, &parser->term->root));
    const struct token *token = peek(parser);
    if (token->kind != TOKEN_END)
        return fail(parser, token->at, token->len, NULL, "this parenthesis was never opened");
    struct term *term = parser->term;
    term->leaves = arena_zalloc(&term->arena, term->root->size, sizeof *term->leaves);
    if (!term->leaves)
        return error_nomem(parser->err);
    collect_leaves(term, term->root);
    bool noise = true;
    for (size_t i = 0; i < term->leaf_count; i++)
        noise &= term->leaves[i]->noise;
    if (noise)
        warn(parser, 0, parser->len, "the term is made of noise words only");
    return STATUS_OK;
}

enum status term_parse(const char *source, size_t len, const struct word_rules *rules,
                       struct term **out, struct term_note *note, struct error *err)
{
    *out = NULL;
    struct term *term = mem_zalloc(1, sizeof *term);
    if (!term)
        return error_nomem(err);
    struct parser parser = {
        .source = source, .len = len, .rules = rules, .term = term, .note = note, .err = err};
    parser.words = (struct term_words){.context = &parser,
                                       .fail = words_fail,
                                       .warn = words_warn,
                                       .arena = &term->arena,
                                       .flags = word_rules_flags(rules)};
    enum status status = parse_all(&parser);
    free(parser.tokens.items);
    term_words_release(&parser.words);
    if (status != STATUS_OK) {
        term_free(term);
        return status;
    }
    *out = term;
    return STATUS_OK;
}

void term_free(struct term *term)
{
    if (!term)
        return;
    arena_release(&term->arena);
    free(term);
}
