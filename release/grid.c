/* A table as the small-cell rule sees it: see grid.h. */
#include "release/grid.h"

#include "release/moves.h"
#include "release/smallcell.h"

#include <stdlib.h>

/* Sums of 64-bit values over 2^25 terms need more than 64 bits. */
__extension__ typedef __int128 wide;

static enum status broken(const struct tally_table *table, size_t relation, const char *how,
                          struct error *err)
{
    return error_set(err, STATUS_INTERNAL, table->id, "relation %zu %s", relation, how);
}

static enum status make_room(struct grid *grid, struct arena *arena,
                             const struct tally_table *table, struct error *err)
{
    size_t terms = 0;
    for (size_t r = 0; r < table->relation_count; r++) {
        if (table->relations[r].count > MOVES_MOST ||
            __builtin_add_overflow(terms, table->relations[r].count, &terms))
            return error_nomem(err);
    }
    grid->users = arena_zalloc(arena, grid->cell_count, sizeof *grid->users);
    grid->value = arena_zalloc(arena, grid->cell_count, sizeof *grid->value);
    grid->users_column = arena_zalloc(arena, grid->columns, sizeof *grid->users_column);
    grid->detail_column = arena_zalloc(arena, grid->columns, sizeof *grid->detail_column);
    grid->first = arena_zalloc(arena, grid->relation_count + 1, sizeof *grid->first);
    grid->terms = arena_zalloc(arena, terms, sizeof *grid->terms);
    grid->slack = arena_zalloc(arena, grid->relation_count, sizeof *grid->slack);
    grid->equality = arena_zalloc(arena, grid->relation_count, sizeof *grid->equality);
    grid->cell_first = arena_zalloc(arena, grid->cell_count + 2, sizeof *grid->cell_first);
    grid->cell_terms = arena_zalloc(arena, terms, sizeof *grid->cell_terms);
    if (!grid->users || !grid->value || !grid->users_column || !grid->detail_column ||
        !grid->first || !grid->terms || !grid->slack || !grid->equality || !grid->cell_first ||
        !grid->cell_terms)
        return error_nomem(err);
    return STATUS_OK;
}

static int by_value(const void *a, const void *b, void *context)
{
    const struct grid *grid = context;
    const struct grid_term *x = a, *y = b;
    if (grid->value[x->other] != grid->value[y->other])
        return grid->value[x->other] > grid->value[y->other] ? -1 : 1;
    return (x->other > y->other) - (x->other < y->other);
}

/* Copies one relation; STAMP[cell] holds the last relation + 1 that the cell was seen in. */
static enum status add_relation(struct grid *grid, const struct tally_table *table, size_t relation,
                                uint32_t *stamp, struct error *err)
{
    const struct tally_relation *from = &table->relations[relation];
    struct grid_term *to = grid->terms + grid->first[relation];
    wide sum = 0;
    for (size_t i = 0; i < from->count; i++) {
        struct tally_term term = from->terms[i];
        if (term.row >= grid->rows || term.column >= grid->columns)
            return broken(table, relation, "names a cell that is not there", err);
        if (term.sign != 1 && term.sign != -1)
            return broken(table, relation, "has a sign that is not 1 or -1", err);
        size_t cell = term.row * grid->columns + term.column;
        if (stamp[cell] == relation + 1)
            return broken(table, relation, "names a cell twice", err);
        stamp[cell] = (uint32_t)(relation + 1);
        wide value = table->cells[cell].value;
        sum += term.sign > 0 ? value : -value;
        to[i] = (struct grid_term){.other = (uint32_t)cell, .sign = term.sign};
    }
    if (sum > 0 || (sum < 0 && !from->at_most))
        return broken(table, relation, "does not hold", err);
    grid->equality[relation] = !from->at_most;
    grid->slack[relation] = -sum > MOVES_FAR ? MOVES_FAR : (int64_t)-sum;
    grid->first[relation + 1] = grid->first[relation] + from->count;
    qsort_r(to, from->count, sizeof *to, by_value, grid);
    return STATUS_OK;
}

/* Lists for each cell its relations, in order of relations (counting sort). */
static void list_cells(struct grid *grid)
{
    size_t *at = grid->cell_first + 1;
    for (size_t i = 0; i < grid->first[grid->relation_count]; i++)
        at[grid->terms[i].other + 1]++;
    for (size_t c = 1; c <= grid->cell_count; c++)
        at[c] += at[c - 1];
    for (size_t r = 0; r < grid->relation_count; r++)
        for (size_t i = grid->first[r]; i < grid->first[r + 1]; i++)
            grid->cell_terms[at[grid->terms[i].other]++] =
                (struct grid_term){.other = (uint32_t)r, .sign = grid->terms[i].sign};
}

enum status grid_init(struct grid *grid, struct arena *arena, const struct tally_table *table,
                      struct error *err)
{
    *grid = (struct grid){.rows = table->row_count,
                          .columns = table->column_count,
                          .relation_count = table->relation_count};
    if (__builtin_mul_overflow(grid->rows, grid->columns, &grid->cell_count) ||
        grid->cell_count > MOVES_MOST || grid->relation_count >= UINT32_MAX)
        return error_set(err, STATUS_INTERNAL, table->id, "a table of more than %zu cells",
                         MOVES_MOST);
    TRY(make_room(grid, arena, table, err));
    for (size_t column = 0; column < grid->columns; column++) {
        grid->users_column[column] = table->columns[column].flags & TALLY_USERS;
        grid->detail_column[column] = table->columns[column].flags & TALLY_DETAIL;
    }
    for (size_t cell = 0; cell < grid->cell_count; cell++) {
        uint64_t value = table->cells[cell].value;
        grid->value[cell] = value > (uint64_t)MOVES_FAR ? MOVES_FAR : (int64_t)value;
        grid->users[cell] = smallcell_users(table, cell / grid->columns, cell % grid->columns);
    }
    uint32_t *stamp = arena_zalloc(arena, grid->cell_count, sizeof *stamp);
    if (!stamp)
        return error_nomem(err);
    for (size_t r = 0; r < grid->relation_count; r++)
        TRY(add_relation(grid, table, r, stamp, err));
    list_cells(grid);
    return STATUS_OK;
}
