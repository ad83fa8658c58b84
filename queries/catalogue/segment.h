/*
 * Segments: the folders of columns and bitmaps that a catalogue is made of.
 *
 *     SEGMENT/  time.npy  model.npy  ...  segment.json
 *
 * segment.json names each file with size and SHA-256, and carries a free JSON object, `meta`, with
 * its own SHA-256. A segment is written aside, synced and renamed, so that it is there whole or not
 * at all; a file's digest is checked before its first use. The content digest is over the files
 * alone, so that it does not depend on `meta` (which holds the input's time). segment.json must be
 * byte for byte what would be written for it, so that no damage to it goes unseen.
 */
#ifndef PROFFER_SEGMENT_H
#define PROFFER_SEGMENT_H

#include "base/error.h"
#include "queries/catalogue/npy.h"

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* ---- writing ---- */

struct segment_out;

PROFFER_MUST_USE enum status segment_out_open(struct segment_out **out, const char *path,
                                              struct error *err);
/* NAME.npy with COUNT values. */
PROFFER_MUST_USE enum status segment_out_column(struct segment_out *out, const char *name,
                                                enum npy_type type, const void *values,
                                                size_t count, struct error *err);
/* NAME.offsets.npy (COUNT + 1 values) and NAME.bytes.npy. */
PROFFER_MUST_USE enum status segment_out_strings(struct segment_out *out, const char *name,
                                                 const uint64_t *offsets, size_t count,
                                                 const char *bytes, struct error *err);
/*
 * A file of any bytes, under its full name. No name stands twice in a segment; none has a slash or
 * begins with a dot.
 */
PROFFER_MUST_USE enum status segment_out_file(struct segment_out *out, const char *name,
                                              const void *bytes, size_t len, struct error *err);
/*
 * Writes segment.json with META (a JSON object, borrowed), syncs, replaces what stood at the path:
 * a crash leaves the old segment or the new one. Frees OUT, also on failure.
 */
PROFFER_MUST_USE enum status segment_out_commit(struct segment_out *out, json_t *meta,
                                                struct error *err);
/* Removes what was written aside and frees OUT (NULL is fine). */
void segment_out_abandon(struct segment_out *out);

/* ---- reading ---- */

struct segment;

/* STATUS_INPUT if it is not there or its segment.json is damaged; files are checked when used. */
PROFFER_MUST_USE enum status segment_open(struct segment **segment, const char *path,
                                          struct error *err);
void segment_close(struct segment *segment); /* unmaps all that was handed out */
const json_t *segment_meta(const struct segment *segment);
const char *segment_content(const struct segment *segment); /* 64 hex digits */
bool segment_has(const struct segment *segment, const char *file);
/* Names of its files, one after another; NULL after the last. */
const char *segment_first_file(const struct segment *segment);
const char *segment_next_file(const struct segment *segment, const char *file);

/* Mapped, verified bytes of a file; they live until segment_close. */
PROFFER_MUST_USE enum status segment_file(struct segment *segment, const char *file,
                                          const void **bytes, size_t *len, struct error *err);
/* The column NAME.npy with COUNT values expected (SIZE_MAX: any; then see *GOT). */
PROFFER_MUST_USE enum status segment_column(struct segment *segment, const char *name,
                                            enum npy_type type, size_t count, const void **values,
                                            size_t *got, struct error *err);

/* Strings of a column: string i is bytes[offsets[i]] .. bytes[offsets[i+1]]. */
struct segment_strings {
    const uint64_t *offsets;
    const char *bytes;
    size_t count;
};
PROFFER_MUST_USE enum status segment_strings(struct segment *segment, const char *name,
                                             struct segment_strings *out, struct error *err);

#endif
