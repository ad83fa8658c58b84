/*
 * Sets of 32-bit numbers, as Roaring bitmaps (CRoaring; portable format). The only file that sees
 * CRoaring is bitmap.c.
 */
#ifndef PROFFER_BITMAP_H
#define PROFFER_BITMAP_H

#include "base/buffer.h"
#include "base/error.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct bitmap;

struct bitmap *bitmap_new(void) __attribute__((warn_unused_result)); /* NULL without memory */
void bitmap_free(struct bitmap *set);
struct bitmap *bitmap_copy(const struct bitmap *set) __attribute__((warn_unused_result));

/* Adds COUNT values, faster than one by one where they ascend. */
void bitmap_add_many(struct bitmap *set, const uint32_t *values, size_t count);
void bitmap_add(struct bitmap *set, uint32_t value);
void bitmap_add_range(struct bitmap *set, uint64_t from, uint64_t to); /* [from, to) */
void bitmap_remove_range(struct bitmap *set, uint64_t from, uint64_t to);
bool bitmap_contains(const struct bitmap *set, uint32_t value);
uint64_t bitmap_count(const struct bitmap *set);
uint64_t bitmap_and_count(const struct bitmap *a, const struct bitmap *b);
bool bitmap_equal(const struct bitmap *a, const struct bitmap *b);

/* In place: A and B, A or B, A without B. */
void bitmap_and(struct bitmap *a, const struct bitmap *b);
void bitmap_or(struct bitmap *a, const struct bitmap *b);
void bitmap_andnot(struct bitmap *a, const struct bitmap *b);

/* Calls VISIT for each value in ascending order; stops when it returns false. */
void bitmap_each(const struct bitmap *set, bool (*visit)(uint32_t value, void *context),
                 void *context);

/* All values in ascending order into VALUES[bitmap_count(set)]. */
void bitmap_values(const struct bitmap *set, uint32_t *values);

/* Run-optimises SET and appends its portable form to OUT. */
PROFFER_MUST_USE enum status bitmap_write(struct bitmap *set, struct buffer *out,
                                          struct error *err);

/* Reads a portable form of exactly LEN bytes. Broken bytes: STATUS_INPUT, never a crash. */
PROFFER_MUST_USE enum status bitmap_read(const void *bytes, size_t len, struct bitmap **set,
                                         struct error *err);

#endif
