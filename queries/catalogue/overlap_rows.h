/*
 * What overlap with works was found in a part: written row by row, read back as columns.
 *
 *     prompt_words.npy, output_words.npy   a value for each conversation of the part
 *     exchange.npy                         number within the part of each exchange with a run
 *     longest.SIDE.npy, covered.SIDE.npy   a value for each of those
 *     starts.npy                           [exchanges + 1] where each one's works begin
 *     work.npy, piece.SIDE.npy             for each work of each: its number in `ids`; longest
 * piece ids.offsets.npy, ids.bytes.npy       ids of the works that were found, bytewise ascending
 *
 * SIDE is prompt, supplied or originated. OVERLAP_ROWS_COMMON in work.npy is text common to many
 * works. Numbers of words over 32 bits are the largest of them.
 */
#ifndef PROFFER_OVERLAP_ROWS_H
#define PROFFER_OVERLAP_ROWS_H

#include "base/error.h"
#include "base/span.h"
#include "queries/catalogue/segment.h"

#include <stddef.h>
#include <stdint.h>

#define OVERLAP_ROWS_COMMON UINT32_MAX
enum { OVERLAP_ROWS_SIDES = 3 };

struct overlap_row_exchange {
    uint32_t exchange; /* within the part */
    uint32_t longest[OVERLAP_ROWS_SIDES], covered[OVERLAP_ROWS_SIDES];
};

struct overlap_builder;

struct overlap_builder *overlap_builder_new(void) __attribute__((warn_unused_result));
void overlap_builder_free(struct overlap_builder *builder);

/* The next conversation. */
PROFFER_MUST_USE enum status overlap_builder_row(struct overlap_builder *builder,
                                                 uint64_t prompt_words, uint64_t output_words,
                                                 struct error *err);
/* An exchange of it with a run; exchanges ascend. */
PROFFER_MUST_USE enum status overlap_builder_exchange(struct overlap_builder *builder,
                                                      const struct overlap_row_exchange *exchange,
                                                      struct error *err);
/* A work of that exchange, by any numbering that the writer keeps to, or OVERLAP_ROWS_COMMON. */
PROFFER_MUST_USE enum status overlap_builder_work(struct overlap_builder *builder, uint32_t work,
                                                  const uint32_t longest[static OVERLAP_ROWS_SIDES],
                                                  struct error *err);
/* ID gives the id of a work by the writer's number. */
PROFFER_MUST_USE enum status
overlap_builder_write(struct overlap_builder *builder,
                      struct span (*id)(const void *context, uint32_t work), const void *context,
                      struct segment_out *out, struct error *err);

/* A part's columns, mapped. */
struct overlap_rows {
    uint32_t rows;
    const uint32_t *prompt_words, *output_words;
    size_t exchanges;
    const uint32_t *exchange;
    const uint32_t *longest[OVERLAP_ROWS_SIDES], *covered[OVERLAP_ROWS_SIDES];
    const uint64_t *starts;
    size_t works;
    const uint32_t *work; /* below ids.count, or OVERLAP_ROWS_COMMON */
    const uint32_t *piece[OVERLAP_ROWS_SIDES];
    struct segment_strings ids;
};

/* Of a part with ROWS conversations and EXCHANGES exchanges. STATUS_INPUT where columns do not fit
 * each other. */
PROFFER_MUST_USE enum status overlap_rows_read(struct segment *segment, uint32_t rows,
                                               uint32_t exchanges, struct overlap_rows *out,
                                               struct error *err);

#endif
