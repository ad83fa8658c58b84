/*
 * Works beside any work: see overlap_unions.h. What exchanges share is gone through user by user
 * and conversation by conversation; a unit of a column is seen with the number of works that it has
 * there.
 */
#include "queries/overlap_unions.h"

#include "base/memory.h"
#include "queries/overlap_relations.h"
#include "queries/tally_ties.h"
#include "queries/tally_unions.h"

#include <stdlib.h>
#include <string.h>

enum { ALONE, SHARED_WITH, PARTS };

/* A column of the table of works. */
struct union_column {
    size_t works;    /* rows that have any */
    size_t withheld; /* of them, of few users */
    uint32_t *index; /* [rows] which of them a row is, by number */
    uint32_t *rows;  /* [works] */
    /* Where all is tied: */
    struct overlap_counter *parts; /* [PARTS * works] */
    /* Else: what the user at hand has, in all and of each row; and how many users there are of
     * whom a row has all. */
    uint64_t own;
    uint64_t *owned; /* [rows] */
    uint32_t *full;  /* [rows] */
    struct overlap_counter several, more;
    uint32_t users;
};

/* What a conversation shares with a work. */
struct merged {
    uint32_t row, longest[OVERLAP_ROWS_SIDES], best;
};

struct unions {
    const struct overlap_hits *hits;
    struct overlap_shared *items; /* by conversation, row, exchange */
    size_t count;
    struct tally *tally;
    uint32_t runs, works, bins;
    size_t columns, rows;
    struct union_column *of; /* [columns] */
    uint32_t *in_works;      /* [hits] works of the exchange */
    struct merged *merged;   /* of the conversation at hand */
    size_t merged_count, merged_capacity;
    uint32_t *seen;                 /* [rows] number + 1 of the user that was last seen there */
    struct overlap_counter unruled; /* with a piece that was supplied, and no such run */
    struct places places;
};

static bool ties_sums(const struct union_column *column)
{
    return column->withheld < 2;
}

static bool ties_all(const struct union_column *column)
{
    return ties_sums(column) && column->works <= OVERLAP_UNION_WORKS;
}

/* ---- room ---- */

static const struct tally_table *works_of(const struct unions *u)
{
    return &u->tally->tables[u->works];
}

static uint32_t min_users(const struct unions *u)
{
    return u->hits->source->plan->release.min_users;
}

static bool is_small(const struct unions *u, uint32_t row)
{
    return tally_cell_at(works_of(u), row, WORK_CONVERSATIONS)->users < min_users(u);
}

static enum status make_column(const struct unions *u, size_t number, struct error *err)
{
    struct union_column *column = &u->of[number];
    column->index = mem_zalloc(u->rows, sizeof *column->index);
    column->rows = mem_zalloc(u->rows, sizeof *column->rows);
    if (!column->index || !column->rows)
        return error_nomem(err);
    for (uint32_t row = 0; row < u->rows; row++)
        if (tally_cell_at(works_of(u), row, number)->value) {
            column->index[row] = (uint32_t)column->works;
            column->rows[column->works++] = row;
            column->withheld += is_small(u, row);
        }
    if (!ties_all(column)) {
        column->owned = mem_zalloc(u->rows, sizeof *column->owned);
        column->full = mem_zalloc(u->rows, sizeof *column->full);
        return column->owned && column->full ? STATUS_OK : error_nomem(err);
    }
    column->parts = mem_zalloc(PARTS * column->works, sizeof *column->parts);
    return column->parts ? STATUS_OK : error_nomem(err);
}

static enum status make_room(struct unions *u, struct error *err)
{
    size_t hits = u->hits->count;
    u->of = mem_zalloc(u->columns, sizeof *u->of);
    u->in_works = mem_zalloc(hits, sizeof *u->in_works);
    u->seen = mem_zalloc(u->rows, sizeof *u->seen);
    if (!u->of || !u->in_works || !u->seen)
        return error_nomem(err);
    for (size_t i = 0; i < u->columns; i++)
        TRY(make_column(u, i, err));
    for (size_t i = 0; i < u->count; i++)
        u->in_works[u->items[i].hit]++;
    return STATUS_OK;
}

static void release(struct unions *u)
{
    for (size_t i = 0; u->of && i < u->columns; i++) {
        free(u->of[i].index);
        free(u->of[i].rows);
        free(u->of[i].parts);
        free(u->of[i].owned);
        free(u->of[i].full);
    }
    free(u->of);
    free(u->in_works);
    free(u->merged);
    free(u->seen);
    places_release(&u->places);
}

static int by_conversation(const void *a, const void *b)
{
    const struct overlap_shared *x = a, *y = b;
    if (x->conversation != y->conversation)
        return x->conversation < y->conversation ? -1 : 1;
    if (x->row != y->row)
        return x->row < y->row ? -1 : 1;
    return (x->hit > y->hit) - (x->hit < y->hit);
}

