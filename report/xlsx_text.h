/*
 * Text as a workbook can hold it: cell texts, sheet names, and the text of page headers.
 */
#ifndef PROFFER_XLSX_TEXT_H
#define PROFFER_XLSX_TEXT_H

#include "base/error.h"

#include <stddef.h>
#include <stdint.h>

enum {
    XLSX_CELL_MAX = 32767, /* UTF-16 units in a cell */
    XLSX_NAME_MAX = 31     /* UTF-16 units in a sheet name */
};

/*
 * TEXT for a cell, at most MAX UTF-16 units; the caller frees it, NULL without memory. What XML 1.0
 * forbids, and what steers what shows it, becomes U+FFFD, a carriage return a newline; `_x0041_`, which
 * spreadsheets read as an escape, is escaped itself; what is cut off is marked "... [cut]".
 */
char *xlsx_cell_text(const char *text, size_t max) __attribute__((warn_unused_result));

/*
 * TEXT for a page header or footer: one line, `&` doubled, at most MAX bytes of UTF-16 units as the
 * 255 of a header count. The caller frees it; NULL without memory.
 */
char *xlsx_header_text(const char *text, size_t max) __attribute__((warn_unused_result));

/* The sheet names given out so far. */
struct xlsx_names {
    char **items;
    size_t count, capacity;
};

void xlsx_names_release(struct xlsx_names *names);

/*
 * A sheet name from WANTED, which may be anything: at most 31 units, none of []:*?/\ and controls,
 * no apostrophe (U+2019 instead), not blank, not "History", nothing that reads as a cell reference
 * or number (it gets "Table " before it), and not equal to an earlier one without regard to case
 * (then " (2)", " (3)", ... after it). *NAME belongs to NAMES.
 */
PROFFER_MUST_USE enum status xlsx_names_add(struct xlsx_names *names, const char *wanted,
                                            const char **name, struct error *err);

#endif
