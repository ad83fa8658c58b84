/* The bytes of one part: see source.h. */
#include "queries/logs/source.h"

#include "base/memory.h"

#include <errno.h>
#include <fcntl.h>
#include <isa-l/igzip_lib.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <zstd.h>
#include <zstd_errors.h>

enum { INPUT_BYTES = 256 * 1024, GZIP_HEADER_BYTES = 80 * 1024, WINDOW_LOG_MAX = 27 };

struct source {
    const char *path;
    int fd;
    enum compression compression;
    uint64_t at;         /* next byte to read from the file */
    uint64_t start, end; /* aligned once `aligned` */
    uint64_t size;       /* of the file, when it was listed */
    bool aligned, ended, broken;
    struct digest *digest;

    /* Compressed input that is not decoded yet: input[input_at .. input_len). */
    unsigned char *input;
    size_t input_at, input_len;
    struct inflate_state *inflate;
    /* The library keeps what it read of a member's header only here, so that it must last until the
     * header is whole: isal_inflate alone forgets it when its input ends inside one. */
    struct isal_gzip_header header;
    bool in_header;
    ZSTD_DCtx *zstd;
    bool inside; /* a gzip member or zstd frame has begun and not ended */
};

static enum status decoder_new(struct source *source, struct error *err)
{
    if (source->compression == COMPRESSION_NONE)
        return STATUS_OK;
    source->input = malloc(INPUT_BYTES);
    if (!source->input)
        return error_nomem(err);
    if (source->compression == COMPRESSION_GZIP) {
        source->inflate = malloc(sizeof *source->inflate);
        if (!source->inflate)
            return error_nomem(err);
        isal_inflate_init(source->inflate);
        source->inflate->crc_flag = ISAL_GZIP;
        return STATUS_OK;
    }
    source->zstd = ZSTD_createDCtx();
    if (!source->zstd ||
        ZSTD_isError(ZSTD_DCtx_setParameter(source->zstd, ZSTD_d_windowLogMax, WINDOW_LOG_MAX)))
        return error_nomem(err);
    return STATUS_OK;
}

enum status source_open(struct source **out, const char *path, enum compression compression,
                        uint64_t size, uint64_t start, uint64_t end, bool digest, struct error *err)
{
    *out = NULL;
    struct source *source = mem_zalloc(1, sizeof *source);
    if (!source)
        return error_nomem(err);
    *source = (struct source){.path = path,
                              .fd = -1,
                              .compression = compression,
                              .at = start,
                              .start = start,
                              .end = end,
                              .size = size};
    enum status status = STATUS_OK;
    if (digest && !(source->digest = digest_new())) {
        status = error_nomem(err);
        goto cleanup;
    }
    TRY_CLEANUP(decoder_new(source, err));
    source->fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
    if (source->fd < 0) {
        status = error_errno(err, STATUS_INPUT, errno, NULL, "cannot open \"%s\"", path);
        goto cleanup;
    }
    /* Advice only: its failure changes nothing. */
    (void)posix_fadvise(source->fd, (off_t)start, (off_t)(end - start), POSIX_FADV_SEQUENTIAL);
    *out = source;
    return STATUS_OK;
cleanup:
    source_free(source);
    return status;
}

void source_free(struct source *source)
{
    if (!source)
        return;
    if (source->fd >= 0)
        close(source->fd);
    digest_free(source->digest);
    ZSTD_freeDCtx(source->zstd);
    free(source->inflate);
    free(source->input);
    free(source);
}

/* Up to ROOM bytes at OFFSET; *GOT is 0 at the file's end. */
static enum status read_at(struct source *source, void *buffer, size_t room, uint64_t offset,
                           size_t *got, struct error *err)
{
    for (;;) {
        ssize_t n = pread(source->fd, buffer, room, (off_t)offset);
        if (n >= 0) {
            *got = (size_t)n;
            return STATUS_OK;
        }
        if (errno != EINTR)
            return error_errno(err, STATUS_INPUT, errno, NULL, "cannot read \"%s\"", source->path);
    }
}

