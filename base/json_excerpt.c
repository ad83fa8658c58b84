/*
 * Broken JSON told to people: see json_excerpt.h and json_read.h.
 *
 * Jansson reports the position after the token that it could not use, and quotes short tokens
 * (`... near 'TOKEN'`). The mark goes under the token's first byte; inside a string, under the last
 * byte read.
 */
#include "base/json_excerpt.h"

#include <jansson.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

/* Bytes of a source line that are shown on each side of the mark. */
enum { SHOWN_BEFORE = 60, SHOWN_AFTER = 30 };

static bool continues(char byte)
{
    return ((unsigned char)byte & 0xC0) == 0x80;
}

/*
 * Copies one line's bytes FROM to TO as printable text: control characters (C0, DEL, C1) become
 * one "?" each, a tab a space, a byte that is no UTF-8 a "?". Returns the end of the copy.
 */
static char *copy_printable(char *out, const char *from, const char *to)
{
    while (from < to) {
        unsigned char c = (unsigned char)*from;
        size_t len = c < 0x80 ? 1 : c >= 0xC2 && c < 0xE0 ? 2 : (c & 0xF0) == 0xE0 ? 3 : 4;
        bool good = c < 0x80 || (c >= 0xC2 && c < 0xF5 && len <= (size_t)(to - from));
        for (size_t i = 1; good && i < len; i++)
            good = continues(from[i]);
        bool control =
            c < 0x20 || c == 0x7F || (c == 0xC2 && good && (unsigned char)from[1] < 0xA0);
        if (!good)
            len = 1;
        if (c == '\t') {
            *out++ = ' ';
        } else if (!good || control) {
            *out++ = '?';
        } else {
            memcpy(out, from, len);
            out += len;
        }
        from += len;
    }
    return out;
}

static size_t characters(const char *from, const char *to)
{
    size_t count = 0;
    for (; from < to; from++)
        count += !continues(*from);
    return count;
}

/* "SOURCE LINE\n      ^" around AT. */
static void excerpt(const char *text, size_t len, size_t at, struct error *err)
{
    const char *mark = text + at, *end = text + len;
    const char *from = mark, *to = mark;
    while (from > text && from[-1] != '\n' && mark - from < SHOWN_BEFORE)
        from--;
    while (to < end && *to != '\n' && *to != '\r' && to - mark < SHOWN_AFTER)
        to++;
    bool cut_left = from > text && from[-1] != '\n', cut_right = to < end && *to != '\n';
    cut_right = cut_right && *to != '\r';
    while (from < mark && continues(*from))
        from++;
    while (to < end && to > mark && continues(*to))
        to--;
    char line[SHOWN_BEFORE + SHOWN_AFTER + 16], *out = line;
    if (cut_left) {
        memcpy(out, "...", 3);
        out += 3;
    }
    out = copy_printable(out, from, mark);
    int before = (int)characters(line, out);
    out = copy_printable(out, mark, to);
    if (cut_right) {
        memcpy(out, "...", 3);
        out += 3;
    }
    *out = '\0';
    if (line[0])
        error_hint(err, "%s\n%*s^", line, before, "");
}

enum status json_broken_at(const char *name, const char *text, size_t len, size_t at,
                           struct error *err, const char *format, ...)
{
    if (!err)
        return STATUS_PLAN;
    if (at > len)
        at = len;
    while (at > 0 && at < len && continues(text[at]))
        at--;
    size_t line = 1, start = 0;
    for (size_t i = 0; i < at; i++)
        if (text[i] == '\n') {
            line++;
            start = i + 1;
        }
    char where[sizeof err->where], said[sizeof err->text];
    snprintf(where, sizeof where, "%.400s:%zu:%zu", name, line,
             characters(text + start, text + at) + 1);
    va_list args;
    va_start(args, format);
    vsnprintf(said, sizeof said, format, args);
    va_end(args);
    error_set(err, STATUS_PLAN, where, "%s", said);
    excerpt(text, len, at, err);
    return STATUS_PLAN;
}

/* The token that Jansson quotes at the end of its text; false if it quotes none. */
static bool near_token(const char *said, char token[JSON_ERROR_TEXT_LENGTH])
{
    const char *near = strstr(said, " near '");
    size_t len = near ? strlen(near) : 0;
    if (len < 9 || near[len - 1] != '\'')
        return false;
    memcpy(token, near + 7, len - 8);
    token[len - 8] = '\0';
    return true;
}

