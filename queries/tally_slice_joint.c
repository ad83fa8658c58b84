/* Hidden cells of which tables of several populations are margins: see tally_slice_joint.h. */
#include "queries/tally_slice_joint.h"

#include "base/civil.h"
#include "base/memory.h"
#include "queries/joint_cells.h"
#include "queries/linked_classes.h"
#include "queries/slice_cells.h"
#include "queries/tally_count.h"
#include "queries/tally_ties.h"

#include <stdlib.h>
#include <string.h>

enum { CONVERSATIONS }; /* column of every table by fields */

struct joint {
    struct told_population *population;
    struct tally *tally;
    struct slice_cells cells;
    struct intern folds; /* of a fold over the first sides: the fold before, a class */
    uint32_t *fold_of;   /* [row of the catalogue] */
    uint32_t *class_of;  /* [row of the catalogue] in the side at hand; SLICE_OUT */
    const struct slice_side *side;
    uint64_t *values;   /* [cell] conversations */
    uint32_t *users;    /* [cell] distinct users, unknown ones together one */
    uint32_t *block_of; /* [cell] a cell of its block, the same for all of it */
    uint32_t *size;     /* [cell] of that one: cells of its block */
    uint32_t *hidden;   /* [cell] its hidden figure; of small blocks */
    struct places places;
};

static void joint_release(struct joint *j)
{
    slice_cells_release(&j->cells);
    intern_release(&j->folds);
    free(j->fold_of);
    free(j->class_of);
    free(j->values);
    free(j->users);
    free(j->block_of);
    free(j->size);
    free(j->hidden);
    places_release(&j->places);
}

static const struct catalogue *catalogue_of(const struct joint *j)
{
    return j->population->own->catalogue;
}

/* ---- counting ---- */

static enum status see_row(void *context, uint32_t table_row, size_t part, uint32_t row,
                           struct error *err)
{
    struct joint *j = context;
    (void)err;
    j->class_of[catalogue_of(j)->parts[part].first_row + row] = j->side->class_of[table_row];
    return STATUS_OK;
}

static enum status class_side(struct joint *j, struct error *err)
{
    const struct tally_table *table = j->side->table;
    const struct tally_source *source;
    struct told_wish wish = told_wish_of(table);
    const struct catalogue *catalogue = catalogue_of(j);
    for (uint64_t row = 0; row < catalogue->rows; row++)
        j->class_of[row] = SLICE_OUT;
    TRY(told_population_source(j->population, &wish, &source, err));
    if (j->side->field_count)
        return tally_cross_each(source, table->id, table->by, table->by_count, see_row, j, err);
    for (size_t p = 0; p < catalogue->count; p++)
        for (uint32_t row = 0; row < catalogue->parts[p].rows; row++)
            if (population_has(source->population, p, row))
                TRY(see_row(j, (uint32_t)table->row_count - 1, p, row, err));
    return STATUS_OK;
}

/* Numbers what the cells are, side by side, and finds the one of each conversation: FOLD_OF is then
 * the fold of all sides, of which CELL_OF says which cell it is, or SLICE_OUT. */
static enum status fold_rows(struct joint *j, uint32_t **cell_of, struct error *err)
{
    const struct catalogue *catalogue = catalogue_of(j);
    size_t sides = j->cells.side_count;
    uint32_t *last = mem_zalloc(j->cells.count, sizeof *last);
    enum status status = last ? STATUS_OK : error_nomem(err);
    for (size_t cell = 0; status == STATUS_OK && cell < j->cells.count; cell++)
        for (size_t i = 0; status == STATUS_OK && i < sides; i++) {
            const uint32_t pair[2] = {last[cell], slice_cell(&j->cells, cell)[i]};
            status = intern_add(&j->folds, (const char *)pair, sizeof pair, &last[cell], err);
            last[cell]++;
        }
    *cell_of = mem_zalloc(j->folds.count + 1, sizeof **cell_of);
    if (status == STATUS_OK && !*cell_of)
        status = error_nomem(err);
    for (size_t fold = 0; status == STATUS_OK && fold <= j->folds.count; fold++)
        (*cell_of)[fold] = SLICE_OUT;
    for (size_t cell = 0; status == STATUS_OK && cell < j->cells.count; cell++)
        (*cell_of)[last[cell]] = (uint32_t)cell;
    free(last);
    for (size_t i = 0; status == STATUS_OK && i < sides; i++) {
        j->side = &j->cells.sides[i];
        status = class_side(j, err);
        for (uint64_t row = 0; status == STATUS_OK && row < catalogue->rows; row++)
            j->fold_of[row] = i && !j->fold_of[row]
                                  ? 0
                                  : joint_pair_find(&j->folds, j->fold_of[row], j->class_of[row]);
    }
    return status;
}

