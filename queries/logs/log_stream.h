/*
 * Reading one part as batches of whole records, in order, in a bounded buffer.
 *
 *     bytes of the part -> SHA-256 -> decompress -> cut into records -> batch 0, batch 1, ...
 *
 * One thread at a time may call log_stream_next; batches are then worked on by any thread.
 */
#ifndef PROFFER_LOG_STREAM_H
#define PROFFER_LOG_STREAM_H

#include "base/digest.h"
#include "base/error.h"
#include "queries/logs/log_set.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { LOG_BATCH_BYTES = 1 << 19, LOG_BATCH_RECORDS = 1 << 16 /* at most in a batch */ };

struct log_record {
    size_t at, len;     /* within the batch's data; len may be 0 for a rejected one */
    uint64_t offset;    /* of its first byte in the decompressed file */
    enum rejection why; /* TOO_LONG, TOO_DEEP, TRUNCATED or INVALID_JSON where framing found it,
                           else NONE */
};

struct log_batch {
    uint64_t sequence; /* 0, 1, 2, ... within the part */
    char *data;        /* RECORD_PADDING readable bytes follow each record */
    size_t len, capacity;
    struct log_record *records; /* blank lines are not among them */
    size_t count, record_capacity;
    uint64_t bytes_read; /* bytes of the file on disk that this batch advanced by */
};

void log_batch_init(struct log_batch *batch);
void log_batch_release(struct log_batch *batch);

struct log_stream;

PROFFER_MUST_USE enum status log_stream_open(struct log_stream **stream, const struct log_set *set,
                                             size_t part, const struct log_options *options,
                                             struct error *err);
/* The same for a range of a file that need not belong to a set, in batches of about BATCH_BYTES.
 * FILE must outlive the stream; its format is not used. */
PROFFER_MUST_USE enum status log_stream_open_file(struct log_stream **stream,
                                                  const struct log_file *file, uint64_t start,
                                                  uint64_t end, const struct log_options *options,
                                                  size_t batch_bytes, struct error *err);
void log_stream_free(struct log_stream *stream);

/*
 * Fills BATCH (reusing its memory) with about LOG_BATCH_BYTES of records, at least one unless the
 * part has ended (*END true, batch empty). A truncated or corrupt compressed stream yields what
 * came before it and then one record rejected as TRUNCATED; it is not an error. Errors: reading
 * fails, no memory.
 */
PROFFER_MUST_USE enum status log_stream_next(struct log_stream *stream, struct log_batch *batch,
                                             bool *end, struct error *err);

/*
 * After the end: SHA-256 of the bytes of the part on disk (for a file of one part, of the file;
 * for a range, of the bytes of its records, newline-aligned) and how many bytes those were.
 * *HAS is false when the options asked for no digest.
 */
PROFFER_MUST_USE enum status log_stream_digest(struct log_stream *stream, struct sha256 *digest,
                                               uint64_t *start, uint64_t *bytes, bool *has,
                                               struct error *err);

#endif
