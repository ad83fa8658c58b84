/*
 * CSV as RFC 4180 has it, record by record: commas, fields in double quotes with quotes doubled,
 * line ends CRLF, LF or CR, a UTF-8 byte order mark skipped, empty lines skipped.
 *
 * Strict where leniency would guess: a quote inside a field that does not begin with one, text
 * after a closing quote, a quote that is never closed, a NUL, UTF-16, more than CSV_FIELDS_MAX
 * fields or CSV_RECORD_MAX bytes in a record are STATUS_INPUT at "NAME:LINE". The file is read in
 * chunks, so that its size does not matter.
 */
#ifndef PROFFER_CSV_H
#define PROFFER_CSV_H

#include "base/buffer.h"
#include "base/error.h"
#include "base/span.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { CSV_FIELDS_MAX = 256, CSV_RECORD_MAX = 1 << 20 };

struct csv;

/* NAME is what errors call it (NULL: PATH). *CSV is freed by csv_free. */
PROFFER_MUST_USE enum status csv_open(struct csv **csv, const char *path, const char *name,
                                      struct error *err);
/* The same over LEN bytes of TEXT, which must outlive it. */
PROFFER_MUST_USE enum status csv_open_text(struct csv **csv, const char *text, size_t len,
                                           const char *name, struct error *err);
/* The same over what TEXT holds, which it takes over: TEXT is empty afterwards. */
PROFFER_MUST_USE enum status csv_open_text_take(struct csv **csv, struct buffer *text,
                                                const char *name, struct error *err);
void csv_free(struct csv *csv);

/* Reads the next record; *END when there is none. */
PROFFER_MUST_USE enum status csv_next(struct csv *csv, bool *end, struct error *err);

/* The record read: its fields, valid until the next one, and the line on which it begins. */
size_t csv_fields(const struct csv *csv);
struct span csv_field(const struct csv *csv, size_t i);
uint64_t csv_line(const struct csv *csv);

/* STATUS_INPUT at that line (or any other) of the file. */
enum status csv_fault(const struct csv *csv, uint64_t line, struct error *err, const char *format,
                      ...) __attribute__((format(printf, 4, 5)));

#endif
