/*
 * Numbers of people: social security numbers, payment cards and telephone numbers, each tried at
 * the first digit of a run. No more than NUMBER_DIGITS digits are looked at.
 *
 * Sources: SSA, number randomization of 2011 (areas to 899, not 666; no group 00, no serial 0000)
 * and its notices of void numbers; ISO/IEC 7812-1 (Luhn) with the issuers' published ranges; ITU-T
 * E.164 and its list of country codes; the North American Numbering Plan (NPA [2-9][0-8]x, NXX
 * [2-9]xx, neither N11; 555-0100 to 555-0199 fictitious).
 */
#include "queries/text/identifier_text.h"

#include <stdint.h>
#include <string.h>

enum { NUMBER_DIGITS = 20 };

/* Digits in groups apart by one separator each. */
struct number {
    char digits[NUMBER_DIGITS + 1];
    size_t count;
    char separator; /* between them; NUL: there is one group */
    size_t from, to;
};

/* The length of a separator at AT: a blank, a full stop, a hyphen (plain or U+2010 to 2013). *KIND:
 * which; the blanks are one, and the hyphens. */
static size_t separator_at(struct span text, size_t at, char *kind)
{
    char c = char_at(text, at);
    size_t blank = blank_at(text, at);
    *kind = blank ? ' ' : c;
    if (blank)
        return blank;
    if (c == '.' || c == '-')
        return 1;
    if (c == '\xe2' && char_at(text, at + 1) == '\x80' &&
        (unsigned char)char_at(text, at + 2) >= 0x90 &&
        (unsigned char)char_at(text, at + 2) <= 0x93) {
        *kind = '-';
        return 3;
    }
    return 0;
}

/*
 * Groups of digits from AT on that have the lengths FORM ("3-2-4" is {3,2,4}), all apart by the
 * same separator. False where the text does not go so, or goes on with more digits.
 */
static bool read_form(struct span text, size_t at, const uint8_t *form, size_t groups,
                      struct number *number)
{
    char separator = '\0', kind;
    *number = (struct number){.from = at};
    for (size_t g = 0; g < groups; g++) {
        if (g > 0) {
            size_t len = separator_at(text, at, &kind);
            if (!len || (separator && kind != separator))
                return false;
            separator = kind;
            at += len;
        }
        for (size_t i = 0; i < form[g]; i++, at++) {
            if (!is_digit_at(text, at))
                return false;
            number->digits[number->count++] = text.data[at];
        }
    }
    if (is_digit_at(text, at))
        return false;
    number->separator = separator;
    number->to = at;
    return true;
}

/* Does a digit and a blank stand before FROM, or a blank and a digit at TO? */
static bool digit_before_blank(struct span text, size_t from)
{
    size_t blank = blank_before(text, from);
    return blank && from > blank && is_digit_at(text, from - blank - 1);
}

static bool digit_after_blank(struct span text, size_t to)
{
    size_t blank = blank_at(text, to);
    return blank && is_digit_at(text, to + blank);
}

/* A row of numbers in a table is no number in groups: "123 45 6789 12". */
static bool alone_among_blanks(struct span text, const struct number *number)
{
    return number->separator != ' ' ||
           (!digit_before_blank(text, number->from) && !digit_after_blank(text, number->to));
}

static unsigned value_of(const char *digits, size_t from, size_t count)
{
    unsigned value = 0;
    for (size_t i = from; i < from + count; i++)
        value = value * 10 + (unsigned)(digits[i] - '0');
    return value;
}

/* ---- social security numbers ---- */

