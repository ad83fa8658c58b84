/*
 * Keys and tokens of services, by the beginnings that their issuers gave them so that they can be
 * found. At most TOKEN_MAX bytes of one are looked at.
 *
 * GitHub's tokens end in a CRC-32 of the characters between prefix and checksum, as six digits of
 * base 62 in the order 0-9 A-Z a-z. A JSON Web Token begins with the base 64 of an object that
 * names an algorithm ("alg", RFC 7515).
 */
#include "queries/text/identifier_text.h"

#include <stdint.h>
#include <string.h>

enum { TOKEN_MAX = 512, JWT_HEADER_MAX = 1024, PEM_LABEL_MAX = 40, PEM_MATERIAL = 40 };

static bool is_token(char c)
{
    return is_alnum(c) || c == '-' || c == '_';
}

static bool is_base32(char c)
{
    return is_upper(c) || (c >= '2' && c <= '7');
}

/* The length of the run of characters from AT on that IS holds of, at most MOST. */
static size_t run_of(struct span text, size_t at, size_t most, bool (*is)(char))
{
    size_t len = 0;
    while (len < most && at + len < text.len && is(text.data[at + len]))
        len++;
    return len;
}

/* A token from FROM on: before it nothing that it could be a part of. */
static bool token_begins(struct span text, size_t from)
{
    return !word_before(text, from) && (from == 0 || text.data[from - 1] != '-');
}

static struct identifier_place place(size_t from, size_t to)
{
    return (struct identifier_place){from, to, false};
}

static bool mixed(const char *text, size_t len)
{
    size_t letters = 0, digits = 0;
    for (size_t i = 0; i < len; i++) {
        letters += is_ascii_letter(text[i]);
        digits += text[i] >= '0' && text[i] <= '9';
    }
    return letters >= 3 && digits >= 3;
}

struct identifier_place identifier_llm_key(struct span text, size_t at)
{
    if (at < 2 || text.data[at - 1] != 'k' || text.data[at - 2] != 's' ||
        !token_begins(text, at - 2))
        return IDENTIFIER_NONE;
    size_t len = run_of(text, at + 1, TOKEN_MAX, is_token);
    if (len < 32 || len == TOKEN_MAX || !mixed(text.data + at + 1, len))
        return IDENTIFIER_NONE;
    return place(at - 2, at + 1 + len);
}

struct identifier_place identifier_slack_token(struct span text, size_t at)
{
    if (at < 4 || memcmp(text.data + at - 4, "xox", 3) != 0 ||
        !strchr("abeoprs", text.data[at - 1]) || !token_begins(text, at - 4))
        return IDENTIFIER_NONE;
    size_t len = run_of(text, at + 1, TOKEN_MAX, is_token), digits = 0;
    while (digits < len && is_digit_at(text, at + 1 + digits))
        digits++;
    /* A number first, or of some kinds one digit: xoxe-1-... */
    if (len < 24 || len == TOKEN_MAX || digits == 0 || text.data[at + 1 + digits] != '-' ||
        !mixed(text.data + at + 1, len))
        return IDENTIFIER_NONE;
    return place(at - 4, at + 1 + len);
}

struct identifier_place identifier_aws_key(struct span text, size_t at)
{
    if (at < 3 || (!reads_as(text, at - 3, "AKIA") && !reads_as(text, at - 3, "ASIA")) ||
        word_before(text, at - 3))
        return IDENTIFIER_NONE;
    size_t len = run_of(text, at + 1, 17, is_base32);
    if (len != 16 || word_at(text, at + 17)) {
        /* The one of the manuals has a digit that base 32 has not. */
        if (!reads_as(text, at - 3, "AKIAIOSFODNN7EXAMPLE") || word_at(text, at + 17))
            return IDENTIFIER_NONE;
    }
    return (struct identifier_place){at - 3, at + 17, reads_as(text, at + 10, "EXAMPLE")};
}

/* CRC-32 of IEEE 802.3, bit by bit: it is taken of 30 bytes, now and then. */
static uint32_t crc32_of(const char *text, size_t len)
{
    uint32_t crc = UINT32_MAX;
    for (size_t i = 0; i < len; i++) {
        crc ^= (unsigned char)text[i];
        for (int bit = 0; bit < 8; bit++)
            crc = crc >> 1 ^ (crc & 1 ? 0xEDB88320u : 0);
    }
    return ~crc;
}