/* Sorts conversations by cell (by counting) and walks each cell's users. */
static enum status count_cells(struct joint *j, const uint32_t *cell_of, struct error *err)
{
    const struct catalogue *catalogue = catalogue_of(j);
    size_t cells = j->cells.count;
    enum status status = STATUS_OK;
    uint64_t *start = mem_zalloc(cells + 2, sizeof *start);
    uint32_t *list = mem_zalloc(catalogue->rows, sizeof *list);
    uint32_t *seen = mem_zalloc(catalogue->users + 1ull, sizeof *seen);
    if (!start || !list || !seen)
        TRY_CLEANUP(error_nomem(err));
    for (uint64_t row = 0; row < catalogue->rows; row++) {
        uint32_t cell = cell_of[j->fold_of[row]];
        if (cell != SLICE_OUT)
            start[cell + 2]++;
    }
    for (size_t i = 2; i < cells + 2; i++)
        start[i] += start[i - 1];
    for (size_t p = 0; p < catalogue->count; p++)
        for (uint32_t row = 0; row < catalogue->parts[p].rows; row++) {
            const struct catalogue_part *part = &catalogue->parts[p];
            uint32_t cell = cell_of[j->fold_of[part->first_row + row]];
            uint32_t user = catalogue_user(part, row);
            if (cell != SLICE_OUT)
                list[start[cell + 1ull]++] = user == PART_NO_CODE ? catalogue->users : user;
        }
    for (size_t cell = 0; cell < cells; cell++) {
        j->values[cell] = start[cell + 1] - start[cell];
        for (uint64_t i = start[cell]; i < start[cell + 1]; i++) {
            j->users[cell] += seen[list[i]] != cell + 1;
            seen[list[i]] = (uint32_t)cell + 1;
        }
    }
cleanup:
    free(start);
    free(list);
    free(seen);
    return status;
}

static enum status count(struct joint *j, struct error *err)
{
    uint32_t *cell_of = NULL;
    size_t rows = catalogue_of(j)->rows, cells = j->cells.count;
    enum status status = STATUS_OK;
    j->fold_of = mem_zalloc(rows, sizeof *j->fold_of);
    j->class_of = mem_zalloc(rows, sizeof *j->class_of);
    j->values = mem_zalloc(cells, sizeof *j->values);
    j->users = mem_zalloc(cells, sizeof *j->users);
    if (!j->fold_of || !j->class_of || !j->values || !j->users)
        TRY_CLEANUP(error_nomem(err));
    TRY_CLEANUP(fold_rows(j, &cell_of, err));
    TRY_CLEANUP(count_cells(j, cell_of, err));
cleanup:
    free(cell_of);
    return status;
}

/* ---- blocks ---- */

static uint32_t block(struct joint *j, uint32_t cell)
{
    while (j->block_of[cell] != cell)
        cell = j->block_of[cell] = j->block_of[j->block_of[cell]];
    return cell;
}

/* Finds them, by totals too or not; *LARGEST is how many cells one has. */
static enum status find_blocks(struct joint *j, bool totals, size_t *largest, struct error *err)
{
    size_t cells = j->cells.count;
    *largest = 0;
    for (uint32_t cell = 0; cell < cells; cell++) {
        j->block_of[cell] = cell;
        j->size[cell] = 0;
    }
    for (size_t i = 0; i < j->cells.side_count; i++) {
        const struct slice_side *side = &j->cells.sides[i];
        if (!side->field_count && !totals)
            continue;
        uint32_t *first = mem_zalloc(side->paths.count + 1, sizeof *first);
        if (!first)
            return error_nomem(err);
        for (uint32_t cell = 0; cell < cells; cell++) {
            uint32_t class = slice_cell(&j->cells, cell)[i];
            if (class == SLICE_OUT)
                continue;
            if (first[class])
                j->block_of[block(j, cell)] = block(j, first[class] - 1);
            else
                first[class] = cell + 1;
        }
        free(first);
    }
    for (uint32_t cell = 0; cell < cells; cell++) {
        uint32_t own = ++j->size[block(j, cell)];
        *largest = own > *largest ? own : *largest;
    }
    return STATUS_OK;
}

static bool is_judged(struct joint *j, uint32_t cell)
{
    return j->size[block(j, cell)] <= TALLY_JOINT_BLOCK;
}

/* ---- ties ---- */

static enum status hide(struct joint *j, struct error *err)
{
    bool left_out = false;
    for (uint32_t cell = 0; cell < j->cells.count; cell++) {
        const struct tally_cell figure = {j->values[cell], j->users[cell], 0};
        if (is_judged(j, cell))
            TRY(tally_hide(j->tally, figure, &j->hidden[cell], err));
        else
            left_out = true;
    }
    j->tally->slices_left_out += left_out;
    return STATUS_OK;
}