struct identifier_place identifier_ssn(struct span text, size_t at)
{
    static const uint8_t grouped[] = {3, 2, 4}, whole[] = {9};
    static const char *const words[] = {"ssn", "social security", "soc sec", NULL};
    /* Printed on cards in wallets, on leaflets and in an advertisement, and void since. */
    static const char *const voids[] = {"078051120", "219099999", "457555462"};
    struct number number;
    if (!number_begins(text, at))
        return IDENTIFIER_NONE;
    if (read_form(text, at, grouped, 3, &number)) {
        if (number.separator == '.' || !alone_among_blanks(text, &number))
            return IDENTIFIER_NONE;
    } else if (!read_form(text, at, whole, 1, &number) || !word_stands_before(text, at, words)) {
        return IDENTIFIER_NONE;
    }
    unsigned area = value_of(number.digits, 0, 3);
    if (area == 0 || area == 666 || area >= 900 || value_of(number.digits, 3, 2) == 0 ||
        value_of(number.digits, 5, 4) == 0 || !number_ends(text, number.to))
        return IDENTIFIER_NONE;
    for (size_t i = 0; i < sizeof voids / sizeof *voids; i++)
        if (memcmp(number.digits, voids[i], 9) == 0)
            return IDENTIFIER_NONE;
    return (struct identifier_place){at, number.to, false};
}

/* ---- payment cards ---- */

static bool luhn(const char *digits, size_t count)
{
    unsigned sum = 0;
    for (size_t i = 0; i < count; i++) {
        unsigned digit = (unsigned)(digits[count - 1 - i] - '0');
        if (i & 1)
            digit = digit * 2 > 9 ? digit * 2 - 9 : digit * 2;
        sum += digit;
    }
    return sum % 10 == 0;
}

/* Issuers' ranges as the first six digits, with the lengths that they issue. */
static const struct {
    uint32_t first, last;
    uint8_t shortest, longest;
} issuers[] = {
    {300000, 305999, 14, 19},                           /* Diners Club */
    {309500, 309599, 14, 19}, {340000, 349999, 15, 15}, /* American Express */
    {352800, 358999, 16, 19},                           /* JCB */
    {360000, 369999, 14, 19}, {370000, 379999, 15, 15}, {380000, 399999, 14, 19},
    {400000, 499999, 13, 13}, {400000, 499999, 16, 16},                           /* Visa */
    {400000, 499999, 19, 19}, {501800, 501899, 13, 19},                           /* Maestro */
    {502000, 502099, 13, 19}, {503800, 503899, 13, 19}, {510000, 559999, 16, 16}, /* Mastercard */
    {589300, 589399, 13, 19}, {601100, 601199, 16, 19},                           /* Discover */
    {620000, 629999, 16, 19},                                                     /* UnionPay */
    {630400, 630499, 13, 19}, {644000, 659999, 16, 19}, {675900, 675999, 13, 19},
    {676100, 676399, 13, 19}, {220000, 220499, 16, 19}, /* Mir */
    {222100, 272099, 16, 16},
};

/* Test numbers that processors of cards publish. */
static const char *const test_cards[] = {
    "4111111111111111", "4012888888881881", "4222222222222",      "4242424242424242",
    "4000056655665556", "4000000000000002", "5555555555554444",   "5105105105105100",
    "5200828282828210", "2223003122003222", "378282246310005",    "371449635398431",
    "378734493671000",  "6011111111111117", "6011000990139424",   "30569309025904",
    "38520000023237",   "3530111333300000", "3566002020360505",   "6200000000000005",
    "36227206271667",   "3056930009020004", "6205500000000000004"};

static bool issued(const char *digits, size_t count)
{
    uint32_t start = value_of(digits, 0, 6);
    for (size_t i = 0; i < sizeof issuers / sizeof *issuers; i++)
        if (start >= issuers[i].first && start <= issuers[i].last && count >= issuers[i].shortest &&
            count <= issuers[i].longest)
            return true;
    return false;
}

static bool few_digits(const char *digits, size_t count)
{
    unsigned seen = 0;
    for (size_t i = 0; i < count; i++)
        seen |= 1u << (digits[i] - '0');
    return __builtin_popcount(seen) < 3;
}

