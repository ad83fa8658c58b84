/* Works beside any work: see overlap_unions.h. */
#include "queries/overlap_unions.h"

#include "queries/overlap_relations.h"
#include "queries/overlap_shares.h"
#include "queries/tally_ties.h"
#include "queries/tally_unions.h"

struct unions {
    struct overlap_shares shares;
    struct tally *tally;
    uint32_t runs, works, bins;
    struct places places;
};

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
    const struct share_column *column = &u->shares.of[number];
    struct tally_place told[TALLY_UNION_WORKS];
    struct tally_cell alone[TALLY_UNION_WORKS], shared[TALLY_UNION_WORKS];
    for (size_t i = 0; i < column->works; i++) {
        told[i] = work_place(u, column->rows[i], number, 1);
        alone[i] = overlap_cell(&column->parts[SHARE_PARTS * i + SHARE_ALONE]);
        shared[i] = overlap_cell(&column->parts[SHARE_PARTS * i + SHARE_WITH_OTHERS]);
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
    const struct share_column *column = &u->shares.of[number];
    uint64_t value = tally_cell_at(u->shares.works, row, number)->value;
    uint32_t users = column->users - column->full[row], rest;
    if (value == any || users >= u->shares.hits->source->plan->release.min_users ||
        overlap_shares_small(&u->shares, row))
        return STATUS_OK;
    TRY(tally_hide(u->tally, (struct tally_cell){any - value, users, 0}, &rest, err));
    TRY(add_whole(u, number, unruled, 1, err));
    TRY(places_add(&u->places, work_place(u, row, number, -1), err));
    TRY(places_add(&u->places, hidden(rest, -1), err));
    return places_bind(&u->places, u->tally, false, err);
}

static enum status tie_sum(struct unions *u, size_t number, uint32_t unruled, struct error *err)
{
    const struct share_column *column = &u->shares.of[number];
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
    const struct share_column *column = &u->shares.of[number];
    uint64_t any = value_of(u);
    u->places.count = 0;
    for (size_t i = 0; i < column->works; i++)
        TRY(tie_rest(u, number, unruled, column->rows[i], any, err));
    return share_ties_sums(column) ? tie_sum(u, number, unruled, err) : STATUS_OK;
}

static enum status tie_column(struct unions *u, size_t number, uint32_t unruled, struct error *err)
{
    const struct share_column *column = &u->shares.of[number];
    u->places.count = 0;
    if (!column->works)
        return STATUS_OK;
    TRY(add_whole(u, number, unruled, 1, err));
    if (!share_ties_all(column))
        return tie_some(u, number, unruled, err);
    if (column->works > 1)
        return tie_all(u, number, err);
    TRY(places_add(&u->places, work_place(u, column->rows[0], number, -1), err));
    return places_bind(&u->places, u->tally, false, err);
}

static enum status tie(struct unions *u, struct error *err)
{
    uint32_t first = (uint32_t)u->tally->hidden_count, unruled = 0;
    if (u->shares.of[WORK_SUPPLIED].works)
        TRY(tally_hide(u->tally, overlap_cell(&u->shares.unruled), &unruled, err));
    for (size_t column = 0; column < u->shares.works->column_count; column++)
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
    struct unions u = {.tally = tally,
                       .runs = (uint32_t)runs,
                       .works = (uint32_t)works,
                       .bins = (uint32_t)hits->query->bin_count};
    enum status status =
        overlap_shares_init(&u.shares, hits, shared, count, &tally->tables[works], err);
    if (status == STATUS_OK)
        status = tie(&u, err);
    overlap_shares_release(&u.shares);
    places_release(&u.places);
    return status;
}
