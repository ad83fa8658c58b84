/* What an overlap report tells the size of: see told_overlap.h. */
#include "queries/told_overlap.h"

#include "base/memory.h"
#include "queries/overlap_hits.h"
#include "queries/overlap_relations.h"
#include "queries/tally_works.h"

#include <stdlib.h>
#include <string.h>

static void release_all(struct unit_set *sets, size_t count)
{
    for (size_t i = 0; sets && i < count; i++)
        unit_set_release(&sets[i]);
    free(sets);
}

/* COUNT empty sets. Release also on failure. */
static enum status init_all(struct unit_set **sets, size_t count, const struct told_sets *told,
                            struct error *err)
{
    *sets = mem_zalloc(count, sizeof **sets);
    if (!*sets)
        return error_nomem(err);
    for (size_t i = 0; i < count; i++)
        TRY(unit_set_init(&(*sets)[i], told->source->catalogue, err));
    return STATUS_OK;
}

/* ---- runs ---- */

static bool same_conversation(const struct overlap_hit *a, const struct overlap_hit *b)
{
    return a->part == b->part && a->row == b->row;
}

/* Puts each conversation with a run into its bin of each side, and into that of any run. */
static void put_runs(const struct overlap_hits *hits, struct unit_set *sets)
{
    uint32_t bins = (uint32_t)hits->query->bin_count;
    for (size_t at = 0, first = 0; at < hits->count; first = at) {
        const struct overlap_hit *hit = &hits->items[first];
        uint32_t longest[OVERLAP_VIEWS] = {0}, here[OVERLAP_VIEWS];
        for (; at < hits->count && same_conversation(hit, &hits->items[at]); at++) {
            overlap_hits_longest(hits, at, here);
            for (uint32_t view = 0; view < OVERLAP_VIEWS; view++)
                longest[view] = here[view] > longest[view] ? here[view] : longest[view];
        }
        for (uint32_t view = 0; view < OVERLAP_VIEWS; view++) {
            uint32_t bin = overlap_hits_bin(hits, longest[view]);
            if (bin == bins)
                continue;
            bitmap_add(sets[overlap_row(view, bin, bins)].rows[hit->part], hit->row);
            bitmap_add(sets[overlap_row(view, bins, bins)].rows[hit->part], hit->row);
        }
    }
}

static enum status add_runs(struct told_sets *told, size_t number, const struct overlap_hits *hits,
                            struct error *err)
{
    uint32_t bins = (uint32_t)hits->query->bin_count, rows = OVERLAP_VIEWS * (bins + 2);
    struct told_place place = {.table = told_sets_table(told, number), .query = number};
    struct unit_set *sets;
    enum status status = init_all(&sets, rows, told, err);
    if (status == STATUS_OK)
        put_runs(hits, sets);
    for (uint32_t view = 0; status == STATUS_OK && view < OVERLAP_VIEWS; view++) {
        struct unit_set *none = &sets[overlap_row(view, bins + 1, bins)];
        for (size_t p = 0; p < none->parts; p++) {
            bitmap_or(none->rows[p], told->units.rows[p]);
            bitmap_andnot(none->rows[p], sets[overlap_row(view, bins, bins)].rows[p]);
        }
    }
    for (place.row = 0; status == STATUS_OK && place.row < rows; place.row++) {
        bool none = place.row % (bins + 2) == bins + 1;
        place.column[TOLD_CONVERSATIONS] = RUN_CONVERSATIONS;
        place.column[TOLD_USERS] = none ? TOLD_NOWHERE : (uint32_t)RUN_USERS;
        if (place.row != overlap_row(VIEW_ANYWHERE, bins, bins))
            status = told_sets_take(told, &place, &sets[place.row], err);
    }
    release_all(sets, rows);
    return status;
}

/* ---- works ---- */

struct filling {
    struct told_sets *told;
    struct told_place place; /* row: of the work at hand */
    struct unit_set *sets;   /* [columns] */
    size_t columns;
};

/* What columns tell of the work at hand; the sets are empty then. */
static enum status end_work(struct filling *f, struct error *err)
{
    for (uint32_t column = 0; column < f->columns; column++) {
        if (column == WORK_EXCHANGES || column == WORK_USERS)
            continue;
        f->place.column[TOLD_CONVERSATIONS] = column;
        f->place.column[TOLD_USERS] =
            column == WORK_CONVERSATIONS ? (uint32_t)WORK_USERS : TOLD_NOWHERE;
        TRY(told_sets_take(f->told, &f->place, &f->sets[column], err));
        unit_set_release(&f->sets[column]);
        TRY(unit_set_init(&f->sets[column], f->told->source->catalogue, err));
    }
    return STATUS_OK;
}

static enum status put_shared(void *context, const struct works_conversation *one,
                              struct error *err)
{
    struct filling *f = context;
    if (one->row != f->place.row)
        TRY(end_work(f, err));
    f->place.row = one->row;
    for (size_t column = 0; column < f->columns; column++)
        if (one->in[column])
            bitmap_add(f->sets[column].rows[one->part], one->conversation);
    return STATUS_OK;
}

/* The number of the query's table of works, or that of all tables. */
static size_t works_table(const struct told_sets *told, const char *id)
{
    size_t table = 0, len = strlen(id);
    while (table < told->tally->table_count &&
           (strncmp(told->tally->tables[table].id, id, len) != 0 ||
            strcmp(told->tally->tables[table].id + len, ".works") != 0))
        table++;
    return table;
}

static enum status add_works(struct told_sets *told, size_t number, const struct overlap_hits *hits,
                             struct error *err)
{
    size_t table = works_table(told, hits->query->id);
    if (table == told->tally->table_count || told->tally->tables[table].row_count > TOLD_ROWS_MAX)
        return STATUS_OK;
    struct filling f = {.told = told,
                        .place = {.table = table, .query = number},
                        .columns = told->tally->tables[table].column_count};
    enum status status = init_all(&f.sets, f.columns, told, err);
    if (status == STATUS_OK)
        status = tally_works_each(hits, put_shared, &f, err);
    if (status == STATUS_OK)
        status = end_work(&f, err);
    release_all(f.sets, f.columns);
    return status;
}

enum status told_overlap_add(struct told_sets *sets, size_t number, struct error *err)
{
    struct overlap_hits hits;
    enum status status = overlap_hits_init(&hits, sets->source, number, err);
    if (status == STATUS_OK && told_sets_table(sets, number) < sets->tally->table_count)
        status = add_runs(sets, number, &hits, err);
    if (status == STATUS_OK)
        status = add_works(sets, number, &hits, err);
    overlap_hits_release(&hits);
    return status;
}
