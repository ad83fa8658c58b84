/* What the files of terms by fields share: see terms_by.h. */
#ifndef PROFFER_TERMS_BY_PARTS_H
#define PROFFER_TERMS_BY_PARTS_H

#include "queries/tally.h"
#include "queries/tally_source.h"

#include <stddef.h>
#include <stdint.h>

/*
 * The rows of the population that each term hits, group by group. List slot * groups + group is
 * rows[start[list]] to rows[start[list + 1] - 1], numbered over all parts, ascending; the lists
 * after those of the SLOTS terms are all rows of each group.
 */
struct terms_by_rows {
    const struct tally_source *source;
    size_t slots, groups;
    uint64_t *start; /* [(slots + 1) * groups + 1] */
    uint32_t *rows;
};

/* Adds to TALLY what lies between lists of one group and concerns fewer users than withheld ones
 * may have: see terms_by.h. TABLE is the table's number. */
PROFFER_MUST_USE enum status terms_by_nested(const struct terms_by_rows *lists, size_t table,
                                             struct tally *tally, struct error *err);

#endif