/* The rows of one class, unless one of them is of changed logs or withheld whole. */
static enum status add_rows(struct joint *j, const struct slice_side *side, uint32_t class,
                            bool *known, struct error *err)
{
    const struct tally_table *table = side->table;
    for (size_t row = 0; row < table->row_count; row++) {
        if (side->class_of[row] != class)
            continue;
        *known = *known && !(table->row_flags[row] & LINKED_UNTIED);
        TRY(places_add(
            &j->places,
            (struct tally_place){(uint32_t)side->number, (uint32_t)row, CONVERSATIONS, 1}, err));
    }
    return STATUS_OK;
}

static enum status tie_side(struct joint *j, size_t number, struct error *err)
{
    const struct slice_side *side = &j->cells.sides[number];
    for (uint32_t class = 1; class <= side->paths.count; class ++) {
        bool known = true;
        size_t rows;
        TRY(add_rows(j, side, class, &known, err));
        rows = j->places.count;
        for (uint32_t cell = 0; rows && known && cell < j->cells.count; cell++) {
            if (slice_cell(&j->cells, cell)[number] != class)
                continue;
            known = is_judged(j, cell);
            TRY(places_add(&j->places, (struct tally_place){TALLY_HIDDEN, j->hidden[cell], 0, -1},
                           err));
        }
        if (rows && known && j->places.count > rows)
            TRY(places_bind_held(&j->places, j->tally, false, err));
        j->places.count = 0;
    }
    return STATUS_OK;
}

static enum status tie_cells(struct joint *j, struct error *err)
{
    size_t largest, cells = j->cells.count;
    bool totals = true;
    j->block_of = mem_zalloc(cells, sizeof *j->block_of);
    j->size = mem_zalloc(cells, sizeof *j->size);
    j->hidden = mem_zalloc(cells, sizeof *j->hidden);
    if (!j->block_of || !j->size || !j->hidden)
        return error_nomem(err);
    TRY(find_blocks(j, totals, &largest, err));
    totals = largest <= TALLY_JOINT_BLOCK;
    if (!totals)
        TRY(find_blocks(j, totals, &largest, err));
    TRY(hide(j, err));
    for (size_t i = 0; i < j->cells.side_count; i++)
        if (totals || j->cells.sides[i].field_count)
            TRY(tie_side(j, i, err));
    return STATUS_OK;
}

/* ---- which tables ---- */

/* Of populations that are nearly the same the first one. */
static bool is_first(const struct population_groups *groups, size_t table)
{
    for (size_t g = 0; g < groups->group_of[table]; g++)
        if (population_groups_near(groups, groups->first[g], table))
            return false;
    return true;
}

/* Whether two of them have other filters. */
static bool any_unlike(const struct tally *tally, const size_t *numbers, size_t count)
{
    for (size_t i = 1; i < count; i++) {
        const struct tally_table *a = &tally->tables[numbers[0]], *b = &tally->tables[numbers[i]];
        if (!plan_filters_same(a->filters, a->filter_count, b->filters, b->filter_count))
            return true;
    }
    return false;
}

static void days_of(const struct catalogue *catalogue, int64_t *first, int64_t *last)
{
    *first = INT64_MAX;
    *last = INT64_MIN;
    for (size_t p = 0; p < catalogue->count; p++)
        for (uint32_t row = 0; row < catalogue->parts[p].rows; row++) {
            if (catalogue->parts[p].time[row] == CIVIL_NONE)
                continue;
            int64_t day = civil_day_of(catalogue->parts[p].time[row]);
            *first = day < *first ? day : *first;
            *last = day > *last ? day : *last;
        }
}

static enum status tie_tables(struct joint *j, const size_t *numbers, size_t count_of,
                              struct error *err)
{
    int64_t from, to;
    days_of(catalogue_of(j), &from, &to);
    TRY(slice_cells_init(&j->cells, j->tally, numbers, count_of, from, to, err));
    j->tally->slices_left_out += j->cells.left_out;
    if (j->cells.left_out || !j->cells.count)
        return STATUS_OK;
    TRY(count(j, err));
    return tie_cells(j, err);
}

enum status tally_slice_joint(struct told_population *population,
                              const struct population_groups *groups, struct tally *tally,
                              struct error *err)
{
    struct joint j = {.population = population, .tally = tally};
    size_t *numbers = mem_zalloc(tally->table_count, sizeof *numbers), count_of = 0;
    enum status status = numbers ? STATUS_OK : error_nomem(err);
    intern_init(&j.folds);
    for (size_t i = 0; numbers && i < tally->table_count; i++)
        if (groups->group_of[i] != NO_GROUP && is_first(groups, i))
            numbers[count_of++] = i;
    if (status == STATUS_OK && ties_matter(population->own->plan) &&
        any_unlike(tally, numbers, count_of))
        status = tie_tables(&j, numbers, count_of, err);
    free(numbers);
    joint_release(&j);
    return status;
}
