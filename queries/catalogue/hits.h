/*
 * Hits of a set of terms in a part: written term by term, read back as bitmaps.
 *
 *     conversations.roaring   term 0 | term 1 | ...    with conversations.offsets.npy
 *     exchanges.roaring, prompt_only.roaring, output_only.roaring   the same way
 *     turns.npy, occurrences.npy   a value for each hit conversation, term after term
 *     starts.npy                   [terms + 1] where each term's values begin
 *
 * All terms of a query share four files, since a file a term would mean thousands of files.
 */
#ifndef PROFFER_HITS_H
#define PROFFER_HITS_H

#include "base/error.h"
#include "queries/catalogue/bitmap.h"
#include "queries/catalogue/segment.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct hit_row {
    uint32_t row; /* conversation, local to the part; ascending within a term */
    uint32_t turns, occurrences;
    bool prompt_only, output_only;
    uint32_t first_exchange;   /* of the conversation, local to the part */
    const uint32_t *exchanges; /* ordinals within the conversation, ascending */
    uint32_t exchange_count;
};

struct hits_builder;

struct hits_builder *hits_builder_new(size_t terms) __attribute__((warn_unused_result));
void hits_builder_free(struct hits_builder *builder);
PROFFER_MUST_USE enum status hits_builder_add(struct hits_builder *builder, size_t term,
                                              const struct hit_row *hit, struct error *err);
PROFFER_MUST_USE enum status hits_builder_write(struct hits_builder *builder,
                                                struct segment_out *out, struct error *err);

/* One term's hits in one part. */
struct hits {
    struct bitmap *conversations, *exchanges, *prompt_only, *output_only;
    const uint32_t *turns, *occurrences; /* mapped; [bitmap_count(conversations)] */
};

/*
 * Reads term TERM of a hits segment that holds TERMS of them. Release with hits_release. Rows and
 * exchanges are as the writer had them: whether the part has them is for the caller to check.
 */
PROFFER_MUST_USE enum status hits_read(struct segment *segment, size_t terms, size_t term,
                                       struct hits *out, struct error *err);
void hits_release(struct hits *hits);

#endif