static bool same_conversation(const struct overlap_hit *a, const struct overlap_hit *b)
{
    return a->part == b->part && a->row == b->row;
}

/* Puts items in order; those of a conversation come in the order of the hits. */
static enum status sort(struct unions *u, struct error *err)
{
    const struct overlap_hit *hits = u->hits->items;
    uint32_t *numbers = mem_zalloc(u->hits->count, sizeof *numbers);
    if (!numbers)
        return error_nomem(err);
    for (size_t i = 1; i < u->hits->count; i++)
        numbers[i] = numbers[i - 1] + !same_conversation(&hits[i - 1], &hits[i]);
    for (size_t i = 0; i < u->count; i++)
        u->items[i].conversation = numbers[u->items[i].hit];
    free(numbers);
    if (u->count > 1)
        qsort(u->items, u->count, sizeof *u->items, by_conversation);
    return STATUS_OK;
}

/* ---- units ---- */

/* A unit of USER that is in so many works. */
static void see_unit(struct union_column *column, uint32_t user, uint64_t works)
{
    overlap_count(&column->several, user, works > 1);
    overlap_count(&column->more, user, works > 2 ? works - 2 : 0);
    column->own += works > 0;
}

/* It is in ROW's work. */
static void see_member(struct union_column *column, uint32_t row, uint32_t user, uint64_t works)
{
    if (ties_all(column))
        overlap_count(&column->parts[PARTS * column->index[row] + (works > 1)], user, 1);
    else
        column->owned[row]++;
}

static bool has_column(const struct unions *u, const struct merged *m, size_t column)
{
    if (column >= WORK_BINS)
        return m->best >= u->hits->query->bins[column - WORK_BINS + 1];
    return column == WORK_CONVERSATIONS ||
           (column >= WORK_PROMPT && m->longest[column - WORK_PROMPT] > 0);
}

static void see_conversation(const struct unions *u, uint32_t user)
{
    for (size_t column = 0; column < u->columns; column++) {
        uint64_t works = 0;
        for (size_t i = 0; i < u->merged_count; i++)
            works += has_column(u, &u->merged[i], column);
        if (!works)
            continue;
        see_unit(&u->of[column], user, works);
        for (size_t i = 0; i < u->merged_count; i++)
            if (has_column(u, &u->merged[i], column))
                see_member(&u->of[column], u->merged[i].row, user, works);
    }
}

/* The conversation that begins with item FROM; returns where it ends. */
static enum status merge(struct unions *u, size_t from, size_t *to, struct error *err)
{
    uint32_t conversation = u->items[from].conversation;
    u->merged_count = 0;
    for (*to = from; *to < u->count && u->items[*to].conversation == conversation; ++*to) {
        const struct overlap_shared *item = &u->items[*to];
        if (!u->merged_count || u->merged[u->merged_count - 1].row != item->row) {
            struct merged *grown =
                mem_grow(u->merged, &u->merged_capacity, u->merged_count + 1, sizeof *grown);
            if (!grown)
                return error_nomem(err);
            u->merged = grown;
            grown[u->merged_count++] = (struct merged){.row = item->row};
        }
        struct merged *m = &u->merged[u->merged_count - 1];
        for (size_t side = 0; side < OVERLAP_ROWS_SIDES; side++) {
            uint32_t words = item->longest[side];
            m->longest[side] = words > m->longest[side] ? words : m->longest[side];
            m->best = words > m->best ? words : m->best;
        }
    }
    return STATUS_OK;
}

/* The merged conversation, of which HIT is one: has it a piece that was supplied, and no run? */
static void see_supplied(struct unions *u, uint32_t user, size_t hit)
{
    const struct overlap_hit *hits = u->hits->items;
    bool piece = false, run = false;
    for (size_t i = 0; i < u->merged_count; i++)
        piece = piece || u->merged[i].longest[WORK_SUPPLIED - WORK_PROMPT];
    while (hit > 0 && same_conversation(&hits[hit - 1], &hits[hit]))
        hit--;
    for (size_t i = hit; i < u->hits->count && same_conversation(&hits[i], &hits[hit]); i++) {
        const struct overlap_rows *rows = &u->hits->found.rows[hits[i].part];
        run = run || rows->longest[VIEW_SUPPLIED - VIEW_PROMPT][hits[i].at] > 0;
    }
    overlap_count(&u->unruled, user, piece && !run);
}

