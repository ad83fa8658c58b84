/* Hidden tables of which tables by fields are margins: see tally_joint.h. */
#include "queries/tally_joint.h"

#include "base/memory.h"
#include "queries/joint_cells.h"
#include "queries/tally_count.h"
#include "queries/tally_ties.h"

#include <stdlib.h>
#include <string.h>

enum { CONVERSATIONS }; /* column of every count by fields */

struct joint {
    const struct tally_source *source;
    struct tally *tally;
    struct joint_cells cells;
    size_t side;         /* while rows are folded */
    uint32_t *fold_of;   /* [row of the catalogue] over the sides so far */
    uint32_t *cell_of;   /* [fold] its cell */
    uint64_t *values;    /* [cell] conversations */
    uint32_t *users;     /* [cell] distinct users, unknown ones together one */
    uint32_t *last_user; /* [cell] number + 1 of the user counted last */
    uint32_t *block_of;  /* [cell] a cell of its block, the same for all of it */
    uint32_t *size;      /* [cell] of that one: cells of its block */
    uint32_t *hidden;    /* [cell] its hidden figure; of small blocks */
};

static void joint_release(struct joint *j)
{
    joint_cells_release(&j->cells);
    free(j->fold_of);
    free(j->cell_of);
    free(j->values);
    free(j->users);
    free(j->last_user);
    free(j->block_of);
    free(j->size);
    free(j->hidden);
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
    j->values = mem_zalloc(cells, sizeof *j->values);
    j->users = mem_zalloc(cells, sizeof *j->users);
    j->last_user = mem_zalloc(cells, sizeof *j->last_user);
    if (!j->values || !j->users || !j->last_user)
        return error_nomem(err);
    for (uint32_t user = 0; user <= j->source->catalogue->users; user++)
        for (uint64_t i = population->user_start[user]; i < population->user_start[user + 1ull];
             i++) {
            uint32_t cell = j->cell_of[j->fold_of[population->by_user[i]]];
            j->values[cell]++;
            j->users[cell] += j->last_user[cell] != user + 1;
            j->last_user[cell] = user + 1;
        }
    return STATUS_OK;
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

/* ---- blocks: cells that are tied to each other by some row ---- */

static uint32_t block(struct joint *j, uint32_t cell)
{
    while (j->block_of[cell] != cell)
        cell = j->block_of[cell] = j->block_of[j->block_of[cell]];
    return cell;
}

static enum status find_blocks(struct joint *j, struct error *err)
{
    const struct joint_cells *cells = &j->cells;
    j->block_of = mem_zalloc(cells->count, sizeof *j->block_of);
    j->size = mem_zalloc(cells->count, sizeof *j->size);
    if (!j->block_of || !j->size)
        return error_nomem(err);
    for (uint32_t cell = 0; cell < cells->count; cell++)
        j->block_of[cell] = cell;
    for (size_t side = 0; side < cells->side_count; side++) {
        size_t classes = cells->sides[side].paths.count + 1;
        struct by_class by = {NULL, NULL};
        enum status status = by_class_init(&by, cells->classes + side, cells->side_count,
                                           cells->count, classes, err);
        for (size_t class = 0; status == STATUS_OK && class < classes; class ++)
            for (uint32_t i = by.start[class]; i < by.start[class + 1]; i++)
                j->block_of[block(j, by.numbers[i])] = block(j, by.numbers[by.start[class]]);
        by_class_release(&by);
        TRY(status);
    }
    for (uint32_t cell = 0; cell < cells->count; cell++)
        j->size[block(j, cell)]++;
    return STATUS_OK;
}

/* Is the cell's block small enough to be judged? */
static bool is_judged(struct joint *j, uint32_t cell)
{
    return j->size[block(j, cell)] <= TALLY_JOINT_BLOCK;
}

static enum status hide(struct joint *j, struct error *err)
{
    bool left_out = false;
    j->hidden = mem_zalloc(j->cells.count, sizeof *j->hidden);
    if (!j->hidden)
        return error_nomem(err);
    for (uint32_t cell = 0; cell < j->cells.count; cell++) {
        const struct tally_cell figure = {j->values[cell], j->users[cell], 0};
        if (is_judged(j, cell))
            TRY(tally_hide(j->tally, figure, &j->hidden[cell], err));
        else
            left_out = true;
    }
    j->tally->joint_left_out += left_out;
    return STATUS_OK;
}

/* ---- ties ---- */

static enum status tie_class(struct joint *j, const struct joint_side *side,
                             const struct by_class *rows, const struct by_class *cells,
                             uint32_t class, struct places *places, struct error *err)
{
    uint32_t from = cells->start[class], to = cells->start[class + 1];
    if (from == to || !is_judged(j, cells->numbers[from]))
        return STATUS_OK;
    for (uint32_t i = rows->start[class]; i < rows->start[class + 1]; i++)
        TRY(places_add(
            places,
            (struct tally_place){(uint32_t)side->edge->number, rows->numbers[i], CONVERSATIONS, 1},
            err));
    for (uint32_t i = from; i < to; i++)
        TRY(places_add(
            places, (struct tally_place){TALLY_HIDDEN, j->hidden[cells->numbers[i]], 0, -1}, err));
    return places_bind(places, j->tally, false, err);
}

static enum status tie_side(struct joint *j, size_t number, struct places *places,
                            struct error *err)
{
    const struct joint_side *side = &j->cells.sides[number];
    struct by_class rows = {NULL, NULL}, cells = {NULL, NULL};
    size_t classes = side->paths.count + 1;
    enum status status = STATUS_OK;
    TRY_CLEANUP(
        by_class_init(&rows, side->class_of, 1, side->edge->table->row_count - 1, classes, err));
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
    TRY_CLEANUP(find_blocks(&j, err));
    TRY_CLEANUP(hide(&j, err));
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
