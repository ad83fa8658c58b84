/*
 * What one batch of records came to: rows, hits and rejections, made by any thread, appended to the
 * part in the batches' order by whoever holds the next one. The only code that sees message text.
 */
#ifndef PROFFER_FRAGMENT_H
#define PROFFER_FRAGMENT_H

#include "base/arena.h"
#include "base/error.h"
#include "queries/catalogue/part_build.h"
#include "queries/logs/log_stream.h"
#include "queries/logs/record.h"
#include "queries/text_reader.h"

#include <stddef.h>
#include <stdint.h>

struct fragment_hit {
    uint32_t row; /* within the fragment */
    struct question_ref ref;
    struct text_hit hit;
};

struct fragment_overlap {
    uint32_t row;                 /* within the fragment */
    struct overlap_result result; /* its arrays lie in the fragment's arena */
};

struct fragment_reject {
    uint64_t offset;
    enum rejection why;
};

struct fragment {
    uint64_t sequence;
    struct fragment *next;
    struct arena arena; /* strings, field and mark arrays, exchange lists */
    struct part_row *rows;
    size_t count, capacity;
    struct fragment_hit *hits;
    size_t hit_count, hit_capacity;
    struct fragment_overlap *overlaps;
    size_t overlap_count, overlap_capacity;
    struct fragment_reject *rejects;
    size_t reject_count, reject_capacity;
};

struct fragment *fragment_new(uint64_t sequence) __attribute__((warn_unused_result));
void fragment_free(struct fragment *fragment);

/* Reads every record of BATCH, counts and matches it. FIELD_COUNT is FIELD_COUNT plus free fields.
 */
PROFFER_MUST_USE enum status fragment_fill(struct fragment *fragment, struct log_batch *batch,
                                           const struct format_type *format,
                                           struct record_reader *reader, struct text_reader *texts,
                                           size_t field_count, struct error *err);

#endif
