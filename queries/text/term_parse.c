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
 * Limits: TERM_LENGTH_MAX bytes, TERM_DEPTH_MAX levels, TERM_SIZE_MAX nodes.
 */
#include "base/memory.h"
#include "base/suggest.h"
#include "queries/text/term_build.h"
#include "queries/text/term_word.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

const char *const term_sides[] = {"prompt", "output", "system", "tool", NULL};

struct parser {
    const char *source;
    size_t len;
    const struct word_rules *rules;
    struct tokens tokens;
    size_t at; /* of the next token */
    unsigned depth;
    struct term_words words;
    size_t words_base; /* of the text that goes through WORDS, in the source */
    struct term_builder build;
};

static const struct token *peek(const struct parser *parser)
{
    return &parser->tokens.items[parser->at];
}

static enum status words_fail(void *context, size_t at, size_t len, const char *hint,
                              const char *text)
{
    struct parser *parser = context;
    return build_fail(&parser->build, parser->words_base + at, len, hint, text);
}

static void words_warn(void *context, size_t at, size_t len, const char *text)
{
    struct parser *parser = context;
    build_warn(&parser->build, parser->words_base + at, len, text);
}

/* ---- the grammar ---- */

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
    TRY(term_single_word(written, *len, parser->words.flags, &parser->build.term->arena, &folded,
                         len, parser->build.err));
    if (!folded)
        return error_set(parser->build.err, STATUS_PLAN, NULL,
                         "the noise word \"%s\" is not one word", written);
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

/* "&", "&&", "|", "||". */
static bool looks_like_connector(const char *text, size_t len)
{
    return len >= 1 && len <= 2 && (text[0] == '&' || text[0] == '|') && text[len - 1] == text[0];
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
                           last->kind == TOKEN_QUOTED, parser->build.err));
        if (parser->words.count == before)
            build_warn(&parser->build, last->at, last->len,
                       looks_like_connector(parser->source + last->at, last->len)
                           ? "there is no word in this; it was left out, and the words on both "
                             "sides are one phrase: AND and OR are the connectors"
                           : "there is no word in this; it was left out");
    }
    struct token whole = *first;
    whole.len = last->at + last->len - first->at;
    size_t count = parser->words.count;
    if (count == 0)
        return build_fail(&parser->build, whole.at, whole.len, NULL, "there is no word in this");
    if (count > TERM_SIZE_MAX)
        return build_fail(&parser->build, whole.at, whole.len, NULL,
                          "expands to more than 1,000,000 parts");
    struct term_leaf *leaves = arena_alloc(&parser->build.term->arena, count * sizeof *leaves);
    if (!leaves)
        return error_nomem(parser->build.err);
    memcpy(leaves, parser->words.leaves, count * sizeof *leaves);
    TRY(mark_noise(parser, leaves, count));
    struct term_node model = {.kind = TERM_WORDS, .count = (uint32_t)count, .leaves = leaves};
    return build_node(&parser->build, &whole, &model, out);
}

/* The hint is the nearest name that there is. */
static enum status unknown_place(struct parser *parser, const struct token *token)
{
    struct suggest suggest;
    char *name = mem_strndup(parser->source + token->text_at, token->text_len);
    if (!name)
        return error_nomem(parser->build.err);
    suggest_init(&suggest, name);
    for (uint32_t i = 0; term_sides[i]; i++)
        suggest_offer(&suggest, term_sides[i]);
    for (size_t i = 0; parser->rules && i < parser->rules->field_count; i++)
        suggest_offer(&suggest, parser->rules->fields[i]);
    char *hint = suggest.best ? mem_printf("contains(%s, ...)", suggest.best) : NULL;
    enum status status =
        build_fail(&parser->build, token->text_at, token->text_len, hint,
                   "contains() knows prompt, output, system, tool and the plan's fields");
    free(hint);
    free(name);
    return status;
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
                return build_fail(&parser->build, token->text_at, token->text_len, NULL,
                                  "only the first 56 fields can be searched");
            place->number = PLACE_FIELDS + (uint32_t)i;
            place->name = arena_strndup(&parser->build.term->arena, name, token->text_len);
            return place->name ? STATUS_OK : error_nomem(parser->build.err);
        }
    return unknown_place(parser, token);
}

static enum status expect_close(struct parser *parser, const struct token *opening)
{
    if (peek(parser)->kind != TOKEN_CLOSE)
        return build_fail(&parser->build, opening->at, opening->len, NULL,
                          "this parenthesis is never closed");
    parser->at++;
    return STATUS_OK;
}

