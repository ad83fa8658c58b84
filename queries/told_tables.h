/*
 * Tables by fields that earlier reports told, counted anew and put behind the tables of this one
 * (struct tally_table, told_before), so that the gate judges all of them together: what follows
 * from two reports follows from their tables' sums.
 *
 * Rows of which all that was shown is still so are known. Of logs that have changed since, others
 * are in that table's own sums only (TALLY_CHANGED): their numbers then tell nothing of those now.
 * What was withheld is taken to be as it was: nobody wrote down what it was, and if it is, it must
 * not follow. A table of which rows are no more is left out, and so is one whose population had
 * other filters, or whose fields this plan does not have. Of one of another period those rows are
 * tied that lie in both periods (tally_links.h).
 *
 * Where logs have grown and it is known what they had (told_logs.h), such a table is there once
 * more, as it was: of the population of then, which is a part of that of now, and by how much a row
 * has grown is a number of conversations, too (tally_slices.h, tally_slice_joint.h). Of the one
 * that is as it is now nothing is left then but that rows which were shown are still as large: so a
 * reader may guess that they have not changed. Of a table that cannot be counted as it was told
 * then there is nothing but that.
 */
#ifndef PROFFER_TOLD_TABLES_H
#define PROFFER_TOLD_TABLES_H

#include "base/digest.h"
#include "base/error.h"
#include "queries/tally.h"
#include "queries/tally_source.h"
#include "queries/told_table.h"

#include <stddef.h>

/* Of more tables, or more rows, the older ones are left out; so many are counted anew. */
enum { TOLD_TABLES_MAX = 32, TOLD_TABLES_ROWS_MAX = 50000, TOLD_TABLES_TRIED_MAX = 64 };

/* What became of the remembered tables. */
struct told_tables_count {
    size_t together; /* judged together with this report's; one told twice is two */
    size_t changed;  /* rows that they had are no more */
    size_t unlike;   /* other filters, or fields that the plan does not have */
    size_t left_out; /* too many */
    size_t then;     /* judged as they were, too, of what the logs had then */
    size_t not_then; /* of those, not to be counted as they were told, or too many */
};

/*
 * Adds to TALLY, after all its own tables and their ties, one of its population (own_total), which
 * every report tells, and those of TOLD[COUNT], oldest first, and ties them. FILTERS is the keyed
 * digest of the plan's filters; KEY is that of the digests. What TOLD holds must live as long as
 * the tally.
 */
PROFFER_MUST_USE enum status told_tables_add(const struct tally_source *source,
                                             const struct told_table *told, size_t count,
                                             const char *filters, const struct sha256 *key,
                                             struct tally *tally, struct told_tables_count *counts,
                                             struct error *err);

#endif
