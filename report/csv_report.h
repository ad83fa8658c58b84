/*
 * File names of the tables in a folder of CSV files.
 */
#ifndef PROFFER_CSV_REPORT_H
#define PROFFER_CSV_REPORT_H

#include "base/error.h"
#include "report/answers/result.h"

#include <stddef.h>

/* The names given out so far. */
struct csv_names {
    char **items;
    size_t count, capacity;
};

void csv_names_release(struct csv_names *names);

/*
 * A file name from the table id WANTED, which may be anything: ASCII letters, digits, `.`, `-` and
 * `_` (what is none of them becomes `_`), at most 100 bytes before ".csv", no name that a system
 * keeps for a device ("con"; it gets "table-" before it), not beginning with `.` or `-`, and not
 * equal to an earlier one without regard to case (then "-2", "-3", ... after it). *NAME belongs to
 * NAMES.
 */
PROFFER_MUST_USE enum status csv_names_add(struct csv_names *names, const char *wanted,
                                           const char **name, struct error *err);

/* The names of all files of RESULT: that of the index, then one a table in the tree's order. */
PROFFER_MUST_USE enum status csv_names_fill(struct csv_names *names, const struct result *result,
                                            struct error *err);

/*
 * Files in the folder PATH whose names end in ".csv" and that RESULT does not write: an earlier
 * report, or someone else, left them. *FIRST, the first by its bytes, is the caller's to free; NULL
 * if there is none.
 */
PROFFER_MUST_USE enum status csv_strays(const struct result *result, const char *path,
                                        size_t *count, char **first, struct error *err);

#endif
