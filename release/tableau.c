/*
 * A linear program around a point that holds: see tableau.h.
 *
 * Primal simplex method with bounded variables, from the point itself: a free variable need not
 * stand at a bound. Equalities are eliminated first (elimination.h), the one of the fewest cells
 * next. Repairs are steps of the dual simplex method that let variables go from one bound to the
 * other (R. Fourer, "Notes on the dual simplex method", 1994; V. Chvatal, "Linear Programming",
 * 1983, chapters 8 and 10). Programs are of a few hundred variables at most, and most of a column
 * is zero, so that a dense tableau whose rows are skipped where nothing changes is quicker than one
 * that is factorized.
 */
#include "release/tableau.h"

#include "base/memory.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Less than that is an error of rounding; less than PIVOT is not divided by. */
#define NOTHING 1e-11
#define PIVOT   1e-7
#define GAIN    1e-9
#define SLIGHT  1e-9

/*
 * STALLS: steps that lead nowhere before the first that helps is taken. FAR: work of a cell that is
 * looked at down a column, each in another line of memory.
 */
enum { STALLS = 40, FAR = 8 };

void tableau_release(struct tableau *tableau)
{
    free(tableau->cells);
    free(tableau->loose);
    eta_release(&tableau->etas);
}

static double *row_of(const struct tableau *tableau, size_t row)
{
    return tableau->cells + row * tableau->stride;
}

/* ---- a step of the elimination ---- */

/* TO += FACTOR * FROM. */
static void add(double *restrict to, const double *restrict from, double factor, size_t count)
{
    for (size_t k = 0; k < count; k++)
        to[k] += factor * from[k];
}

static void drop_column(struct tableau *tableau, size_t column)
{
    size_t last = --tableau->column_count;
    for (size_t i = 0; i < tableau->row_count; i++) {
        double *cells = row_of(tableau, tableau->rows[i]);
        cells[column] = cells[last];
    }
    tableau->gain[column] = tableau->gain[last];
    tableau->free[column] = tableau->free[last];
    tableau->place[tableau->free[column]] = (uint32_t)column;
    tableau->work += FAR * tableau->row_count;
}

/* Row and column change places. What has no room at all leaves. */
static void pivot(struct tableau *tableau, uint32_t row, size_t column)
{
    double *own = row_of(tableau, row), by = own[column];
    size_t columns = tableau->column_count;
    uint32_t leaves = tableau->basic[row], enters = tableau->free[column];
    for (size_t k = 0; k < columns; k++)
        own[k] /= -by;
    own[column] = 1 / by;
    if (!tableau->forgets)
        eta_solve(&tableau->etas, row, by);
    for (size_t i = 0; i < tableau->row_count; i++) {
        uint32_t other = tableau->rows[i];
        double *cells = row_of(tableau, other), factor = cells[column];
        if (other == row)
            continue;
        cells[column] = 0;
        if (fabs(factor) < NOTHING)
            continue;
        add(cells, own, factor, columns);
        tableau->work += columns;
        if (!tableau->forgets)
            eta_add(&tableau->etas, other, factor);
    }
    double gain = tableau->gain[column];
    tableau->gain[column] = 0;
    add(tableau->gain, own, gain, columns);
    tableau->basic[row] = enters;
    tableau->place[enters] = row;
    tableau->is_basic[enters] = true;
    tableau->free[column] = leaves;
    tableau->place[leaves] = (uint32_t)column;
    tableau->is_basic[leaves] = false;
    tableau->work += FAR * tableau->row_count + 2 * columns;
    if (leaves >= TABLEAU_SUMS && tableau->least[leaves] >= tableau->most[leaves])
        drop_column(tableau, column);
}

bool tableau_is_inside(const struct tableau *tableau, uint32_t number)
{
    return tableau->at[number] > tableau->least[number] + TABLEAU_CLOSE &&
           tableau->at[number] < tableau->most[number] - TABLEAU_CLOSE;
}

/* ---- as large as can be ---- */

