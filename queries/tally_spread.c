/* Spreads of samples: see tally_spread.h. */
#include "queries/tally_spread.h"

#include "base/civil.h"
#include "queries/tally_count.h"
#include "queries/tally_strata.h"
#include "queries/unit.h"

#include <stdlib.h>
#include <string.h>

/* ---- strata of the draw ---- */

struct counting {
    const struct labelled_sample *l;
    struct tally_spread_row *rows;
    uint64_t last[STRATA_MAX]; /* user + 1 that a unit of the stratum was last seen of */
};

static void count_unit(void *context, uint32_t user, size_t part, uint32_t row)
{
    struct counting *c = context;
    uint32_t h = strata_of(&c->l->laid.strata, part, row);
    c->rows[h].population++;
    c->rows[h].users += c->last[h] != user + 1ull;
    c->last[h] = user + 1ull;
}

static enum status spread_over_strata(const struct labelled_sample *l, struct tally *tally,
                                      struct tally_spread *out, struct error *err)
{
    const struct strata *strata = &l->laid.strata;
    out->by_design = true;
    out->count = strata->count;
    out->rows = arena_zalloc(&tally->arena, out->count, sizeof *out->rows);
    if (!out->rows)
        return error_nomem(err);
    for (size_t h = 0; h < strata->count; h++) {
        const char *name = strata->items[h].name;
        out->rows[h].name = arena_strndup(&tally->arena, name, strlen(name));
        out->rows[h].from = strata->items[h].from;
        out->rows[h].to = strata->items[h].to;
        if (!out->rows[h].name)
            return error_nomem(err);
    }
    struct counting c = {.l = l, .rows = out->rows};
    units_by_user(&l->units, count_unit, &c);
    for (size_t i = 0; i < l->sample.ids.count; i++) {
        struct unit_place place = l->places[i];
        if (bitmap_contains(l->units.rows[place.part], place.row))
            out->rows[strata_of(strata, place.part, place.row)].drawn++;
    }
    return STATUS_OK;
}

/* ---- months ---- */

static int compare_places(const void *a, const void *b)
{
    const uint64_t *left = a, *right = b;
    return (*left > *right) - (*left < *right);
}

/* Part and row of each drawn unit's conversation, in order. */
static enum status note_places(const struct labelled_sample *l, struct tally *tally,
                               struct tally_spread *out, struct error *err)
{
    out->places = arena_zalloc(&tally->arena, l->sample.ids.count, sizeof *out->places);
    if (!out->places)
        return error_nomem(err);
    for (size_t i = 0; i < l->sample.ids.count; i++) {
        struct unit_place at = l->places[i];
        if (bitmap_contains(l->units.rows[at.part], at.row))
            out->places[out->place_count++] =
                (uint64_t)at.part << 32 | unit_conversation(&l->units, at.part, at.row);
    }
    if (out->place_count)
        qsort(out->places, out->place_count, sizeof *out->places, compare_places);
    return STATUS_OK;
}

static enum status describe(const struct labelled_sample *l, struct tally *tally,
                            struct tally_spread *out, struct error *err)
{
    const struct sample *sample = &l->sample;
    struct arena *arena = &tally->arena;
    out->unit = unit_kinds[sample->basis.kind];
    out->units = unit_plurals[sample->basis.kind];
    out->population = l->units.count;
    for (size_t i = 0; i < sample->ids.count; i++)
        out->drawn += bitmap_contains(l->units.rows[l->places[i].part], l->places[i].row);
    out->frame = sample->frame_count;
    out->frame_drawn = sample->ids.count;
    out->draw = sample->draw;
    memcpy(out->frame_digest, sample->frame_digest, sizeof out->frame_digest);
    memcpy(out->sample_digest, sample->sha256, sizeof out->sample_digest);
    uint64_t *sizes = arena_zalloc(arena, sample->stratum_count, sizeof *sizes);
    out->seed_source = arena_strndup(arena, sample->seed_source, strlen(sample->seed_source));
    bool failed = !sizes || !out->seed_source;
    for (size_t h = 0; !failed && h < sample->stratum_count; h++)
        sizes[h] = sample->strata[h].size;
    out->sizes = sizes;
    out->size_count = sample->stratum_count;
    if (sample->basis.by)
        failed =
            !(out->by = arena_strndup(arena, sample->basis.by, strlen(sample->basis.by))) || failed;
    if (sample->seed_time != CIVIL_NONE) {
        char text[CIVIL_TIME_TEXT];
        civil_time_text(sample->seed_time, text);
        failed = !(out->seed_time = arena_strndup(arena, text, strlen(text))) || failed;
    }
    return failed ? error_nomem(err) : STATUS_OK;
}

