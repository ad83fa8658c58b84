/* The texts of works: see work_texts.h. */
#include "queries/work_texts.h"

#include "base/buffer.h"
#include "base/file.h"
#include "base/lines.h"
#include "base/memory.h"
#include "queries/logs/dom.h"
#include "queries/overlap_works.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { READ_BYTES = 1 << 20, PARSER_ROOM = 64, DEPTH = 64 };

struct work_texts {
    const struct plan_query *query;
    size_t file; /* the next one */
    FILE *lines; /* of a .jsonl file that is open */
    const struct plan_work_file *at;
    size_t line;         /* 0: a file that is one work */
    struct buffer bytes; /* of the lines: those from `from` on were not looked at */
    size_t from;
    bool all_read;
    char *whole; /* of a .txt file */
    struct dom_parser *parser;
    char place[400];
};

struct work_texts *work_texts_new(const struct plan_query *query)
{
    struct work_texts *texts = mem_zalloc(1, sizeof *texts);
    if (!texts)
        return NULL;
    texts->query = query;
    buffer_init(&texts->bytes, (size_t)WORK_TEXT_MAX + 2 * READ_BYTES);
    return texts;
}

void work_texts_free(struct work_texts *texts)
{
    if (!texts)
        return;
    if (texts->lines)
        (void)fclose(texts->lines); /* it was read only */
    buffer_release(&texts->bytes);
    dom_parser_free(texts->parser);
    free(texts->whole);
    free(texts);
}

const char *work_texts_place(const struct work_texts *texts)
{
    return texts->place;
}

static void set_place(struct work_texts *texts)
{
    if (texts->line)
        snprintf(texts->place, sizeof texts->place, "\"%.340s\", line %zu", texts->at->name,
                 texts->line);
    else
        snprintf(texts->place, sizeof texts->place, "\"%.340s\"", texts->at->name);
}

static struct span without_mark(struct span text)
{
    if (text.len >= 3 && memcmp(text.data, "\xEF\xBB\xBF", 3) == 0)
        return (struct span){text.data + 3, text.len - 3};
    return text;
}

static enum status check_unchanged(const struct plan_work_file *file, struct error *err)
{
    struct stat info;
    if (stat(file->path, &info) != 0)
        return error_errno(err, STATUS_INPUT, errno, NULL, "cannot open \"%s\"", file->name);
    int64_t mtime = (int64_t)info.st_mtim.tv_sec * 1000000000 + info.st_mtim.tv_nsec;
    if ((uint64_t)info.st_size != file->size || mtime != file->mtime_ns)
        return error_set(err, STATUS_INPUT, NULL, "\"%s\" was changed while it was read",
                         file->name);
    return STATUS_OK;
}

/* ---- one work a file ---- */

static enum status read_whole(struct work_texts *texts, struct span *id, struct span *text,
                              struct error *err)
{
    const char *base = path_base(texts->at->name);
    size_t len;
    texts->line = 0;
    set_place(texts);
    free(texts->whole);
    texts->whole = NULL;
    TRY(file_read(texts->at->path, WORK_TEXT_MAX, &texts->whole, &len, err));
    if (!utf8_text(texts->whole, len)) {
        (void)error_set(err, STATUS_INPUT, NULL, "the work %s is not UTF-8 text", texts->place);
        return error_hint(err, "save it as plain text in UTF-8");
    }
    *id = (struct span){base, strlen(base)};
    *text = without_mark((struct span){texts->whole, len});
    return STATUS_OK;
}

/* ---- one work a line ---- */

/* Has bytes up to a line feed, or all that are left. */
static enum status fill_line(struct work_texts *texts, size_t *len, struct error *err)
{
    struct buffer *bytes = &texts->bytes;
    for (size_t looked = texts->from;;) {
        const char *end =
            bytes->len > looked ? memchr(bytes->data + looked, '\n', bytes->len - looked) : NULL;
        if (end || texts->all_read) {
            *len = (end ? (size_t)(end - bytes->data) : bytes->len) - texts->from;
            return STATUS_OK;
        }
        /* What was used goes once it is more than what is kept. */
        if (texts->from > bytes->len - texts->from) {
            memmove(bytes->data, bytes->data + texts->from, bytes->len - texts->from);
            bytes->len -= texts->from;
            texts->from = 0;
        }
        looked = bytes->len;
        if (bytes->len - texts->from > WORK_TEXT_MAX)
            return error_set(err, STATUS_INPUT, NULL, "%s: a line of more than %d MB", texts->place,
                             WORK_TEXT_MAX >> 20);
        TRY(buffer_reserve(bytes, bytes->len + READ_BYTES + PARSER_ROOM, err));
        size_t got = fread(bytes->data + bytes->len, 1, READ_BYTES, texts->lines);
        if (got == 0 && ferror(texts->lines))
            return error_errno(err, STATUS_INPUT, errno, NULL, "cannot read \"%s\"",
                               texts->at->name);
        bytes->len += got;
        texts->all_read = got == 0;
    }
}

