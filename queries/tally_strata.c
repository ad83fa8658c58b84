/* Sizes of samples beside tables: see tally_strata.h. */
#include "queries/tally_strata.h"

#include "queries/overlap_relations.h"
#include "queries/query_terms.h"
#include "queries/tally_ties.h"

#include <string.h>

size_t tally_strata_column(const struct tally_table *table, const char *units)
{
    size_t column = 0;
    while (column < table->column_count && strcmp(table->columns[column].id, units) != 0)
        column++;
    return column;
}

static bool has_small(const struct tally_spread *spread, uint32_t min_users)
{
    for (size_t h = 0; h < spread->count; h++)
        if (spread->rows[h].population && spread->rows[h].users < min_users)
            return true;
    return false;
}

/* The table whose id is ID, and that has rows of its own; else SIZE_MAX. */
static size_t table_named(const struct tally *tally, const char *id)
{
    for (size_t i = 0; id && i < tally->table_count; i++)
        if (tally->tables[i].query != SIZE_MAX && tally->tables[i].row_count > 1 &&
            strcmp(tally->tables[i].id, id) == 0)
            return i;
    return SIZE_MAX;
}

/* The untold table of SPREAD's strata; OWN is its column. */
static enum status add_sizes(struct tally *tally, const struct tally_spread *spread,
                             struct tally_column own, struct tally_table **sizes, struct error *err)
{
    TRY(tally_add_table(tally, "samples.strata", SIZE_MAX, NULL, 0, &own, 1, spread->count, sizes,
                        err));
    (*sizes)->untold = true;
    for (size_t h = 0; h < spread->count; h++) {
        *tally_cell_at(*sizes, h, 0) =
            (struct tally_cell){spread->rows[h].population, spread->rows[h].users, 0};
        (*sizes)->row_flags[h] = TALLY_TOLD;
    }
    return STATUS_OK;
}

/* ---- strata by fields ---- */

/*
 * In which stratum each row of a table by fields is. Both are in the same order and a stratum is
 * some rows in a row, so its end is where the rows before it add up to the strata before it.
 */
static enum status find_strata(const struct tally_table *table, size_t column,
                               const struct tally_spread *spread, uint32_t *row_of,
                               struct error *err)
{
    size_t h = 0;
    uint64_t left = spread->rows[0].population;
    for (size_t row = 0; row + 1 < table->row_count; row++) {
        uint64_t value = tally_cell_at(table, row, column)->value;
        while (value && left == 0 && h + 1 < spread->count)
            left = spread->rows[++h].population;
        if (value > left)
            return error_set(err, STATUS_INTERNAL, table->id,
                             "the strata of a sample are no sums of its rows");
        left -= value;
        row_of[row] = (uint32_t)h;
    }
    return STATUS_OK;
}

/* The rows that are strata by themselves: their sizes are told. */
static void mark_sized(struct tally_table *table, const uint32_t *row_of)
{
    size_t last = SIZE_MAX; /* the row before that is not 0 */
    for (size_t row = 0; row + 1 < table->row_count; row++) {
        if (!tally_cell_at(table, row, 0)->value)
            continue;
        table->row_flags[row] |= TALLY_SIZED;
        if (last != SIZE_MAX && row_of[last] == row_of[row]) {
            table->row_flags[last] &= ~(unsigned)TALLY_SIZED;
            table->row_flags[row] &= ~(unsigned)TALLY_SIZED;
        }
        last = row;
    }
}

static enum status tie_fields(struct tally *tally, const struct tally_spread *spread, size_t number,
                              size_t column, struct error *err)
{
    size_t rows = tally->tables[number].row_count;
    struct tally_table *sums;
    uint32_t *row_of = arena_zalloc(&tally->arena, rows, sizeof *row_of);
    if (!row_of)
        return error_nomem(err);
    TRY(find_strata(&tally->tables[number], column, spread, row_of, err));
    if (column == 0)
        mark_sized(&tally->tables[number], row_of);
    TRY(add_sizes(tally, spread, tally->tables[number].columns[column], &sums, err));
    sums->sum_of = number;
    sums->row_of = row_of;
    return STATUS_OK;
}

/* ---- strata by what is found ---- */

struct tying {
    struct tally *tally;
    const struct plan_query *query; /* by which strata were made */
    const struct tally_spread *spread;
    uint32_t table, column, sizes;
    bool users;
    struct places places;
};

/* The row of group GROUP (strata.h), or of all groups with a run or a hit (ANY_GROUP); UINT32_MAX
 * where there is none. */
#define ANY_GROUP UINT32_MAX
static uint32_t group_row(const struct plan_query *query, uint32_t group)
{
    uint32_t slots = (uint32_t)query_term_slots(query), bins = (uint32_t)query->bin_count;
    if (query->kind == QUERY_TOPICS)
        return group == ANY_GROUP ? UINT32_MAX : group;
    if (query->kind == QUERY_OVERLAP)
        return overlap_row(VIEW_ANYWHERE,
                           group == ANY_GROUP ? bins
                           : group            ? group - 1
                                              : bins + 1,
                           bins);
    if (group == ANY_GROUP || group == 0)
        return slots;
    return query->kind == QUERY_TERMS ? slots + 1 : UINT32_MAX;
}

