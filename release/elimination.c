/*
 * Equalities solved for their variables: see elimination.h.
 *
 * Bits tell where cells are, so that what is zero costs nothing. A row of which a quarter is there
 * is added as a whole.
 */
#include "release/elimination.h"

#include <math.h>
#include <string.h>

/* Less than that is an error of rounding. */
#define NOTHING 1e-11

/* WHOLE: see above. CELL: work of a cell that is looked for. */
enum { WHOLE = 4, CELL = 12 };

/* A row's key: its number, its cells times KEY_CELL, and KEY_CLOSED if it is closed. */
enum { KEY_CELL = 2048, KEY_CLOSED = 1 << 28 };
_Static_assert((int)ELIMINATION_ROWS <= (int)KEY_CELL, "numbers of rows stay below one cell");

static size_t words_of(size_t count)
{
    return (count + 63) / 64;
}

static double *cell(const struct elimination *elimination, size_t row, size_t column)
{
    return elimination->cells + row * elimination->column_count + column;
}

void elimination_init(struct elimination *elimination, double *cells, size_t rows, size_t columns)
{
    elimination->row_count = rows;
    elimination->column_count = columns;
    elimination->cells = cells;
    elimination->work = elimination->touched = 0;
    memset(elimination->in_row, 0, rows * sizeof elimination->in_row[0]);
    memset(elimination->in_column, 0, columns * sizeof elimination->in_column[0]);
    for (size_t r = 0; r < rows; r++)
        elimination->keys[r] = (int32_t)r;
    memset(elimination->column_cells, 0, columns * sizeof elimination->column_cells[0]);
    memset(elimination->left, 0, sizeof elimination->left);
    for (size_t k = 0; k < columns; k++)
        elimination->left[k / 64] |= UINT64_C(1) << k % 64;
}

static void mark(struct elimination *elimination, size_t row, size_t column)
{
    elimination->keys[row] += KEY_CELL;
    elimination->column_cells[column]++;
    elimination->in_row[row][column / 64] |= UINT64_C(1) << column % 64;
    elimination->in_column[column][row / 64] |= UINT64_C(1) << row % 64;
}

static bool is_marked(const struct elimination *elimination, size_t row, size_t column)
{
    return elimination->in_row[row][column / 64] >> column % 64 & 1;
}

static void unmark(struct elimination *elimination, size_t row, size_t column)
{
    elimination->keys[row] -= KEY_CELL;
    elimination->column_cells[column]--;
    elimination->in_row[row][column / 64] &= ~(UINT64_C(1) << column % 64);
    elimination->in_column[column][row / 64] &= ~(UINT64_C(1) << row % 64);
}

void elimination_set(struct elimination *elimination, size_t row, size_t column, double value)
{
    mark(elimination, row, column);
    *cell(elimination, row, column) = value;
}

double elimination_at(const struct elimination *elimination, size_t row, size_t column)
{
    return is_marked(elimination, row, column) ? *cell(elimination, row, column) : 0;
}

void elimination_close(struct elimination *elimination, size_t row)
{
    elimination->keys[row] += KEY_CLOSED;
}

size_t elimination_next(const struct elimination *elimination)
{
    int32_t least = KEY_CLOSED;
    for (size_t r = 0; r < elimination->row_count; r++)
        least = elimination->keys[r] < least ? elimination->keys[r] : least;
    return least < KEY_CLOSED ? (size_t)least % KEY_CELL : elimination->row_count;
}

/* The numbers of the bits that are set. */
static size_t list_bits(const uint64_t *bits, size_t words, uint32_t *list)
{
    size_t count = 0;
    for (size_t w = 0; w < words; w++)
        for (uint64_t left = bits[w]; left; left &= left - 1)
            list[count++] = (uint32_t)(w * 64) + (uint32_t)__builtin_ctzll(left);
    return count;
}

/* Cells of ROW where OF has bits and it has none become zeros that are there. */
static void fill(struct elimination *elimination, size_t row, const uint64_t *of)
{
    size_t words = words_of(elimination->column_count);
    for (size_t w = 0; w < words; w++)
        for (uint64_t missing = of[w] & ~elimination->in_row[row][w]; missing;
             missing &= missing - 1) {
            size_t column = w * 64 + (size_t)__builtin_ctzll(missing);
            mark(elimination, row, column);
            *cell(elimination, row, column) = 0;
        }
}

static void add_whole(double *restrict to, const double *restrict from, double factor, size_t count)
{
    for (size_t k = 0; k < count; k++)
        to[k] += factor * from[k];
}

/* What is not there, or used up, does no harm when it is added. */
static void make_whole(struct elimination *elimination, size_t row)
{
    for (size_t k = 0; k < elimination->column_count; k++)
        if (!is_marked(elimination, row, k))
            *cell(elimination, row, k) = 0;
}

/* Adds FACTOR times ROW, whose cells are COLUMNS[COUNT], to OTHER. */
static void add_row(struct elimination *elimination, size_t row, size_t other, double factor,
                    const uint32_t *columns, size_t count, bool is_whole)
{
    fill(elimination, other, is_whole ? elimination->left : elimination->in_row[row]);
    if (is_whole) {
        add_whole(cell(elimination, other, 0), cell(elimination, row, 0), factor,
                  elimination->column_count);
        elimination->work += elimination->column_count;
        return;
    }
    for (size_t k = 0; k < count; k++) {
        double *to = cell(elimination, other, columns[k]);
        *to += factor * *cell(elimination, row, columns[k]);
        if (fabs(*to) < NOTHING)
            unmark(elimination, other, columns[k]);
    }
    elimination->work += CELL * count;
}

void elimination_use(struct elimination *elimination, size_t row, size_t column)
{
    uint32_t columns[ELIMINATION_COLUMNS];
    double by = *cell(elimination, row, column);
    unmark(elimination, row, column);
    elimination->left[column / 64] &= ~(UINT64_C(1) << column % 64);
    size_t count =
        list_bits(elimination->in_row[row], words_of(elimination->column_count), columns);
    for (size_t i = 0; i < count; i++)
        *cell(elimination, row, columns[i]) /= -by;
    size_t rows = list_bits(elimination->in_column[column], words_of(elimination->row_count),
                            elimination->rows);
    bool is_whole = WHOLE * count >= elimination->column_count;
    if (is_whole)
        make_whole(elimination, row);
    elimination->touched = 0;
    for (size_t i = 0; i < rows; i++) {
        uint32_t other = elimination->rows[i];
        double factor = *cell(elimination, other, column);
        unmark(elimination, other, column);
        if (fabs(factor) < NOTHING)
            continue;
        elimination->rows[elimination->touched] = other;
        elimination->factors[elimination->touched++] = factor;
        add_row(elimination, row, other, factor, columns, count, is_whole);
    }
    elimination->work += CELL * (count + rows) + elimination->column_count / 8;
}