/* After a part comes a connector, or the end of what the part is in. */
static enum status expect_connector(struct parser *parser)
{
    const struct token *token = peek(parser), *before = token - 1;
    if (token->kind != TOKEN_OPEN && token->kind != TOKEN_CONTAINS && token->kind != TOKEN_BARE &&
        token->kind != TOKEN_QUOTED)
        return STATUS_OK;
    bool apart = token->kind == TOKEN_OPEN && before->kind == TOKEN_BARE && before->len == 8 &&
                 strncasecmp(parser->source + before->at, "contains", 8) == 0;
    return build_fail(&parser->build, token->at, token->len,
                      apart ? "contains(field, term) without a space before the parenthesis"
                            : "AND, OR or pre/1 here",
                      "a connector is missing before this");
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
            return build_fail(&parser->build, token->at, token->len, NULL,
                              "nested more than 500 deep");
        parser->depth++;
        parser->at++;
        TRY(parse_term(parser, out));
        TRY(expect_close(parser, token));
        parser->depth--;
        if (token->kind == TOKEN_CONTAINS)
            TRY(build_contains(&parser->build, token, place, *out, out));
        break;
    }
    case TOKEN_CLOSE:
        return build_fail(&parser->build, token->at, token->len, NULL,
                          parser->depth ? "a term is missing before this parenthesis"
                                        : "this parenthesis was never opened");
    case TOKEN_END:
        return build_fail(&parser->build, token->at, token->len, NULL,
                          parser->tokens.count == 1 ? "the term is empty"
                                                    : "a term is missing at the end");
    default:
        return build_fail(&parser->build, token->at, token->len, NULL,
                          "a term is missing before this connector; quotes make a word of it");
    }
    return expect_connector(parser);
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
            TRY(build_inner(&parser->build, not_token, TERM_NOT, 0, &right, 1, &right));
        TRY(build_near(&parser->build, token, kind, *out, right, out));
    }
}

static enum status parse_not(struct parser *parser, tree *out)
{
    size_t first = parser->at;
    while (peek(parser)->kind == TOKEN_NOT)
        parser->at++;
    size_t count = parser->at - first;
    if (count > TERM_DEPTH_MAX)
        return build_fail(&parser->build, parser->tokens.items[first].at, 3, NULL,
                          "nested more than 500 deep");
    TRY(parse_near(parser, out));
    while (count--)
        TRY(build_inner(&parser->build, &parser->tokens.items[first], TERM_NOT, 0, out, 1, out));
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
        return error_nomem(parser->build.err);
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
    return build_fail_rewrite(&parser->build, token, hint, "NOT needs AND or OR before it");
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
    TRY_CLEANUP(
        build_boolean(&parser->build, first, TERM_OR, list.items, (uint32_t)list.count, out));
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
    build_warn(&parser->build, first->at,
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
    TRY_CLEANUP(
        build_boolean(&parser->build, first, TERM_AND, list.items, (uint32_t)list.count, out));
    if (mixed && list.count > 1)
        warn_mixed(parser, first, *out);
cleanup:
    free((void *)list.items);
    return status;
}

/* ---- the whole ---- */

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
        return build_fail(&parser->build, 0, 0, NULL, "longer than 1 MiB");
    for (size_t at = 0; at < parser->len;) {
        size_t begin = at;
        if (fold_next(parser->source, parser->len, &at) == ' ' && parser->source[begin] != ' ')
            return build_fail(&parser->build, begin, 1, NULL, "not valid UTF-8");
    }
    return STATUS_OK;
}

static enum status parse_all(struct parser *parser)
{
    struct lex_notes notes = {&parser->build, build_fail, build_warn};
    TRY(check_text(parser));
    TRY(term_lex(parser->source, parser->len, &notes, &parser->tokens, parser->build.err));
    TRY(parse_term(parser, &parser->build.term->root));
    const struct token *token = peek(parser);
    if (token->kind != TOKEN_END)
        return build_fail(&parser->build, token->at, token->len, NULL,
                          "this parenthesis was never opened");
    struct term *term = parser->build.term;
    term->leaves = arena_zalloc(&term->arena, term->root->size, sizeof *term->leaves);
    if (!term->leaves)
        return error_nomem(parser->build.err);
    collect_leaves(term, term->root);
    bool noise = true;
    for (size_t i = 0; i < term->leaf_count; i++)
        noise &= term->leaves[i]->noise;
    if (noise)
        build_warn(&parser->build, 0, parser->len, "the term is made of noise words only");
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
        .source = source, .len = len, .rules = rules, .build = {source, len, term, note, err}};
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
