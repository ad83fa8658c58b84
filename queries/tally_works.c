/*
 * Works that were found: see tally_works.h. The exchanges' works are listed and sorted by work, and
 * within it by user and conversation.
 */
#include "queries/tally_works.h"

#include "base/intern.h"
#include "base/memory.h"
#include "queries/overlap_relations.h"
#include "queries/overlap_sides.h"
#include "queries/overlap_unions.h"
#include "queries/tally_ties.h"

#include <stdlib.h>
#include <string.h>

struct works {
    const struct overlap_hits *hits;
    struct intern ids; /* of all parts */
    uint32_t *order;   /* [ids.count] numbers by rank */
    uint32_t *rank;    /* [ids.count] */
    uint32_t **maps;   /* [parts] from a part's numbers to those of ids */
    struct overlap_shared *items;
    size_t count, capacity;
};

/* ---- listing ---- */

static enum status gather_ids(struct works *works, struct error *err)
{
    const struct query_overlap *found = &works->hits->found;
    works->maps = mem_zalloc(found->parts, sizeof *works->maps);
    if (!works->maps)
        return error_nomem(err);
    for (size_t p = 0; p < found->parts; p++) {
        const struct segment_strings *ids = &found->rows[p].ids;
        works->maps[p] = mem_zalloc(ids->count, sizeof **works->maps);
        if (!works->maps[p])
            return error_nomem(err);
        for (size_t i = 0; i < ids->count; i++)
            TRY(intern_add(&works->ids, ids->bytes + ids->offsets[i],
                           ids->offsets[i + 1] - ids->offsets[i], &works->maps[p][i], err));
    }
    works->order = mem_zalloc(works->ids.count, sizeof *works->order);
    works->rank = mem_zalloc(works->ids.count, sizeof *works->rank);
    if (!works->order || !works->rank)
        return error_nomem(err);
    intern_sorted(&works->ids, works->order);
    for (size_t i = 0; i < works->ids.count; i++)
        works->rank[works->order[i]] = (uint32_t)i;
    return STATUS_OK;
}

static int by_work(const void *a, const void *b)
{
    const struct overlap_shared *x = a, *y = b;
    if (x->work != y->work)
        return x->work < y->work ? -1 : 1;
    return (x->hit > y->hit) - (x->hit < y->hit);
}

static enum status list_shared(struct works *works, struct error *err)
{
    const struct overlap_hits *hits = works->hits;
    for (size_t h = 0; h < hits->count; h++) {
        const struct overlap_hit *hit = &hits->items[h];
        const struct overlap_rows *rows = &hits->found.rows[hit->part];
        for (uint64_t i = rows->starts[hit->at]; i < rows->starts[hit->at + 1ull]; i++) {
            struct overlap_shared *grown =
                mem_grow(works->items, &works->capacity, works->count + 1, sizeof *grown);
            if (!grown)
                return error_nomem(err);
            works->items = grown;
            bool common = rows->work[i] == OVERLAP_ROWS_COMMON;
            struct overlap_shared *item = &grown[works->count++];
            *item = (struct overlap_shared){
                .work = common ? (uint32_t)works->ids.count
                               : works->rank[works->maps[hit->part][rows->work[i]]],
                .hit = (uint32_t)h};
            for (size_t side = 0; side < OVERLAP_ROWS_SIDES; side++)
                item->longest[side] = rows->piece[side][i];
        }
    }
    if (works->count > 1)
        qsort(works->items, works->count, sizeof *works->items, by_work);
    return STATUS_OK;
}

/* ---- counting ---- */

static const struct overlap_hit *hit_of(const struct works *works, size_t item)
{
    return &works->hits->items[works->items[item].hit];
}

static bool same_conversation(const struct works *works, size_t a, size_t b)
{
    return works->items[a].work == works->items[b].work &&
           hit_of(works, a)->part == hit_of(works, b)->part &&
           hit_of(works, a)->row == hit_of(works, b)->row;
}

/* Of a work: its row; conversations that share on just these sides; conversations by the bin of
 * the longest run. */
