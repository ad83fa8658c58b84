/*
 * Tables as aligned text for a terminal.
 *
 * Nothing that a table holds can steer the terminal: controls, bidirectional overrides and the
 * like are shown as U+FFFD.
 */
#ifndef PROFFER_TABLE_TEXT_H
#define PROFFER_TABLE_TEXT_H

#include "base/error.h"
#include "report/answers/result.h"

#include <stddef.h>
#include <stdio.h>

/*
 * Title, columns, rows and notes of TABLE onto OUT, in at most WIDTH columns (0: as wide as the
 * texts want) where that is possible: texts are cut ("…") down to 16 columns, numbers never; where that is
 * not enough, columns stand in blocks one below the other, each with what names its rows. Shares
 * are percentages. STATUS_INPUT if OUT cannot be written, STATUS_INTERNAL without memory.
 */
PROFFER_MUST_USE enum status table_text_print(const struct result_table *table, size_t width,
                                              FILE *out, struct error *err);

/* Id, rows and title of each table; then the summary's lines. */
PROFFER_MUST_USE enum status table_text_list(const struct result *result, size_t width, FILE *out,
                                             struct error *err);

/* TEXT in lines of at most WIDTH columns (0: one line), each after INDENT blanks. */
PROFFER_MUST_USE enum status table_text_paragraph(FILE *out, const char *text, size_t indent,
                                                  size_t width, struct error *err);

/* The summary's lines, each under its query's id. */
PROFFER_MUST_USE enum status table_text_summary(const struct result *result, size_t width,
                                                FILE *out, struct error *err);

#endif
