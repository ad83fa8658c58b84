/*
 * Building the base columns of a part, row by row in the order of its records.
 *
 *     id (strings)  offset  user (codes + sorted dictionary)  time  turns  exchanges  words
 *     a column of codes with its dictionary for each field, a bitmap with counts for each mark
 *
 * Codes number the sorted dictionary of the part; PART_NO_CODE means absent.
 */
#ifndef PROFFER_PART_BUILD_H
#define PROFFER_PART_BUILD_H

#include "base/error.h"
#include "base/span.h"
#include "queries/catalogue/segment.h"

#include <stddef.h>
#include <stdint.h>

#define PART_NO_CODE  UINT32_MAX
#define PART_ROWS_MAX (UINT32_MAX - 1)

struct part_row {
    uint64_t offset;      /* of the record in its (decompressed) file */
    struct span id, user; /* data NULL: absent */
    int64_t time;         /* seconds since 1970, or INT64_MIN */
    uint32_t turns, exchanges, words;
    const struct span *fields; /* [field_count] */
    const uint32_t *marks;     /* [mark_count], mostly 0 */
};

struct part_builder;

/* Names live as long as the builder. NULL without memory. */
struct part_builder *part_builder_new(const char *const *field_names, size_t field_count,
                                      const char *const *mark_names, size_t mark_count)
    __attribute__((warn_unused_result));
void part_builder_free(struct part_builder *builder);

PROFFER_MUST_USE enum status part_builder_add(struct part_builder *builder,
                                              const struct part_row *row, struct error *err);
uint32_t part_builder_rows(const struct part_builder *builder);
uint32_t part_builder_exchanges(const struct part_builder *builder); /* of all rows so far */

/* Writes the columns into an open segment. */
PROFFER_MUST_USE enum status part_builder_write(struct part_builder *builder,
                                                struct segment_out *out, struct error *err);

#endif