struct row_counters {
    struct overlap_counter *cells; /* [columns] */
    struct overlap_counter sides[SIDE_MASKS];
    struct overlap_counter *bands; /* [bins] */
    bool *in;                      /* [columns] of the conversation at hand */
};

static size_t columns_of(const struct plan_query *query)
{
    return WORK_BINS + query->bin_count - 1;
}

/* Which columns count the conversation of items FROM to TO. */
static void find_columns(const struct works *works, size_t from, size_t to, bool *in)
{
    const struct plan_query *query = works->hits->query;
    uint32_t longest[OVERLAP_ROWS_SIDES] = {0}, best = 0;
    for (size_t i = from; i < to; i++)
        for (size_t side = 0; side < OVERLAP_ROWS_SIDES; side++)
            if (longest[side] < works->items[i].longest[side])
                longest[side] = works->items[i].longest[side];
    memset(in, 0, columns_of(query) * sizeof *in);
    in[WORK_CONVERSATIONS] = true;
    for (size_t side = 0; side < OVERLAP_ROWS_SIDES; side++) {
        in[WORK_PROMPT + side] = longest[side] > 0;
        best = longest[side] > best ? longest[side] : best;
    }
    for (size_t bin = 1; bin < query->bin_count; bin++)
        in[WORK_BINS + bin - 1] = best >= query->bins[bin];
}

/* Counts one conversation's exchanges with one work, items FROM to TO. */
static void count_shared(const struct works *works, size_t from, size_t to,
                         struct row_counters *counters)
{
    const struct plan_query *query = works->hits->query;
    uint32_t user = hit_of(works, from)->user;
    size_t mask = 0, band = 0;
    find_columns(works, from, to, counters->in);
    for (size_t column = 0; column < columns_of(query); column++)
        overlap_count(&counters->cells[column], user, counters->in[column]);
    counters->cells[WORK_CONVERSATIONS].unknown += user == works->hits->source->catalogue->users;
    overlap_count(&counters->cells[WORK_EXCHANGES], user, to - from);
    for (size_t side = 0; side < OVERLAP_ROWS_SIDES; side++)
        mask |= (size_t)counters->in[WORK_PROMPT + side] << side;
    for (size_t bin = 1; bin < query->bin_count; bin++)
        band += counters->in[WORK_BINS + bin - 1];
    overlap_count(&counters->sides[mask], user, 1);
    overlap_count(&counters->bands[band], user, 1);
}

/* Where the conversation of item FROM ends. */
static size_t end_of(const struct works *works, size_t from)
{
    size_t to = from;
    while (to < works->count && same_conversation(works, from, to))
        to++;
    return to;
}

/* The items of one work, from FROM on, into row ROW. Returns where the next work begins. */
static size_t fill_row(const struct works *works, size_t from, const struct tally_table *table,
                       size_t row, struct row_counters *counters)
{
    const struct overlap_counter *cells = counters->cells;
    size_t at = from;
    memset(counters->cells, 0, table->column_count * sizeof *counters->cells);
    memset(counters->sides, 0, sizeof counters->sides);
    memset(counters->bands, 0, works->hits->query->bin_count * sizeof *counters->bands);
    while (at < works->count && works->items[at].work == works->items[from].work) {
        size_t to = end_of(works, at);
        for (size_t k = at; k < to; k++)
            works->items[k].row = (uint32_t)row;
        count_shared(works, at, to, counters);
        at = to;
    }
    for (size_t column = 0; column < table->column_count; column++)
        *tally_cell_at(table, row, column) = overlap_cell(&cells[column]);
    *tally_cell_at(table, row, WORK_USERS) = overlap_users(&cells[WORK_CONVERSATIONS]);
    return at;
}

/* ---- ties within a row ---- */

