/* Widths of text: see text_width.h. */
#include "report/text_width.h"

#include "base/utf8.h"

#include <string.h>

struct range {
    uint32_t first, last;
};

static const struct range wide[] = {
    {0x1100, 0x115F},   {0x231A, 0x231B},   {0x2329, 0x232A},   {0x23E9, 0x23EC},
    {0x2614, 0x2615},   {0x2648, 0x2653},   {0x26AA, 0x26AB},   {0x26BD, 0x26BE},
    {0x2705, 0x2705},   {0x2728, 0x2728},   {0x274C, 0x274C},   {0x2753, 0x2755},
    {0x2795, 0x2797},   {0x2B1B, 0x2B1C},   {0x2E80, 0x303E},   {0x3041, 0x33FF},
    {0x3400, 0x4DBF},   {0x4E00, 0x9FFF},   {0xA000, 0xA4CF},   {0xA960, 0xA97F},
    {0xAC00, 0xD7A3},   {0xF900, 0xFAFF},   {0xFE30, 0xFE6F},   {0xFF00, 0xFF60},
    {0xFFE0, 0xFFE6},   {0x16FE0, 0x18CFF}, {0x1B000, 0x1B2FF}, {0x1F004, 0x1F004},
    {0x1F0CF, 0x1F0CF}, {0x1F18E, 0x1F18E}, {0x1F191, 0x1F19A}, {0x1F200, 0x1F320},
    {0x1F32D, 0x1F64F}, {0x1F680, 0x1F6FF}, {0x1F7E0, 0x1F7EB}, {0x1F90C, 0x1F9FF},
    {0x1FA70, 0x1FAFF}, {0x20000, 0x3FFFD},
};

static const struct range zero[] = {
    {0x0300, 0x036F}, {0x0483, 0x0489}, {0x0591, 0x05BD}, {0x0610, 0x061A},   {0x064B, 0x065F},
    {0x0670, 0x0670}, {0x06D6, 0x06DC}, {0x0900, 0x0902}, {0x093C, 0x093C},   {0x0941, 0x0948},
    {0x094D, 0x094D}, {0x0E31, 0x0E31}, {0x0E34, 0x0E3A}, {0x0E47, 0x0E4E},   {0x1AB0, 0x1AFF},
    {0x1DC0, 0x1DFF}, {0x200B, 0x200F}, {0x2060, 0x2064}, {0x20D0, 0x20FF},   {0x3099, 0x309A},
    {0xFE00, 0xFE0F}, {0xFE20, 0xFE2F}, {0xFEFF, 0xFEFF}, {0xE0001, 0xE01EF},
};

static bool within(const struct range *ranges, size_t count, uint32_t code)
{
    size_t low = 0, high = count;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (ranges[middle].last < code)
            low = middle + 1;
        else
            high = middle;
    }
    return low < count && ranges[low].first <= code;
}

unsigned text_width_code(uint32_t code)
{
    if (code < 0x300)
        return 1;
    if (within(zero, sizeof zero / sizeof *zero, code))
        return 0;
    return within(wide, sizeof wide / sizeof *wide, code) ? 2 : 1;
}

bool text_code_steers(uint32_t code)
{
    return utf8_steers(code);
}

size_t text_width_fit(const char *text, size_t len, size_t width, size_t *used)
{
    const char *at = text, *end = text + len;
    *used = 0;
    while (at < end) {
        const char *from = at;
        uint32_t code = utf8_next(&at, end);
        size_t columns = code == UTF8_INVALID ? 1 : text_width_code(code);
        if (*used + columns > width)
            return (size_t)(from - text);
        *used += columns;
    }
    return len;
}

size_t text_width(const char *text, size_t len)
{
    size_t used;
    text_width_fit(text, len, SIZE_MAX - 2, &used);
    return used;
}

size_t text_width_line(const char *text, size_t len, size_t width, size_t *next)
{
    const char *newline = memchr(text, '\n', len);
    size_t limit = newline ? (size_t)(newline - text) : len;
    size_t used, fit = text_width_fit(text, limit, width, &used);
    *next = fit;
    if (fit == limit) {
        *next = newline ? limit + 1 : limit;
    } else {
        size_t space = fit + 1; /* the break may fall just behind what fits */
        while (space > 0 && text[space - 1] != ' ')
            space--;
        if (space > 0)
            *next = space;
        else if (fit == 0) { /* a wide character in a width of one: it goes in all the same */
            const char *at = text;
            utf8_next(&at, text + limit);
            *next = (size_t)(at - text);
        }
        fit = space > 0 ? space : *next;
    }
    while (fit > 0 && text[fit - 1] == ' ')
        fit--;
    return fit;
}