/* A user, or a conversation of an unknown one, whose works are those of items FROM to TO. */
static void see_user(const struct unions *u, uint32_t user, size_t from, size_t to, uint32_t stamp)
{
    struct union_column *column = &u->of[WORK_USERS];
    uint64_t works = 0;
    for (size_t i = from; i < to; i++) {
        works += u->seen[u->items[i].row] != stamp;
        u->seen[u->items[i].row] = stamp;
    }
    see_unit(column, user, works);
    for (size_t i = from; i < to; i++) {
        uint32_t row = u->items[i].row;
        if (u->seen[row] == stamp)
            see_member(column, row, user, works);
        u->seen[row] = 0;
    }
}

static void see_exchanges(const struct unions *u, uint32_t user, size_t from, size_t to)
{
    struct union_column *column = &u->of[WORK_EXCHANGES];
    for (size_t i = from; i < to; i++)
        see_member(column, u->items[i].row, user, u->in_works[u->items[i].hit]);
}

/* The user of items FROM to TO has been seen: of which works are all that there is? */
static void end_user(const struct unions *u, size_t from, size_t to)
{
    for (size_t c = 0; c < u->columns; c++) {
        struct union_column *column = &u->of[c];
        column->users += column->own > 0;
        for (size_t i = from; !ties_all(column) && i < to; i++) {
            uint64_t *owned = &column->owned[u->items[i].row];
            column->full[u->items[i].row] += *owned && *owned == column->own;
            *owned = 0;
        }
        column->own = 0;
    }
}

static enum status walk(struct unions *u, struct error *err)
{
    const struct overlap_hit *hits = u->hits->items;
    uint32_t nobody = (uint32_t)u->hits->source->catalogue->users;
    size_t hit = 0;
    for (size_t at = 0; at < u->count;) {
        size_t first = at;
        uint32_t user = hits[u->items[at].hit].user;
        while (at < u->count && hits[u->items[at].hit].user == user) {
            size_t from = at;
            TRY(merge(u, from, &at, err));
            see_conversation(u, user);
            see_supplied(u, user, u->items[from].hit);
            see_exchanges(u, user, from, at);
            if (user == nobody)
                see_user(u, user, from, at, (uint32_t)from + 1);
        }
        if (user != nobody)
            see_user(u, user, first, at, (uint32_t)first + 1);
        for (; hit < u->hits->count && hits[hit].user <= user; hit++)
            if (u->in_works[hit])
                see_unit(&u->of[WORK_EXCHANGES], hits[hit].user, u->in_works[hit]);
        end_user(u, first, at);
    }
    return STATUS_OK;
}

/* ---- ties ---- */

static struct tally_place hidden(uint32_t number, int sign)
{
    return (struct tally_place){TALLY_HIDDEN, number, 0, sign};
}

static struct tally_place work_place(const struct unions *u, uint32_t row, size_t column, int sign)
{
    return (struct tally_place){u->works, row, (uint32_t)column, sign};
}

static uint32_t any_run(const struct unions *u, uint32_t view)
{
    return overlap_row(view, u->bins, u->bins);
}

/* SIGN times what any work has in a column. NUMBER: the hidden figure `unruled`. */
static enum status add_whole(struct unions *u, size_t column, uint32_t number, int sign,
                             struct error *err)
{
    static const enum overlap_column of[] = {[WORK_CONVERSATIONS] = RUN_CONVERSATIONS,
                                             [WORK_EXCHANGES] = RUN_EXCHANGES,
                                             [WORK_USERS] = RUN_USERS};
    if (column >= WORK_BINS) {
        for (uint32_t bin = (uint32_t)(column - WORK_BINS) + 1; bin < u->bins; bin++)
            TRY(places_add(&u->places,
                           (struct tally_place){u->runs, overlap_row(VIEW_ANYWHERE, bin, u->bins),
                                                RUN_CONVERSATIONS, sign},
                           err));
        return STATUS_OK;
    }
    if (column == WORK_SUPPLIED)
        TRY(places_add(&u->places, hidden(number, sign), err));
    uint32_t view =
        column < WORK_PROMPT ? VIEW_ANYWHERE : VIEW_PROMPT + (uint32_t)(column - WORK_PROMPT);
    return places_add(&u->places,
                      (struct tally_place){u->runs, any_run(u, view),
                                           column < WORK_PROMPT ? of[column] : RUN_CONVERSATIONS,
                                           sign},
                      err);
}

static enum status tie_all(struct unions *u, size_t number, struct error *err)
{
    const struct union_column *column = &u->of[number];
    struct tally_place told[OVERLAP_UNION_WORKS];
    struct tally_cell alone[OVERLAP_UNION_WORKS], shared[OVERLAP_UNION_WORKS];
    for (size_t i = 0; i < column->works; i++) {
        told[i] = work_place(u, column->rows[i], number, 1);
        alone[i] = overlap_cell(&column->parts[PARTS * i + ALONE]);
        shared[i] = overlap_cell(&column->parts[PARTS * i + SHARED_WITH]);
    }
    const struct counted_union of = {.told = told,
                                     .alone = alone,
                                     .shared = shared,
                                     .several = overlap_cell(&column->several),
                                     .count = column->works,
                                     .whole = u->places.items,
                                     .whole_count = u->places.count};
    return tally_unite_counted(u->tally, &of, NULL, err);
}

