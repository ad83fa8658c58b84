/* Text that cannot leave its place in a page: see page_parts.h. */
#include "report/page_parts.h"

#include "report/text_width.h"

#include "base/utf8.h"

#include <inttypes.h>
#include <string.h>

void page_put_part(FILE *out, const char *text, size_t len)
{
    const char *at = text, *end = text + len;
    while (at < end) {
        uint32_t code = utf8_next(&at, end);
        char bytes[4];
        switch (code) {
        case '&':
            fputs("&amp;", out);
            continue;
        case '<':
            fputs("&lt;", out);
            continue;
        case '>':
            fputs("&gt;", out);
            continue;
        case '"':
            fputs("&quot;", out);
            continue;
        case '\'':
            fputs("&#39;", out);
            continue;
        case '\t':
        case '\r':
            code = ' ';
            break;
        case '\n':
            break;
        default:
            if (code == UTF8_INVALID || text_code_steers(code))
                code = UTF8_REPLACEMENT;
        }
        fwrite(bytes, 1, utf8_put(code, bytes), out);
    }
}

void page_put_text(FILE *out, const char *text)
{
    page_put_part(out, text, strlen(text));
}

void page_put_css_string(FILE *out, const char *text)
{
    const char *at = text, *end = text + strlen(text);
    fputc('"', out);
    for (int i = 0; at < end && i < 200; i++) {
        uint32_t code = utf8_next(&at, end);
        if (code == '\n' || code == '\r' || code == '\t')
            code = ' ';
        if (code == UTF8_INVALID || text_code_steers(code))
            code = UTF8_REPLACEMENT;
        if ((code >= '0' && code <= '9') || (code >= 'A' && code <= 'Z') ||
            (code >= 'a' && code <= 'z') || code == ' ')
            fputc((int)code, out);
        else
            fprintf(out, "\\%" PRIX32 " ", code); /* the space ends it and is no part of the text */
    }
    fputc('"', out);
}
