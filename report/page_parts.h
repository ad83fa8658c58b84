/*
 * A report as one HTML page: what the files that write it share. Only report/page_*.c include it.
 *
 * Failed writes are not looked for here: a stream keeps its error, and file_out_commit tells it.
 */
#ifndef PROFFER_PAGE_PARTS_H
#define PROFFER_PAGE_PARTS_H

#include "base/error.h"
#include "report/answers/result.h"

#include <stddef.h>
#include <stdio.h>

/* The style sheet, without what depends on the result. */
extern const char page_style[];

/*
 * TEXT as the text of an element or the value of a quoted attribute: & < > " ' are references,
 * tabs and carriage returns are spaces, and all else that steers, or is no UTF-8, is U+FFFD.
 */
void page_put_text(FILE *out, const char *text);

/* The same of the first LEN bytes, which must end between code points. */
void page_put_part(FILE *out, const char *text, size_t len);

/*
 * TEXT as a quoted string of a style sheet, on one line, at most 200 code points. All but ASCII
 * letters, digits and spaces is escaped by number, so that it can end neither string nor sheet.
 */
void page_put_css_string(FILE *out, const char *text);

/* A table of at most ROWS_MAX rows with what is said of it. NUMBER, from 1, makes its ids. */
PROFFER_MUST_USE enum status page_put_table(FILE *out, const struct result_table *table,
                                            size_t number, size_t rows_max, struct error *err);

/* The table's chart as inline SVG; nothing if it has none or all of it is withheld. */
void page_put_chart(FILE *out, const struct result_table *table, size_t number);

/* As page_report_write (writer.h), with at most ROWS_MAX rows of each table. */
PROFFER_MUST_USE enum status page_report_write_limited(const struct result *result,
                                                       const char *path, size_t rows_max,
                                                       struct error *err);

#endif
