/* Texts inside Markdown: see markdown_text.h. */
#include "report/markdown_text.h"

#include "report/text_width.h"

#include "base/utf8.h"

#include <ctype.h>
#include <stdbool.h>
#include <string.h>
#include <strings.h>

/* Special wherever they stand; `$` and `^` are so to some readers of Markdown. */
static const char everywhere[] = "\\`*{}[]|~#$^";
/* Special where a line begins. */
static const char at_first[] = "-+=>:(%!";

static const char joiner[] = "\xE2\x81\xA0";

static bool is_word(char byte)
{
    return isalnum((unsigned char)byte) || (unsigned char)byte >= 0x80;
}

static bool is_blank(char byte)
{
    return byte == ' ' || byte == '\t' || byte == '\n' || byte == '\r';
}

/* Can the mark at AT, before END, begin an entity? */
static bool is_entity(const char *at, const char *end)
{
    return *at == '&' && at + 1 < end && (is_word(at[1]) || at[1] == '#');
}

/* Must the mark at AT, in TEXT before END, be escaped? */
static bool is_special(const char *text, const char *at, const char *end)
{
    bool last = at + 1 == end;
    if (strchr(everywhere, *at) || (at == text && strchr(at_first, *at)))
        return true;
    if (*at == '_') /* inside a word it is a letter */
        return at == text || last || !is_word(at[-1]) || !is_word(at[1]);
    if (*at == '.' || *at == ')') /* of a numbered list */
        return at > text && strspn(text, "0123456789") == (size_t)(at - text) &&
               (last || is_blank(at[1]));
    return false;
}

/* Would what ends before AT become a link together with what follows? */
static bool links(const char *text, const char *at)
{
    if (at > text && at[-1] == '@')
        return is_word(*at);
    if (at > text && at[-1] == ':' && at[0] == '/' && at[1] == '/')
        return true;
    return at - text >= 3 && *at == '.' && strncasecmp(at - 3, "www", 3) == 0;
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
        /* Entities hold where a form has HTML, too; a backslash would not. */
        if (*at == '<' || is_entity(at, end)) {
            fputs(*at++ == '<' ? "&lt;" : "&amp;", out);
            continue;
        }
        if (is_special(text, at, end))
            fputc('\\', out);
        uint32_t code = utf8_next(&at, end);
        char bytes[4];
        if (code == UTF8_INVALID || text_code_steers(code))
            code = UTF8_REPLACEMENT;
        fwrite(bytes, 1, utf8_put(code, bytes), out);
    }
}
