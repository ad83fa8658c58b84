/* Finding identifiers: see identifier_finder.h. */
#include "queries/text/identifier_finder.h"

#include "queries/text/identifier_text.h"

#include <string.h>

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
static const enum identifier_kind at_capital[] = {IDENTIFIER_AWS_KEY};
static const enum identifier_kind at_j[] = {IDENTIFIER_JWT};
static const enum identifier_kind at_z[] = {IDENTIFIER_GOOGLE_KEY};

struct choice {
    const enum identifier_kind *kinds;
    size_t count;
};

#define CHOICE(kinds) ((struct choice){kinds, sizeof kinds / sizeof *kinds})

/*
 * Is the run of digits at AT too short, with what hangs on it, for any kind? Every number has at
 * least eight digits within 20 bytes or, of an IPv4 address, a dot and a digit after at most three.
 */
static bool too_short(struct span text, size_t at)
{
    enum { FAR = 20, LEAST = 8 };
    size_t end = text.len - at < FAR ? text.len : at + FAR, digits = 0, i = at;
    if (at >= 2 && is_upper(text.data[at - 1]) && is_upper(text.data[at - 2]))
        return false;
    for (; i < end && digits < LEAST; i++) {
        char c = text.data[i];
        if (c >= '0' && c <= '9')
            digits++;
        else if (c == '.' && i - at <= 3 && is_digit_at(text, i + 1))
            return false;
        else if (c != ' ' && c != '-' && c != '.' && c != '(' && c != ')' &&
                 (unsigned char)c < 0x80)
            break;
    }
    return digits < LEAST;
}

static struct choice choice_at(struct span text, size_t at)
{
    char c = text.data[at];
    switch (c) {
    case '@':
        return CHOICE(at_at);
    case ':':
        return CHOICE(at_colon);
    case '_':
        return CHOICE(at_underscore);
    case '-':
        return CHOICE(at_hyphen);
    case 'z':
        return CHOICE(at_z);
    case 'J':
        /* May be the fourth capital of a run as well, which no key's beginning has. */
        return CHOICE(at_j);
    default:
        if (is_upper(c))
            return CHOICE(at_capital);
        return too_short(text, at) ? (struct choice){NULL, 0} : CHOICE(at_digit);
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

static void look(struct search *search, size_t at)
{
    struct choice choice = choice_at(search->text, at);
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

static void look_at_all(struct search *search, uint64_t marks, size_t base)
{
    for (; marks; marks &= marks - 1) {
        size_t at = base + (size_t)__builtin_ctzll(marks);
        if (at >= search->taken)
            look(search, at);
    }
}

uint64_t identifier_finder_text(const struct identifier_finder *finder, struct span text,
                                identifier_found *found, void *context)
{
    struct search search = {finder, text, found, context, 0, 0};
    struct identifier_carry carry = {0, 0, 0};
    size_t at = 0;
    for (; text.len - at >= 64; at += 64)
        look_at_all(&search, finder->mark(text.data + at, &carry), at);
    if (at < text.len) {
        char last[64] = {0};
        memcpy(last, text.data + at, text.len - at);
        look_at_all(&search, finder->mark(last, &carry), at);
    }
    return search.checks;
}