static enum status add_row(struct tying *t, uint32_t row, int sign, struct error *err)
{
    return places_add(&t->places, (struct tally_place){t->table, row, t->column, sign}, err);
}

static enum status add_size(struct tying *t, size_t h, int sign, struct error *err)
{
    return places_add(&t->places, (struct tally_place){t->sizes, (uint32_t)h, 0, sign}, err);
}

/* Of users: do those of stratum H have nothing but one row's, and all of them? */
static bool is_whole(const struct tying *t, size_t h)
{
    const struct tally_spread_row *row = &t->spread->rows[h];
    if (row->to - row->from > 1)
        return false;
    if (t->query->kind == QUERY_OVERLAP)
        return row->from > 0 && h + 1 == t->spread->count;
    return h == 0; /* the first topic; what was found */
}

/* The size of a row of conversations is told. */
static void note_sized(const struct tying *t, uint32_t row)
{
    if (t->column == 0)
        t->tally->tables[t->table].row_flags[row] |= TALLY_SIZED;
}

static enum status tie_stratum(struct tying *t, size_t h, struct error *err)
{
    const struct tally_spread_row *row = &t->spread->rows[h];
    for (uint32_t group = row->from; group < row->to; group++) {
        uint32_t at = group_row(t->query, group);
        if (at == UINT32_MAX) { /* all but what was found */
            t->places.count = 0;
            return STATUS_OK;
        }
        TRY(add_row(t, at, -1, err));
    }
    if (row->to - row->from == 1)
        note_sized(t, group_row(t->query, row->from));
    TRY(add_size(t, h, 1, err));
    return places_bind(&t->places, t->tally, t->users && !is_whole(t, h), err);
}

/* All with any run, where those without are a stratum. */
static enum status tie_any_run(struct tying *t, struct error *err)
{
    if (t->query->kind != QUERY_OVERLAP || t->spread->rows[0].from > 0 || t->spread->rows[0].to > 1)
        return STATUS_OK;
    note_sized(t, group_row(t->query, ANY_GROUP));
    TRY(add_row(t, group_row(t->query, ANY_GROUP), -1, err));
    for (size_t h = 1; h < t->spread->count; h++)
        TRY(add_size(t, h, 1, err));
    return places_bind(&t->places, t->tally, false, err);
}

static enum status tie_found(struct tally *tally, const struct plan_query *query,
                             const struct tally_spread *spread, size_t number, size_t column,
                             struct error *err)
{
    struct tally_column own = tally->tables[number].columns[column];
    struct tying t = {.tally = tally,
                      .query = query,
                      .spread = spread,
                      .table = (uint32_t)number,
                      .column = (uint32_t)column,
                      .sizes = (uint32_t)tally->table_count,
                      .users = own.flags & TALLY_USERS};
    struct tally_table *sizes;
    enum status status = add_sizes(tally, spread, own, &sizes, err);
    for (size_t h = 0; status == STATUS_OK && h < spread->count; h++)
        status = tie_stratum(&t, h, err);
    if (status == STATUS_OK)
        status = tie_any_run(&t, err);
    places_release(&t.places);
    return status;
}

/* ---- what searches found ---- */

static void find_search(const struct plan *plan, const struct tally *tally,
                        struct tally_sample *sample)
{
    const struct plan_query *query = &plan->queries[sample->query];
    bool relevance = query->kind == QUERY_RELEVANCE;
    const struct plan_query *by = relevance ? &plan->queries[query->search] : query;
    size_t number = table_named(tally, by->id);
    if (number == SIZE_MAX)
        return;
    const struct tally_table *table = &tally->tables[number];
    uint32_t row = relevance ? group_row(by, ANY_GROUP) : (uint32_t)sample->search;
    if (row == UINT32_MAX) /* of topics: what none was found in */
        row = (uint32_t)by->topic_count;
    const char *units = sample->drawn_units ? sample->drawn_units : sample->units;
    size_t column = tally_strata_column(table, units);
    if (row >= table->row_count)
        return;
    sample->found_at.there = true;
    sample->found_at.table = number;
    sample->found_at.row = row;
    sample->found_at.column = column < table->column_count ? (uint32_t)column : 0;
}

/* ---- all of them ---- */

static enum status tie_spread(const struct tally_source *source, struct tally *tally,
                              const struct tally_spread *spread, struct error *err)
{
    size_t number = spread->by_design ? table_named(tally, spread->by) : SIZE_MAX;
    if (number == SIZE_MAX || has_small(spread, source->plan->release.min_users))
        return STATUS_OK;
    const struct tally_table *table = &tally->tables[number];
    size_t column = tally_strata_column(table, spread->units);
    if (column == table->column_count)
        return STATUS_OK;
    if (table->by_count)
        return tie_fields(tally, spread, number, column, err);
    return tie_found(tally, &source->plan->queries[table->query], spread, number, column, err);
}

enum status tally_strata_tables(const struct tally_source *source, struct tally *tally,
                                struct error *err)
{
    for (size_t i = 0; i < tally->spread_count; i++)
        TRY(tie_spread(source, tally, &tally->spreads[i], err));
    for (size_t i = 0; i < tally->sample_count; i++)
        if (tally->samples[i].search != TALLY_NO_SEARCH)
            find_search(source->plan, tally, &tally->samples[i]);
    return STATUS_OK;
}
