/* Figures of overlap reports as sums of cells: see works_sums.h. */
#include "queries/works_sums.h"

#include "base/memory.h"
#include "queries/overlap_sides.h"
#include "queries/tally_ties.h"
#include "queries/works_classes.h"

#include <stdlib.h>
#include <string.h>

enum { WORD = 64, SUM_WORDS = TALLY_SLOT_CELLS / WORD };

/* Some of the cells. */
struct some_cells {
    uint64_t words[SUM_WORDS];
};

/*
 * What a figure counts, in whichever population: runs of a view from bin FIRST on, before bin END
 * (counted from 1, as cells have them; 0: none); what a column of a work's row does, and of that
 * what no other work's does, or some other's does; or what is on just some sides, of runs from bin
 * FIRST on or of a work. Masks of sides are those of overlap_sides.h.
 */
enum counted_what { OF_VIEW, OF_WORK, OF_WORK_ALONE, OF_WORK_SHARED, OF_SIDES, OF_WORK_SIDES };

struct counted {
    size_t query;
    enum counted_what what;
    uint32_t view, work, column, first, end, mask;
};

struct judging {
    struct works_judged *j;
    const struct tally_source *source;
    struct tally *tally;
    struct works_cells cells;
    uint32_t first; /* hidden figure of the first cell */
    struct places places;
    struct intern sums;       /* struct some_cells that are hidden figures of their own */
    uint32_t *users;          /* [cells] */
    struct some_cells *parts; /* [part_count] of populations, as sums are asked for */
    size_t part_count, part_capacity;
    struct error *err;
};

enum status works_row_name(const struct tally_table *table, size_t row, char **name,
                           struct error *err)
{
    const char *id = table->key_values[row];
    bool common = row + 1 == table->row_count && strcmp(id, "common text") == 0;
    return works_name(name, common ? NULL : id, strlen(id), err);
}

/* ---- some of the cells ---- */

static void add_cell(struct some_cells *some, uint32_t cell)
{
    some->words[cell / WORD] |= (uint64_t)1 << cell % WORD;
}

static bool has_cell(const struct some_cells *some, uint32_t cell)
{
    return some->words[cell / WORD] >> cell % WORD & 1;
}

static struct some_cells both(const struct some_cells *a, const struct some_cells *b)
{
    struct some_cells some;
    for (size_t i = 0; i < SUM_WORDS; i++)
        some.words[i] = a->words[i] & b->words[i];
    return some;
}

/* Does a work's row count the cell in that column? */
static bool row_counts(const struct judging *g, uint32_t cell, const struct counted *what,
                       uint32_t work)
{
    return works_cells_columns(&g->cells, cell, what->query, work) >> what->column & 1;
}

/* Does another work's? */
static bool others_count(const struct judging *g, uint32_t cell, const struct counted *what)
{
    bool others = false;
    for (uint32_t work = 0; work < g->cells.works.count; work++)
        others = others || (work != what->work && row_counts(g, cell, what, work));
    return others;
}

static bool bin_counts(const struct judging *g, uint32_t cell, const struct counted *what,
                       uint32_t view)
{
    unsigned bin = works_cells_bin(&g->cells, cell, what->query, view);
    return bin >= what->first && bin < what->end;
}

static bool counts(const struct judging *g, uint32_t cell, const struct counted *what)
{
    uint32_t mask = 0;
    switch (what->what) {
    case OF_VIEW:
        return bin_counts(g, cell, what, what->view);
    case OF_WORK:
        return row_counts(g, cell, what, what->work);
    case OF_WORK_ALONE:
        return row_counts(g, cell, what, what->work) && !others_count(g, cell, what);
    case OF_WORK_SHARED:
        return row_counts(g, cell, what, what->work) && others_count(g, cell, what);
    case OF_SIDES:
        for (uint32_t view = VIEW_PROMPT; view < OVERLAP_VIEWS; view++)
            mask |= (uint32_t)bin_counts(g, cell, what, view) << (view - VIEW_PROMPT);
        return mask == what->mask;
    case OF_WORK_SIDES:
        mask = works_cells_columns(&g->cells, cell, what->query, what->work) >> WORK_PROMPT;
        return mask % SIDE_MASKS == what->mask;
    }
    return false;
}