/* The byte after the first newline at or after OFFSET; at least STOP if none lies before STOP. */
static enum status line_after(struct source *source, uint64_t offset, uint64_t stop, uint64_t *out,
                              struct error *err)
{
    enum { STEP = 64 * 1024 };
    char *chunk = malloc(STEP);
    if (!chunk)
        return error_nomem(err);
    enum status status = STATUS_OK;
    *out = stop;
    while (offset < stop) {
        size_t got = 0;
        TRY_CLEANUP(read_at(source, chunk, STEP, offset, &got, err));
        const char *newline = got ? memchr(chunk, '\n', got) : NULL;
        if (newline) {
            *out = offset + (uint64_t)(newline - chunk) + 1;
            break;
        }
        if (got == 0)
            break;
        offset += got;
    }
cleanup:
    free(chunk);
    return status;
}

/* Moves start and end of a plain part to the beginnings of lines. */
static enum status align(struct source *source, struct error *err)
{
    source->aligned = true;
    uint64_t end = source->end;
    if (source->start > 0)
        TRY(line_after(source, source->start - 1, end, &source->start, err));
    if (source->start > 0 && source->start >= end)
        source->start = end; /* no line begins in the range */
    else if (end < source->size)
        TRY(line_after(source, end - 1, source->size, &source->end, err));
    source->at = source->start;
    return STATUS_OK;
}

static enum status shorter(const struct source *source, struct error *err)
{
    return error_set(err, STATUS_INPUT, NULL, "\"%s\" became shorter while it was read",
                     source->path);
}

/* Bytes as they lie on disk, hashed. *GOT is 0 only at the part's end. */
static enum status read_raw(struct source *source, void *buffer, size_t room, size_t *got,
                            struct error *err)
{
    *got = 0;
    uint64_t left = source->end > source->at ? source->end - source->at : 0;
    if (left == 0)
        return STATUS_OK;
    TRY(read_at(source, buffer, left < room ? (size_t)left : room, source->at, got, err));
    if (*got == 0)
        return shorter(source, err);
    if (source->digest)
        TRY(digest_add(source->digest, buffer, *got, err));
    source->at += *got;
    return STATUS_OK;
}

static enum status fill_input(struct source *source, struct error *err)
{
    if (source->input_at < source->input_len)
        return STATUS_OK;
    source->input_at = 0;
    return read_raw(source, source->input, INPUT_BYTES, &source->input_len, err);
}

static void end_stream(struct source *source, bool broken)
{
    source->ended = true;
    source->broken = broken;
}

/*
 * Takes in a gzip member's header whole: ISA-L 2.30 forgets between calls which fields a header has
 * (RFC 1952: up to 64 KiB of extra field, then the file's name and a comment).
 */
static enum status fill_header(struct source *source, struct error *err)
{
    size_t got = 1;
    source->input_len -= source->input_at;
    memmove(source->input, source->input + source->input_at, source->input_len);
    source->input_at = 0;
    while (got > 0 && source->input_len < GZIP_HEADER_BYTES) {
        TRY(read_raw(source, source->input + source->input_len, INPUT_BYTES - source->input_len,
                     &got, err));
        source->input_len += got;
    }
    return STATUS_OK;
}

/* Between two gzip members: skips zero padding. What follows must be a member or the end. */
static enum status next_member(struct source *source, struct error *err)
{
    for (;;) {
        TRY(fill_input(source, err));
        while (source->input_at < source->input_len && source->input[source->input_at] == 0)
            source->input_at++;
        if (source->input_len == 0) {
            end_stream(source, false);
            return STATUS_OK;
        }
        if (source->input_at < source->input_len)
            break;
    }
    if (source->input[source->input_at] != 0x1F) {
        end_stream(source, true);
        return STATUS_OK;
    }
    TRY(fill_header(source, err));
    isal_inflate_reset(source->inflate);
    source->inflate->crc_flag = ISAL_GZIP;
    isal_gzip_header_init(&source->header);
    source->inside = source->in_header = true;
    return STATUS_OK;
}

