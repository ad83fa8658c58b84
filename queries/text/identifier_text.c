/* Looking around in text: see identifier_text.h. */
#include "queries/text/identifier_text.h"

#include "base/utf8.h"
#include "queries/text/fold.h"

#include <ctype.h>
#include <string.h>

int hex_value(char c)
{
    return c >= '0' && c <= '9'   ? c - '0'
           : c >= 'a' && c <= 'f' ? c - 'a' + 10
           : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                  : -1;
}

/* Hangul is written with spaces, but its particles are joined to what they follow. */
static bool is_hangul(uint32_t c)
{
    return (c >= 0x1100 && c <= 0x11FF) || (c >= 0x3130 && c <= 0x318F) ||
           (c >= 0xA960 && c <= 0xA97F) || (c >= 0xAC00 && c <= 0xD7FF);
}

static bool is_word(uint32_t c)
{
    enum fold_kind kind = fold_kind((int32_t)c, 0);
    return kind == KIND_MARK || (kind == KIND_LETTER && !is_hangul(c));
}

size_t blank_at(struct span text, size_t at)
{
    return char_at(text, at) == ' '             ? 1
           : reads_as(text, at, "\xC2\xA0")     ? 2
           : reads_as(text, at, "\xE2\x80\xAF") ? 3
                                                : 0;
}

size_t blank_before(struct span text, size_t at)
{
    for (size_t len = 1; len <= 3 && len <= at; len++)
        if (blank_at(text, at - len) == len)
            return len;
    return 0;
}

size_t wide_letter_before(struct span text, size_t at)
{
    if (at == 0 || (unsigned char)text.data[at - 1] < 0x80)
        return 0;
    size_t from = at - 1;
    while (from > 0 && at - from < 4 && ((unsigned char)text.data[from] & 0xC0) == 0x80)
        from--;
    return wide_letter_at(text, from) == at - from ? at - from : 0;
}

size_t wide_letter_at(struct span text, size_t at)
{
    if (at >= text.len || (unsigned char)text.data[at] < 0x80)
        return 0;
    const char *next = text.data + at;
    uint32_t c = utf8_next(&next, text.data + text.len);
    return c != UTF8_INVALID && is_word(c) ? (size_t)(next - text.data) - at : 0;
}

bool word_before(struct span text, size_t at)
{
    char last = at ? text.data[at - 1] : '\0';
    return is_alnum(last) || last == '_' || wide_letter_before(text, at) > 0;
}

bool word_at(struct span text, size_t at)
{
    char first = char_at(text, at);
    return is_alnum(first) || first == '_' || wide_letter_at(text, at) > 0;
}

bool number_begins(struct span text, size_t from)
{
    if (from == 0)
        return true;
    switch (text.data[from - 1]) {
    case '@':
    case '$':
    case '%':
        return false;
    case '.':
    case '-':
    case '/':
        return !word_before(text, from - 1);
    default:
        return !word_before(text, from);
    }
}

bool number_ends(struct span text, size_t to)
{
    switch (char_at(text, to)) {
    case '@':
    case '%':
        return false;
    case '.':
    case '-':
    case '/':
        return !word_at(text, to + 1);
    default:
        return !word_at(text, to);
    }
}

bool word_stands_before(struct span text, size_t at, const char *const *words)
{
    enum { FAR = 24 };
    size_t from = at;
    char lower[FAR];
    while (from > 0 && at - from < FAR && !is_digit_at(text, from - 1))
        from--;
    for (size_t i = from; i < at; i++)
        lower[i - from] = (char)tolower((unsigned char)text.data[i]);
    size_t len = at - from;
    for (; *words; words++) {
        size_t wanted = strlen(*words);
        for (size_t i = 0; i + wanted <= len; i++)
            if (memcmp(lower + i, *words, wanted) == 0 && !word_before(text, from + i) &&
                !is_ascii_letter(char_at(text, from + i + wanted)))
                return true;
    }
    return false;
}

bool reads_as(struct span text, size_t at, const char *literal)
{
    size_t len = strlen(literal);
    return at <= text.len && text.len - at >= len && memcmp(text.data + at, literal, len) == 0;
}
