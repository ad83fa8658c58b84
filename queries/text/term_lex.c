/*
 * The term lexer. White space, parentheses and quotes end a bare token. A bare token is a connector
 * if it is spelled like one, in any case; quotes protect. Curly double quotes count as plain ones.
 */
#include "queries/text/term_lex.h"

#include "base/memory.h"
#include "queries/text/fold.h"
#include "queries/text/term_tree.h"

#include <stdbool.h>
#include <string.h>
#include <strings.h>

struct lexer {
    const char *source;
    size_t len, at;
    const struct lex_notes *notes;
    struct tokens *out;
    bool warned_curly;
};

/*
 * Length of the white space at AT, or 0: ASCII's, and that which word processors and Asian
 * keyboards put in its place (U+0085, U+00A0, U+1680, U+2000 to U+200A, U+2028, U+2029, U+202F,
 * U+205F, U+3000). Were it no space, "apple AND pear" out of a word processor would be a phrase.
 */
static size_t space_at(const struct lexer *lexer, size_t at)
{
    char c = lexer->source[at];
    if ((unsigned char)c < 0x80)
        return c == ' ' || (c >= '\t' && c <= '\r');
    size_t to = at;
    int32_t point = fold_next(lexer->source, lexer->len, &to);
    bool space = point == 0x85 || point == 0xA0 || point == 0x1680 ||
                 (point >= 0x2000 && point <= 0x200A) || point == 0x2028 || point == 0x2029 ||
                 point == 0x202F || point == 0x205F || point == 0x3000;
    return space ? to - at : 0;
}

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* Length of a double quote at AT, straight or curly (U+201C to U+201F, U+FF02), or 0. */
static size_t quote_at(const struct lexer *lexer, size_t at, bool *curly)
{
    const unsigned char *s = (const unsigned char *)lexer->source + at;
    *curly = false;
    if (s[0] == '"')
        return 1;
    if (lexer->len - at < 3)
        return 0;
    *curly = (s[0] == 0xE2 && s[1] == 0x80 && s[2] >= 0x9C && s[2] <= 0x9F) ||
             (s[0] == 0xEF && s[1] == 0xBC && s[2] == 0x82);
    return *curly ? 3 : 0;
}

static enum status fail(const struct lexer *lexer, size_t at, size_t len, const char *hint,
                        const char *text)
{
    return lexer->notes->fail(lexer->notes->context, at, len, hint, text);
}

static enum status put(struct lexer *lexer, const struct token *token, struct error *err)
{
    struct tokens *out = lexer->out;
    struct token *grown = mem_grow(out->items, &out->capacity, out->count + 1, sizeof *grown);
    if (!grown)
        return error_nomem(err);
    out->items = grown;
    out->items[out->count++] = *token;
    return STATUS_OK;
}

static enum status lex_quoted(struct lexer *lexer, size_t opening, bool curly, struct error *err)
{
    size_t begin = lexer->at, at = begin + opening;
    for (; at < lexer->len; at++) {
        bool curly_end;
        size_t closing = quote_at(lexer, at, &curly_end);
        if (closing == 0)
            continue;
        if ((curly || curly_end) && !lexer->warned_curly) {
            lexer->warned_curly = true;
            lexer->notes->warn(lexer->notes->context, begin, at + closing - begin,
                               "curly quotes were read as plain ones");
        }
        struct token token = {TOKEN_QUOTED,         begin, at + closing - begin, begin + opening,
                              at - begin - opening, 0};
        lexer->at = at + closing;
        return put(lexer, &token, err);
    }
    return fail(lexer, begin, opening, NULL, "this quote is never closed");
}

static bool spelled(const char *text, size_t len, const char *word)
{
    return len == strlen(word) && strncasecmp(text, word, len) == 0;
}

/* w/N and pre/N. *KIND stays TOKEN_BARE for what is no such connector. */
static enum status lex_distance(struct lexer *lexer, const char *text, size_t len,
                                struct token *token)
{
    static const struct {
        const char *head;
        enum token_kind kind;
        const char *instead;
    } heads[] = {
        {"w/", TOKEN_NEAR, NULL},        {"pre/", TOKEN_PRE, NULL},
        {"near/", TOKEN_BARE, "w/5"},    {"within/", TOKEN_BARE, "w/5"},
        {"onear/", TOKEN_BARE, "pre/5"}, {"adj/", TOKEN_BARE, "pre/5"},
    };
    for (size_t i = 0; i < sizeof heads / sizeof *heads; i++) {
        size_t head = strlen(heads[i].head);
        if (len < head || strncasecmp(text, heads[i].head, head) != 0)
            continue;
        if (heads[i].kind == TOKEN_BARE) {
            if (len == head || text[head] < '0' || text[head] > '9')
                return STATUS_OK; /* near/far are two words */
            return fail(lexer, token->at, token->len, heads[i].instead,
                        "this connector is not part of the language");
        }
        uint64_t value = 0;
        for (size_t j = head; j < len; j++) {
            if (text[j] < '0' || text[j] > '9')
                return fail(lexer, token->at, token->len, NULL,
                            "w/ and pre/ take a number of words, as in w/5; quotes make words "
                            "of it");
            value = value > TERM_DISTANCE_MAX ? value : value * 10 + (uint64_t)(text[j] - '0');
        }
        if (value == 0 || value > TERM_DISTANCE_MAX)
            return fail(lexer, token->at, token->len, "w/5",
                        "the number of words after w/ and pre/ is 1 to 1000000");
        token->kind = heads[i].kind;
        token->distance = (uint32_t)value;
    }
    return STATUS_OK;
}