struct identifier_place identifier_card(struct span text, size_t at)
{
    static const struct {
        uint8_t groups[5];
        size_t count;
    } forms[] = {{{4, 4, 4, 4}, 4}, {{4, 6, 5}, 3}, {{4, 6, 4}, 3}, {{4, 4, 4, 4, 3}, 5}};
    struct number number = {.from = at};
    if (!number_begins(text, at))
        return IDENTIFIER_NONE;
    size_t run = 0;
    while (run <= 19 && is_digit_at(text, at + run))
        run++;
    if (run >= 13 && run <= 19) {
        memcpy(number.digits, text.data + at, run);
        number.count = run;
        number.to = at + run;
    } else {
        if (run != 4)
            return IDENTIFIER_NONE;
        /* The longest form first: four more digits make a number of 19 digits, not of 16. */
        size_t f = sizeof forms / sizeof *forms;
        while (f > 0 && (!read_form(text, at, forms[f - 1].groups, forms[f - 1].count, &number) ||
                         number.separator == '.' || !luhn(number.digits, number.count)))
            f--;
        /* What follows may be a date or a code; a number before it makes it a row of numbers. */
        if (f == 0 || (number.separator == ' ' && digit_before_blank(text, at)))
            return IDENTIFIER_NONE;
    }
    bool example = false;
    for (size_t i = 0; i < sizeof test_cards / sizeof *test_cards; i++)
        example |= strlen(test_cards[i]) == number.count &&
                   memcmp(number.digits, test_cards[i], number.count) == 0;
    if (!luhn(number.digits, number.count) || !issued(number.digits, number.count) ||
        !number_ends(text, number.to))
        return IDENTIFIER_NONE;
    example |= few_digits(number.digits, number.count);
    return (struct identifier_place){at, number.to, example};
}

/* ---- telephone numbers ---- */

/* First digits of the assigned country codes that have them all, and the codes of three digits. */
static bool country_code(const char *digits)
{
    /* [first digit][second digit]: 0 none, 2 a code of two digits, 3 of three */
    static const uint8_t lengths[10][10] = {{0},
                                            {1, 1, 1, 1, 1, 1, 1, 1, 1, 1},
                                            {2, 3, 3, 3, 3, 3, 3, 2, 0, 3},
                                            {2, 2, 2, 2, 2, 3, 2, 3, 3, 2},
                                            {2, 2, 3, 2, 2, 2, 2, 2, 2, 2},
                                            {3, 2, 2, 2, 2, 2, 2, 2, 2, 3},
                                            {2, 2, 2, 2, 2, 2, 2, 3, 3, 3},
                                            {1, 1, 1, 1, 1, 1, 1, 1, 1, 1},
                                            {3, 2, 2, 0, 2, 3, 2, 3, 3, 0},
                                            {2, 2, 2, 2, 2, 2, 3, 3, 2, 3}};
    /* Of three digits: bits of the third. Rows by the first two. */
    static const struct {
        uint8_t start;
        uint16_t thirds;
    } codes[] = {
        {21, 0x14E}, /* 211 212 213 216 218 */
        {22, 0x3FF}, {23, 0x3FF}, {24, 0x3FF}, {25, 0x1FF}, {26, 0x3FF}, {29, 0x383},
        {35, 0x3FF}, {37, 0x3FF}, {38, 0x2EF}, {42, 0x00B}, {50, 0x3FF}, {59, 0x3FF},
        {67, 0x3FD}, {68, 0x3EF}, {69, 0x007}, {80, 0x101}, {85, 0x06D}, {87, 0x101},
        {88, 0x14F}, {96, 0x1FF}, {97, 0x0FF}, {99, 0x17C},
    };
    int first = digits[0] - '0', second = digits[1] - '0', third = digits[2] - '0';
    if (lengths[first][second] != 3)
        return lengths[first][second] != 0;
    for (size_t i = 0; i < sizeof codes / sizeof *codes; i++)
        if (codes[i].start == first * 10 + second)
            return codes[i].thirds >> third & 1;
    return false;
}

/* Ten digits of the North American plan. *EXAMPLE: a fictitious one. */
static bool north_american(const char *digits, bool *example)
{
    *example = memcmp(digits + 3, "55501", 5) == 0;
    return digits[0] >= '2' && digits[1] != '9' && !(digits[1] == '1' && digits[2] == '1') &&
           digits[3] >= '2' && !(digits[4] == '1' && digits[5] == '1');
}

