/*
 * CSV reader: see csv.h. A machine of four states over a chunk of the file; runs of plain bytes are
 * copied at once. Field i of a record is text[starts[i]] .. text[starts[i + 1]].
 */
#include "queries/csv.h"

#include "base/buffer.h"
#include "base/memory.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { CSV_CHUNK = 1 << 18 };

struct csv {
    char *name;
    int fd;            /* -1: all of the text is in the chunk */
    char *own;         /* [CSV_CHUNK] */
    const char *chunk; /* own, or the caller's text */
    size_t at, len;
    bool eof, skip_lf;
    uint64_t next_line; /* of the byte at `at` */

    uint64_t line;
    struct buffer text;
    size_t starts[CSV_FIELDS_MAX + 1];
    size_t count;
};

enum status csv_fault(const struct csv *csv, uint64_t line, struct error *err, const char *format,
                      ...)
{
    char where[512], said[1024];
    va_list args;
    va_start(args, format);
    vsnprintf(said, sizeof said, format, args);
    va_end(args);
    snprintf(where, sizeof where, "%s:%" PRIu64, csv->name, line);
    return error_set(err, STATUS_INPUT, where, "%s", said);
}

/* Reads the next chunk; `eof` when there is none. */
static enum status refill(struct csv *csv, struct error *err)
{
    csv->at = csv->len = 0;
    while (!csv->eof) {
        if (csv->fd < 0) {
            csv->eof = true;
            break;
        }
        ssize_t got = read(csv->fd, csv->own, CSV_CHUNK);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return error_errno(err, STATUS_INPUT, errno, NULL, "cannot read \"%s\"", csv->name);
        csv->len = (size_t)got;
        csv->eof = got == 0;
        break;
    }
    return STATUS_OK;
}

static enum status utf16(const struct csv *csv, struct error *err)
{
    csv_fault(csv, 1, err, "the file is UTF-16 text");
    error_hint(err, "save it as CSV in UTF-8");
    return STATUS_INPUT;
}

static enum status nul_byte(const struct csv *csv, struct error *err)
{
    return csv_fault(csv, csv->next_line, err,
                     "a NUL byte: this is no text file, or it is not UTF-8");
}

/* The byte order mark; the first read gives at least four bytes unless the file is shorter. */
static enum status begin(struct csv *csv, struct error *err)
{
    csv->next_line = 1;
    buffer_init(&csv->text, CSV_RECORD_MAX);
    const unsigned char *b = (const unsigned char *)csv->chunk;
    if (csv->len >= 2 && ((b[0] == 0xFF && b[1] == 0xFE) || (b[0] == 0xFE && b[1] == 0xFF)))
        return utf16(csv, err);
    if (csv->len >= 2 && (b[0] == 0) != (b[1] == 0))
        return utf16(csv, err);
    if (csv->len >= 3 && b[0] == 0xEF && b[1] == 0xBB && b[2] == 0xBF)
        csv->at = 3;
    return STATUS_OK;
}

static struct csv *csv_make(const char *name)
{
    struct csv *csv = mem_zalloc(1, sizeof *csv);
    if (!csv)
        return NULL;
    csv->fd = -1;
    csv->name = mem_strdup(name);
    if (!csv->name) {
        free(csv);
        return NULL;
    }
    return csv;
}

enum status csv_open(struct csv **csv, const char *path, const char *name, struct error *err)
{
    *csv = NULL;
    enum status status = STATUS_OK;
    struct csv *made = csv_make(name ? name : path);
    if (!made)
        return error_nomem(err);
    made->chunk = made->own = malloc(CSV_CHUNK);
    if (!made->own) {
        status = error_nomem(err);
        goto cleanup;
    }
    made->fd = open(path, O_RDONLY | O_CLOEXEC);
    if (made->fd < 0) {
        status = error_errno(err, STATUS_INPUT, errno, NULL, "cannot open \"%s\"", path);
        goto cleanup;
    }
    TRY_CLEANUP(refill(made, err));
    TRY_CLEANUP(begin(made, err));
    *csv = made;
    made = NULL;
cleanup:
    csv_free(made);
    return status;
}

enum status csv_open_text(struct csv **csv, const char *text, size_t len, const char *name,
                          struct error *err)
{
    *csv = NULL;
    struct csv *made = csv_make(name);
    if (!made)
        return error_nomem(err);
    made->chunk = text;
    made->len = len;
    enum status status = begin(made, err);
    if (status != STATUS_OK)
        csv_free(made);
    else
        *csv = made;
    return status;
}

enum status csv_open_text_take(struct csv **csv, struct buffer *text, const char *name,
                               struct error *err)
{
    enum status status = csv_open_text(csv, text->data ? text->data : "", text->len, name, err);
    if (status != STATUS_OK)
        return status;
    (*csv)->own = text->data;
    buffer_init(text, text->max);
    return STATUS_OK;
}

void csv_free(struct csv *csv)
{
    if (!csv)
        return;
    if (csv->fd >= 0)
        close(csv->fd);
    buffer_release(&csv->text);
    free(csv->own);
    free(csv->name);
    free(csv);
}

/* ---- the machine ---- */

enum csv_state {
    FIELD_BEGINS,
    FIELD_PLAIN,
    FIELD_QUOTED,
    FIELD_CLOSED /* after a quote inside a quoted field: the end of it, or half of a doubled one */
};

