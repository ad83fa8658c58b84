/*
 * The input files of a plan and how they are divided into parts: a compressed or array file is one
 * part, a plain line file one part per newline-aligned 1 GiB range.
 */
#ifndef PROFFER_LOG_SET_H
#define PROFFER_LOG_SET_H

#include "base/error.h"
#include "queries/logs/record.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum compression { COMPRESSION_NONE, COMPRESSION_GZIP, COMPRESSION_ZSTD };

/* How records follow each other in a file. */
enum framing {
    FRAMING_LINES, /* one record a line */
    FRAMING_ARRAY, /* one JSON array, its elements are the records */
    FRAMING_VALUES /* JSON values one after another, over several lines each */
};

struct log_file {
    char *path;       /* as opened */
    char *name;       /* as the plan's glob gave it: relative to the plan's folder, or absolute */
    uint64_t size;    /* bytes */
    int64_t mtime_ns; /* nanoseconds since 1970 */
    enum compression compression;
    enum framing framing;
    const struct format_type *format; /* never NULL after log_set_open */
};

struct log_part {
    size_t file;    /* index into files */
    uint64_t start; /* byte range of the file as it is on disk: [start, end) before alignment */
    uint64_t end;   /* records that begin in the range belong to the part */
};

struct log_set {
    struct log_file *files; /* bytewise sorted by name */
    size_t file_count;
    struct log_part *parts; /* in the order of files, then offsets; the ordinal is the index */
    size_t part_count;
    uint64_t bytes; /* of all files, on disk */
};

struct log_options {
    const char *base_dir; /* what relative paths start from */
    char *const *paths;   /* globs or names */
    size_t path_count;
    const char *format;  /* "auto" or a name */
    size_t max_record;   /* bytes */
    uint64_t part_bytes; /* 0 means 1 GiB; tests make it small */
    bool digest;         /* compute SHA-256 while reading */
    const struct field_maps *maps;
};

/*
 * Expands the globs, sorts, stats, sniffs compression (by magic bytes, not by name) and framing,
 * and finds each file's format from its first readable record. A file named twice counts once. A
 * glob that matches nothing, a missing file, a folder, no permission: STATUS_INPUT naming it. A
 * file whose records fit no format is native, so that its records are counted as rejected.
 */
PROFFER_MUST_USE enum status log_set_open(struct log_set *set, const struct log_options *options,
                                          struct error *err);
void log_set_release(struct log_set *set);

/* What `check --peek` shows of a file's first record: the keys found and what they were mapped to,
 * never their contents. Writes lines of text to OUT. */
PROFFER_MUST_USE enum status log_file_peek(const struct log_file *file,
                                           const struct log_options *options, FILE *out,
                                           struct error *err);

#endif
