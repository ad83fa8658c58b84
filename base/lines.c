/* Lines of text files: see lines.h. */
#include "base/lines.h"

#include <string.h>

void lines_init(struct lines *lines, const char *text, size_t len)
{
    *lines = (struct lines){.at = text, .end = text + len};
    if (len >= 3 && memcmp(text, "\xEF\xBB\xBF", 3) == 0)
        lines->at += 3;
}

static bool blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r';
}

bool lines_next(struct lines *lines, struct span *line)
{
    while (lines->at < lines->end) {
        const char *from = lines->at;
        const char *feed = memchr(from, '\n', (size_t)(lines->end - from));
        const char *to = feed ? feed : lines->end;
        lines->at = feed ? feed + 1 : lines->end;
        lines->number++;
        while (to > from && blank(to[-1]))
            to--;
        while (from < to && blank(*from))
            from++;
        if (from < to) {
            *line = (struct span){from, (size_t)(to - from)};
            return true;
        }
    }
    return false;
}

/* Bytes of the sequence at TEXT, or 0. */
static size_t utf8_step(const unsigned char *text, size_t left)
{
    unsigned char c = text[0];
    if (c < 0x80)
        return c != 0;
    size_t len = 0;
    if (c >= 0xC2)
        len = c < 0xE0 ? 2 : c < 0xF0 ? 3 : c < 0xF5 ? 4 : 0;
    if (len == 0 || len > left)
        return 0;
    unsigned char low = c == 0xE0 ? 0xA0 : c == 0xF0 ? 0x90 : 0x80;
    unsigned char high = c == 0xED ? 0x9F : c == 0xF4 ? 0x8F : 0xBF;
    if (text[1] < low || text[1] > high)
        return 0;
    for (size_t i = 2; i < len; i++)
        if ((text[i] & 0xC0) != 0x80)
            return 0;
    return len;
}

bool utf8_text(const char *text, size_t len)
{
    for (size_t at = 0, step; at < len; at += step) {
        step = utf8_step((const unsigned char *)text + at, len - at);
        if (step == 0)
            return false;
    }
    return true;
}
