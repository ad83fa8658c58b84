/*
 * Equalities that are solved for one of their variables each, so that fewer are left: the first
 * part of a condensed tableau (tableau.h), while nearly all of it is zero.
 *
 *     basic[i] = sum over k of cell(i, k) * free[k]
 */
#ifndef PROFFER_ELIMINATION_H
#define PROFFER_ELIMINATION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    ELIMINATION_COLUMNS = 550, /* at most */
    ELIMINATION_ROWS = 1200,
    ELIMINATION_COLUMN_WORDS = (ELIMINATION_COLUMNS + 63) / 64,
    ELIMINATION_ROW_WORDS = (ELIMINATION_ROWS + 63) / 64
};

struct elimination {
    size_t row_count, column_count;
    double *cells; /* [row * column_count + column], only where the bits say that there is one */
    uint64_t in_row[ELIMINATION_ROWS][ELIMINATION_COLUMN_WORDS];
    uint64_t in_column[ELIMINATION_COLUMNS][ELIMINATION_ROW_WORDS];
    int32_t keys[ELIMINATION_ROWS]; /* of each row, by what makes it the next: see elimination.c */
    uint32_t column_cells[ELIMINATION_COLUMNS]; /* how many */
    uint64_t left[ELIMINATION_COLUMN_WORDS];    /* columns that were not used */
    /* Of the last use: rows to which the row was added, and how often. */
    uint32_t rows[ELIMINATION_ROWS];
    double factors[ELIMINATION_ROWS];
    size_t touched;
    size_t work; /* cells that were looked at or changed */
};

/* Empties it; CELLS[rows * columns] need not be. */
void elimination_init(struct elimination *elimination, double *cells, size_t rows, size_t columns);
void elimination_set(struct elimination *elimination, size_t row, size_t column, double value);
/* It is not solved, or no more. */
void elimination_close(struct elimination *elimination, size_t row);
/* The row of the fewest cells that is not closed; row_count if all are. */
size_t elimination_next(const struct elimination *elimination);
/* 0 where there is none. */
double elimination_at(const struct elimination *elimination, size_t row, size_t column);

/*
 * Solves ROW for COLUMN, whose cell is not near 0, and puts that into all other rows; the column is
 * empty and used up then. What ROW's own variable was is always 0.
 */
void elimination_use(struct elimination *elimination, size_t row, size_t column);

#endif