/* "contains(" with its field and comma; the bare token stands before an opening parenthesis. */
static enum status lex_contains(struct lexer *lexer, struct token *token, struct error *err)
{
    size_t at = lexer->at + 1, end = lexer->len;
    size_t space;
    while (at < end && (space = space_at(lexer, at)) > 0)
        at += space;
    size_t from = at, to = at; /* what is between without the white space */
    while (at < end && lexer->source[at] != ',' && lexer->source[at] != '(' &&
           lexer->source[at] != ')') {
        space = space_at(lexer, at);
        at += space ? space : 1;
        to = space ? to : at;
    }
    if (at == end || lexer->source[at] != ',')
        return fail(lexer, token->at, lexer->at + 1 - token->at, "contains(prompt, apple)",
                    "contains() needs a field, a comma and a term");
    token->kind = TOKEN_CONTAINS;
    token->text_at = from;
    token->text_len = to - from;
    lexer->at = at + 1;
    token->len = lexer->at - token->at;
    return put(lexer, token, err);
}

/* NOT directly before w/N is one connector. */
static enum status join_not(struct lexer *lexer, struct token *token, struct error *err)
{
    struct token *last = lexer->out->count ? &lexer->out->items[lexer->out->count - 1] : NULL;
    if (!last || last->kind != TOKEN_NOT)
        return put(lexer, token, err);
    if (token->kind == TOKEN_PRE)
        return fail(lexer, last->at, token->at + token->len - last->at, "not w/5",
                    "\"not pre/N\" is not part of the language");
    last->kind = TOKEN_NOT_NEAR;
    last->len = token->at + token->len - last->at;
    last->distance = token->distance;
    return STATUS_OK;
}

/* "/5", "/s", "+p": connectors of other search languages, whose meaning would be lost in silence.
 */
static bool is_foreign_connector(const char *text, size_t len)
{
    if (len < 2 || (text[0] != '/' && text[0] != '+'))
        return false;
    if (len == 2 && strchr("spSP", text[1]))
        return true;
    for (size_t i = 1; i < len; i++)
        if (text[i] < '0' || text[i] > '9')
            return false;
    return true;
}

static bool begins_with_single_quote(const char *text, size_t len)
{
    return (len > 1 && text[0] == '\'') || (len > 3 && memcmp(text, "\xE2\x80\x98", 3) == 0);
}

static bool begins_with_foreign_quote(const char *text, size_t len)
{
    static const char *const quotes[] = {"\xC2\xAB", "\xE2\x80\xB9", "\xE3\x80\x8A", "\xE3\x80\x8C",
                                         "\xE3\x80\x8E"};
    for (size_t i = 0; i < sizeof quotes / sizeof *quotes; i++)
        if (len > strlen(quotes[i]) && memcmp(text, quotes[i], strlen(quotes[i])) == 0)
            return true;
    return false;
}

/* What looks like an operator and is none, and what cannot be seen: NULL if there is nothing. */
static const char *look_for_lookalikes(const char *text, size_t len)
{
    for (size_t at = 0; at < len;) {
        int32_t c = fold_next(text, len, &at);
        if (c == 0x200B || c == 0x200E || c == 0x200F || (c >= 0x202A && c <= 0x202E) ||
            c == 0x2060 || c == 0xFEFF)
            return "an invisible character stands in this, which joins what is on both sides";
        /* % ( ) * / = ? ~ */
        if (c == 0xFF05 || (c >= 0xFF08 && c <= 0xFF0A) || c == 0xFF0F || c == 0xFF1D ||
            c == 0xFF1F || c == 0xFF5E)
            return "a full-width sign is no operator and no parenthesis here; plain ones are";
    }
    return NULL;
}

/* "near5", "pr/5", "NEAR": as connectors are spelled elsewhere. */
static bool is_foreign_word(const char *text, size_t len)
{
    static const char *const capitals[] = {"NEAR",   "ADJ",    "ONEAR",  "WITHIN",
                                           "ANDNOT", "BUTNOT", "ANDANY", "XOR"};
    static const char *const heads[] = {"near", "adj", "pre"};
    for (size_t i = 0; i < sizeof capitals / sizeof *capitals; i++)
        if (len == strlen(capitals[i]) && memcmp(text, capitals[i], len) == 0)
            return true;
    size_t letters = 0, digits = 0;
    while (letters < len && is_letter(text[letters]))
        letters++;
    while (digits < len - letters && is_digit(text[len - 1 - digits]))
        digits++;
    if (letters == 0 || digits == 0)
        return false;
    if (letters + digits + 1 == len)
        return letters <= 4 && text[letters] == '/';
    for (size_t i = 0; i < sizeof heads / sizeof *heads; i++)
        if (letters + digits == len && spelled(text, letters, heads[i]))
            return true;
    return false;
}