static bool is_blank(struct span line)
{
    for (size_t i = 0; i < line.len; i++)
        if (!strchr(" \t\r", line.data[i]) || !line.data[i])
            return false;
    return true;
}

/* An id is shown in reports: one line of text, and not too long. */
static bool is_id(struct span id)
{
    for (size_t i = 0; i < id.len; i++)
        if ((unsigned char)id.data[i] < ' ' || id.data[i] == 0x7F)
            return false;
    return id.len > 0 && id.len <= WORK_ID_MAX;
}

static enum status parse_line(struct work_texts *texts, struct span line, struct span *id,
                              struct span *text, struct error *err)
{
    static const char form[] = "a line is {\"id\": \"...\", \"text\": \"...\"}, both of them texts";
    struct dom_node root;
    if (!texts->parser)
        texts->parser = dom_parser_new((size_t)WORK_TEXT_MAX + READ_BYTES, DEPTH);
    if (!texts->parser)
        return error_nomem(err);
    switch (dom_parse(texts->parser, line.data, line.len, &root)) {
    case DOM_OK:
        break;
    case DOM_NO_MEMORY:
        return error_nomem(err);
    case DOM_BAD_UTF8:
        return error_set(err, STATUS_INPUT, NULL, "%s: not UTF-8", texts->place);
    default:
        (void)error_set(err, STATUS_INPUT, NULL, "%s: not valid JSON", texts->place);
        return error_hint(err, "%s", form);
    }
    if (!dom_string(DOM_GET(root, "id"), id) || !dom_string(DOM_GET(root, "text"), text)) {
        (void)error_set(err, STATUS_INPUT, NULL, "%s: no work with \"id\" and \"text\"",
                        texts->place);
        return error_hint(err, "%s", form);
    }
    if (!is_id(*id))
        return error_set(err, STATUS_INPUT, NULL,
                         "%s: the id is empty, longer than %d bytes or has control characters",
                         texts->place, WORK_ID_MAX);
    return STATUS_OK;
}

static enum status open_lines(struct work_texts *texts, struct error *err)
{
    texts->lines = fopen(texts->at->path, "re");
    if (!texts->lines)
        return error_errno(err, STATUS_INPUT, errno, NULL, "cannot open \"%s\"", texts->at->name);
    buffer_reset(&texts->bytes);
    texts->line = texts->from = 0;
    texts->all_read = false;
    return STATUS_OK;
}

/* *FOUND: there is another work in the open file. */
static enum status next_line(struct work_texts *texts, struct span *id, struct span *text,
                             bool *found, struct error *err)
{
    for (*found = false; !*found;) {
        size_t len = 0;
        texts->line++;
        set_place(texts);
        TRY(fill_line(texts, &len, err));
        bool last = texts->from + len == texts->bytes.len;
        if (last && len == 0)
            break;
        struct span line = {texts->bytes.data + texts->from, len};
        texts->from += len + !last;
        if (texts->line == 1)
            line = without_mark(line);
        if (is_blank(line))
            continue;
        TRY(parse_line(texts, line, id, text, err));
        *found = true;
    }
    return STATUS_OK;
}

/* ---- all files ---- */

static enum status close_file(struct work_texts *texts, struct error *err)
{
    if (texts->lines)
        (void)fclose(texts->lines); /* it was read only */
    texts->lines = NULL;
    const struct plan_work_file *file = texts->at;
    texts->at = NULL;
    return file ? check_unchanged(file, err) : STATUS_OK;
}

enum status work_texts_next(struct work_texts *texts, struct span *id, struct span *text, bool *end,
                            struct error *err)
{
    for (*end = false;;) {
        if (texts->lines) {
            bool found;
            TRY(next_line(texts, id, text, &found, err));
            if (found)
                return STATUS_OK;
        }
        TRY(close_file(texts, err));
        if (texts->file == texts->query->work_file_count) {
            *end = true;
            return STATUS_OK;
        }
        texts->at = &texts->query->work_files[texts->file++];
        size_t len = strlen(texts->at->name);
        if (len > 6 && strcmp(texts->at->name + len - 6, ".jsonl") == 0)
            TRY(open_lines(texts, err));
        else
            return read_whole(texts, id, text, err);
    }
}
