/*
 * Text for workbooks: see xlsx_text.h. Limits after the Excel specifications (cell text 32,767
 * characters, sheet names 31, headers 255, all UTF-16 units) and ECMA-376 part 1, 22.9.2.19 for
 * the `_xHHHH_` escape.
 */
#include "report/xlsx_text.h"

#include "base/memory.h"
#include "base/utf8.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char cut_mark[] = "... [cut]";

static size_t units(uint32_t code)
{
    return code >= 0x10000 ? 2 : 1;
}

static bool forbidden(uint32_t code)
{
    if (code == '\t' || code == '\n')
        return false;
    return code == UTF8_INVALID || (code & 0xFFFE) == 0xFFFE || utf8_steers(code);
}

/* True if "_xHHHH_" begins at AT. */
static bool is_escape(const char *at, const char *end)
{
    if (end - at < 7 || at[0] != '_' || at[1] != 'x' || at[6] != '_')
        return false;
    for (int i = 2; i < 6; i++)
        if (!isxdigit((unsigned char)at[i]))
            return false;
    return true;
}

char *xlsx_cell_text(const char *text, size_t max)
{
    const char *end = text + strlen(text);
    const size_t mark = sizeof cut_mark - 1;
    size_t size = (size_t)(end - text);
    /* A byte grows to 7 at most: "_" to "_x005F_". */
    size = size > max * 4 ? max * 4 : size;
    char *copy = mem_zalloc(size * 7 + mark + 8, 1);
    if (!copy)
        return NULL;
    char *out = copy, *fallback = copy;
    size_t used = 0;
    for (const char *at = text; at < end;) {
        const char *from = at;
        uint32_t code = utf8_next(&at, end);
        if (code == '\r') {
            if (at < end && *at == '\n')
                continue;
            code = '\n';
        }
        if (forbidden(code))
            code = UTF8_REPLACEMENT;
        bool escape = is_escape(from, end);
        size_t need = escape ? 7 : units(code);
        if (used + need > max) {
            memcpy(fallback, cut_mark, mark + 1);
            return copy;
        }
        if (escape) {
            memcpy(out, "_x005F_", 7);
            out += 7;
        } else {
            out += utf8_put(code, out);
        }
        used += need;
        if (used + mark <= max)
            fallback = out;
    }
    *out = '\0';
    return copy;
}

char *xlsx_header_text(const char *text, size_t max)
{
    const char *end = text + strlen(text);
    size_t size = (size_t)(end - text) > max * 4 ? max * 4 : (size_t)(end - text);
    char *copy = mem_zalloc(size * 3 + 8, 1), *out = copy;
    if (!copy)
        return NULL;
    size_t used = 0;
    for (const char *at = text; at < end;) {
        uint32_t code = utf8_next(&at, end);
        if (code == '\n' || code == '\r' || code == '\t')
            code = ' ';
        if (forbidden(code))
            code = UTF8_REPLACEMENT;
        size_t need = code == '&' ? 2 : units(code);
        if (used + need + 3 > max) {
            memcpy(out, "...", 3);
            out += 3;
            break;
        }
        if (code == '&')
            *out++ = '&';
        out += utf8_put(code, out);
        used += need;
    }
    *out = '\0';
    return copy;
}

void xlsx_names_release(struct xlsx_names *names)
{
    for (size_t i = 0; i < names->count; i++)
        free(names->items[i]);
    free(names->items);
    *names = (struct xlsx_names){NULL, 0, 0};
}

/*
 * Equal without regard to case. Beyond ASCII every two code points count as equal: case folding
 * there is more than is worth having, and a needless " (2)" does no harm.
 */
static bool same_name(const char *a, const char *b)
{
    const char *a_end = a + strlen(a), *b_end = b + strlen(b);
    while (a < a_end && b < b_end) {
        uint32_t x = utf8_next(&a, a_end), y = utf8_next(&b, b_end);
        if (x >= 0x80 && y >= 0x80)
            continue;
        if (x >= 0x80 || y >= 0x80 || tolower((int)x) != tolower((int)y))
            return false;
    }
    return a == a_end && b == b_end;
}

static size_t skip_digits(const char *text)
{
    return strspn(text, "0123456789");
}

/* "A1", "XFD17", "R1C1", "RC", "c", "2024": what a formula would not take as a sheet unquoted. */
static bool looks_like_reference(const char *name)
{
    if (isdigit((unsigned char)name[0]) || name[0] == '.')
        return true;
    size_t letters = 0;
    while (isalpha((unsigned char)name[letters]))
        letters++;
    size_t digits = skip_digits(name + letters);
    if (letters >= 1 && letters <= 3 && digits > 0 && name[letters + digits] == '\0')
        return true;
    const char *at = name;
    if (tolower((unsigned char)*at) == 'r') {
        at++;
        at += skip_digits(at);
    }
    if (tolower((unsigned char)*at) == 'c') {
        at++;
        at += skip_digits(at);
    }
    return at > name && *at == '\0';
}

/* WANTED with the wrong characters replaced, cut to LIMIT units, into NAME[XLSX_NAME_MAX * 4 + 1].
 */
static void clean_name(const char *wanted, size_t limit, char *name)
{
    const char *end = wanted + strlen(wanted);
    size_t used = 0;
    char *out = name;
    for (const char *at = wanted; at < end;) {
        uint32_t code = utf8_next(&at, end);
        if (forbidden(code) || code == '\t' || code == '\n')
            code = ' ';
        else if (code < 0x80 && strchr("[]:*?/\\", (int)code))
            code = '-';
        else if (code == '\'')
            code = 0x2019;
        if (code == ' ' && out == name)
            continue;
        if (used + units(code) > limit)
            break;
        used += units(code);
        out += utf8_put(code, out);
    }
    while (out > name && out[-1] == ' ')
        out--;
    *out = '\0';
}

enum status xlsx_names_add(struct xlsx_names *names, const char *wanted, const char **name,
                           struct error *err)
{
    enum { BYTES = XLSX_NAME_MAX * 4 + 1 };
    char base[BYTES], made[BYTES], suffix[24] = "";
    clean_name(wanted, XLSX_NAME_MAX, base);
    if (base[0] == '\0')
        snprintf(base, sizeof base, "Table");
    if (looks_like_reference(base) || same_name(base, "History")) {
        char longer[BYTES + 8];
        snprintf(longer, sizeof longer, "Table %s", base);
        clean_name(longer, XLSX_NAME_MAX, base);
    }
    for (size_t n = 2;; n++) {
        clean_name(base, XLSX_NAME_MAX - strlen(suffix), made);
        size_t len = strlen(made);
        snprintf(made + len, sizeof made - len, "%s", suffix);
        bool taken = false;
        for (size_t i = 0; i < names->count && !taken; i++)
            taken = same_name(names->items[i], made);
        if (!taken)
            break;
        snprintf(suffix, sizeof suffix, " (%zu)", n);
    }
    char **grown = mem_grow(names->items, &names->capacity, names->count + 1, sizeof *grown);
    if (!grown)
        return error_nomem(err);
    names->items = grown;
    grown[names->count] = mem_strdup(made);
    if (!grown[names->count])
        return error_nomem(err);
    *name = grown[names->count++];
    return STATUS_OK;
}
