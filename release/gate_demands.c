/* What is known and what is asked of cells: see gate_demands.h. */
#include "release/gate_demands.h"

#include "release/figure_make.h"
#include "release/gate_before.h"

#include <string.h>

/* Units of columns in which a number of the population may stand, and which one. */
static const struct {
    const char *unit;
    size_t number;
} population_units[] = {{"conversations", TALLY_CONVERSATIONS},
                        {"records", TALLY_CONVERSATIONS},
                        {"exchanges", TALLY_EXCHANGES},
                        {"users", TALLY_USERS_COLUMN},
                        {"words", TALLY_WORDS}};
enum { POPULATION_UNITS = sizeof population_units / sizeof *population_units };

static size_t population_number(const struct tally_column *column)
{
    for (size_t i = 0; column->unit && i < POPULATION_UNITS; i++)
        if (strcmp(column->unit, population_units[i].unit) == 0)
            return population_units[i].number;
    return TALLY_WORDS + 1;
}

void demands_mark_fixed(const struct release *release, const struct tally *tally,
                        const struct tally_table *table, unsigned char *flags)
{
    if (table->told_before) {
        before_mark(table, flags);
        return;
    }
    for (size_t i = 0; table->known_before && i < table->row_count * table->column_count; i++)
        if (table->known_before[i])
            flags[i] = SMALLCELL_FIXED;
    for (size_t row = 0; row < table->row_count; row++) {
        if (table->row_flags[row] & TALLY_TOLD)
            memset(flags + row * table->column_count, SMALLCELL_FIXED, table->column_count);
        if (!(table->row_flags[row] & TALLY_KEEP))
            continue;
        bool whole = false;
        for (size_t column = 0; column < table->column_count; column++) {
            size_t number = population_number(&table->columns[column]);
            if (number > TALLY_WORDS || release->population[number].state != FIGURE_EXACT ||
                tally_cell_at(table, row, column)->value != tally->population[number].value)
                continue;
            flags[row * table->column_count + column] = SMALLCELL_FIXED;
            whole = whole || number == TALLY_CONVERSATIONS;
        }
        for (size_t column = 0; whole && column < table->column_count; column++)
            flags[row * table->column_count + column] = SMALLCELL_FIXED;
    }
}

/* Where one user has most of a cell, a tenth of it must stay open: the p % rule of statistical
 * offices at p = 10. */
enum { DOMINANCE_PART = 10 };

/* The width that a difference asks for of a cell: for each conversation between as much as one of
 * the row has on average of what the column counts. */
static int64_t width_between(const struct tally_difference *d, const struct tally_cell *cell,
                             const struct tally_cell *conversations, uint32_t min_users)
{
    int64_t least = (int64_t)min_users - 1, width = (int64_t)d->conversations + 1;
    if (conversations->value && cell->value > conversations->value &&
        cell->value / conversations->value < INT32_MAX)
        width = (int64_t)((double)d->conversations * (double)cell->value /
                          (double)conversations->value) +
                1;
    return width > least ? width : least;
}

/* Columns in which conversations add up as they do in the row's number of them, which stands in the
 * first two. */
static const char *const sums[] = {"conversations", "records", "exchanges",  "turns",
                                   "words",         "items",   "occurrences"};
enum { WHOLES = 2, SUMS = sizeof sums / sizeof *sums };

static bool is_among(const struct tally_column *column, size_t first)
{
    for (size_t i = 0; i < first; i++)
        if (strcmp(column->id, sums[i]) == 0)
            return true;
    return false;
}

/* Whether a difference is about column C: its own or, of all conversations of a row, one to which
 * they add what they have. */
static bool is_about(const struct tally_difference *d, const struct tally_table *table, size_t c)
{
    return c == d->column ||
           (is_among(&table->columns[d->column], WHOLES) && is_among(&table->columns[c], SUMS));
}

/* Figures from which, with another one, a number of few users would follow: the reader must not
 * know whether anything lies between. */
static void demand_differences(const struct release *release, const struct tally *tally,
                               size_t number, struct smallcell_demand *demands)
{
    const struct tally_table *table = &tally->tables[number];
    if (table->told_before)
        return;
    for (size_t i = 0; i < tally->difference_count; i++) {
        const struct tally_difference *d = &tally->differences[i];
        if (d->table != number || table->row_flags[d->row] & TALLY_KEEP)
            continue;
        const struct tally_cell *of = tally_cell_at(table, d->row, d->column);
        for (size_t c = 0; c < table->column_count; c++) {
            const struct tally_cell *cell = tally_cell_at(table, d->row, c);
            struct smallcell_demand *demand = &demands[d->row * table->column_count + c];
            int64_t width = width_between(d, cell, of, release->min_users);
            if (is_about(d, table, c) && cell->value && demand->width < width)
                demand->width = width;
        }
    }
}

/* Cells that are withheld for another reason than few users. */
static void demand_by_rules(const struct release *release, const struct tally_table *table,
                            struct smallcell_demand *demands)
{
    for (size_t i = 0; i < table->row_count * table->column_count; i++) {
        const struct tally_cell *cell = &table->cells[i];
        const struct tally_column *column = &table->columns[i % table->column_count];
        bool conversations = column->unit && strcmp(column->unit, "conversations") == 0;
        int64_t most = (int64_t)release->min_conversations - 1;
        if (table->row_flags[i / table->column_count] & (TALLY_KEEP | TALLY_FREE))
            continue;
        if (conversations && cell->value && cell->value < release->min_conversations)
            demands[i] = (struct smallcell_demand){most, most > 1 ? most - 1 : 1};
        else if (release->dominance > 0 && release->min_users > 1 && cell->value &&
                 (double)cell->largest > release->dominance * (double)cell->value)
            demands[i] =
                (struct smallcell_demand){0, (int64_t)((cell->value - 1) / DOMINANCE_PART) + 1};
    }
}

void demands_make(const struct release *release, const struct tally *tally, size_t number,
                  struct smallcell_demand *demands)
{
    demand_by_rules(release, &tally->tables[number], demands);
    demand_differences(release, tally, number, demands);
}