/* The last byte before AT that is no white space, or 0. */
static char byte_before(const char *text, size_t at)
{
    while (at > 0)
        if (!memchr(" \t\r\n", text[--at], 4))
            return text[at];
    return '\0';
}

static bool begins(const char *text, const char *beginning)
{
    return strncmp(text, beginning, strlen(beginning)) == 0;
}

/* Invalid syntax: Jansson's words for what a person most often did. */
static enum status broken_syntax(const char *name, const char *text, size_t len, size_t at,
                                 const char *token, const char *said, struct error *err)
{
    char first = token[0];
    if (begins(said, "unexpected newline"))
        return json_broken_at(name, text, len, at, err,
                              "the text in quotes is not closed on its line");
    if (begins(said, "control character"))
        return json_broken_at(name, text, len, at, err,
                              "a tab or other control character in a text must be written as \\t "
                              "or \\u0009");
    if (begins(said, "invalid escape"))
        return json_broken_at(
            name, text, len, at, err,
            "\"\\\" begins an escape that is none; write \"\\\\\" for a backslash");
    if (begins(said, "invalid Unicode"))
        return json_broken_at(name, text, len, at, err,
                              "a \\u escape that stands for no character");
    if (first == '\'' || (unsigned char)first == 0xE2)
        return json_broken_at(name, text, len, at, err,
                              "texts and keys stand in straight double quotes (\")");
    if (first == '/' || first == '#')
        return json_broken_at(name, text, len, at, err, "comments are not allowed");
    if ((first == '}' || first == ']') && byte_before(text, at) == ',')
        return json_broken_at(name, text, len, at, err, "a comma stands before the closing \"%c\"",
                              first);
    if (begins(said, "'}' expected") || begins(said, "']' expected"))
        return json_broken_at(name, text, len, at, err, "a comma or \"%c\" is missing before this",
                              said[1]);
    if (begins(said, "':' expected"))
        return json_broken_at(name, text, len, at, err, "\":\" is missing before this");
    if (begins(said, "string or '}' expected"))
        return json_broken_at(name, text, len, at, err,
                              "a key in double quotes or \"}\" must stand "
                              "here");
    if (begins(said, "'[' or '{' expected"))
        return json_broken_at(name, text, len, at, err,
                              "this is no JSON object: \"{\" must stand "
                              "here");
    if (begins(said, "invalid token"))
        return json_broken_at(name, text, len, at, err,
                              "this is no JSON value (a text in double quotes, a number, true, "
                              "false, null, [ or {)");
    return json_broken_at(name, text, len, at, err, "a value is missing before this");
}

enum status json_broken(const char *name, const char *text, size_t len,
                        const struct json_error_t *said, struct error *err)
{
    enum json_error_code code = json_error_code(said);
    /* Without memory Jansson fails here and there without saying why. */
    if (code == json_error_out_of_memory || !said->text[0])
        return error_nomem(err);
    size_t end = said->position > 0 ? (size_t)said->position : 0;
    char token[JSON_ERROR_TEXT_LENGTH] = "";
    /* A character that may not stand in a text was put back: it is the next one. */
    bool put_back =
        begins(said->text, "control character") || begins(said->text, "unexpected newline");
    size_t at = end > 0 && !put_back ? end - 1 : end;
    if (near_token(said->text, token) && strlen(token) <= end &&
        (token[0] != '"' || code != json_error_invalid_syntax || strstr(said->text, " expected")))
        at = end - strlen(token);
    switch (code) {
    case json_error_stack_overflow:
        return json_broken_at(name, text, len, at, err, "nested too deep");
    case json_error_invalid_utf8:
        return json_broken_at(name, text, len, end, err, "not UTF-8 from here on");
    case json_error_premature_end_of_input:
        return json_broken_at(name, text, len, len, err, "%s",
                              strstr(said->text, "premature")
                                  ? "the file ends inside a text in quotes"
                              : byte_before(text, len) ? "the file ends too early: a closing "
                                                         "bracket is missing"
                                                       : "the file is empty");
    case json_error_end_of_input_expected:
        return json_broken_at(name, text, len, at, err, "this stands after the end of the JSON");
    case json_error_null_character:
    case json_error_null_byte_in_key:
        return json_broken_at(name, text, len, at, err, "\\u0000 is not allowed");
    case json_error_duplicate_key:
        return json_broken_at(name, text, len, at, err, "the key %s stands here a second time",
                              token[0] ? token : "that ends here");
    case json_error_numeric_overflow:
        return json_broken_at(name, text, len, at, err, "the number is too large");
    default:
        return broken_syntax(name, text, len, at, token, said->text, err);
    }
}