static uint64_t value_of(const struct unions *u)
{
    uint64_t value = 0;
    for (size_t i = 0; i < u->places.count; i++)
        value += tally_place_cell(u->tally, u->places.items[i])->value;
    return value;
}

/* What any work has and that of ROW has not, if few users have it. ANY: of how many it is. */
static enum status tie_rest(struct unions *u, size_t number, uint32_t unruled, uint32_t row,
                            uint64_t any, struct error *err)
{
    const struct union_column *column = &u->of[number];
    uint64_t value = tally_cell_at(works_of(u), row, number)->value;
    uint32_t users = column->users - column->full[row], rest;
    if (value == any || users >= min_users(u) || is_small(u, row))
        return STATUS_OK;
    TRY(tally_hide(u->tally, (struct tally_cell){any - value, users, 0}, &rest, err));
    TRY(add_whole(u, number, unruled, 1, err));
    TRY(places_add(&u->places, work_place(u, row, number, -1), err));
    TRY(places_add(&u->places, hidden(rest, -1), err));
    return places_bind(&u->places, u->tally, false, err);
}

static enum status tie_sum(struct unions *u, size_t number, uint32_t unruled, struct error *err)
{
    const struct union_column *column = &u->of[number];
    uint32_t several, more;
    TRY(tally_hide(u->tally, overlap_cell(&column->several), &several, err));
    TRY(tally_hide(u->tally, overlap_cell(&column->more), &more, err));
    TRY(add_whole(u, number, unruled, -1, err));
    for (size_t i = 0; i < column->works; i++)
        TRY(places_add(&u->places, work_place(u, column->rows[i], number, 1), err));
    TRY(places_add(&u->places, hidden(several, -1), err));
    TRY(places_add(&u->places, hidden(more, -1), err));
    return places_bind(&u->places, u->tally, false, err);
}

static enum status tie_some(struct unions *u, size_t number, uint32_t unruled, struct error *err)
{
    const struct union_column *column = &u->of[number];
    uint64_t any = value_of(u);
    u->places.count = 0;
    for (size_t i = 0; i < column->works; i++)
        TRY(tie_rest(u, number, unruled, column->rows[i], any, err));
    return ties_sums(column) ? tie_sum(u, number, unruled, err) : STATUS_OK;
}

static enum status tie_column(struct unions *u, size_t number, uint32_t unruled, struct error *err)
{
    const struct union_column *column = &u->of[number];
    u->places.count = 0;
    if (!column->works)
        return STATUS_OK;
    TRY(add_whole(u, number, unruled, 1, err));
    if (!ties_all(column))
        return tie_some(u, number, unruled, err);
    if (column->works > 1)
        return tie_all(u, number, err);
    TRY(places_add(&u->places, work_place(u, column->rows[0], number, -1), err));
    return places_bind(&u->places, u->tally, false, err);
}

static enum status tie(struct unions *u, struct error *err)
{
    uint32_t first = (uint32_t)u->tally->hidden_count, unruled = 0;
    if (u->of[WORK_SUPPLIED].works)
        TRY(tally_hide(u->tally, overlap_cell(&u->unruled), &unruled, err));
    for (size_t column = 0; column < u->columns; column++)
        TRY(tie_column(u, column, unruled, err));
    struct tally_table *works = &u->tally->tables[u->works];
    works->ties = true;
    works->own_hidden = first;
    works->own_hidden_end = (uint32_t)u->tally->hidden_count;
    return STATUS_OK;
}

enum status overlap_tie_works(const struct overlap_hits *hits, struct overlap_shared *shared,
                              size_t count, struct tally *tally, size_t runs, size_t works,
                              struct error *err)
{
    struct unions u = {.hits = hits,
                       .items = shared,
                       .count = count,
                       .tally = tally,
                       .runs = (uint32_t)runs,
                       .works = (uint32_t)works,
                       .bins = (uint32_t)hits->query->bin_count,
                       .columns = tally->tables[works].column_count,
                       .rows = tally->tables[works].row_count};
    enum status status = make_room(&u, err);
    if (status == STATUS_OK)
        status = sort(&u, err);
    if (status == STATUS_OK)
        status = walk(&u, err);
    if (status == STATUS_OK)
        status = tie(&u, err);
    release(&u);
    return status;
}
