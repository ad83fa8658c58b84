/* Errors: formatting into fixed fields, so that reporting a failure cannot itself fail. */
#include "base/error.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* Ends a text that did not fit with "...", never inside a UTF-8 sequence. */
static void end_cut(char *text, size_t size, int wanted)
{
    if (wanted < 0 || (size_t)wanted < size)
        return;
    size_t at = size - 4;
    while (at > 0 && ((unsigned char)text[at] & 0xC0) == 0x80)
        at--;
    memcpy(text + at, "...", 4);
}

__attribute__((format(printf, 3, 0))) static void put(char *text, size_t size, const char *format,
                                                      va_list args)
{
    end_cut(text, size, vsnprintf(text, size, format, args));
}

enum status error_set(struct error *err, enum status code, const char *where, const char *format,
                      ...)
{
    if (!err)
        return code;
    struct error made = {.code = code};
    va_list args;
    va_start(args, format);
    put(made.text, sizeof made.text, format, args);
    va_end(args);
    if (where)
        end_cut(made.where, sizeof made.where,
                snprintf(made.where, sizeof made.where, "%s", where));
    *err = made;
    return code;
}

enum status error_errno(struct error *err, enum status code, int errnum, const char *where,
                        const char *format, ...)
{
    if (!err)
        return code;
    struct error made = {.code = code};
    va_list args;
    va_start(args, format);
    put(made.text, sizeof made.text, format, args);
    va_end(args);
    char reason[128] = "unknown error";
    const char *said = strerror_r(errnum, reason, sizeof reason);
    size_t used = strlen(made.text);
    end_cut(made.text, sizeof made.text,
            (int)used + snprintf(made.text + used, sizeof made.text - used, ": %s", said));
    used += 2;
    if (used < sizeof made.text && made.text[used] >= 'A' && made.text[used] <= 'Z')
        made.text[used] = (char)(made.text[used] - 'A' + 'a');
    if (where)
        end_cut(made.where, sizeof made.where,
                snprintf(made.where, sizeof made.where, "%s", where));
    *err = made;
    return code;
}

enum status error_hint(struct error *err, const char *format, ...)
{
    if (!err)
        return STATUS_INTERNAL;
    va_list args;
    va_start(args, format);
    put(err->hint, sizeof err->hint, format, args);
    va_end(args);
    return err->code;
}

enum status error_within(struct error *err, const char *where)
{
    if (!err)
        return STATUS_INTERNAL;
    char inner[sizeof err->where];
    memcpy(inner, err->where, sizeof inner);
    end_cut(err->where, sizeof err->where,
            snprintf(err->where, sizeof err->where, "%s%s%s", where, inner[0] ? ": " : "", inner));
    return err->code;
}

enum status error_nomem(struct error *err)
{
    return error_set(err, STATUS_INTERNAL, NULL, "out of memory");
}