void tableau_aim(struct tableau *tableau, const double *factors)
{
    for (size_t k = 0; k < tableau->column_count; k++)
        tableau->gain[k] = tableau->free[k] < TABLEAU_SUMS ? factors[tableau->free[k]] : 0;
    for (size_t i = 0; i < tableau->row_count; i++) {
        uint32_t row = tableau->rows[i], number = tableau->basic[row];
        if (number >= TABLEAU_SUMS || factors[number] == 0)
            continue;
        add(tableau->gain, row_of(tableau, row), factors[number], tableau->column_count);
        tableau->work += tableau->column_count;
    }
}

static double room_up(const struct tableau *tableau, uint32_t number)
{
    return tableau->most[number] - tableau->at[number];
}

static double room_down(const struct tableau *tableau, uint32_t number)
{
    return tableau->at[number] - tableau->least[number];
}

/* The column whose variable gains most, or the first that gains. column_count: none. */
static size_t gainful(const struct tableau *tableau, bool first)
{
    size_t best = tableau->column_count;
    double most = GAIN;
    for (size_t k = 0; k < tableau->column_count; k++) {
        double gain = tableau->gain[k];
        if (fabs(gain) <= most || (gain > 0 ? room_up(tableau, tableau->free[k])
                                            : room_down(tableau, tableau->free[k])) <= SLIGHT)
            continue;
        most = fabs(gain);
        best = k;
        if (first)
            break;
    }
    return best;
}

/* How far the column's variable can go in direction SIGN until a basic one is at its bound: *ROW,
 * UINT32_MAX for none. Of several the one with the largest cell. */
static double measure(const struct tableau *tableau, size_t column, double sign, uint32_t *row)
{
    double shortest = TABLEAU_FAR, largest = 0;
    *row = UINT32_MAX;
    for (size_t i = 0; i < tableau->row_count; i++) {
        uint32_t number = tableau->basic[tableau->rows[i]];
        double rate = sign * row_of(tableau, tableau->rows[i])[column];
        if (fabs(rate) < PIVOT)
            continue;
        double room = rate > 0 ? room_up(tableau, number) : room_down(tableau, number);
        double far = (room > 0 ? room : 0) + SLIGHT;
        if (far < shortest * fabs(rate))
            shortest = far / fabs(rate);
    }
    double reach = TABLEAU_FAR;
    for (size_t i = 0; i < tableau->row_count; i++) {
        uint32_t number = tableau->basic[tableau->rows[i]];
        double rate = sign * row_of(tableau, tableau->rows[i])[column];
        if (fabs(rate) < PIVOT || fabs(rate) <= largest)
            continue;
        double room = rate > 0 ? room_up(tableau, number) : room_down(tableau, number);
        if (room <= shortest * fabs(rate)) {
            largest = fabs(rate);
            reach = room > 0 ? room / largest : 0;
            *row = tableau->rows[i];
        }
    }
    return reach;
}

static void move_by(struct tableau *tableau, size_t column, double much)
{
    tableau->at[tableau->free[column]] += much;
    for (size_t i = 0; i < tableau->row_count; i++) {
        uint32_t row = tableau->rows[i];
        tableau->at[tableau->basic[row]] += much * row_of(tableau, row)[column];
    }
    tableau->work += FAR * tableau->row_count;
}

void tableau_put(struct tableau *tableau, uint32_t number, double value)
{
    move_by(tableau, tableau->place[number], value - tableau->at[number]);
    tableau->at[number] = value;
}

bool tableau_climb(struct tableau *tableau, size_t steps)
{
    size_t stalls = 0;
    for (; steps > 0 && tableau->work < tableau->work_end; steps--) {
        size_t column = gainful(tableau, stalls > STALLS);
        tableau->work += tableau->column_count + 2 * FAR * tableau->row_count;
        if (column == tableau->column_count)
            return true;
        uint32_t number = tableau->free[column], row;
        double sign = tableau->gain[column] > 0 ? 1 : -1;
        double own = sign > 0 ? room_up(tableau, number) : room_down(tableau, number);
        double far = measure(tableau, column, sign, &row);
        if (own <= far) {
            if (own >= TABLEAU_FAR)
                return false;
            move_by(tableau, column, sign * own);
            tableau->at[number] = sign > 0 ? tableau->most[number] : tableau->least[number];
            stalls = 0;
            continue;
        }
        stalls = far > SLIGHT ? 0 : stalls + 1;
        uint32_t leaves = tableau->basic[row];
        bool up = sign * row_of(tableau, row)[column] > 0;
        move_by(tableau, column, sign * far);
        tableau->at[leaves] = up ? tableau->most[leaves] : tableau->least[leaves];
        pivot(tableau, row, column);
    }
    return false;
}

