/* Texts inside Markdown: see markdown_text.h. */
#include "report/markdown_text.h"

#include "report/text_width.h"

#include "base/utf8.h"

#include <stdbool.h>
#include <string.h>
#include <strings.h>

/* Special wherever they stand; `$` and `^` are so to some readers of Markdown. */
static const char everywhere[] = "\\`*_{}[]<>&|~#$^";
/* Special where a line begins. */
static const char at_first[] = "-+=.):(%!";

static const char joiner[] = "\xE2\x81\xA0";

/* A number in front of "." or ")" begins a list. */
static bool numbers_a_list(const char *text, const char *at)
{
    size_t digits = strspn(text, "0123456789");
    return digits > 0 && at == text + digits && (*at == '.' || *at == ')');
}

/* Would what ends before AT become a link together with what follows? */
static bool links(const char *text, const char *at)
{
    if (at > text && at[-1] == '@')
        return true;
    if (at > text && at[-1] == ':' && at[0] == '/' && at[1] == '/')
        return true;
    return at - text >= 3 && *at == '.' && strncasecmp(at - 3, "www", 3) == 0;
}

static bool is_blank(char byte)
{
    return byte == ' ' || byte == '\t' || byte == '\n' || byte == '\r';
}

void markdown_put(FILE *out, const char *text)
{
    while (is_blank(*text))
        text++;
    const char *at = text, *end = text + strlen(text);
    while (end > text && is_blank(end[-1]))
        end--;
    while (at < end) {
        if (is_blank(*at)) {
            while (is_blank(*at))
                at++;
            fputc(' ', out);
            continue;
        }
        if (links(text, at))
            fputs(joiner, out);
        if (strchr(everywhere, *at) || (at == text && strchr(at_first, *at)) ||
            numbers_a_list(text, at))
            fputc('\\', out);
        uint32_t code = utf8_next(&at, end);
        char bytes[4];
        if (code == UTF8_INVALID || text_code_steers(code))
            code = UTF8_REPLACEMENT;
        fwrite(bytes, 1, utf8_put(code, bytes), out);
    }
}
