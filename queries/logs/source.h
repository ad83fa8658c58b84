/*
 * The bytes of one part of a file: read by pread, hashed as they lie on disk, decompressed.
 *
 *     pread -> SHA-256 -> as they are | isa-l (gzip, RFC 1952, several members) | zstd (several
 *     frames)
 *
 * A part of a plain file is aligned to lines here: it begins after the first newline at or after
 * start - 1, and ends after the first newline at or after end - 1, so that the parts of a file
 * share out its lines for any ranges. Nothing is mapped: a file that shrinks is an error and no
 * signal.
 */
#ifndef PROFFER_SOURCE_H
#define PROFFER_SOURCE_H

#include "base/digest.h"
#include "base/error.h"
#include "queries/logs/log_set.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct source;

/* SIZE of the file when it was listed; START and END as in struct log_part. PATH must outlive the
 * source. */
PROFFER_MUST_USE enum status source_open(struct source **source, const char *path,
                                         enum compression compression, uint64_t size,
                                         uint64_t start, uint64_t end, bool digest,
                                         struct error *err);
void source_free(struct source *source);

/*
 * Puts up to ROOM bytes into BUFFER; *GOT is 0 only at the end. *BROKEN then says that the end came
 * early: the compressed stream is truncated, fails its checksum, or is followed by something else.
 * Trailing zero bytes after gzip are padding. Errors: reading fails, the file became shorter, no
 * memory, a zstd window over 128 MiB.
 */
PROFFER_MUST_USE enum status source_read(struct source *source, char *buffer, size_t room,
                                         size_t *got, bool *broken, struct error *err);

/* Bytes on disk that were consumed so far. */
uint64_t source_consumed(const struct source *source);
/* Where the part's first byte lies in the file, after alignment; known after the first read. */
uint64_t source_start(const struct source *source);

/*
 * SHA-256 of the part's bytes on disk, after alignment, and how many they are. To be called once;
 * bytes after the end of a broken stream are read first, so that the value is that of the file.
 */
PROFFER_MUST_USE enum status source_digest(struct source *source, struct sha256 *value,
                                           uint64_t *start, uint64_t *bytes, struct error *err);

#endif