enum status tally_spread_note(const struct labelled_sample *l, size_t query, struct tally *tally,
                              struct error *err)
{
    struct tally_spread out = {.query = query, .table = SIZE_MAX};
    const struct plan *plan = l->source->plan;
    if (plan->release.noise.mechanism || plan_sample_query(plan, query) != query)
        return STATUS_OK;
    TRY(describe(l, tally, &out, err));
    if (l->laid.strata.count > 1)
        TRY(spread_over_strata(l, tally, &out, err));
    else if (l->units.kind != UNIT_USER)
        TRY(note_places(l, tally, &out, err));
    return tally_add_spread(tally, &out, err);
}

static bool wants_months(const struct tally_spread *spread)
{
    return !spread->by_design && spread->places;
}

static bool is_by_month(const struct plan *plan, const struct tally_table *table)
{
    return table->query != SIZE_MAX && plan->queries[table->query].kind == QUERY_COUNT &&
           table->by_count == 1 && table->by[0].kind == PLAN_FIELD_MONTH;
}

/* The number of a count by month: the plan's, or a new one. */
static enum status find_months(const struct tally_source *source, struct tally *tally,
                               size_t *number, struct error *err)
{
    static const struct tally_key key = {"month", "Month", TALLY_KEY_MONTH};
    for (*number = 0; *number < tally->table_count; (*number)++)
        if (is_by_month(source->plan, &tally->tables[*number]))
            return STATUS_OK;
    struct plan_field *month = arena_zalloc(&tally->arena, 1, sizeof *month);
    char *name = arena_printf(&tally->arena, "month");
    if (!month || !name)
        return error_nomem(err);
    *month = (struct plan_field){.kind = PLAN_FIELD_MONTH, .name = name};
    TRY(tally_cross(source, "samples.months", SIZE_MAX, month, 1, &key, tally, err));
    tally->tables[*number].untold = true;
    return STATUS_OK;
}

struct placing {
    struct tally_spread *spread;
    size_t next; /* place */
};

static enum status place_row(void *context, uint32_t table_row, size_t part, uint32_t row,
                             struct error *err)
{
    struct placing *placing = context;
    struct tally_spread *spread = placing->spread;
    uint64_t at = (uint64_t)part << 32 | row;
    (void)err;
    for (; placing->next < spread->place_count && spread->places[placing->next] == at;
         placing->next++)
        spread->rows[table_row].drawn++;
    return STATUS_OK;
}

static enum status spread_over_months(const struct tally_source *source, struct tally *tally,
                                      size_t number, struct tally_spread *spread, struct error *err)
{
    const struct tally_table *table = &tally->tables[number];
    if (table->row_count < 2)
        return STATUS_OK;
    spread->table = number;
    spread->count = table->row_count - 1;
    spread->column = tally_strata_column(table, spread->units);
    spread->rows = arena_zalloc(&tally->arena, spread->count, sizeof *spread->rows);
    if (!spread->rows)
        return error_nomem(err);
    for (size_t i = 0; i < spread->count; i++)
        spread->rows[i].name = table->key_values[i];
    struct placing placing = {.spread = spread};
    return tally_cross_each(source, table->id, table->by, table->by_count, place_row, &placing,
                            err);
}

enum status tally_spread_tables(const struct tally_source *source, struct tally *tally,
                                struct error *err)
{
    size_t number = SIZE_MAX;
    TRY(tally_strata_tables(source, tally, err));
    for (size_t i = 0; i < tally->spread_count; i++) {
        if (!wants_months(&tally->spreads[i]))
            continue;
        if (number == SIZE_MAX)
            TRY(find_months(source, tally, &number, err));
        TRY(spread_over_months(source, tally, number, &tally->spreads[i], err));
    }
    return STATUS_OK;
}