/* "author:smith", "Paywall:": a name before a colon. "http://x.org", "12:30" and "a::b" are none.
 */
static bool has_name_before_colon(const char *text, size_t len)
{
    size_t n = 0;
    while (n < len &&
           (is_letter(text[n]) || text[n] == '_' || text[n] == '-' || (n && is_digit(text[n]))))
        n++;
    return n >= 2 && n < len && text[n] == ':' &&
           !(n + 1 < len && (text[n + 1] == '/' || text[n + 1] == ':'));
}

/* What stands for something in other search languages and for nothing here. */
static void warn_of_foreign(struct lexer *lexer, size_t at, const char *text, size_t len)
{
    const char *what = NULL;
    if (begins_with_single_quote(text, len))
        what = "single quotes do not make a phrase or protect connectors; double quotes do";
    else if (begins_with_foreign_quote(text, len))
        what = "these quotes do not make a phrase or protect connectors; double quotes do";
    else if (len >= 2 && text[0] == '#')
        what = "phonic search (#word) is not supported; the word is searched as it stands";
    else if (is_foreign_connector(text, len) || is_foreign_word(text, len))
        what = "this is no connector here but a word of the phrase; w/5 and pre/5 are distances "
               "in words";
    else if (len >= 2 && (text[0] == '-' || text[0] == '+') && is_letter(text[1]))
        what = "- and + before a word are no operators here; AND, OR and AND NOT are";
    else if (len >= 2 && text[len - 1] == '!')
        what = "! is no operator here; * at a word's end matches all words that begin so";
    else if (len >= 2 && text[len - 1] == '&' && text[len - 2] != '&')
        what = "& is no operator here, and there is no search for synonyms; OR joins them";
    else if (has_name_before_colon(text, len))
        what = "a colon makes no field and no name of this: contains(field, x) is for fields, and "
               "the name of a term is of capitals and ends in a digit";
    else
        what = look_for_lookalikes(text, len);
    if (what)
        lexer->notes->warn(lexer->notes->context, at, len, what);
}

static enum status lex_bare(struct lexer *lexer, struct error *err)
{
    size_t begin = lexer->at, at = begin;
    bool curly;
    while (at < lexer->len && space_at(lexer, at) == 0 && lexer->source[at] != '(' &&
           lexer->source[at] != ')' && quote_at(lexer, at, &curly) == 0)
        at++;
    const char *text = lexer->source + begin;
    size_t len = at - begin;
    lexer->at = at;
    struct token token = {TOKEN_BARE, begin, len, begin, len, 0};
    if (spelled(text, len, "and"))
        token.kind = TOKEN_AND;
    else if (spelled(text, len, "or"))
        token.kind = TOKEN_OR;
    else if (spelled(text, len, "not"))
        token.kind = TOKEN_NOT;
    else if (spelled(text, len, "contains") && at < lexer->len && lexer->source[at] == '(')
        return lex_contains(lexer, &token, err);
    TRY(lex_distance(lexer, text, len, &token));
    if (token.kind == TOKEN_NEAR || token.kind == TOKEN_PRE)
        return join_not(lexer, &token, err);
    if (token.kind == TOKEN_BARE && len >= 2 && text[0] == '#' && text[1] == '#')
        return fail(lexer, begin, len, "\"##...\"", "a regular expression stands in double quotes");
    if (token.kind == TOKEN_BARE)
        warn_of_foreign(lexer, begin, text, len);
    return put(lexer, &token, err);
}

enum status term_lex(const char *source, size_t len, const struct lex_notes *notes,
                     struct tokens *out, struct error *err)
{
    struct lexer lexer = {source, len, 0, notes, out, false};
    for (;;) {
        size_t space;
        while (lexer.at < len && (space = space_at(&lexer, lexer.at)) > 0)
            lexer.at += space;
        if (lexer.at == len)
            break;
        bool curly;
        size_t quote = quote_at(&lexer, lexer.at, &curly);
        if (quote) {
            TRY(lex_quoted(&lexer, quote, curly, err));
        } else if (source[lexer.at] == '(' || source[lexer.at] == ')') {
            struct token token = {
                source[lexer.at] == '(' ? TOKEN_OPEN : TOKEN_CLOSE, lexer.at, 1, lexer.at, 1, 0};
            lexer.at++;
            TRY(put(&lexer, &token, err));
        } else {
            TRY(lex_bare(&lexer, err));
        }
    }
    struct token end = {TOKEN_END, len, 0, len, 0, 0};
    return put(&lexer, &end, err);
}