static struct some_cells cells_of(const struct judging *g, const struct counted *what)
{
    struct some_cells some = {{0}};
    for (uint32_t cell = 0; cell < g->cells.keys.count; cell++)
        if (counts(g, cell, what))
            add_cell(&some, cell);
    return some;
}

/* Of all populations of IN, and of none of OUT. */
static struct some_cells cells_in(const struct judging *g, uint32_t in, uint32_t out)
{
    struct some_cells some = {{0}};
    for (uint32_t cell = 0; cell < g->cells.keys.count; cell++) {
        uint32_t populations = works_cells_populations(&g->cells, cell);
        if ((populations & in) == in && !(populations & out))
            add_cell(&some, cell);
    }
    return some;
}

/* ---- figures ---- */

static enum status add_cells(struct judging *g, const struct some_cells *some)
{
    for (uint32_t cell = 0; cell < g->cells.keys.count; cell++)
        if (has_cell(some, cell))
            TRY(places_add(&g->places, (struct tally_place){TALLY_HIDDEN, g->first + cell, 0, -1},
                           g->err));
    return STATUS_OK;
}

static enum status tie(struct judging *g, struct tally_place place, const struct some_cells *some)
{
    place.sign = 1;
    TRY(places_add(&g->places, place, g->err));
    TRY(add_cells(g, some));
    return places_bind(&g->places, g->tally, false, g->err);
}

static enum status tie_figure(struct judging *g, const struct works_member *member,
                              struct tally_place place, const struct counted *what)
{
    const struct some_cells of = cells_of(g, what), in = cells_in(g, 1u << member->population, 0);
    const struct some_cells some = both(&of, &in);
    return tie(g, place, &some);
}

/* What row BIN of a view counts (overlap_row). */
static struct counted counted_by(size_t query, uint32_t view, uint32_t bin, uint32_t bins)
{
    struct counted what = {.query = query, .what = OF_VIEW, .view = view};
    what.first = bin < bins ? bin + 1 : bin == bins;
    what.end = bin < bins ? bin + 2 : bin == bins ? bins + 1 : 1;
    return what;
}

static enum status tie_runs(struct judging *g, const struct works_member *member)
{
    uint32_t bins = (uint32_t)member->report->query->bin_count;
    struct tally_place place = {.table = (uint32_t)member->report->runs,
                                .column = g->j->wish.exchanges ? RUN_EXCHANGES : RUN_CONVERSATIONS};
    for (uint32_t view = 0; view < OVERLAP_VIEWS; view++)
        for (uint32_t bin = g->j->wish.any ? bins : 0;
             g->j->wish.views >> view & 1 && bin < bins + 2; bin++) {
            const struct counted what = counted_by(member->query, view, bin, bins);
            place.row = overlap_row(view, bin, bins);
            TRY(tie_figure(g, member, place, &what));
        }
    const struct counted all = {.query = member->query, .end = UINT32_MAX};
    place.row = overlap_row(OVERLAP_VIEWS, 0, bins);
    return tie_figure(g, member, place, &all);
}

static bool is_tied(const struct judging *g, uint32_t column)
{
    if (g->j->wish.any && column >= WORK_BINS)
        return false;
    return g->j->wish.exchanges ? column == WORK_EXCHANGES
                                : column != WORK_EXCHANGES && column != WORK_USERS;
}

/* The number of a row's work; INTERN_NONE: its cells are not known. */
static enum status find_work(const struct judging *g, const struct tally_table *table, size_t row,
                             uint32_t *work)
{
    char *name;
    TRY(works_row_name(table, row, &name, g->err));
    *work = intern_find(&g->cells.works, name, strlen(name));
    free(name);
    return STATUS_OK;
}

