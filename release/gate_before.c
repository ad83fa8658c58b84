/* Tables that earlier reports told: see gate_before.h. */
#include "release/gate_before.h"

void before_mark(const struct tally_table *table, unsigned char *flags)
{
    for (size_t i = 0; i < table->row_count * table->column_count; i++)
        if (table->told_before[i])
            flags[i] = SMALLCELL_FIXED;
        else if (table->row_flags[i / table->column_count] & TALLY_UNKNOWN)
            flags[i] = SMALLCELL_HIDDEN;
        else if (table->cells[i].value && !(table->row_flags[i / table->column_count] & TALLY_GONE))
            flags[i] = SMALLCELL_BEFORE;
}

/* The two rows that a tie says are the same, the earlier report's first. */
static bool same_rows(const struct tally *tally, const struct tally_tie *tie,
                      struct tally_place rows[2])
{
    if (tie->count != 2 || tie->at_most)
        return false;
    for (size_t i = 0; i < 2; i++) {
        rows[i] = tie->places[i];
        if (rows[i].table == TALLY_HIDDEN || rows[i].column != 0)
            return false;
    }
    if (tally->tables[rows[1].table].told_before) {
        struct tally_place other = rows[0];
        rows[0] = rows[1];
        rows[1] = other;
    }
    return rows[0].sign != rows[1].sign && tally->tables[rows[0].table].told_before &&
           !tally->tables[rows[1].table].told_before && tally->tables[rows[1].table].by_count;
}

/* A figure that an earlier report's table has, too. */
static void mark_same(const struct tally *tally, const struct tally_tie *tie,
                      unsigned char *const *flags)
{
    if (tie->count != 2 || tie->at_most || tie->places[0].sign == tie->places[1].sign)
        return;
    for (size_t i = 0; i < 2; i++) {
        struct tally_place from = tie->places[i], to = tie->places[1 - i];
        if (from.table == TALLY_HIDDEN || to.table == TALLY_HIDDEN ||
            !tally->tables[from.table].told_before || tally->tables[to.table].told_before)
            continue;
        size_t cell = from.row * tally->tables[from.table].column_count + from.column;
        if (flags[from.table][cell] & SMALLCELL_FIXED)
            flags[to.table][to.row * tally->tables[to.table].column_count + to.column] |=
                SMALLCELL_FIXED;
    }
}

void before_mark_known(const struct tally *tally, unsigned char *const *flags)
{
    struct tally_place rows[2];
    for (size_t i = 0; i < tally->tie_count; i++) {
        mark_same(tally, &tally->ties[i], flags);
        if (!same_rows(tally, &tally->ties[i], rows))
            continue;
        size_t columns = tally->tables[rows[0].table].column_count;
        for (size_t c = 0; c < columns; c++)
            if (flags[rows[0].table][rows[0].row * columns + c] & SMALLCELL_FIXED)
                flags[rows[1].table][rows[1].row * columns + c] |= SMALLCELL_FIXED;
    }
}

void before_withhold_known(const struct tally *tally, uint32_t min_users,
                           struct smallcell_demand *const *demands, unsigned char *const *flags)
{
    for (size_t t = 0; t < tally->table_count; t++) {
        const struct tally_table *table = &tally->tables[t];
        for (size_t i = 0; !table->told_before && i < table->row_count * table->column_count; i++) {
            uint64_t users =
                smallcell_users(table, i / table->column_count, i % table->column_count);
            bool asked = users && (users < min_users || demands[t][i].width);
            if (asked && flags[t][i] & SMALLCELL_FIXED &&
                !(table->row_flags[i / table->column_count] &
                  (TALLY_KEEP | TALLY_FREE | TALLY_TOLD)))
                flags[t][i] |= SMALLCELL_WITHHELD | SMALLCELL_PRIMARY;
        }
    }
}

bool before_any(const struct tally *tally)
{
    for (size_t i = 0; i < tally->table_count; i++) {
        const struct tally_table *table = &tally->tables[i];
        if (table->known_before || (table->told_before && !table->own_total))
            return true;
    }
    return false;
}

size_t before_own_total(const struct tally *tally)
{
    size_t own = 0;
    while (own < tally->table_count && !tally->tables[own].own_total)
        own++;
    return own;
}
