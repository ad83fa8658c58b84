/* UTF-8 by code points: see utf8.h. */
#include "base/utf8.h"

uint32_t utf8_next(const char **at, const char *end)
{
    const unsigned char *s = (const unsigned char *)*at;
    size_t left = (size_t)(end - *at);
    *at += 1;
    if (s[0] < 0x80)
        return s[0];
    size_t more;
    uint32_t code, least;
    if (s[0] >= 0xC2 && s[0] < 0xE0) {
        more = 1;
        code = s[0] & 0x1Fu;
        least = 0x80;
    } else if (s[0] >= 0xE0 && s[0] < 0xF0) {
        more = 2;
        code = s[0] & 0x0Fu;
        least = 0x800;
    } else if (s[0] >= 0xF0 && s[0] < 0xF5) {
        more = 3;
        code = s[0] & 0x07u;
        least = 0x10000;
    } else {
        return UTF8_INVALID;
    }
    if (left <= more)
        return UTF8_INVALID;
    for (size_t i = 1; i <= more; i++) {
        if ((s[i] & 0xC0) != 0x80)
            return UTF8_INVALID;
        code = code << 6 | (s[i] & 0x3Fu);
    }
    if (code < least || code > 0x10FFFF || (code >= 0xD800 && code < 0xE000))
        return UTF8_INVALID;
    *at += more;
    return code;
}

size_t utf8_put(uint32_t code, char text[static 4])
{
    if (code < 0x80) {
        text[0] = (char)code;
        return 1;
    }
    size_t len = code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
    static const unsigned char lead[] = {0, 0, 0xC0, 0xE0, 0xF0};
    for (size_t i = len - 1; i > 0; i--) {
        text[i] = (char)(0x80 | (code & 0x3F));
        code >>= 6;
    }
    text[0] = (char)(lead[len] | code);
    return len;
}

bool utf8_steers(uint32_t code)
{
    static const struct {
        uint32_t first, last;
    } ranges[] = {
        {0x0000, 0x001F}, {0x007F, 0x009F}, {0x061C, 0x061C}, {0x200E, 0x200F}, {0x2028, 0x202E},
        {0x2066, 0x2069}, {0xFDD0, 0xFDEF}, {0xFFF9, 0xFFFB}, {0xFFFE, 0xFFFF}, {0xE0001, 0xE007F},
    };
    for (size_t i = 0; i < sizeof ranges / sizeof *ranges && ranges[i].first <= code; i++)
        if (code <= ranges[i].last)
            return true;
    return false;
}