static enum status tie_works(struct judging *g, const struct works_member *member)
{
    uint32_t number = (uint32_t)member->report->works, work;
    if (!g->j->wish.works || member->report->works == SIZE_MAX)
        return STATUS_OK;
    for (uint32_t row = 0; row < g->tally->tables[number].row_count; row++) {
        TRY(find_work(g, &g->tally->tables[number], row, &work));
        for (uint32_t column = 0;
             work != INTERN_NONE && column < g->tally->tables[number].column_count; column++) {
            const struct counted what = {
                .query = member->query, .what = OF_WORK, .work = work, .column = column};
            if (is_tied(g, column))
                TRY(tie_figure(g, member, (struct tally_place){number, row, column, 1}, &what));
        }
    }
    return STATUS_OK;
}

/* ---- sums of few users ---- */

/* Hides them as one where few users have them, who are of several cells. */
static enum status hide_sum(struct judging *g, const struct some_cells *some)
{
    uint32_t least = g->source->plan->release.min_users, number;
    struct tally_cell figure = {.value = 0};
    size_t count = 0, before = g->sums.count;
    for (uint32_t cell = 0; cell < g->cells.keys.count; cell++)
        if (has_cell(some, cell)) {
            if (g->users[cell] >= least)
                return STATUS_OK;
            count++;
            figure.value += g->cells.values[cell];
        }
    if (count < 2 || g->j->made >= WORKS_ALL_MAX)
        return STATUS_OK;
    struct bitmap *users = bitmap_new();
    if (!users)
        return error_nomem(g->err);
    for (uint32_t cell = 0; cell < g->cells.keys.count; cell++)
        if (has_cell(some, cell))
            bitmap_or(users, g->cells.users[cell]);
    figure.users = (uint32_t)bitmap_count(users);
    bitmap_free(users);
    if (figure.users >= least)
        return STATUS_OK;
    TRY(intern_add(&g->sums, (const char *)some, sizeof *some, &number, g->err));
    if (g->sums.count == before)
        return STATUS_OK;
    g->j->made++;
    TRY(tally_hide(g->tally, figure, &number, g->err));
    return tie(g, (struct tally_place){TALLY_HIDDEN, number, 0, 1}, some);
}

static enum status add_part(struct judging *g, uint32_t in, uint32_t out)
{
    struct some_cells *grown =
        mem_grow(g->parts, &g->part_capacity, g->part_count + 1, sizeof *grown);
    if (!grown)
        return error_nomem(g->err);
    g->parts = grown;
    grown[g->part_count++] = cells_in(g, in, out);
    return STATUS_OK;
}

/* Cells of just the same populations; of two; and of one and not of another. */
static enum status find_parts(struct judging *g)
{
    uint32_t populations = (uint32_t)g->j->population_count;
    for (uint32_t cell = 0; cell < g->cells.keys.count; cell++) {
        uint32_t in = works_cells_populations(&g->cells, cell);
        bool seen = false;
        for (uint32_t i = 0; i < cell && !seen; i++)
            seen = works_cells_populations(&g->cells, i) == in;
        if (!seen)
            TRY(add_part(g, in, ~in));
    }
    for (uint32_t a = 0; a < populations; a++)
        for (uint32_t b = 0; b < populations; b++) {
            if (a < b)
                TRY(add_part(g, 1u << a | 1u << b, 0));
            if (a != b)
                TRY(add_part(g, 1u << a, 1u << b));
        }
    return STATUS_OK;
}

/* What WHAT counts in each part of the populations. */
static enum status hide_sums(struct judging *g, const struct counted *what)
{
    const struct some_cells of = cells_of(g, what);
    for (size_t i = 0; i < g->part_count; i++) {
        const struct some_cells some = both(&of, &g->parts[i]);
        TRY(hide_sum(g, &some));
    }
    return STATUS_OK;
}

/* Each bin of each view; and all from it on. */
static enum status hide_runs(struct judging *g, size_t query)
{
    uint32_t bins = (uint32_t)g->source->plan->queries[g->j->queries[query]].bin_count;
    for (uint32_t view = 0; view < OVERLAP_VIEWS; view++)
        for (uint32_t bin = 0; g->j->wish.views >> view & 1 && bin < bins + 2; bin++) {
            struct counted what = counted_by(query, view, bin, bins);
            TRY(hide_sums(g, &what));
            what.end = bins + 1;
            if (bin && bin < bins)
                TRY(hide_sums(g, &what));
        }
    return STATUS_OK;
}

