/*
 * Addresses: e-mail, IPv4 and IPv6.
 *
 * E-mail (RFC 5321, the part that people use): at the @, back over at most 64 bytes of the local
 * part and on over at most 253 of the domain, so that a text of nothing but @ costs no more.
 * Letters beyond ASCII belong to either part (RFC 6531), but for those of scripts without spaces.
 *
 * IP addresses count where they can be a person's: publicly routable ones by IANA's registries of
 * special-purpose addresses (RFC 6890), of IPv6 what has been given out, 2000::/3. That also tells
 * them from version numbers, times, and the `::` of programming languages. An IPv4 address all of
 * whose numbers have one digit is taken for a version or section number.
 */
#include "queries/text/identifier_text.h"

#include <stdint.h>
#include <string.h>
#include <strings.h>

/* ---- e-mail ---- */

enum { LOCAL_MAX = 64, DOMAIN_MAX = 253, LABEL_MAX = 63 };

static bool is_local(char c)
{
    return is_alnum(c) || (c && strchr("._%+-'&=~/#!$*?^`{|}", c));
}

/* Where the local part before the @ at AT begins, AT if there is none. */
static size_t local_begin(struct span text, size_t at)
{
    size_t from = at, width;
    while (from > 0 &&
           (width = is_local(text.data[from - 1]) ? 1 : wide_letter_before(text, from)) > 0) {
        from -= width;
        if (at - from > LOCAL_MAX)
            return at;
    }
    /* A quote, a bracket, an arrow or a "mailto=" before it is none of it. */
    while (from < at && !is_alnum(text.data[from]) && (unsigned char)text.data[from] < 0x80 &&
           text.data[from] != '_')
        from++;
    if (from == at || text.data[at - 1] == '.' || (from > 0 && text.data[from - 1] == '@'))
        return at;
    for (size_t i = from; i + 1 < at; i++)
        if (text.data[i] == '.' && text.data[i + 1] == '.')
            return at;
    return from;
}

/* The bytes of the character of a label at AT, 0 if there is none. */
static size_t label_at(struct span text, size_t at)
{
    char c = char_at(text, at);
    return is_alnum(c) || c == '-' ? 1 : wide_letter_at(text, at);
}

/* Names of files that look like names of hosts: "icon@2x.png". */
static bool is_file_type(const char *label, size_t len)
{
    static const char *const types[] = {"png",  "jpg",  "jpeg", "gif", "svg", "webp", "ico",
                                        "css",  "scss", "less", "js",  "jsx", "tsx",  "json",
                                        "html", "htm",  "xml",  "txt", "pdf", "exe",  "dll"};
    for (size_t i = 0; i < sizeof types / sizeof *types; i++)
        if (strlen(types[i]) == len && strncasecmp(types[i], label, len) == 0)
            return true;
    return false;
}

static bool ends_in(const char *name, size_t len, const char *end)
{
    size_t end_len = strlen(end);
    return len >= end_len && strncasecmp(name + len - end_len, end, end_len) == 0 &&
           (len == end_len || name[len - end_len - 1] == '.');
}

static bool is_example_domain(const char *name, size_t len)
{
    static const char *const ends[] = {"example.com", "example.net", "example.org", "example",
                                       "test",        "invalid",     "localhost"};
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++)
        if (ends_in(name, len, ends[i]))
            return true;
    return false;
}

