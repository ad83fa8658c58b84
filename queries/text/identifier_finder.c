/* Finding identifiers: see identifier_finder.h. */
#include "queries/text/identifier_finder.h"

#include "queries/text/identifier_text.h"

#include <string.h>

enum { BLOCKS = 32, WINDOW_BITS = (1 << 20) - 1 };

void identifier_finder_init(struct identifier_finder *finder, bool examples, bool portable)
{
    *finder = (struct identifier_finder){.mark = portable ? identifier_mark_portable()
                                                          : identifier_mark_best(),
                                         .examples = examples};
}

/* What may be at a mark, in the order in which it is tried: a bank account or a card number before
 * the shorter numbers that stand inside of it. */
static const enum identifier_kind at_digit[] = {IDENTIFIER_IBAN, IDENTIFIER_CARD, IDENTIFIER_SSN,
                                                IDENTIFIER_PHONE, IDENTIFIER_IPV4};
static const enum identifier_kind at_hyphen[] = {IDENTIFIER_LLM_KEY, IDENTIFIER_SLACK_TOKEN,
                                                 IDENTIFIER_PRIVATE_KEY};
static const enum identifier_kind at_underscore[] = {IDENTIFIER_GITHUB_TOKEN,
                                                     IDENTIFIER_STRIPE_KEY};
static const enum identifier_kind at_at[] = {IDENTIFIER_EMAIL};
static const enum identifier_kind at_colon[] = {IDENTIFIER_IPV6};
static const enum identifier_kind at_a[] = {IDENTIFIER_AWS_KEY};
static const enum identifier_kind at_j[] = {IDENTIFIER_JWT};
static const enum identifier_kind at_z[] = {IDENTIFIER_GOOGLE_KEY};

struct choice {
    const enum identifier_kind *kinds;
    size_t count;
};

#define CHOICE(kinds) ((struct choice){kinds, sizeof kinds / sizeof *kinds})

static unsigned bits_of(uint32_t window)
{
    unsigned count = 0;
    for (; window; window &= window - 1)
        count++;
    return count;
}

/*
 * Can a number begin with the digit at AT? WINDOW has bits of the digits among the 20 bytes from
 * there on: every number has at least eight of them but an IPv4 address, which has a dot and a
 * digit after at most three, and a bank account, which has two capitals before.
 */
static bool may_be_number(struct span text, size_t at, uint32_t window)
{
    unsigned run = (unsigned)__builtin_ctz(~window);
    if (char_at(text, at + run) == '.' && run <= 3 && window >> (run + 1) & 1)
        return true;
    return bits_of(window) >= 8 ||
           (at >= 2 && is_upper(text.data[at - 1]) && is_upper(text.data[at - 2]));
}

static struct choice choice_at(struct span text, size_t at, uint32_t window)
{
    static const struct choice none = {NULL, 0};
    char c = text.data[at], before = at ? text.data[at - 1] : '\0';
    switch (c) {
    case '@':
        return CHOICE(at_at);
    case ':':
        return CHOICE(at_colon);
    case '_':
        return CHOICE(at_underscore);
    case '-':
        /* sk-, xoxb-, ----- */
        return before == 'k' || char_at(text, at + 1) == '-' ||
                       (at >= 4 && text.data[at - 2] == 'x' && text.data[at - 3] == 'o')
                   ? CHOICE(at_hyphen)
                   : none;
    case 'z':
        return CHOICE(at_z);
    case 'A':
        return CHOICE(at_a);
    case 'J':
        return before == 'y' ? CHOICE(at_j) : none;
    default:
        return may_be_number(text, at, window) ? CHOICE(at_digit) : none;
    }
}

struct search {
    const struct identifier_finder *finder;
    struct span text;
    identifier_found *found;
    void *context;
    size_t taken; /* the text before it belongs to what was found */
    uint64_t checks;
};

/* Leaves out of the local part of an e-mail address what another identifier has. False if nothing
 * is left of it, and of other kinds, which do not begin within another one. */
static bool make_apart(const struct search *search, enum identifier_kind kind, size_t at,
                       struct identifier_place *place)
{
    if (place->from >= search->taken)
        return true;
    place->from = search->taken;
    while (kind == IDENTIFIER_EMAIL && place->from < at) {
        if (is_alnum(search->text.data[place->from]))
            return true;
        place->from++;
    }
    return false;
}

static void look(struct search *search, size_t at, uint32_t window)
{
    struct choice choice = choice_at(search->text, at, window);
    for (size_t i = 0; i < choice.count; i++) {
        enum identifier_kind kind = choice.kinds[i];
        search->checks++;
        struct identifier_place place = identifier_types[kind].find(search->text, at);
        if (place.from == place.to || !make_apart(search, kind, at, &place))
            continue;
        search->taken = place.to;
        if (!place.example || search->finder->examples)
            search->found(search->context, kind, place);
        return;
    }
}

/*
 * Which of RUNS can begin a number: those with a digit 7 to 19 bytes on, since a number with eight
 * digits has one there, and so has an IPv4 address that is not all of one digit (1.1.1.10). An IBAN
 * could be without, of a country that has no digit in its bank codes and of a bank that has none in
 * the first eight places of its accounts; no example of such is known, and it is not found.
 */
static uint64_t long_runs(uint64_t runs, uint64_t digits, uint64_t next_digits)
{
    uint64_t low = digits >> 7 | next_digits << 57, high = next_digits >> 7;
    low |= low >> 1 | high << 63;
    high |= high >> 1;
    low |= low >> 2 | high << 62;
    high |= high >> 2;
    low |= low >> 4 | high << 60;
    high |= high >> 4;
    low |= low >> 5 | high << 59;
    return runs & low;
}

/* The blocks from BASE on; NEXT_DIGITS are those of the block after them, or all where unknown. */
static void look_at_all(struct search *search, const struct identifier_block *blocks, size_t count,
                        size_t base, uint64_t next_digits)
{
    for (size_t b = 0; b < count; b++, base += 64) {
        uint64_t digits = blocks[b].digits;
        uint64_t next = b + 1 < count ? blocks[b + 1].digits : next_digits;
        uint64_t marks = blocks[b].marks | long_runs(blocks[b].runs, digits, next);
        for (; marks; marks &= marks - 1) {
            unsigned bit = (unsigned)__builtin_ctzll(marks);
            if (base + bit < search->taken)
                continue;
            uint64_t window = digits >> bit | (bit ? next << (64 - bit) : 0);
            look(search, base + bit, (uint32_t)window & WINDOW_BITS);
        }
    }
}

uint64_t identifier_finder_text(const struct identifier_finder *finder, struct span text,
                                identifier_found *found, void *context)
{
    struct search search = {finder, text, found, context, 0, 0};
    struct identifier_carry carry = {0, 0, 0};
    struct identifier_block blocks[BLOCKS];
    size_t at = 0;
    while (text.len - at >= 64) {
        size_t count = (text.len - at) / 64 < BLOCKS ? (text.len - at) / 64 : BLOCKS;
        finder->mark(text.data + at, count, &carry, blocks);
        look_at_all(&search, blocks, count, at, UINT64_MAX);
        at += count * 64;
    }
    if (at < text.len) {
        char last[64] = {0};
        memcpy(last, text.data + at, text.len - at);
        finder->mark(last, 1, &carry, blocks);
        look_at_all(&search, blocks, 1, at, 0);
    }
    return search.checks;
}