/*
 * Digits from AT on with single separators, a group perhaps in parentheses: "49 (0)30 1234-567".
 * Ends before a group once there are MOST digits; false if a group goes on beyond them.
 */
static bool read_international(struct span text, size_t at, size_t most, struct number *number)
{
    char kind;
    bool inside = false;
    *number = (struct number){.from = at};
    for (;;) {
        while (is_digit_at(text, at)) {
            if (number->count == most)
                return false;
            number->digits[number->count++] = text.data[at++];
            number->to = at;
        }
        size_t next = at;
        if (inside && char_at(text, next) == ')') {
            inside = false;
            next++;
            number->to = next;
        }
        size_t len = separator_at(text, next, &kind);
        next += len;
        if (!inside && char_at(text, next) == '(') {
            inside = true;
            next++;
        }
        if (next == at || !is_digit_at(text, next) || number->count == most)
            return !inside && number->count > 0;
        at = next;
    }
}

static struct identifier_place international(struct span text, size_t at)
{
    struct number number;
    size_t most = text.data[at] == '1' ? 11 : 15;
    if (text.data[at] == '0' || !read_international(text, at, most, &number) || number.count < 8 ||
        !number_begins(text, at - 1) || !number_ends(text, number.to) ||
        !country_code(number.digits))
        return IDENTIFIER_NONE;
    bool example = false;
    if (number.digits[0] == '1' &&
        (number.count != 11 || !north_american(number.digits + 1, &example)))
        return IDENTIFIER_NONE;
    return (struct identifier_place){at - 1, number.to, example};
}

/* "(212) 555-2671": from the bracket before AT. */
static bool read_bracketed(struct span text, size_t at, struct number *number)
{
    static const uint8_t rest[] = {3, 4};
    char area[3], kind;
    for (size_t i = 0; i < 3; i++) {
        if (!is_digit_at(text, at + i))
            return false;
        area[i] = text.data[at + i];
    }
    if (char_at(text, at + 3) != ')')
        return false;
    size_t next = at + 4;
    next += separator_at(text, next, &kind);
    if (!read_form(text, next, rest, 2, number))
        return false;
    memmove(number->digits + 3, number->digits, 7);
    memcpy(number->digits, area, 3);
    number->from = at - 1;
    return true;
}

struct identifier_place identifier_phone(struct span text, size_t at)
{
    static const uint8_t grouped[] = {3, 3, 4}, whole[] = {10}, long_form[] = {1, 3, 3, 4};
    static const char *const words[] = {"phone", "telephone", "tel",  "call", "mobile",   "cell",
                                        "fax",   "text",      "dial", "sms",  "whatsapp", NULL};
    struct number number;
    bool example, bracketed = false;
    const char *digits = number.digits;
    if (at > 0 && text.data[at - 1] == '+')
        return international(text, at);
    if (at > 0 && text.data[at - 1] == '(' && read_bracketed(text, at, &number)) {
        bracketed = true;
        /* "1 (212) 555-2671" has its 1 before: a digit there is no part of another number. */
        if (word_before(text, number.from))
            return IDENTIFIER_NONE;
    } else if (!number_begins(text, at)) {
        return IDENTIFIER_NONE;
    } else if (read_form(text, at, long_form, 4, &number)) {
        if (number.digits[0] != '1')
            return IDENTIFIER_NONE;
        digits++;
    } else if (!read_form(text, at, grouped, 3, &number) &&
               (!read_form(text, at, whole, 1, &number) || !word_stands_before(text, at, words))) {
        return IDENTIFIER_NONE;
    }
    if (!north_american(digits, &example) || !number_ends(text, number.to) ||
        (!bracketed && !alone_among_blanks(text, &number)))
        return IDENTIFIER_NONE;
    return (struct identifier_place){number.from, number.to, example};
}
