/*
 * Concordance DAT load files, as review platforms write and read them: a record a line, each field
 * between two thorns (U+00FE, in UTF-8 or as the one byte 0xFE of Windows-1252), fields separated
 * by the byte 0x14, a line end inside a field as U+00AE, a thorn inside a field doubled.
 *
 *     þDOCIDþ<14>þUNITIDþ<14>þLABELþ
 *     þP0000001þ<14>þ3f1c...þ<14>þrelevantþ
 */
#ifndef PROFFER_DAT_H
#define PROFFER_DAT_H

#include "base/buffer.h"
#include "base/error.h"
#include "queries/csv.h"

#include <stdbool.h>
#include <stddef.h>

enum { DAT_FILE_MAX = 1 << 30 }; /* bytes of a file that is read */

/* Whether TEXT begins as such a file does, after a byte order mark or without one. */
bool dat_is(const char *text, size_t len);

/* The same records as CSV, line for line, appended to OUT. STATUS_INPUT at "NAME:LINE". */
PROFFER_MUST_USE enum status dat_to_csv(const char *text, size_t len, const char *name,
                                        struct buffer *out, struct error *err);

/* Opens a file that is either. NAME is what errors call it (NULL: PATH). */
PROFFER_MUST_USE enum status dat_or_csv_open(struct csv **csv, const char *path, const char *name,
                                             struct error *err);

/* The same over LEN bytes of TEXT, which must outlive it. */
PROFFER_MUST_USE enum status dat_or_csv_open_text(struct csv **csv, const char *text, size_t len,
                                                  const char *name, struct error *err);

/* A field of LEN bytes of UTF-8, with its thorns, appended to OUT; LAST ends the record. */
PROFFER_MUST_USE enum status dat_add_field(struct buffer *out, const char *text, size_t len,
                                           bool last, struct error *err);

#endif
