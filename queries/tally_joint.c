/* Hidden tables of which tables by fields are margins: see tally_joint.h. */
#include "queries/tally_joint.h"

#include "base/memory.h"
#include "queries/joint_cells.h"
#include "queries/tally_count.h"
#include "queries/tally_ties.h"

#include <stdlib.h>
#include <string.h>

/* Numbers that add up over conversations. */
enum { CONVERSATIONS, EXCHANGES, TURNS, WORDS, NUMBERS };
static const char *const columns[NUMBERS] = {"conversations", "exchanges", "turns", "words"};

struct joint {
    const struct tally_source *source;
    struct tally *tally;
    struct joint_cells cells;
    size_t side;         /* while rows are folded */
    uint32_t *fold_of;   /* [row of the catalogue] over the sides so far */
    uint32_t *cell_of;   /* [fold] its cell */
    uint64_t *values;    /* [cell * NUMBERS] */
    uint32_t *users;     /* [cell] distinct users, unknown ones together one */
    uint32_t *last_user; /* [cell] number + 1 of the user counted last */
    uint32_t first;      /* hidden figure of the first cell's first number */
};

static void joint_release(struct joint *j)
{
    joint_cells_release(&j->cells);
    free(j->fold_of);
    free(j->cell_of);
    free(j->values);
    free(j->users);
    free(j->last_user);
}

/* ---- counting ---- */

static enum status fold_row(void *context, uint32_t table_row, size_t part, uint32_t row,
                            struct error *err)
{
    struct joint *j = context;
    const struct joint_side *side = &j->cells.sides[j->side];
    uint32_t *fold = &j->fold_of[j->source->catalogue->parts[part].first_row + row];
    *fold = joint_pair_find(&j->cells.folds, *fold, side->class_of[table_row]);
    return *fold ? STATUS_OK
                 : error_set(err, STATUS_INTERNAL, side->edge->table->id,
                             "a conversation is in none of the cells of which the rows are made");
}

static enum status fold_rows(struct joint *j, struct error *err)
{
    j->fold_of = mem_zalloc(j->source->catalogue->rows, sizeof *j->fold_of);
    j->cell_of = mem_zalloc(j->cells.folds.count + 1, sizeof *j->cell_of);
    if (!j->fold_of || !j->cell_of)
        return error_nomem(err);
    for (j->side = 0; j->side < j->cells.side_count; j->side++) {
        const struct tally_table *table = j->cells.sides[j->side].edge->table;
        TRY(tally_cross_each(j->source, table->id, table->by, table->by_count, fold_row, j, err));
    }
    for (size_t cell = 0; cell < j->cells.count; cell++)
        j->cell_of[j->cells.fold_of[cell]] = (uint32_t)cell;
    return STATUS_OK;
}

static enum status count(struct joint *j, struct error *err)
{
    const struct population *population = j->source->population;
    size_t cells = j->cells.count;
    j->values = mem_zalloc(cells * NUMBERS, sizeof *j->values);
    j->users = mem_zalloc(cells, sizeof *j->users);
    j->last_user = mem_zalloc(cells, sizeof *j->last_user);
    if (!j->values || !j->users || !j->last_user)
        return error_nomem(err);
    for (uint32_t user = 0; user <= j->source->catalogue->users; user++)
        for (uint64_t i = population->user_start[user]; i < population->user_start[user + 1ull];
             i++) {
            uint32_t row, whole = population->by_user[i], cell = j->cell_of[j->fold_of[whole]];
            const struct catalogue_part *part = population_part(j->source->catalogue, whole, &row);
            uint64_t *values = j->values + (size_t)cell * NUMBERS;
            values[CONVERSATIONS]++;
            values[EXCHANGES] += part->exchanges[row];
            values[TURNS] += part->turns[row];
            values[WORDS] += part->words[row];
            j->users[cell] += j->last_user[cell] != user + 1;
            j->last_user[cell] = user + 1;
        }
    return STATUS_OK;
}

/* ---- ties ---- */

static struct tally_place hidden(const struct joint *j, size_t cell, size_t number, int sign)
{
    return (struct tally_place){TALLY_HIDDEN, j->first + (uint32_t)(cell * NUMBERS + number), 0,
                                sign};
}

/* A conversation has an exchange, and that a turn. */
static enum status hide(struct joint *j, struct places *places, struct error *err)
{
    j->first = (uint32_t)j->tally->hidden_count;
    for (size_t cell = 0; cell < j->cells.count; cell++) {
        for (size_t n = 0; n < NUMBERS; n++) {
            uint32_t number;
            const struct tally_cell hidden = {j->values[cell * NUMBERS + n], j->users[cell], 0};
            TRY(tally_hide(j->tally, hidden, &number, err));
        }
        for (size_t n = CONVERSATIONS; n < TURNS; n++) {
            TRY(places_add(places, hidden(j, cell, n, 1), err));
            TRY(places_add(places, hidden(j, cell, n + 1, -1), err));
            TRY(places_bind(places, j->tally, true, err));
        }
    }
    return STATUS_OK;
}