/* What lies between runs of so many words and of more, where few users have it. */
static enum status tie_bands(const struct works *works, struct tally *tally, uint32_t table,
                             uint32_t row, const struct row_counters *counters, struct error *err)
{
    const struct plan *plan = works->hits->source->plan;
    const struct overlap_counter *cells = counters->cells;
    struct places places = {.items = NULL};
    enum status status = STATUS_OK;
    for (uint32_t bin = 0; status == STATUS_OK && bin + 1 < works->hits->query->bin_count; bin++) {
        uint32_t less = bin ? WORK_BINS + bin - 1 : WORK_CONVERSATIONS, more = WORK_BINS + bin;
        const struct tally_cell band = overlap_cell(&counters->bands[bin]);
        uint32_t number;
        if (!cells[more].value || !band.value || band.users >= plan->release.min_users)
            continue;
        status = tally_hide(tally, band, &number, err);
        if (status == STATUS_OK)
            status = places_add(&places, (struct tally_place){table, row, less, 1}, err);
        if (status == STATUS_OK)
            status = places_add(&places, (struct tally_place){table, row, more, -1}, err);
        if (status == STATUS_OK)
            status = places_add(&places, (struct tally_place){TALLY_HIDDEN, number, 0, -1}, err);
        if (status == STATUS_OK)
            status = places_bind(&places, tally, false, err);
    }
    places_release(&places);
    return status;
}

/* Of a work of few users nothing is told from which anything could follow. */
static enum status tie_row(const struct works *works, struct tally *tally, uint32_t table,
                           uint32_t row, const struct row_counters *counters, struct error *err)
{
    static const uint32_t columns[OVERLAP_VIEWS] = {[VIEW_ANYWHERE] = WORK_CONVERSATIONS,
                                                    [VIEW_PROMPT] = WORK_PROMPT,
                                                    [VIEW_SUPPLIED] = WORK_SUPPLIED,
                                                    [VIEW_ORIGINATED] = WORK_ORIGINATED};
    struct tally_cell sides[SIDE_MASKS];
    struct tally_place places[OVERLAP_VIEWS];
    struct side_places told = {.count = 1};
    if (counters->cells[WORK_CONVERSATIONS].support < works->hits->source->plan->release.min_users)
        return STATUS_OK;
    for (size_t view = 0; view < OVERLAP_VIEWS; view++) {
        places[view] = (struct tally_place){table, row, columns[view], 1};
        told.of[view] = &places[view];
    }
    for (size_t mask = 0; mask < SIDE_MASKS; mask++)
        sides[mask] = overlap_cell(&counters->sides[mask]);
    TRY(overlap_tie_sides(tally, sides, &told, err));
    return tie_bands(works, tally, table, row, counters, err);
}

/* ---- the table ---- */

static enum status works_columns(const struct plan_query *query, struct tally *tally,
                                 struct tally_column **columns, size_t *count_out,
                                 struct error *err)
{
    static const struct tally_column plain[WORK_BINS] = {
        [WORK_CONVERSATIONS] = {"conversations", "Conversations", "conversations", 0},
        [WORK_EXCHANGES] = {"exchanges", "Exchanges", "exchanges", 0},
        [WORK_USERS] = {"users", "Users", "users", TALLY_USERS},
        [WORK_PROMPT] = {"prompts", "In prompts", "conversations", 0},
        [WORK_SUPPLIED] = {"supplied", "In outputs, prompt-supplied", "conversations", 0},
        [WORK_ORIGINATED] = {"originated", "In outputs, model-originated", "conversations", 0},
    };
    *count_out = columns_of(query);
    *columns = arena_zalloc(&tally->arena, *count_out, sizeof **columns);
    if (!*columns)
        return error_nomem(err);
    memcpy(*columns, plain, sizeof plain);
    for (size_t bin = 1; bin < query->bin_count; bin++) {
        unsigned words = query->bins[bin];
        struct tally_column *column = &(*columns)[WORK_BINS + bin - 1];
        *column = (struct tally_column){arena_printf(&tally->arena, "at_least_%u", words),
                                        arena_printf(&tally->arena, "Of %u words or more", words),
                                        "conversations", 0};
        if (!column->id || !column->title)
            return error_nomem(err);
    }
    return STATUS_OK;
}

static const char *name_of(const struct works *works, uint32_t work, struct tally *tally)
{
    if (work == works->ids.count)
        return "common text";
    const struct intern_text *id = &works->ids.items[works->order[work]];
    return arena_strndup(&tally->arena, id->text, id->len);
}

