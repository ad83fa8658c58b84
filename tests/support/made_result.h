/* Tables of a result tree, made in a line: for tests of writers. */
#ifndef PROFFER_TEST_MADE_RESULT_H
#define PROFFER_TEST_MADE_RESULT_H

#include "report/answers/result.h"

/* A new table "ID" of kind "count" in conversations; fails the test without memory. */
struct result_table *made_table(struct result *tree, const char *id, const char *title,
                                const struct result_column *columns, size_t count);

/*
 * Cells from the left, one a letter of KINDS, each but - and w with its argument: t a text
 * (const char *), c a count (uint64_t), r a real (double), - null, w withheld.
 */
void made_row(struct result *tree, struct result_table *table, const char *kinds, ...);

#endif
