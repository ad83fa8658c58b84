/*
 * What a file's first record looks like and how it is mapped: see log_file_peek in log_set.h.
 * Member names are the log's own strings, so they are cut and their control characters hidden;
 * values are never shown.
 */
#include "queries/logs/format.h"
#include "queries/logs/log_set.h"
#include "queries/logs/log_sniff.h"
#include "queries/logs/record_map.h"

#include "base/civil.h"

#include <stdlib.h>

enum { SHOWN_KEYS = 60, SHOWN_KEY_BYTES = 60 };

struct peek {
    struct record_reader *reader;
    const struct log_file *file;
    FILE *out;
    bool found;
};

static const char *const type_names[] = {
    [DOM_ABSENT] = "nothing", [DOM_NULL] = "null",   [DOM_BOOL] = "boolean",
    [DOM_INT] = "number",     [DOM_UINT] = "number", [DOM_DOUBLE] = "number",
    [DOM_STRING] = "string",  [DOM_ARRAY] = "array", [DOM_OBJECT] = "object",
};
static const char *const compression_names[] = {
    [COMPRESSION_NONE] = "plain", [COMPRESSION_GZIP] = "gzip", [COMPRESSION_ZSTD] = "zstd"};
static const char *const framing_names[] = {[FRAMING_LINES] = "one record a line",
                                            [FRAMING_ARRAY] = "one JSON array",
                                            [FRAMING_VALUES] = "JSON values one after another"};
static const char *const role_names[ROLE_COUNT] = {"user", "assistant", "system", "tool"};

static void show_key(FILE *out, struct span key)
{
    size_t len = key.len < SHOWN_KEY_BYTES ? key.len : SHOWN_KEY_BYTES;
    while (len > 0 && len < key.len && ((unsigned char)key.data[len] & 0xC0) == 0x80)
        len--;
    for (size_t i = 0; i < len; i++) {
        unsigned char c = (unsigned char)key.data[i];
        fputc(c < 0x20 || c == 0x7F ? '?' : c, out);
    }
    if (len < key.len)
        fputs("...", out);
}

static void show_keys(FILE *out, struct dom_node root)
{
    struct span key;
    struct dom_node value;
    size_t count = 0;
    fputs("  members:", out);
    for (struct dom_walk walk = dom_walk_over(root); dom_next(&walk, &key, &value); count++) {
        if (count >= SHOWN_KEYS)
            continue;
        fputs(count ? ", " : " ", out);
        show_key(out, key);
        fprintf(out, " (%s)", type_names[dom_type(value)]);
    }
    if (count > SHOWN_KEYS)
        fprintf(out, ", and %zu more", count - SHOWN_KEYS);
    fputc('\n', out);
}

static void show_mapping(FILE *out, const char *name, const char *pointer, bool has)
{
    if (pointer)
        fprintf(out, "  %-9s <- %s\n", name, pointer);
    else
        fprintf(out, "  %-9s %s\n", name, has ? "<- the messages" : "not carried");
}

static void show_turns(FILE *out, const struct conversation *conversation)
{
    size_t by_role[ROLE_COUNT] = {0};
    for (size_t i = 0; i < conversation->turn_count; i++)
        by_role[conversation->turns[i].role]++;
    fprintf(out, "  turns: %zu", conversation->turn_count);
    for (int i = 0; i < ROLE_COUNT; i++)
        fprintf(out, "%s%zu %s", i ? ", " : " (", by_role[i], role_names[i]);
    fputs(")\n", out);
    for (int i = 0; i < ODDITY_COUNT; i++)
        if (conversation->oddities[i])
            fprintf(out, "  %s: %u\n", conversation_oddities[i].title, conversation->oddities[i]);
}

static enum status show_record(void *context, char *text, size_t len, bool *found,
                               struct error *err)
{
    struct peek *peek = context;
    const struct format_type *format = peek->file->format;
    struct conversation conversation;
    struct record_map map;
    enum rejection why = REJECT_NONE;
    TRY(record_read(peek->reader, format, text, len, &conversation, &why, err));
    if (why != REJECT_NONE)
        return STATUS_OK;
    *found = peek->found = true;
    record_map_of(peek->reader, format, &map);
    show_keys(peek->out, map.root);
    show_mapping(peek->out, "id", map.pointers[SLOT_ID], conversation.id.data);
    show_mapping(peek->out, "user", map.pointers[SLOT_USER], conversation.user.data);
    show_mapping(peek->out, "time", map.pointers[SLOT_TIME], conversation.time != CIVIL_NONE);
    for (int i = 0; i < FIELD_COUNT; i++)
        show_mapping(peek->out, conversation_field_names[i], map.pointers[SLOT_MODEL + i],
                     conversation.fields[i].data);
    show_turns(peek->out, &conversation);
    return STATUS_OK;
}

/* Does it begin with the byte order mark of UTF-16, as text saved elsewhere may? */
static bool is_utf16(const struct log_file *file)
{
    unsigned char mark[2] = {0};
    FILE *stream = fopen(file->path, "rb");
    size_t got = stream ? fread(mark, 1, sizeof mark, stream) : 0;
    if (stream)
        (void)fclose(stream);
    return got == 2 &&
           ((mark[0] == 0xFF && mark[1] == 0xFE) || (mark[0] == 0xFE && mark[1] == 0xFF));
}

enum status log_file_peek(const struct log_file *file, const struct log_options *options, FILE *out,
                          struct error *err)
{
    struct peek peek = {record_reader_new(options->max_record, options->maps), file, out, false};
    if (!peek.reader)
        return error_nomem(err);
    fprintf(out, "%s: %s, %s, format %s\n", file->name, compression_names[file->compression],
            framing_names[file->framing], format_name(file->format));
    enum status status = log_first_record(file, options, show_record, &peek, err);
    if (status == STATUS_OK && !peek.found)
        fputs(file->size == 0  ? "  the file is empty\n"
              : is_utf16(file) ? "  no record fits a format: the file is UTF-16 text, to be "
                                 "saved as UTF-8\n"
                               : "  no record fits a format\n",
              out);
    record_reader_free(peek.reader);
    return status;
}