static enum status fill_rows(const struct works *works, struct tally *tally, size_t number,
                             struct row_counters *counters, struct error *err)
{
    bool judged = ties_matter(works->hits->source->plan);
    for (size_t i = 0, row = 0; i < works->count; row++) {
        const struct tally_table *table = &tally->tables[number];
        table->key_values[row] = name_of(works, works->items[i].work, tally);
        if (!table->key_values[row])
            return error_nomem(err);
        i = fill_row(works, i, table, row, counters);
        if (judged)
            TRY(tie_row(works, tally, (uint32_t)number, (uint32_t)row, counters, err));
    }
    return STATUS_OK;
}

static enum status write_table(const struct works *works, size_t number, size_t runs,
                               struct tally *tally, struct error *err)
{
    static const struct tally_key keys[] = {{"work", "Work", TALLY_KEY_STRING}};
    const struct plan_query *query = works->hits->query;
    struct tally_column *columns;
    struct tally_table *table;
    struct row_counters counters;
    size_t column_count, rows = 0, at = tally->table_count;
    const char *id = arena_printf(&tally->arena, "%s.works", query->id);
    for (size_t i = 0; i < works->count; i++)
        rows += i == 0 || works->items[i].work != works->items[i - 1].work;
    if (!id)
        return error_nomem(err);
    TRY(works_columns(query, tally, &columns, &column_count, err));
    TRY(tally_add_table(tally, id, number, keys, 1, columns, column_count, rows, &table, err));
    table->lists_found = true;
    counters.cells = mem_zalloc(column_count, sizeof *counters.cells);
    counters.bands = mem_zalloc(query->bin_count, sizeof *counters.bands);
    counters.in = mem_zalloc(column_count, sizeof *counters.in);
    enum status status = counters.cells && counters.bands && counters.in
                             ? fill_rows(works, tally, at, &counters, err)
                             : error_nomem(err);
    free(counters.cells);
    free(counters.bands);
    free(counters.in);
    TRY(status);
    TRY(overlap_relate_works(tally, &tally->tables[at], (uint32_t)query->bin_count, err));
    if (!works->count || !ties_matter(works->hits->source->plan))
        return STATUS_OK;
    return overlap_tie_works(works->hits, works->items, works->count, tally, runs, at, err);
}

/* Release also on failure. */
static enum status works_init(struct works *works, const struct overlap_hits *hits,
                              struct error *err)
{
    *works = (struct works){.hits = hits};
    intern_init(&works->ids);
    TRY(gather_ids(works, err));
    return list_shared(works, err);
}

static void works_release(struct works *works)
{
    for (size_t p = 0; works->maps && p < works->hits->found.parts; p++)
        free(works->maps[p]);
    free(works->maps);
    free(works->order);
    free(works->rank);
    free(works->items);
    intern_release(&works->ids);
}

enum status tally_works(const struct overlap_hits *hits, size_t number, size_t runs,
                        struct tally *tally, struct error *err)
{
    struct works works;
    enum status status = works_init(&works, hits, err);
    if (status == STATUS_OK)
        status = write_table(&works, number, runs, tally, err);
    works_release(&works);
    return status;
}

enum status tally_works_each(const struct overlap_hits *hits,
                             enum status (*visit)(void *context,
                                                  const struct works_conversation *one,
                                                  struct error *err),
                             void *context, struct error *err)
{
    struct works works;
    uint32_t row = 0;
    bool *in = mem_zalloc(columns_of(hits->query), sizeof *in);
    enum status status = works_init(&works, hits, err);
    if (status == STATUS_OK && !in)
        status = error_nomem(err);
    for (size_t from = 0, to; status == STATUS_OK && from < works.count; from = to) {
        to = end_of(&works, from);
        row += from > 0 && works.items[from].work != works.items[from - 1].work;
        find_columns(&works, from, to, in);
        const struct overlap_hit *hit = hit_of(&works, from);
        const struct works_conversation one = {row, hit->part, hit->row, in};
        status = visit(context, &one, err);
    }
    works_release(&works);
    free(in);
    return status;
}