struct identifier_place identifier_email(struct span text, size_t at)
{
    size_t from = local_begin(text, at), start = at + 1, to = start, label = start;
    size_t labels = 0, end = start, width;
    if (from == at)
        return IDENTIFIER_NONE;
    /* Whole labels, as long as they are well formed. */
    for (;;) {
        while (to - start <= DOMAIN_MAX && (width = label_at(text, to)) > 0)
            to += width;
        size_t len = to - label;
        if (len == 0 || len > LABEL_MAX || to - start > DOMAIN_MAX || text.data[label] == '-' ||
            text.data[to - 1] == '-')
            break;
        labels++;
        end = to;
        if (char_at(text, to) != '.' || !label_at(text, to + 1))
            break;
        label = ++to;
    }
    if (labels < 2 || end != to || char_at(text, end) == '@' || word_at(text, end))
        return IDENTIFIER_NONE;
    const char *last = text.data + label;
    size_t last_len = end - label;
    bool punycode = last_len > 4 && strncasecmp(last, "xn--", 4) == 0;
    size_t letters = 0, wide = 0, characters = 0;
    for (size_t i = 0; i < last_len; i++) {
        letters += is_ascii_letter(last[i]);
        wide += (unsigned char)last[i] >= 0x80;
        characters += ((unsigned char)last[i] & 0xC0) != 0x80;
    }
    /* All of one or all of the other: a letter that was meant to follow the address is no part. */
    bool named = characters >= 2 && (letters == last_len || wide == last_len);
    if ((!named && !punycode) || is_file_type(last, last_len))
        return IDENTIFIER_NONE;
    return (struct identifier_place){from, end, is_example_domain(text.data + start, end - start)};
}

/* ---- IPv4 ---- */

struct range4 {
    uint32_t address;
    uint8_t bits;
};

static bool within4(const struct range4 *ranges, size_t count, uint32_t address)
{
    for (size_t i = 0; i < count; i++)
        if ((address ^ ranges[i].address) >> (32 - ranges[i].bits) == 0)
            return true;
    return false;
}

/* Not publicly routable: this network, private, shared, loopback, link-local, protocol assignments,
 * relays, benchmarks, multicast, reserved. */
static const struct range4 special4[] = {{0x00000000, 8},  {0x0A000000, 8},  {0x64400000, 10},
                                         {0x7F000000, 8},  {0xA9FE0000, 16}, {0xAC100000, 12},
                                         {0xC0000000, 24}, {0xC0586300, 24}, {0xC0A80000, 16},
                                         {0xC6120000, 15}, {0xE0000000, 4},  {0xF0000000, 4}};
static const struct range4 example4[] = {{0xC0000200, 24}, {0xC6336400, 24}, {0xCB007100, 24}};

/* Four numbers from AT on. Returns where they end, 0 if they are none. */
static size_t read_ipv4(struct span text, size_t at, uint32_t *address, bool *short_numbers)
{
    *address = 0;
    *short_numbers = true;
    for (int part = 0; part < 4; part++) {
        if (part && char_at(text, at++) != '.')
            return 0;
        size_t from = at;
        unsigned value = 0;
        for (; at - from < 3 && is_digit_at(text, at); at++)
            value = value * 10 + (unsigned)(text.data[at] - '0');
        if (at == from || is_digit_at(text, at) || value > 255 ||
            (at - from > 1 && text.data[from] == '0'))
            return 0;
        *short_numbers &= at - from == 1;
        *address = *address << 8 | value;
    }
    return at;
}

struct identifier_place identifier_ipv4(struct span text, size_t at)
{
    static const char *const words[] = {"version", "versions", "ver",     "v", "release",
                                        "build",   "firmware", "section", NULL};
    uint32_t address;
    bool short_numbers;
    /* The numbers need a dot after the first: most runs of digits have none. */
    if (char_at(text, at + 1) != '.' && char_at(text, at + 2) != '.' &&
        char_at(text, at + 3) != '.')
        return IDENTIFIER_NONE;
    size_t to = read_ipv4(text, at, &address, &short_numbers);
    if (!to || short_numbers)
        return IDENTIFIER_NONE;
    /* After a slash or a port may follow what likes; before it, an address of the web. */
    char before = at ? text.data[at - 1] : '\0', after = char_at(text, to);
    bool begins = before == '/' || before == '@' ? true : number_begins(text, at);
    bool ends = after == '/' || after == '%' ? true : number_ends(text, to);
    if (!begins || !ends || word_stands_before(text, at, words) ||
        within4(special4, sizeof special4 / sizeof *special4, address))
        return IDENTIFIER_NONE;
    bool example = within4(example4, sizeof example4 / sizeof *example4, address);
    return (struct identifier_place){at, to, example};
}

