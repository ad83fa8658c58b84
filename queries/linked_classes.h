/*
 * Rows of two tables by fields, sorted by what their fields have in common: for a count by month
 * and model and one by quarter and account, those of each quarter. Of each row it is known where it
 * lies in the other table's population (row_standing.h); rows out of it are in no class.
 */
#ifndef PROFFER_LINKED_CLASSES_H
#define PROFFER_LINKED_CLASSES_H

#include "base/arena.h"
#include "base/error.h"
#include "base/intern.h"
#include "queries/row_standing.h"
#include "queries/tally.h"
#include "queries/tally_links.h"
#include "queries/tally_ties.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Rows of earlier reports' tables that no tie names. */
enum { LINKED_UNTIED = TALLY_GONE | TALLY_CHANGED };

struct linked_classes {
    struct arena arena;
    const struct linked_rows *rows[2];
    const struct tally_table *tables[2];
    bool same;                    /* both are of the same population */
    enum standing *standing[2];   /* [rows with the total] in the other's population */
    bool astride[2];              /* some row, but for the total, is */
    struct linked_common *common; /* [common_count] what fields have in common */
    size_t common_count;
    struct intern classes;
    bool *apart;            /* [class] a row in it is LINKED_UNTIED */
    bool *parted;           /* [class] a row in it is astride */
    uint32_t *class_of[2];  /* [rows without the total]; INTERN_NONE: out of the other's population
                             */
    uint32_t *class_row[2]; /* [classes + 1] into by_class */
    uint32_t *by_class[2];  /* rows, class after class */
};

/* Release also on failure. Where nothing can be in common there are no classes. */
PROFFER_MUST_USE enum status linked_classes_init(struct linked_classes *linked,
                                                 const struct linked_rows *a,
                                                 const struct linked_rows *b, struct error *err);
void linked_classes_release(struct linked_classes *linked);

static inline bool linked_is_untied(const struct linked_classes *linked, size_t side, size_t row)
{
    return linked->tables[side]->row_flags[row] & LINKED_UNTIED;
}

/* Where a row's figure stands; the last row is the total. */
struct tally_place linked_place(const struct linked_classes *linked, size_t side, size_t row,
                                uint32_t column, int sign);

/* Adds those of all rows of a class. */
PROFFER_MUST_USE enum status linked_add_class(const struct linked_classes *linked, size_t side,
                                              uint32_t class, uint32_t column, int sign,
                                              struct places *places, struct error *err);

#endif