static enum status hide_works(struct judging *g, size_t query)
{
    size_t bins = g->source->plan->queries[g->j->queries[query]].bin_count;
    for (uint32_t work = 0; work < g->cells.works.count; work++)
        for (uint32_t column = 0; column < WORK_BINS + bins - 1; column++) {
            const struct counted what = {
                .query = query, .what = OF_WORK, .work = work, .column = column};
            if (is_tied(g, column))
                TRY(hide_sums(g, &what));
        }
    return STATUS_OK;
}

/* What is on some sides and on no other: of all runs; of each work. */
static enum status hide_sides(struct judging *g, size_t query)
{
    for (uint32_t mask = 1; mask < SIDE_MASKS; mask++) {
        struct counted what = {
            .query = query, .what = OF_SIDES, .first = 1, .end = UINT32_MAX, .mask = mask};
        TRY(hide_sums(g, &what));
        what.what = OF_WORK_SIDES;
        for (; what.work < g->cells.works.count; what.work++)
            TRY(hide_sums(g, &what));
    }
    return STATUS_OK;
}

/* What a work has alone; and what it shares. */
static enum status hide_shares(struct judging *g, size_t query)
{
    struct counted what = {.query = query};
    for (; what.work < g->cells.works.count; what.work++)
        for (what.column = 0; what.column < WORK_BINS; what.column++) {
            if (!is_tied(g, what.column))
                continue;
            what.what = OF_WORK_ALONE;
            TRY(hide_sums(g, &what));
            what.what = OF_WORK_SHARED;
            TRY(hide_sums(g, &what));
        }
    return STATUS_OK;
}

/* ---- all of it ---- */

static enum status hide_cells(struct judging *g)
{
    g->users = mem_zalloc(g->cells.keys.count + 1, sizeof *g->users);
    if (!g->users)
        return error_nomem(g->err);
    for (uint32_t cell = 0, number; cell < g->cells.keys.count; cell++) {
        g->users[cell] = (uint32_t)bitmap_count(g->cells.users[cell]);
        TRY(tally_hide(g->tally, (struct tally_cell){g->cells.values[cell], g->users[cell], 0},
                       &number, g->err));
        g->first = cell ? g->first : number;
    }
    g->j->made += g->cells.keys.count;
    return STATUS_OK;
}

static enum status judge(struct judging *g)
{
    const struct counted all = {.end = UINT32_MAX};
    TRY(hide_cells(g));
    TRY(find_parts(g));
    for (size_t i = 0; i < g->j->report_count; i++) {
        TRY(tie_runs(g, &g->j->reports[i]));
        TRY(tie_works(g, &g->j->reports[i]));
    }
    if (g->j->population_count > 1)
        TRY(hide_sums(g, &all));
    for (size_t query = 0; query < g->j->query_count; query++) {
        if (g->j->population_count > 1) {
            TRY(hide_runs(g, query));
            TRY(hide_works(g, query));
        } else {
            TRY(hide_sides(g, query));
            TRY(hide_shares(g, query));
        }
    }
    return STATUS_OK;
}

enum status works_judge(struct works_judged *j, const struct tally_source *source,
                        struct tally *tally, bool *done, struct error *err)
{
    struct judging g = {.j = j, .source = source, .tally = tally, .err = err};
    size_t room = WORKS_ALL_MAX - j->made;
    enum status status = STATUS_OK;
    intern_init(&g.sums);
    TRY_CLEANUP(works_cells_count(&g.cells, &j->wish, source,
                                  room < TALLY_SLOT_CELLS ? room : TALLY_SLOT_CELLS, err));
    *done = !g.cells.too_many;
    if (*done && j->wish.any)
        TRY_CLEANUP(works_cells_complete(&g.cells, done, err));
    if (*done)
        status = judge(&g);
cleanup:
    works_cells_release(&g.cells);
    intern_release(&g.sums);
    places_release(&g.places);
    free(g.users);
    free(g.parts);
    return status;
}