/* ---- IPv6 ---- */

enum { IPV6_GROUPS = 8 };

/* Groups of hexadecimal digits from AT on, with at most one gap. Returns the end, 0 if none. */
static size_t read_ipv6(struct span text, size_t at, uint16_t groups[static IPV6_GROUPS])
{
    uint16_t read[IPV6_GROUPS] = {0};
    size_t count = 0, gap = SIZE_MAX, end = 0;
    for (;;) {
        size_t from = at;
        unsigned value = 0;
        for (; at - from < 4 && hex_value(char_at(text, at)) >= 0; at++)
            value = value * 16 + (unsigned)hex_value(text.data[at]);
        uint32_t tail;
        bool short_numbers;
        size_t tail_end = count <= 6 && at > from && char_at(text, at) == '.'
                              ? read_ipv4(text, from, &tail, &short_numbers)
                              : 0;
        if (tail_end) {
            read[count++] = (uint16_t)(tail >> 16);
            read[count++] = (uint16_t)tail;
            end = tail_end;
            break;
        }
        if (at > from) {
            if (hex_value(char_at(text, at)) >= 0 || count == IPV6_GROUPS)
                return 0;
            read[count++] = (uint16_t)value;
            end = at;
        }
        if (char_at(text, at) != ':')
            break;
        if (char_at(text, at + 1) == ':') {
            if (gap != SIZE_MAX)
                return 0;
            gap = count;
            at += 2;
            end = at;
        } else if (hex_value(char_at(text, at + 1)) >= 0 && at > from) {
            at++;
        } else {
            break; /* a colon of the sentence */
        }
    }
    if (gap == SIZE_MAX ? count != IPV6_GROUPS : count >= IPV6_GROUPS)
        return 0;
    size_t before = gap == SIZE_MAX ? count : gap, after = count - before;
    memset(groups, 0, IPV6_GROUPS * sizeof *groups);
    memcpy(groups, read, before * sizeof *read);
    if (after)
        memcpy(groups + IPV6_GROUPS - after, read + before, after * sizeof *read);
    return end;
}

/* Is there a group of another address before FROM, or a gap: "fe80:", "::"? */
static bool group_before(struct span text, size_t from)
{
    if (from == 0 || text.data[from - 1] != ':')
        return false;
    size_t at = from - 1;
    while (at > 0 && from - at < 6 && hex_value(text.data[at - 1]) >= 0)
        at--;
    size_t len = from - 1 - at;
    return len == 0 ? at > 0 && text.data[at - 1] == ':' : len <= 4 && !word_before(text, at);
}

struct identifier_place identifier_ipv6(struct span text, size_t at)
{
    uint16_t groups[IPV6_GROUPS];
    size_t from = at;
    while (from > 0 && at - from < 4 && hex_value(text.data[from - 1]) >= 0)
        from--;
    /* The first group of a public address is 2000 to 3fff: four digits. */
    if (at - from != 4 || (text.data[from] != '2' && text.data[from] != '3') ||
        word_before(text, from) || group_before(text, from))
        return IDENTIFIER_NONE;
    size_t to = read_ipv6(text, from, groups);
    if (!to || word_at(text, to) ||
        (char_at(text, to) == ':' &&
         (is_alnum(char_at(text, to + 1)) || char_at(text, to + 1) == ':')))
        return IDENTIFIER_NONE;
    bool example =
        (groups[0] == 0x2001 && groups[1] == 0x0DB8) || (groups[0] == 0x3FFF && groups[1] < 0x1000);
    /* Benchmarks and ORCHIDs are no addresses of the network. */
    if (groups[0] == 0x2001 && ((groups[1] == 2 && groups[2] == 0) || (groups[1] & 0xFFF0) == 0x10))
        return IDENTIFIER_NONE;
    return (struct identifier_place){from, to, example};
}