static bool checksum_holds(const char *token)
{
    static const char digits[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    uint64_t told = 0;
    for (size_t i = 30; i < 36; i++)
        told = told * 62 + (uint64_t)(strchr(digits, token[i]) - digits);
    return told == crc32_of(token, 30);
}

struct identifier_place identifier_github_token(struct span text, size_t at)
{
    if (at >= 3 && text.data[at - 3] == 'g' && text.data[at - 2] == 'h' &&
        strchr("pousr", text.data[at - 1]) && !word_before(text, at - 3)) {
        size_t len = run_of(text, at + 1, 37, is_alnum);
        if (len == 36 && !word_at(text, at + 37) && checksum_holds(text.data + at + 1))
            return place(at - 3, at + 37);
        return IDENTIFIER_NONE;
    }
    if (at < 6 || !reads_as(text, at - 6, "github_pat_") || word_before(text, at - 6))
        return IDENTIFIER_NONE;
    size_t first = at + 5;
    if (run_of(text, first, 23, is_alnum) != 22 || char_at(text, first + 22) != '_' ||
        run_of(text, first + 23, 60, is_alnum) != 59 || word_at(text, first + 82))
        return IDENTIFIER_NONE;
    return place(at - 6, first + 82);
}

struct identifier_place identifier_google_key(struct span text, size_t at)
{
    if (at < 2 || !reads_as(text, at - 2, "AIza") || word_before(text, at - 2) ||
        run_of(text, at + 2, 36, is_token) != 35)
        return IDENTIFIER_NONE;
    return place(at - 2, at + 37);
}

struct identifier_place identifier_stripe_key(struct span text, size_t at)
{
    if (at < 2 || text.data[at - 1] != 'k' ||
        (text.data[at - 2] != 's' && text.data[at - 2] != 'r') || word_before(text, at - 2) ||
        !reads_as(text, at, "_live_"))
        return IDENTIFIER_NONE;
    size_t len = run_of(text, at + 6, TOKEN_MAX, is_alnum);
    if (len < 16 || len == TOKEN_MAX || word_at(text, at + 6 + len))
        return IDENTIFIER_NONE;
    return place(at - 2, at + 6 + len);
}

/* ---- JSON Web Tokens ---- */

static int base64_value(char c)
{
    return is_upper(c)            ? c - 'A'
           : c >= 'a' && c <= 'z' ? c - 'a' + 26
           : c >= '0' && c <= '9' ? c - '0' + 52
           : c == '-' || c == '+' ? 62
                                  : 63;
}

/* Does the base 64 text hold the name "alg"? */
static bool names_algorithm(const char *text, size_t len)
{
    char plain[JWT_HEADER_MAX];
    size_t count = 0;
    uint32_t bits = 0;
    for (size_t i = 0; i < len; i++) {
        bits = bits << 6 | (uint32_t)base64_value(text[i]);
        if (i % 4 != 0)
            plain[count++] = (char)(bits >> (6 - 2 * (i % 4)));
    }
    return memmem(plain, count, "\"alg\"", 5) != NULL;
}

struct identifier_place identifier_jwt(struct span text, size_t at)
{
    if (at < 2 || text.data[at - 1] != 'y' || text.data[at - 2] != 'e' ||
        !token_begins(text, at - 2))
        return IDENTIFIER_NONE;
    size_t from = at - 2, len = run_of(text, from, JWT_HEADER_MAX, is_token);
    size_t second = from + len + 1;
    if (len == JWT_HEADER_MAX || char_at(text, from + len) != '.' ||
        !reads_as(text, second, "ey") || !names_algorithm(text.data + from, len))
        return IDENTIFIER_NONE;
    /* The other parts have any length: their ends are not looked for, the signature is. */
    size_t claims = run_of(text, second, 16 * TOKEN_MAX, is_token), third = second + claims + 1;
    if (claims < 4 || char_at(text, second + claims) != '.')
        return IDENTIFIER_NONE;
    return place(from, third + run_of(text, third, TOKEN_MAX, is_token));
}

/* ---- private keys ---- */

static bool is_label(char c)
{
    return is_upper(c) || c == ' ';
}

static bool is_base64(char c)
{
    return is_alnum(c) || c == '+' || c == '/' || c == '=';
}

/* The width of a line's end at AT, also of one that is written as \n in a text within a text. */
static size_t line_end(struct span text, size_t at)
{
    char c = char_at(text, at);
    return c == '\n' || c == '\r' || c == ' '                                            ? 1
           : c == '\\' && (char_at(text, at + 1) == 'n' || char_at(text, at + 1) == 'r') ? 2
                                                                                         : 0;
}

struct identifier_place identifier_private_key(struct span text, size_t at)
{
    if (!reads_as(text, at, "-----BEGIN "))
        return IDENTIFIER_NONE;
    size_t label = at + 11, len = run_of(text, label, PEM_LABEL_MAX, is_label), to = label + len;
    if (!memmem(text.data + label, len, "PRIVATE KEY", 11) || !reads_as(text, to, "-----"))
        return IDENTIFIER_NONE;
    to += 5;
    /* Key material, or the headers of an encrypted key. */
    size_t next = to, material = 0;
    for (size_t steps = 0; material < PEM_MATERIAL && steps < 2 * PEM_MATERIAL; steps++) {
        size_t width = line_end(text, next);
        if (width)
            next += width;
        else if (is_base64(char_at(text, next)))
            next++, material++;
        else
            break;
    }
    bool headers = false;
    static const char *const names[] = {"Proc-Type:", "Version:", "Comment:", "DEK-Info:"};
    size_t line = to;
    for (size_t width, i = 0; i < 4 && (width = line_end(text, line)) != 0; i++)
        line += width;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        headers |= reads_as(text, line, names[i]);
    if (material < PEM_MATERIAL && !headers)
        return IDENTIFIER_NONE;
    return place(at, next > to ? next : to);
}
