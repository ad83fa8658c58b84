/* Concordance DAT files: see dat.h. */
#include "queries/dat.h"

#include "base/file.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char separator = 0x14;
static const char thorn[] = "\xC3\xBE", registered[] = "\xC2\xAE";

/* Where the file's text begins. */
static size_t after_mark(const char *text, size_t len)
{
    return len >= 3 && memcmp(text, "\xEF\xBB\xBF", 3) == 0 ? 3 : 0;
}

bool dat_is(const char *text, size_t len)
{
    size_t at = after_mark(text, len);
    if (len - at >= 2 && memcmp(text + at, thorn, 2) == 0)
        return true;
    /* Not 0xFE 0xFF, which begins UTF-16. */
    return at == 0 && len >= 2 && (unsigned char)text[0] == 0xFE && (unsigned char)text[1] != 0xFF;
}

struct dat {
    const char *text, *name;
    size_t len, at;
    uint64_t line;
    bool narrow; /* one byte a character */
};

static enum status fault(const struct dat *dat, struct error *err, const char *said)
{
    char where[512];
    snprintf(where, sizeof where, "%s:%" PRIu64, dat->name, dat->line);
    return error_set(err, STATUS_INPUT, where, "%s", said);
}

/* Length of a thorn at AT, 0 if there is none. */
static size_t thorn_at(const struct dat *dat, size_t at)
{
    if (dat->narrow)
        return at < dat->len && (unsigned char)dat->text[at] == 0xFE;
    return dat->len - at >= 2 && memcmp(dat->text + at, thorn, 2) == 0 ? 2 : 0;
}

static enum status put_character(struct dat *dat, struct buffer *out, struct error *err)
{
    unsigned char byte = (unsigned char)dat->text[dat->at];
    if (byte == '\0')
        return fault(dat, err, "a NUL byte: this is no text file, or it is not UTF-8");
    if (byte == '\n' || (byte == '\r' && dat->at + 1 < dat->len && dat->text[dat->at + 1] != '\n'))
        dat->line++;
    if (dat->narrow ? byte == 0xAE
                    : dat->len - dat->at >= 2 && memcmp(dat->text + dat->at, registered, 2) == 0) {
        dat->at += dat->narrow ? 1 : 2;
        return buffer_add(out, " ", 1, err);
    }
    dat->at++;
    if (byte == '"')
        return buffer_add(out, "\"\"", 2, err);
    if (!dat->narrow || byte < 0x80)
        return buffer_add(out, (const char *)&byte, 1, err);
    char wide[2] = {(char)(0xC0 | byte >> 6), (char)(0x80 | (byte & 0x3F))};
    return buffer_add(out, wide, 2, err);
}

/* One field between thorns; the opening one is at hand. */
static enum status put_field(struct dat *dat, struct buffer *out, struct error *err)
{
    size_t width = thorn_at(dat, dat->at);
    if (width == 0)
        return fault(dat, err, "a field does not begin with a thorn (U+00FE)");
    dat->at += width;
    TRY(buffer_add(out, "\"", 1, err));
    while (dat->at < dat->len) {
        width = thorn_at(dat, dat->at);
        if (width == 0) {
            TRY(put_character(dat, out, err));
            continue;
        }
        dat->at += width;
        if (thorn_at(dat, dat->at) == 0)
            return buffer_add(out, "\"", 1, err);
        TRY(buffer_add(out, thorn, 2, err));
        dat->at += width;
    }
    return fault(dat, err, "a field whose closing thorn (U+00FE) is missing");
}

enum status dat_to_csv(const char *text, size_t len, const char *name, struct buffer *out,
                       struct error *err)
{
    struct dat dat = {.text = text, .name = name, .len = len, .line = 1};
    dat.at = after_mark(text, len);
    dat.narrow = dat.at == 0 && len > 0 && (unsigned char)text[0] == 0xFE;
    while (dat.at < len) {
        char mark = text[dat.at];
        if (mark == '\r' || mark == '\n') {
            dat.line += mark == '\n' || dat.at + 1 == len || text[dat.at + 1] != '\n';
            TRY(buffer_add(out, &mark, 1, err));
            dat.at++;
            continue;
        }
        TRY(put_field(&dat, out, err));
        if (dat.at < len && text[dat.at] == separator) {
            TRY(buffer_add(out, ",", 1, err));
            dat.at++;
            if (dat.at == len || text[dat.at] == '\r' || text[dat.at] == '\n')
                return fault(&dat, err, "a field separator at the end of the record");
        } else if (dat.at < len && text[dat.at] != '\r' && text[dat.at] != '\n') {
            return fault(&dat, err, "text after a field's closing thorn (U+00FE)");
        }
    }
    return STATUS_OK;
}

enum status dat_or_csv_open_text(struct csv **csv, const char *text, size_t len, const char *name,
                                 struct error *err)
{
    struct buffer out;
    *csv = NULL;
    if (!dat_is(text, len))
        return csv_open_text(csv, text, len, name, err);
    buffer_init(&out, 2 * (size_t)DAT_FILE_MAX);
    enum status status = dat_to_csv(text, len, name, &out, err);
    if (status == STATUS_OK)
        status = csv_open_text_take(csv, &out, name, err);
    buffer_release(&out);
    return status;
}

enum status dat_or_csv_open(struct csv **csv, const char *path, const char *name, struct error *err)
{
    char head[5] = {0}, *text = NULL;
    size_t len = 0;
    *csv = NULL;
    FILE *file = fopen(path, "rbe");
    size_t got = file ? fread(head, 1, sizeof head, file) : 0;
    if (file)
        fclose(file);
    if (!dat_is(head, got))
        return csv_open(csv, path, name, err);
    TRY(file_read(path, DAT_FILE_MAX, &text, &len, err));
    enum status status = dat_or_csv_open_text(csv, text, len, name ? name : path, err);
    free(text);
    return status;
}

enum status dat_add_field(struct buffer *out, const char *text, size_t len, bool last,
                          struct error *err)
{
    TRY(buffer_add(out, thorn, 2, err));
    for (size_t i = 0; i < len; i++) {
        if (text[i] == '\n' || text[i] == '\r') {
            if (text[i] == '\r' && i + 1 < len && text[i + 1] == '\n')
                i++;
            TRY(buffer_add(out, registered, 2, err));
        } else if (len - i >= 2 && memcmp(text + i, thorn, 2) == 0) {
            TRY(buffer_add(out, "\xC3\xBE\xC3\xBE", 4, err));
            i++;
        } else if (text[i] == separator) {
            TRY(buffer_add(out, " ", 1, err));
        } else {
            TRY(buffer_add(out, text + i, 1, err));
        }
    }
    TRY(buffer_add(out, thorn, 2, err));
    return last ? buffer_add(out, "\r\n", 2, err) : buffer_add(out, &separator, 1, err);
}
