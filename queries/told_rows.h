/*
 * Rows of a table that a report without noise told, as the ledger remembers them: which of their
 * cells were withheld, and keyed hashes by which it can be seen what of them is still as it was
 * shown. No value is in them. As text, hexadecimal digits of each row, without blanks: a hash of
 * its labels (10), marks (2, or 4 where tables have more than 7 columns), a hash of its labels and
 * of what it showed (10).
 */
#ifndef PROFFER_TOLD_ROWS_H
#define PROFFER_TOLD_ROWS_H

#include "base/arena.h"
#include "base/digest.h"
#include "base/error.h"
#include "base/json_io.h"
#include "queries/tally.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { TOLD_TABLE_ROWS_MAX = 20000 };

/* Marks: bit c: column c is withheld; the last bit: the whole row is, zeros too, since the table
 * could not be protected otherwise. As text they have that many digits. */
enum told_marks { TOLD_MARKS_NARROW = 2, TOLD_MARKS_WIDE = 4 };
enum { TOLD_NARROW_COLUMNS_MAX = 7, TOLD_WIDE_COLUMNS_MAX = 15, TOLD_ROW_GONE = 1 << 15 };

struct told_row {
    uint64_t label, shown; /* keyed hashes */
    uint16_t marks;
};

/* Hashes of ROWS[row_count of TABLE] by their marks. */
PROFFER_MUST_USE enum status told_rows_hash(const struct tally_table *table,
                                            const struct sha256 *key, enum told_marks marks,
                                            struct told_row *rows, struct error *err);

/* The text of ROWS[COUNT]; NULL for lack of memory. */
json_t *told_rows_write(const struct told_row *rows, size_t count, enum told_marks marks);

/* Reads TEXT (NULL is none) of a table of COLUMNS into ARENA. *VALID is false where it is none. */
PROFFER_MUST_USE enum status told_rows_read(const char *text, enum told_marks marks, size_t columns,
                                            struct arena *arena, struct told_row **rows,
                                            size_t *count, bool *valid, struct error *err);

/* The rows of ROWS[COUNT] in TABLE, whose rows are NOW: ROW_OF[row] number + 1 or 0. *ALL: each is
 * there, and none twice. */
PROFFER_MUST_USE enum status told_rows_find(const struct told_row *rows, size_t count,
                                            const struct told_row *now,
                                            const struct tally_table *table, uint32_t *row_of,
                                            bool *all, struct error *err);

#endif
