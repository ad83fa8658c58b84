/* What a file is: see log_sniff.h. */
#include "queries/logs/log_sniff.h"

#include "queries/logs/log_stream.h"
#include "queries/logs/source.h"
#include "queries/logs/splitter.h"

#include <stdlib.h>
#include <string.h>

enum {
    SNIFF_BYTES = 256 * 1024, /* of text that framing is told from */
    SNIFF_BATCH = 64 * 1024,  /* read at a time while looking for a record */
    SNIFF_RECORDS = 1000,     /* tried for a format */
    SNIFF_LIMIT = 64 << 20    /* bytes on disk after which the search ends */
};

enum compression sniff_compression(const unsigned char *bytes, size_t len)
{
    if (len >= 3 && bytes[0] == 0x1F && bytes[1] == 0x8B && bytes[2] == 8)
        return COMPRESSION_GZIP;
    if (len >= 4 && bytes[0] == 0x28 && bytes[1] == 0xB5 && bytes[2] == 0x2F && bytes[3] == 0xFD)
        return COMPRESSION_ZSTD;
    /* A skippable frame first: 0x184D2A50 to 0x184D2A5F. */
    if (len >= 4 && (bytes[0] & 0xF0) == 0x50 && bytes[1] == 0x2A && bytes[2] == 0x4D &&
        bytes[3] == 0x18)
        return COMPRESSION_ZSTD;
    return COMPRESSION_NONE;
}

static size_t blank_end(const char *text, size_t at, size_t len)
{
    while (at < len &&
           (text[at] == ' ' || text[at] == '\t' || text[at] == '\r' || text[at] == '\n'))
        at++;
    return at;
}

/* Is TEXT one whole value as far as brackets and quotes go? */
static bool is_complete(const char *text, size_t len)
{
    struct splitter splitter;
    struct split_record record;
    splitter_init(&splitter, FRAMING_VALUES, SIZE_MAX, 1);
    return splitter_next(&splitter, text, len, true, false, &record) && record.why == REJECT_NONE &&
           blank_end(text, record.at + record.len, len) == len;
}

enum framing sniff_framing(const char *text, size_t len, bool whole)
{
    size_t at = len >= 3 && memcmp(text, "\xEF\xBB\xBF", 3) == 0 ? 3 : 0;
    at = blank_end(text, at, len);
    if (at == len)
        return FRAMING_LINES;
    if (text[at] == '[')
        return FRAMING_ARRAY;
    const char *newline = memchr(text + at, '\n', len - at);
    if (!newline || is_complete(text + at, (size_t)(newline - text) - at))
        return FRAMING_LINES;
    at = blank_end(text, (size_t)(newline - text), len);
    return (at == len && whole) || (at < len && text[at] == '{') ? FRAMING_LINES : FRAMING_VALUES;
}

/* Up to ROOM bytes of the decompressed text. */
static enum status read_text(const struct log_file *file, char *text, size_t room, size_t *len,
                             struct error *err)
{
    struct source *source = NULL;
    bool broken = false;
    size_t got = 1;
    *len = 0;
    TRY(source_open(&source, file->path, file->compression, file->size, 0, file->size, false, err));
    enum status status = STATUS_OK;
    while (status == STATUS_OK && got > 0 && *len < room) {
        status = source_read(source, text + *len, room - *len, &got, &broken, err);
        *len += got;
    }
    source_free(source);
    return status;
}

static enum status sniff_layout(struct log_file *file, struct error *err)
{
    char *text = malloc(SNIFF_BYTES);
    if (!text)
        return error_nomem(err);
    size_t len = 0;
    file->compression = COMPRESSION_NONE;
    enum status status = read_text(file, text, 16, &len, err);
    if (status == STATUS_OK && len >= 4 && memcmp(text, "PAR1", 4) == 0) {
        status = error_set(err, STATUS_INPUT, NULL,
                           "\"%s\" is a Parquet file, which is not read here", file->path);
        error_hint(err, "duckdb -c \"COPY (SELECT * FROM 'chats.parquet') TO 'chats.jsonl' (FORMAT "
                        "json)\" turns one into JSON lines");
    }
    if (status == STATUS_OK) {
        file->compression = sniff_compression((const unsigned char *)text, len);
        status = read_text(file, text, SNIFF_BYTES, &len, err);
    }
    if (status == STATUS_OK)
        file->framing = sniff_framing(text, len, len < SNIFF_BYTES);
    free(text);
    return status;
}

enum status log_first_record(const struct log_file *file, const struct log_options *options,
                             log_record_visit *visit, void *context, struct error *err)
{
    struct log_options plain = *options;
    plain.digest = false;
    struct log_stream *stream = NULL;
    struct log_batch batch;
    log_batch_init(&batch);
    enum status status = STATUS_OK;
    size_t tried = 0;
    uint64_t bytes = 0;
    bool end = false, found = false;
    TRY_CLEANUP(log_stream_open_file(&stream, file, 0, file->size, &plain, SNIFF_BATCH, err));
    while (!found && tried < SNIFF_RECORDS && bytes < SNIFF_LIMIT) {
        TRY_CLEANUP(log_stream_next(stream, &batch, &end, err));
        if (end)
            break;
        bytes += batch.bytes_read;
        for (size_t i = 0; i < batch.count && !found && tried < SNIFF_RECORDS; i++, tried++) {
            const struct log_record *record = &batch.records[i];
            if (record->why == REJECT_NONE)
                TRY_CLEANUP(visit(context, batch.data + record->at, record->len, &found, err));
        }
    }
cleanup:
    log_batch_release(&batch);
    log_stream_free(stream);
    return status;
}

struct detection {
    struct record_reader *reader;
    const struct format_type *format;
};

static enum status detect(void *context, char *text, size_t len, bool *found, struct error *err)
{
    struct detection *detection = context;
    TRY(record_detect(detection->reader, text, len, &detection->format, err));
    *found = detection->format != NULL;
    return STATUS_OK;
}

enum status log_sniff(struct log_file *file, const struct log_options *options,
                      struct record_reader *reader, struct error *err)
{
    TRY(sniff_layout(file, err));
    file->format = format_find(
        options->format && strcmp(options->format, "auto") != 0 ? options->format : "native");
    if (!options->format || strcmp(options->format, "auto") == 0) {
        struct detection detection = {reader, NULL};
        TRY(log_first_record(file, options, detect, &detection, err));
        if (detection.format)
            file->format = detection.format;
    }
    return STATUS_OK;
}
