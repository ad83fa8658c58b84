/*
 * What a reader knows to hold among the figures of an overlap report: see overlap_relations.h. The
 * gate reckons with a reader who uses all of it, so that a relation left out is a leak and a false
 * one is nonsense.
 */
#include "queries/overlap_relations.h"

#include "base/memory.h"

#include <stdlib.h>

static enum status at_most(struct tally *tally, struct tally_table *table, uint32_t less_row,
                           uint32_t less, uint32_t more_row, uint32_t more, struct error *err)
{
    const struct tally_term terms[] = {{less_row, less, 1}, {more_row, more, -1}};
    return tally_relate(tally, table, terms, 2, true, err);
}

/* ---- runs ---- */

struct runs {
    struct tally *tally;
    struct tally_table *table;
    uint32_t bins, total;
    struct tally_term *terms; /* [4 * bins + 4] */
};

/* Bins add up to any run, any and none to everything; of users at least. */
static enum status relate_side(const struct runs *r, uint32_t view, struct error *err)
{
    uint32_t any = overlap_row(view, r->bins, r->bins), none = any + 1;
    for (uint32_t column = 0; column < RUN_COLUMNS; column++) {
        bool users = column == RUN_USERS;
        for (uint32_t bin = 0; bin < r->bins; bin++)
            r->terms[bin] =
                (struct tally_term){overlap_row(view, bin, r->bins), column, users ? -1 : 1};
        r->terms[r->bins] = (struct tally_term){any, column, users ? 1 : -1};
        TRY(tally_relate(r->tally, r->table, r->terms, r->bins + 1ull, users, err));
        const struct tally_term whole[] = {
            {r->total, column, 1}, {any, column, -1}, {none, column, -1}};
        TRY(tally_relate(r->tally, r->table, whole, 3, users, err));
        for (uint32_t bin = 0; bin < r->bins; bin++)
            TRY(at_most(r->tally, r->table, overlap_row(view, bin, r->bins), column, any, column,
                        err));
        TRY(at_most(r->tally, r->table, any, column, r->total, column, err));
        TRY(at_most(r->tally, r->table, none, column, r->total, column, err));
    }
    return STATUS_OK;
}

/* A user has a conversation, and that has an exchange, of which the row is true. */
static enum status relate_rows(const struct runs *r, struct error *err)
{
    for (uint32_t row = 0; row <= r->total; row++) {
        TRY(at_most(r->tally, r->table, row, RUN_USERS, row, RUN_CONVERSATIONS, err));
        TRY(at_most(r->tally, r->table, row, RUN_CONVERSATIONS, row, RUN_EXCHANGES, err));
    }
    return STATUS_OK;
}

/* Puts SIGN times the rows of a side from bin FROM on after the COUNT terms there are. */
static size_t add_from(const struct runs *r, size_t count, uint32_t view, uint32_t from,
                       uint32_t column, int sign)
{
    for (uint32_t bin = from; bin < r->bins; bin++)
        r->terms[count++] = (struct tally_term){overlap_row(view, bin, r->bins), column, sign};
    return count;
}

/*
 * Whoever has a run of so many words somewhere has one on some side, and the other way round. Of
 * users only the rows themselves say so, since those of several rows do not add up.
 */
static enum status relate_views(const struct runs *r, struct error *err)
{
    for (uint32_t column = 0; column < RUN_USERS; column++)
        for (uint32_t from = 0; from < r->bins; from++) {
            size_t count = add_from(r, 0, VIEW_ANYWHERE, from, column, 1);
            for (uint32_t view = VIEW_PROMPT; view < OVERLAP_VIEWS; view++)
                count = add_from(r, count, view, from, column, -1);
            TRY(tally_relate(r->tally, r->table, r->terms, count, true, err));
            for (uint32_t view = VIEW_PROMPT; view < OVERLAP_VIEWS; view++) {
                count = add_from(r, 0, view, from, column, 1);
                count = add_from(r, count, VIEW_ANYWHERE, from, column, -1);
                TRY(tally_relate(r->tally, r->table, r->terms, count, true, err));
            }
        }
    for (uint32_t bin = 0; bin <= r->bins; bin++) {
        struct tally_term sum[OVERLAP_VIEWS];
        for (uint32_t view = 0; view < OVERLAP_VIEWS; view++)
            sum[view] = (struct tally_term){overlap_row(view, bin, r->bins), RUN_USERS,
                                            view == VIEW_ANYWHERE ? 1 : -1};
        TRY(tally_relate(r->tally, r->table, sum, OVERLAP_VIEWS, true, err));
    }
    for (uint32_t view = VIEW_PROMPT; view < OVERLAP_VIEWS; view++)
        TRY(at_most(r->tally, r->table, overlap_row(view, r->bins, r->bins), RUN_USERS,
                    overlap_row(VIEW_ANYWHERE, r->bins, r->bins), RUN_USERS, err));
    return STATUS_OK;
}

enum status overlap_relate_runs(struct tally *tally, struct tally_table *table, uint32_t bins,
                                struct error *err)
{
    struct runs r = {tally, table, bins, OVERLAP_VIEWS * (bins + 2), NULL};
    r.terms = mem_zalloc(OVERLAP_VIEWS * (bins + 1ull), sizeof *r.terms);
    if (!r.terms)
        return error_nomem(err);
    enum status status = relate_rows(&r, err);
    for (uint32_t view = 0; status == STATUS_OK && view < OVERLAP_VIEWS; view++)
        status = relate_side(&r, view, err);
    if (status == STATUS_OK)
        status = relate_views(&r, err);
    free(r.terms);
    return status;
}

/* ---- words ---- */

enum status overlap_relate_words(struct tally *tally, struct tally_table *table, struct error *err)
{
    for (uint32_t row = 0; row < WORDS_ROWS; row++)
        TRY(at_most(tally, table, row, WORDS_COVERED, row, WORDS_ALL, err));
    const struct tally_term sum[] = {{WORDS_OF_OUTPUTS, WORDS_COVERED, 1},
                                     {WORDS_OF_OUTPUTS, WORDS_SUPPLIED, -1},
                                     {WORDS_OF_OUTPUTS, WORDS_ORIGINATED, -1}};
    return tally_relate(tally, table, sum, 3, false, err);
}

/* ---- works ---- */

enum status overlap_relate_works(struct tally *tally, struct tally_table *table, uint32_t bins,
                                 struct error *err)
{
    for (uint32_t row = 0; row < table->row_count; row++) {
        TRY(at_most(tally, table, row, WORK_USERS, row, WORK_CONVERSATIONS, err));
        TRY(at_most(tally, table, row, WORK_CONVERSATIONS, row, WORK_EXCHANGES, err));
        for (uint32_t side = WORK_PROMPT; side <= WORK_ORIGINATED; side++)
            TRY(at_most(tally, table, row, side, row, WORK_CONVERSATIONS, err));
        const struct tally_term some[] = {{row, WORK_CONVERSATIONS, 1},
                                          {row, WORK_PROMPT, -1},
                                          {row, WORK_SUPPLIED, -1},
                                          {row, WORK_ORIGINATED, -1}};
        TRY(tally_relate(tally, table, some, 4, true, err));
        for (uint32_t bin = 0; bin + 1 < bins; bin++)
            TRY(at_most(tally, table, row, WORK_BINS + bin, row,
                        bin ? WORK_BINS + bin - 1 : (uint32_t)WORK_CONVERSATIONS, err));
    }
    return STATUS_OK;
}