static enum status read_gzip(struct source *source, char *buffer, size_t room, size_t *got,
                             struct error *err)
{
    struct inflate_state *state = source->inflate;
    if (room > UINT32_MAX)
        room = UINT32_MAX;
    while (*got == 0 && !source->ended) {
        if (!source->inside) {
            TRY(next_member(source, err));
            continue;
        }
        TRY(fill_input(source, err));
        state->next_in = source->input + source->input_at;
        state->avail_in = (uint32_t)(source->input_len - source->input_at);
        state->next_out = (uint8_t *)buffer;
        state->avail_out = (uint32_t)room;
        int result = source->in_header ? isal_read_gzip_header(state, &source->header)
                                       : isal_inflate(state);
        bool header_done = source->in_header && result == ISAL_DECOMP_OK;
        *got = room - state->avail_out;
        size_t taken = source->input_len - source->input_at - state->avail_in;
        source->input_at += taken;
        if (header_done)
            source->in_header = false;
        else if (result < 0 || (source->in_header && result != ISAL_END_INPUT))
            end_stream(source, true);
        else if (!source->in_header && state->block_state == ISAL_BLOCK_FINISH)
            source->inside = false;
        else if (source->input_len == 0 && *got == 0)
            end_stream(source, true);
    }
    return STATUS_OK;
}

static enum status read_zstd(struct source *source, char *buffer, size_t room, size_t *got,
                             struct error *err)
{
    while (*got == 0 && !source->ended) {
        TRY(fill_input(source, err));
        if (source->input_len == 0 && !source->inside) {
            end_stream(source, false);
            break;
        }
        ZSTD_inBuffer in = {source->input, source->input_len, source->input_at};
        ZSTD_outBuffer out = {buffer, room, 0};
        size_t result = ZSTD_decompressStream(source->zstd, &out, &in);
        source->input_at = in.pos;
        *got = out.pos;
        if (ZSTD_isError(result)) {
            ZSTD_ErrorCode code = ZSTD_getErrorCode(result);
            if (code == ZSTD_error_memory_allocation)
                return error_nomem(err);
            if (code == ZSTD_error_frameParameter_windowTooLarge) {
                (void)error_set(err, STATUS_INPUT, NULL,
                                "\"%s\" needs a zstd window of over 128 MiB", source->path);
                (void)error_hint(err, "compress it again without --long");
                return STATUS_INPUT;
            }
            end_stream(source, true);
        } else {
            source->inside = result != 0;
            if (source->input_len == 0 && *got == 0)
                end_stream(source, true);
        }
    }
    return STATUS_OK;
}

static enum status read_plain(struct source *source, char *buffer, size_t room, size_t *got,
                              struct error *err)
{
    TRY(read_raw(source, buffer, room, got, err));
    if (*got == 0)
        end_stream(source, false);
    return STATUS_OK;
}

enum status source_read(struct source *source, char *buffer, size_t room, size_t *got, bool *broken,
                        struct error *err)
{
    *got = 0;
    if (!source->aligned)
        TRY(align(source, err));
    if (!source->ended) {
        if (source->compression == COMPRESSION_GZIP)
            TRY(read_gzip(source, buffer, room, got, err));
        else if (source->compression == COMPRESSION_ZSTD)
            TRY(read_zstd(source, buffer, room, got, err));
        else
            TRY(read_plain(source, buffer, room, got, err));
    }
    *broken = *got == 0 && source->broken;
    return STATUS_OK;
}

uint64_t source_consumed(const struct source *source)
{
    return source->at > source->start ? source->at - source->start : 0;
}

uint64_t source_start(const struct source *source)
{
    return source->start;
}

enum status source_digest(struct source *source, struct sha256 *value, uint64_t *start,
                          uint64_t *bytes, struct error *err)
{
    size_t got = 1;
    if (!source->aligned)
        TRY(align(source, err));
    char *rest = malloc(INPUT_BYTES);
    if (!rest)
        return error_nomem(err);
    enum status status = STATUS_OK;
    while (got > 0)
        TRY_CLEANUP(read_raw(source, rest, INPUT_BYTES, &got, err));
    *start = source->start;
    *bytes = source_consumed(source);
    status = digest_end(source->digest, value, err);
cleanup:
    free(rest);
    return status;
}