static uint32_t column_of(const struct tally_table *table, const char *id)
{
    uint32_t column = 0;
    while (column < table->column_count && strcmp(table->columns[column].id, id) != 0)
        column++;
    return column;
}

/* Lists of numbers by class: those of class C stand from start[C] to start[C + 1]. */
struct by_class {
    uint32_t *start, *numbers;
};

static void by_class_release(struct by_class *by)
{
    free(by->start);
    free(by->numbers);
}

/* Sorts (by counting) what has class CLASS_OF[STEP * i], i below COUNT; classes are below CLASSES.
 */
static enum status by_class_init(struct by_class *by, const uint32_t *class_of, size_t step,
                                 size_t count, size_t classes, struct error *err)
{
    by->start = mem_zalloc(classes + 2, sizeof *by->start);
    by->numbers = mem_zalloc(count, sizeof *by->numbers);
    if (!by->start || !by->numbers)
        return error_nomem(err);
    for (size_t i = 0; i < count; i++)
        by->start[class_of[step * i] + 2]++;
    for (size_t c = 2; c < classes + 2; c++)
        by->start[c] += by->start[c - 1];
    for (size_t i = 0; i < count; i++)
        by->numbers[by->start[class_of[step * i] + 1]++] = (uint32_t)i;
    return STATUS_OK;
}

static enum status tie_class(struct joint *j, const struct joint_side *side,
                             const struct by_class *rows, const struct by_class *cells,
                             uint32_t class, struct places *places, struct error *err)
{
    for (size_t n = 0; n < NUMBERS; n++) {
        uint32_t column = column_of(side->edge->table, columns[n]);
        if (column == side->edge->table->column_count)
            continue;
        for (uint32_t i = rows->start[class]; i < rows->start[class + 1]; i++)
            TRY(places_add(places,
                           (struct tally_place){(uint32_t)side->edge->number, rows->numbers[i],
                                                column, 1},
                           err));
        for (uint32_t i = cells->start[class]; i < cells->start[class + 1]; i++)
            TRY(places_add(places, hidden(j, cells->numbers[i], n, -1), err));
        TRY(places_bind(places, j->tally, false, err));
    }
    return STATUS_OK;
}

static enum status tie_side(struct joint *j, size_t number, struct places *places,
                            struct error *err)
{
    const struct joint_side *side = &j->cells.sides[number];
    struct by_class rows = {NULL, NULL}, cells = {NULL, NULL};
    size_t classes = side->paths.count + 1;
    enum status status = STATUS_OK;
    TRY_CLEANUP(by_class_init(&rows, side->class_of, 1, side->edge->table->row_count - 1, classes,
                              err));
    TRY_CLEANUP(by_class_init(&cells, j->cells.classes + number, j->cells.side_count,
                              j->cells.count, classes, err));
    /* Class 0 are rows of nothing; classes of fewer labels have neither rows nor cells. */
    for (uint32_t class = 1; class < classes; class ++)
        TRY_CLEANUP(tie_class(j, side, &rows, &cells, class, places, err));
cleanup:
    by_class_release(&rows);
    by_class_release(&cells);
    return status;
}

static enum status tie_core(const struct tally_source *source, struct tally *tally,
                            const struct joint_edges *edges, size_t core, struct error *err)
{
    struct joint j = {.source = source, .tally = tally};
    struct places places = {.items = NULL};
    enum status status = STATUS_OK;
    TRY_CLEANUP(joint_cells_init(&j.cells, edges, core, err));
    if (j.cells.left_out) {
        tally->joint_left_out++;
        goto cleanup;
    }
    TRY_CLEANUP(fold_rows(&j, err));
    TRY_CLEANUP(count(&j, err));
    TRY_CLEANUP(hide(&j, &places, err));
    for (size_t side = 0; side < j.cells.side_count; side++)
        TRY_CLEANUP(tie_side(&j, side, &places, err));
cleanup:
    places_release(&places);
    joint_release(&j);
    return status;
}

enum status tally_joint(const struct tally_source *source, struct tally *tally, struct error *err)
{
    struct arena arena = ARENA_INIT;
    struct joint_edges edges;
    enum status status = joint_edges_find(tally, &arena, &edges, err);
    for (size_t core = 0; status == STATUS_OK && core < edges.cores; core++)
        status = tie_core(source, tally, &edges, core, err);
    arena_release(&arena);
    return status;
}
