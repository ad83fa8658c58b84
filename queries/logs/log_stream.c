/*
 * Batches of whole records: see log_stream.h. The window that the splitter looks at is the batch's
 * own data, so records are not copied; only what is left of the last one moves on to the next
 * batch, by way of `carry`.
 */
#include "queries/logs/log_stream.h"

#include "base/memory.h"
#include "queries/logs/source.h"
#include "queries/logs/splitter.h"

#include <stdlib.h>
#include <string.h>

struct log_stream {
    struct source *source;
    struct splitter splitter;
    size_t batch_bytes;
    uint64_t sequence, reported; /* bytes on disk told so far */
    bool digest, placed;         /* the splitter knows where the part begins */
    bool drained, broken;        /* the source has ended, early */
    char *carry;                 /* bytes that the last batch left over */
    size_t carry_len, carry_capacity;
};

void log_batch_init(struct log_batch *batch)
{
    *batch = (struct log_batch){0};
}

void log_batch_release(struct log_batch *batch)
{
    free(batch->data);
    free(batch->records);
    *batch = (struct log_batch){0};
}

enum status log_stream_open_file(struct log_stream **out, const struct log_file *file,
                                 uint64_t start, uint64_t end, const struct log_options *options,
                                 size_t batch_bytes, struct error *err)
{
    *out = NULL;
    struct log_stream *stream = mem_zalloc(1, sizeof *stream);
    if (!stream)
        return error_nomem(err);
    stream->batch_bytes = batch_bytes;
    stream->digest = options->digest;
    splitter_init(&stream->splitter, file->framing, options->max_record, 0);
    enum status status = source_open(&stream->source, file->path, file->compression, file->size,
                                     start, end, options->digest, err);
    if (status == STATUS_OK)
        *out = stream;
    else
        log_stream_free(stream);
    return status;
}

enum status log_stream_open(struct log_stream **stream, const struct log_set *set, size_t part,
                            const struct log_options *options, struct error *err)
{
    const struct log_part *range = &set->parts[part];
    return log_stream_open_file(stream, &set->files[range->file], range->start, range->end, options,
                                LOG_BATCH_BYTES, err);
}

void log_stream_free(struct log_stream *stream)
{
    if (!stream)
        return;
    source_free(stream->source);
    free(stream->carry);
    free(stream);
}

/* Room for LEN bytes and the padding. */
static enum status batch_room(struct log_batch *batch, size_t len, struct error *err)
{
    if (len > SIZE_MAX / 2 - RECORD_PADDING)
        return error_nomem(err);
    char *grown = mem_grow(batch->data, &batch->capacity, len + RECORD_PADDING, 1);
    if (!grown)
        return error_nomem(err);
    batch->data = grown;
    return STATUS_OK;
}

static enum status batch_add(struct log_batch *batch, const struct split_record *record,
                             struct error *err)
{
    struct log_record *grown =
        mem_grow(batch->records, &batch->record_capacity, batch->count + 1, sizeof *grown);
    if (!grown)
        return error_nomem(err);
    batch->records = grown;
    grown[batch->count++] =
        (struct log_record){record->at, record->len, record->offset, record->why};
    return STATUS_OK;
}

/* Begins a batch with what the last one left over; gives the memory of a huge one back. */
static enum status batch_begin(struct log_stream *stream, struct log_batch *batch,
                               struct error *err)
{
    batch->count = batch->len = 0;
    if (batch->capacity / 4 > stream->batch_bytes + stream->carry_len + RECORD_PADDING) {
        free(batch->data);
        batch->data = NULL;
        batch->capacity = 0;
    }
    TRY(batch_room(batch, stream->carry_len, err));
    if (stream->carry_len)
        memcpy(batch->data, stream->carry, stream->carry_len);
    batch->len = stream->carry_len;
    stream->carry_len = 0;
    if (stream->carry_capacity / 4 > stream->batch_bytes) {
        free(stream->carry);
        stream->carry = NULL;
        stream->carry_capacity = 0;
    }
    return STATUS_OK;
}

/* Reads until the batch holds WANT bytes or the input ends. */
static enum status batch_fill(struct log_stream *stream, struct log_batch *batch, size_t want,
                              struct error *err)
{
    TRY(batch_room(batch, want, err));
    while (batch->len < want && !stream->drained) {
        size_t got = 0;
        TRY(source_read(stream->source, batch->data + batch->len, want - batch->len, &got,
                        &stream->broken, err));
        if (!stream->placed) {
            stream->placed = true;
            stream->splitter.base = source_start(stream->source);
        }
        batch->len += got;
        stream->drained = got == 0;
    }
    memset(batch->data + batch->len, 0, RECORD_PADDING);
    return STATUS_OK;
}

/* Puts what was not cut aside for the next batch. */
static enum status batch_end(struct log_stream *stream, struct log_batch *batch, struct error *err)
{
    size_t keep = splitter_keep(&stream->splitter), left = batch->len - keep;
    if (left > 0) {
        char *grown = mem_grow(stream->carry, &stream->carry_capacity, left, 1);
        if (!grown)
            return error_nomem(err);
        stream->carry = grown;
        memcpy(grown, batch->data + keep, left);
    }
    stream->carry_len = left;
    splitter_moved(&stream->splitter, keep);
    batch->sequence = stream->sequence++;
    batch->bytes_read = source_consumed(stream->source) - stream->reported;
    stream->reported += batch->bytes_read;
    return STATUS_OK;
}

enum status log_stream_next(struct log_stream *stream, struct log_batch *batch, bool *end,
                            struct error *err)
{
    *end = false;
    TRY(batch_begin(stream, batch, err));
    size_t want = stream->batch_bytes;
    for (;;) {
        struct split_record record;
        TRY(batch_fill(stream, batch, want, err));
        while (batch->count < LOG_BATCH_RECORDS &&
               splitter_next(&stream->splitter, batch->data, batch->len, stream->drained,
                             stream->broken, &record))
            TRY(batch_add(batch, &record, err));
        if (batch->count > 0 || stream->drained)
            break;
        /* Nothing whole yet: drop what need not be kept, then read as much again. */
        size_t keep = splitter_keep(&stream->splitter);
        memmove(batch->data, batch->data + keep, batch->len - keep);
        batch->len -= keep;
        splitter_moved(&stream->splitter, keep);
        want = batch->len + (batch->len > stream->batch_bytes ? batch->len : stream->batch_bytes);
    }
    *end = batch->count == 0;
    return batch_end(stream, batch, err);
}

enum status log_stream_digest(struct log_stream *stream, struct sha256 *digest, uint64_t *start,
                              uint64_t *bytes, bool *has, struct error *err)
{
    *has = stream->digest;
    if (!stream->digest)
        return STATUS_OK;
    return source_digest(stream->source, digest, start, bytes, err);
}
