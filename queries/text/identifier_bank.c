/*
 * International bank account numbers (ISO 13616): two capitals for the country, two check digits,
 * then capitals and digits to the country's length; whole, or in groups of four apart by blanks.
 * The number with its first four characters behind it, letters as 10 to 35, is 1 modulo 97 (ISO/IEC
 * 7064). What stands inside of the account part is not looked at.
 *
 * Lengths: IBAN Registry of SWIFT, releases to 2024.
 */
#include "queries/text/identifier_text.h"

#include <stdint.h>
#include <string.h>

enum { IBAN_MAX = 33 };

/* By country, ascending. */
static const struct {
    char country[3];
    uint8_t len;
} lengths[] = {
    {"AD", 24}, {"AE", 23}, {"AL", 28}, {"AT", 20}, {"AZ", 28}, {"BA", 20}, {"BE", 16}, {"BG", 22},
    {"BH", 22}, {"BI", 27}, {"BR", 29}, {"BY", 28}, {"CH", 21}, {"CR", 22}, {"CY", 28}, {"CZ", 24},
    {"DE", 22}, {"DJ", 27}, {"DK", 18}, {"DO", 28}, {"EE", 20}, {"EG", 29}, {"ES", 24}, {"FI", 18},
    {"FK", 18}, {"FO", 18}, {"FR", 27}, {"GB", 22}, {"GE", 22}, {"GI", 23}, {"GL", 18}, {"GR", 27},
    {"GT", 28}, {"HN", 28}, {"HR", 21}, {"HU", 28}, {"IE", 22}, {"IL", 23}, {"IQ", 23}, {"IS", 26},
    {"IT", 27}, {"JO", 30}, {"KW", 30}, {"KZ", 20}, {"LB", 28}, {"LC", 32}, {"LI", 21}, {"LT", 20},
    {"LU", 20}, {"LV", 21}, {"LY", 25}, {"MC", 27}, {"MD", 24}, {"ME", 22}, {"MK", 19}, {"MN", 20},
    {"MR", 27}, {"MT", 31}, {"MU", 30}, {"NI", 28}, {"NL", 18}, {"NO", 15}, {"OM", 23}, {"PK", 24},
    {"PL", 28}, {"PS", 29}, {"PT", 25}, {"QA", 29}, {"RO", 24}, {"RS", 22}, {"RU", 33}, {"SA", 24},
    {"SC", 31}, {"SD", 18}, {"SE", 24}, {"SI", 19}, {"SK", 24}, {"SM", 27}, {"SO", 23}, {"ST", 25},
    {"SV", 28}, {"TL", 23}, {"TN", 24}, {"TR", 26}, {"UA", 29}, {"VA", 22}, {"VG", 24}, {"XK", 20},
    {"YE", 30},
};

static size_t length_of(const char *country)
{
    for (size_t i = 0; i < sizeof lengths / sizeof *lengths; i++)
        if (memcmp(lengths[i].country, country, 2) == 0)
            return lengths[i].len;
    return 0;
}

/* TEXT in the order that is divided: from the fifth character on, then the first four. */
static unsigned rest_97(const char *text, size_t len)
{
    unsigned rest = 0;
    for (size_t i = 0; i < len; i++) {
        char c = text[(i + 4) % len];
        rest = c <= '9' ? (rest * 10 + (unsigned)(c - '0')) % 97
                        : (rest * 100 + (unsigned)(c - 'A' + 10)) % 97;
    }
    return rest;
}

struct identifier_place identifier_iban(struct span text, size_t at)
{
    if (at < 2 || !is_upper(text.data[at - 1]) || !is_upper(text.data[at - 2]) ||
        word_before(text, at - 2) || !is_digit_at(text, at + 1))
        return IDENTIFIER_NONE;
    size_t from = at - 2, len = length_of(text.data + from);
    if (!len)
        return IDENTIFIER_NONE;
    bool grouped = blank_at(text, from + 4) > 0;
    char plain[IBAN_MAX + 1];
    size_t next = from;
    for (size_t i = 0; i < len; i++, next++) {
        if (grouped && i && i % 4 == 0) {
            size_t blank = blank_at(text, next);
            if (!blank)
                return IDENTIFIER_NONE;
            next += blank;
        }
        plain[i] = char_at(text, next);
        if (!is_upper(plain[i]) && !is_digit_at(text, next))
            return IDENTIFIER_NONE;
    }
    if (word_at(text, next) || rest_97(plain, len) != 1)
        return IDENTIFIER_NONE;
    return (struct identifier_place){from, next, false};
}
