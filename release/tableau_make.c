/*
 * The first tableau of a program: see tableau.h.
 *
 * Equalities are eliminated, the one of the fewest cells next, for a variable that stands between
 * its bounds where there is one, so that the simplex method is not held up by those that cannot
 * move.
 */
#include "release/tableau.h"

#include "base/memory.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Less is not divided by. */
#define PIVOT 1e-7

static bool is_fixed(const struct tableau *tableau, uint32_t number)
{
    return tableau->least[number] >= tableau->most[number];
}

/* The column for which the row is best solved; variable_count if it is empty. */
static size_t column_for(const struct tableau *tableau, uint32_t row, const bool *basic_before)
{
    const struct elimination *from = &tableau->elimination;
    size_t best = tableau->variable_count;
    uint32_t least = UINT32_MAX;
    for (size_t w = 0; w < ELIMINATION_COLUMN_WORDS; w++)
        for (uint64_t left = w * 64 < tableau->variable_count ? from->in_row[row][w] : 0; left;
             left &= left - 1) {
            uint32_t number = (uint32_t)(w * 64) + (uint32_t)__builtin_ctzll(left);
            double value = fabs(elimination_at(from, row, number));
            if (value < PIVOT)
                continue;
            /* The first variable is what the program asks of. */
            uint32_t cost = from->column_cells[number] + (basic_before[number] ? 0 : 1u << 16) +
                            (tableau_is_inside(tableau, number) ? 0 : 1u << 18) +
                            (number ? 0 : 1u << 20) + (value < 0.1 ? 1u << 19 : 0);
            if (cost < least) {
                least = cost;
                best = number;
            }
        }
    return best;
}

/* Solves the equality for a variable, which is basic then. One that follows from others has none.
 */
static void solve_equality(struct tableau *tableau, uint32_t row, const bool *basic_before)
{
    struct elimination *elimination = &tableau->elimination;
    size_t column = column_for(tableau, row, basic_before);
    if (column == tableau->variable_count)
        return;
    double by = elimination_at(elimination, row, column);
    elimination_use(elimination, row, column);
    eta_solve(&tableau->etas, row, by);
    for (size_t i = 0; i < elimination->touched; i++)
        eta_add(&tableau->etas, elimination->rows[i], elimination->factors[i]);
    tableau->basic[row] = (uint32_t)column;
    tableau->place[column] = row;
    tableau->is_basic[column] = true;
}

static void eliminate(struct tableau *tableau)
{
    struct elimination *elimination = &tableau->elimination;
    bool basic_before[TABLEAU_VARIABLES];
    memcpy(basic_before, tableau->is_basic, sizeof basic_before);
    memset(tableau->is_basic, 0, sizeof tableau->is_basic);
    for (uint32_t r = 0; r < tableau->relation_count; r++)
        if (!is_fixed(tableau, TABLEAU_SUMS + r))
            elimination_close(elimination, r);
    for (size_t row; row = elimination_next(elimination), row < tableau->relation_count;) {
        elimination_close(elimination, row);
        solve_equality(tableau, (uint32_t)row, basic_before);
        tableau->work += tableau->relation_count / 2;
    }
    tableau->work += elimination->work;
}

/* Rows and columns that are left. */
static void list_left(struct tableau *tableau)
{
    tableau->row_count = tableau->column_count = 0;
    for (uint32_t r = 0; r < tableau->relation_count; r++) {
        uint32_t number = tableau->basic[r];
        if (number >= TABLEAU_SUMS && is_fixed(tableau, number))
            continue;
        tableau->rows[tableau->row_count++] = r;
        tableau->place[number] = r;
        tableau->is_basic[number] = true;
    }
    for (uint32_t k = 0; k < tableau->variable_count; k++) {
        if (tableau->is_basic[k])
            continue;
        tableau->place[k] = (uint32_t)tableau->column_count;
        tableau->gain[tableau->column_count] = 0;
        tableau->free[tableau->column_count++] = k;
    }
}

static enum status make_cells(struct tableau *tableau, struct error *err)
{
    tableau->stride = tableau->column_count;
    size_t need = tableau->relation_count * tableau->stride;
    if (need > tableau->cell_capacity) {
        free(tableau->cells);
        tableau->cells = mem_zalloc(need, sizeof *tableau->cells);
        tableau->cell_capacity = tableau->cells ? need : 0;
        if (!tableau->cells)
            return error_nomem(err);
    }
    for (size_t i = 0; i < tableau->row_count; i++) {
        double *cells = tableau->cells + tableau->rows[i] * tableau->stride;
        for (size_t k = 0; k < tableau->column_count; k++)
            cells[k] = elimination_at(&tableau->elimination, tableau->rows[i], tableau->free[k]);
    }
    tableau->work += 2 * tableau->row_count * tableau->column_count;
    return STATUS_OK;
}

static enum status make_loose(struct tableau *tableau, struct error *err)
{
    size_t need = tableau->relation_count * tableau->variable_count;
    if (need > tableau->loose_capacity) {
        free(tableau->loose);
        tableau->loose = mem_zalloc(need, sizeof *tableau->loose);
        tableau->loose_capacity = tableau->loose ? need : 0;
        if (!tableau->loose)
            return error_nomem(err);
    }
    elimination_init(&tableau->elimination, tableau->loose, tableau->relation_count,
                     tableau->variable_count);
    tableau->work += (tableau->relation_count + tableau->variable_count) * 8;
    return STATUS_OK;
}

enum status tableau_make(struct tableau *tableau, const struct tableau_term *terms, size_t count,
                         struct error *err)
{
    TRY(make_loose(tableau, err));
    eta_begin(&tableau->etas);
    tableau->forgets = false;
    for (uint32_t r = 0; r < tableau->relation_count; r++) {
        tableau->basic[r] = TABLEAU_SUMS + r;
        tableau->at[TABLEAU_SUMS + r] = 0;
    }
    for (size_t i = 0; i < count; i++) {
        elimination_set(&tableau->elimination, terms[i].relation, terms[i].variable,
                        terms[i].factor);
        tableau->at[TABLEAU_SUMS + terms[i].relation] +=
            terms[i].factor * tableau->at[terms[i].variable];
    }
    eliminate(tableau);
    list_left(tableau);
    tableau->work += 4 * count;
    return tableau->etas.failed ? error_nomem(err) : make_cells(tableau, err);
}