static enum status add(struct csv *csv, const char *bytes, size_t len, struct error *err)
{
    if (len > CSV_RECORD_MAX - csv->text.len)
        return csv_fault(csv, csv->line, err, "the record is over %d bytes", CSV_RECORD_MAX);
    return buffer_add(&csv->text, bytes, len, err);
}

static enum status end_field(struct csv *csv, struct error *err)
{
    if (csv->count == CSV_FIELDS_MAX)
        return csv_fault(csv, csv->line, err, "the record has more than %d fields", CSV_FIELDS_MAX);
    csv->starts[++csv->count] = csv->text.len;
    return STATUS_OK;
}

/* How many bytes from P mean nothing to a plain (or quoted) field. */
static size_t plain_run(const char *p, size_t len, bool quoted)
{
    size_t i = 0;
    if (quoted)
        while (i < len && p[i] != '"' && p[i] != '\n' && p[i] != '\r' && p[i] != '\0')
            i++;
    else
        while (i < len && p[i] != ',' && p[i] != '\n' && p[i] != '\r' && p[i] != '"' &&
               p[i] != '\0')
            i++;
    return i;
}

/* One byte that is not part of a plain run, outside of quotes. *DONE at the record's end. */
static enum status take_mark(struct csv *csv, enum csv_state *state, char mark, bool *done,
                             struct error *err)
{
    switch (mark) {
    case ',':
        *state = FIELD_BEGINS;
        return end_field(csv, err);
    case '\r':
    case '\n':
        csv->skip_lf = mark == '\r';
        csv->next_line++;
        if (csv->count == 0 && csv->text.len == 0 && *state == FIELD_BEGINS) {
            csv->line = csv->next_line; /* an empty line */
            return STATUS_OK;
        }
        *done = true;
        return end_field(csv, err);
    case '"':
        if (*state == FIELD_CLOSED) {
            *state = FIELD_QUOTED;
            return add(csv, "\"", 1, err);
        }
        if (*state == FIELD_BEGINS) {
            *state = FIELD_QUOTED;
            return STATUS_OK;
        }
        csv_fault(csv, csv->next_line, err, "field %zu: a quote inside a field", csv->count + 1);
        error_hint(err, "put the whole field in quotes and write the quote twice");
        return STATUS_INPUT;
    default:
        return nul_byte(csv, err);
    }
}

static enum status step_plain(struct csv *csv, enum csv_state *state, bool *done, struct error *err)
{
    const char *p = csv->chunk + csv->at;
    size_t run = plain_run(p, csv->len - csv->at, false);
    if (run) {
        if (*state == FIELD_CLOSED)
            return csv_fault(csv, csv->next_line, err, "field %zu: text after the closing quote",
                             csv->count + 1);
        *state = FIELD_PLAIN;
        csv->at += run;
        return add(csv, p, run, err);
    }
    csv->at++;
    return take_mark(csv, state, *p, done, err);
}

static enum status step_quoted(struct csv *csv, enum csv_state *state, struct error *err)
{
    const char *p = csv->chunk + csv->at;
    size_t run = plain_run(p, csv->len - csv->at, true);
    if (run) {
        csv->at += run;
        return add(csv, p, run, err);
    }
    csv->at++;
    if (*p == '"') {
        *state = FIELD_CLOSED;
        return STATUS_OK;
    }
    if (*p == '\0')
        return nul_byte(csv, err);
    /* A line end is text here; CRLF counts as one line. */
    if (*p == '\r')
        csv->skip_lf = true;
    csv->next_line++;
    return add(csv, p, 1, err);
}

enum status csv_next(struct csv *csv, bool *end, struct error *err)
{
    enum csv_state state = FIELD_BEGINS;
    bool done = false;
    buffer_reset(&csv->text);
    csv->count = 0;
    csv->starts[0] = 0;
    csv->line = csv->next_line;
    *end = false;
    while (!done) {
        if (csv->at == csv->len) {
            TRY(refill(csv, err));
            if (csv->eof)
                break;
        }
        if (csv->skip_lf) {
            csv->skip_lf = false;
            if (csv->chunk[csv->at] == '\n') {
                csv->at++;
                if (state == FIELD_QUOTED)
                    TRY(add(csv, "\n", 1, err));
                continue;
            }
        }
        if (state == FIELD_QUOTED)
            TRY(step_quoted(csv, &state, err));
        else
            TRY(step_plain(csv, &state, &done, err));
    }
    if (done)
        return STATUS_OK;
    if (state == FIELD_QUOTED)
        return csv_fault(csv, csv->line, err, "field %zu: a quote that is never closed",
                         csv->count + 1);
    if (csv->count == 0 && state == FIELD_BEGINS) {
        *end = true;
        return STATUS_OK;
    }
    return end_field(csv, err);
}

size_t csv_fields(const struct csv *csv)
{
    return csv->count;
}

struct span csv_field(const struct csv *csv, size_t i)
{
    const char *text = csv->text.data ? csv->text.data : "";
    return (struct span){text + csv->starts[i], csv->starts[i + 1] - csv->starts[i]};
}

uint64_t csv_line(const struct csv *csv)
{
    return csv->line;
}
