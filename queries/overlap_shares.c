/* Units by their works: see overlap_shares.h. */
#include "queries/overlap_shares.h"

#include "base/memory.h"
#include "queries/overlap_relations.h"

#include <stdlib.h>

/* What a conversation shares with a work. */
struct overlap_merged {
    uint32_t row, longest[OVERLAP_ROWS_SIDES], best;
};

/* ---- room ---- */

bool overlap_shares_small(const struct overlap_shares *u, uint32_t row)
{
    return tally_cell_at(u->works, row, WORK_CONVERSATIONS)->users <
           u->hits->source->plan->release.min_users;
}

static enum status make_column(const struct overlap_shares *u, size_t number, struct error *err)
{
    struct share_column *column = &u->of[number];
    column->index = mem_zalloc(u->works->row_count, sizeof *column->index);
    column->rows = mem_zalloc(u->works->row_count, sizeof *column->rows);
    if (!column->index || !column->rows)
        return error_nomem(err);
    for (uint32_t row = 0; row < u->works->row_count; row++)
        if (tally_cell_at(u->works, row, number)->value) {
            column->index[row] = (uint32_t)column->works;
            column->rows[column->works++] = row;
            column->withheld += overlap_shares_small(u, row);
        }
    if (!share_ties_all(column)) {
        column->owned = mem_zalloc(u->works->row_count, sizeof *column->owned);
        column->full = mem_zalloc(u->works->row_count, sizeof *column->full);
        return column->owned && column->full ? STATUS_OK : error_nomem(err);
    }
    column->parts = mem_zalloc(SHARE_PARTS * column->works, sizeof *column->parts);
    return column->parts ? STATUS_OK : error_nomem(err);
}

static enum status make_room(struct overlap_shares *u, struct error *err)
{
    size_t hits = u->hits->count;
    u->of = mem_zalloc(u->works->column_count, sizeof *u->of);
    u->in_works = mem_zalloc(hits, sizeof *u->in_works);
    u->seen = mem_zalloc(u->works->row_count, sizeof *u->seen);
    if (!u->of || !u->in_works || !u->seen)
        return error_nomem(err);
    for (size_t i = 0; i < u->works->column_count; i++)
        TRY(make_column(u, i, err));
    for (size_t i = 0; i < u->count; i++)
        u->in_works[u->items[i].hit]++;
    return STATUS_OK;
}

void overlap_shares_release(struct overlap_shares *u)
{
    for (size_t i = 0; u->of && i < u->works->column_count; i++) {
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
static enum status sort(struct overlap_shares *u, struct error *err)
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
static void see_unit(struct share_column *column, uint32_t user, uint64_t works)
{
    overlap_count(&column->several, user, works > 1);
    overlap_count(&column->more, user, works > 2 ? works - 2 : 0);
    column->own += works > 0;
}

/* It is in ROW's work. */
static void see_member(struct share_column *column, uint32_t row, uint32_t user, uint64_t works)
{
    if (share_ties_all(column))
        overlap_count(&column->parts[SHARE_PARTS * column->index[row] + (works > 1)], user, 1);
    else
        column->owned[row]++;
}

static bool has_column(const struct overlap_shares *u, const struct overlap_merged *m,
                       size_t column)
{
    if (column >= WORK_BINS)
        return m->best >= u->hits->query->bins[column - WORK_BINS + 1];
    return column == WORK_CONVERSATIONS ||
           (column >= WORK_PROMPT && m->longest[column - WORK_PROMPT] > 0);
}

static void see_conversation(const struct overlap_shares *u, uint32_t user)
{
    for (size_t column = 0; column < u->works->column_count; column++) {
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
static enum status merge(struct overlap_shares *u, size_t from, size_t *to, struct error *err)
{
    uint32_t conversation = u->items[from].conversation;
    u->merged_count = 0;
    for (*to = from; *to < u->count && u->items[*to].conversation == conversation; ++*to) {
        const struct overlap_shared *item = &u->items[*to];
        if (!u->merged_count || u->merged[u->merged_count - 1].row != item->row) {
            struct overlap_merged *grown =
                mem_grow(u->merged, &u->merged_capacity, u->merged_count + 1, sizeof *grown);
            if (!grown)
                return error_nomem(err);
            u->merged = grown;
            grown[u->merged_count++] = (struct overlap_merged){.row = item->row};
        }
        struct overlap_merged *m = &u->merged[u->merged_count - 1];
        for (size_t side = 0; side < OVERLAP_ROWS_SIDES; side++) {
            uint32_t words = item->longest[side];
            m->longest[side] = words > m->longest[side] ? words : m->longest[side];
            m->best = words > m->best ? words : m->best;
        }
    }
    return STATUS_OK;
}

/* The merged conversation, of which HIT is one: has it a piece that was supplied, and no run? */
static void see_supplied(struct overlap_shares *u, uint32_t user, size_t hit)
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
static void see_user(const struct overlap_shares *u, uint32_t user, size_t from, size_t to,
                     uint32_t stamp)
{
    struct share_column *column = &u->of[WORK_USERS];
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

static void see_exchanges(const struct overlap_shares *u, uint32_t user, size_t from, size_t to)
{
    struct share_column *column = &u->of[WORK_EXCHANGES];
    for (size_t i = from; i < to; i++)
        see_member(column, u->items[i].row, user, u->in_works[u->items[i].hit]);
}

/* The user of items FROM to TO has been seen: of which works are all that there is? */
static void end_user(const struct overlap_shares *u, size_t from, size_t to)
{
    for (size_t c = 0; c < u->works->column_count; c++) {
        struct share_column *column = &u->of[c];
        column->users += column->own > 0;
        for (size_t i = from; !share_ties_all(column) && i < to; i++) {
            uint64_t *owned = &column->owned[u->items[i].row];
            column->full[u->items[i].row] += *owned && *owned == column->own;
            *owned = 0;
        }
        column->own = 0;
    }
}

static enum status walk(struct overlap_shares *u, struct error *err)
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

enum status overlap_shares_init(struct overlap_shares *shares, const struct overlap_hits *hits,
                                struct overlap_shared *shared, size_t count,
                                const struct tally_table *works, struct error *err)
{
    *shares =
        (struct overlap_shares){.hits = hits, .items = shared, .count = count, .works = works};
    TRY(make_room(shares, err));
    TRY(sort(shares, err));
    return walk(shares, err);
}