/* ---- repairs ---- */

/* The row whose variable is furthest outside its bounds; UINT32_MAX if none is. */
static uint32_t worst_row(const struct tableau *tableau)
{
    uint32_t worst = UINT32_MAX;
    double most = TABLEAU_CLOSE;
    for (size_t i = 0; i < tableau->row_count; i++) {
        uint32_t number = tableau->basic[tableau->rows[i]];
        double under = -room_down(tableau, number), over = -room_up(tableau, number);
        double wrong = under > over ? under : over;
        if (wrong > most) {
            most = wrong;
            worst = tableau->rows[i];
        }
    }
    return worst;
}

/* The column that costs least of those that can move the row in direction SIGN; column_count if
 * there is none. */
static size_t cheapest(const struct tableau *tableau, uint32_t row, double sign)
{
    const double *cells = row_of(tableau, row);
    size_t best = tableau->column_count;
    double least = TABLEAU_FAR, largest = 0;
    for (size_t k = 0; k < tableau->column_count; k++) {
        double rate = sign * cells[k];
        if (fabs(rate) < PIVOT)
            continue;
        uint32_t number = tableau->free[k];
        double room = rate > 0 ? room_up(tableau, number) : room_down(tableau, number);
        if (room <= SLIGHT)
            continue;
        double cost = tableau_is_inside(tableau, number) ? 0 : fabs(tableau->gain[k] / rate);
        if (cost < least - SLIGHT || (cost < least + SLIGHT && fabs(rate) > largest)) {
            least = cost;
            largest = fabs(rate);
            best = k;
        }
    }
    return best;
}

bool tableau_repair(struct tableau *tableau, size_t steps)
{
    for (; steps > 0 && tableau->work < tableau->work_end; steps--) {
        uint32_t row = worst_row(tableau);
        tableau->work += tableau->row_count + tableau->column_count;
        if (row == UINT32_MAX)
            return true;
        uint32_t leaves = tableau->basic[row];
        bool up = room_down(tableau, leaves) < 0;
        double bound = up ? tableau->least[leaves] : tableau->most[leaves];
        size_t column = cheapest(tableau, row, up ? 1 : -1);
        if (column == tableau->column_count)
            return false;
        uint32_t number = tableau->free[column];
        double need = (bound - tableau->at[leaves]) / row_of(tableau, row)[column];
        double room = need > 0 ? room_up(tableau, number) : room_down(tableau, number);
        if (fabs(need) > room) {
            move_by(tableau, column, need > 0 ? room : -room);
            tableau->at[number] = need > 0 ? tableau->most[number] : tableau->least[number];
            continue;
        }
        move_by(tableau, column, need);
        tableau->at[leaves] = bound;
        pivot(tableau, row, column);
    }
    return false;
}

/* ---- weights of relations ---- */

void tableau_weigh(struct tableau *tableau, double *weights)
{
    /* What is made large, as it was before each step of the elimination, back to the sums. */
    memset(weights, 0, tableau->relation_count * sizeof *weights);
    for (size_t i = 0; i < tableau->row_count; i++) {
        uint32_t number = tableau->basic[tableau->rows[i]];
        weights[tableau->rows[i]] = number == 0 ? 1 : 0;
    }
    eta_take_back(&tableau->etas, weights);
    for (size_t r = 0; r < tableau->relation_count; r++)
        weights[r] = -weights[r];
    tableau->work += 2 * tableau->etas.factor_count;
}
