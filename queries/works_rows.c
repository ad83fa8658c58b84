/*
 * Works that two overlap reports (works_shared.h) both have: which columns count each conversation
 * that shares runs with such a work is listed for both sides, and the lists are gone through
 * together.
 */
#include "base/memory.h"
#include "queries/tally_works.h"
#include "queries/works_sharing.h"

#include <stdlib.h>
#include <string.h>

#define NOWHERE UINT32_MAX

/* A conversation that shares runs with a work that both have. */
struct shared {
    uint32_t work; /* row of side 0's table */
    uint32_t user, part, row;
    uint32_t columns; /* bit c: column c counts it */
};

struct list {
    struct shared *items;
    size_t count, capacity;
};

/* A column of side 0 and one of side 1 that may be tied. */
struct both {
    uint32_t columns[2];
    struct works_apart apart; /* of the work at hand */
};

struct rows {
    struct works_sharing *s;
    uint32_t *other[2]; /* [rows of a side] the other side's row of the same work, or NOWHERE */
    struct list lists[2];
    struct both *pairs; /* [count] */
    size_t count;
};

struct filling {
    struct rows *rows;
    size_t side;
};

static const struct tally_table *table_of(const struct works_sharing *s, size_t side)
{
    return &s->tally->tables[s->sides[side]->works];
}

/* ---- works ---- */

/* Rows come by id, common text last, whose name may be an id too: it is left out. */
static size_t named_rows(const struct tally_table *table)
{
    size_t rows = table->row_count;
    return rows && strcmp(table->key_values[rows - 1], "common text") == 0 ? rows - 1 : rows;
}

static enum status find_rows(struct rows *r, struct error *err)
{
    const struct tally_table *tables[2] = {table_of(r->s, 0), table_of(r->s, 1)};
    for (size_t side = 0; side < 2; side++) {
        r->other[side] = mem_zalloc(tables[side]->row_count + 1, sizeof **r->other);
        if (!r->other[side])
            return error_nomem(err);
        for (size_t row = 0; row < tables[side]->row_count; row++)
            r->other[side][row] = NOWHERE;
    }
    for (size_t a = 0, b = 0; a < named_rows(tables[0]) && b < named_rows(tables[1]);) {
        int order = strcmp(tables[0]->key_values[a], tables[1]->key_values[b]);
        if (order == 0) {
            r->other[0][a] = (uint32_t)b;
            r->other[1][b] = (uint32_t)a;
        }
        a += order <= 0;
        b += order >= 0;
    }
    return STATUS_OK;
}

/* ---- conversations ---- */

static enum status add_shared(void *context, const struct works_conversation *one,
                              struct error *err)
{
    struct filling *f = context;
    struct rows *r = f->rows;
    struct list *list = &r->lists[f->side];
    const struct overlap_hits *hits = &r->s->hits[f->side];
    const struct catalogue *catalogue = hits->source->catalogue;
    if (r->other[f->side][one->row] == NOWHERE)
        return STATUS_OK;
    struct shared *grown = mem_grow(list->items, &list->capacity, list->count + 1, sizeof *grown);
    if (!grown)
        return error_nomem(err);
    list->items = grown;
    uint32_t user = catalogue_user(&catalogue->parts[one->part], one->conversation);
    struct shared *item = &grown[list->count++];
    *item = (struct shared){.work = f->side ? r->other[1][one->row] : one->row,
                            .user = user == PART_NO_CODE ? (uint32_t)catalogue->users : user,
                            .part = one->part,
                            .row = one->conversation};
    for (size_t c = 0; c < table_of(r->s, f->side)->column_count; c++)
        item->columns |= (uint32_t)one->in[c] << c;
    return STATUS_OK;
}

static int compare(const struct shared *a, const struct shared *b)
{
    if (a->work != b->work)
        return a->work < b->work ? -1 : 1;
    if (a->user != b->user)
        return a->user < b->user ? -1 : 1;
    if (a->part != b->part)
        return a->part < b->part ? -1 : 1;
    return (a->row > b->row) - (a->row < b->row);
}

/* ---- columns ---- */

static uint32_t words_of(const struct rows *r, size_t side, uint32_t bin)
{
    return r->s->sides[side]->query->bins[bin];
}

/* The column of runs of a bin or longer. */
static uint32_t column_of(uint32_t bin)
{
    return bin ? WORK_BINS + bin - 1 : (uint32_t)WORK_CONVERSATIONS;
}

static void add_pair(struct rows *r, uint32_t first, uint32_t second)
{
    r->pairs[r->count++] = (struct both){.columns = {first, second}};
}

/* Sides of a work with each other, and neighbours by words (works_runs.c). */
static enum status make_pairs(struct rows *r, struct error *err)
{
    uint32_t bins[2], at[2] = {0, 0};
    for (size_t side = 0; side < 2; side++)
        bins[side] = (uint32_t)r->s->sides[side]->query->bin_count;
    r->pairs = mem_zalloc((size_t)OVERLAP_ROWS_SIDES + bins[0] + bins[1], sizeof *r->pairs);
    if (!r->pairs)
        return error_nomem(err);
    for (uint32_t side = 0; side < OVERLAP_ROWS_SIDES; side++)
        add_pair(r, WORK_PROMPT + side, WORK_PROMPT + side);
    while (at[0] < bins[0] && at[1] < bins[1]) {
        uint32_t words[2] = {words_of(r, 0, at[0]), words_of(r, 1, at[1])};
        size_t fewer = words[1] < words[0];
        uint32_t next = at[fewer] + 1;
        bool same = words[0] == words[1];
        if (same || next == bins[fewer] || words_of(r, fewer, next) > words[!fewer])
            add_pair(r, column_of(at[0]), column_of(at[1]));
        at[!fewer] += same;
        at[fewer]++;
    }
    return STATUS_OK;
}

/* ---- a work ---- */

static void see(struct rows *r, const struct shared *a, const struct shared *b)
{
    uint32_t user = a ? a->user : b->user;
    for (size_t i = 0; i < r->count; i++) {
        struct both *pair = &r->pairs[i];
        bool has[2] = {a && a->columns >> pair->columns[0] & 1,
                       b && b->columns >> pair->columns[1] & 1};
        for (size_t side = 0; side < 2; side++)
            overlap_count(&pair->apart.only[side], user, has[side] && !has[!side]);
    }
}

/* Exchanges and users: those of the same conversations, or of some of them. */
static enum status tie_others(struct rows *r, struct tally_place of[2], struct error *err)
{
    const struct both *pair = &r->pairs[OVERLAP_ROWS_SIDES]; /* of the fewest words */
    uint32_t words[2] = {words_of(r, 0, 0), words_of(r, 1, 0)};
    /* Where a side's column is one of more words, it has more conversations in all. */
    bool less = pair->apart.only[0].value == 0 && pair->columns[0] == WORK_CONVERSATIONS;
    bool more = pair->apart.only[1].value == 0 && pair->columns[1] == WORK_CONVERSATIONS;
    if (!less && !more)
        return STATUS_OK;
    int order = less && more ? 0 : less ? -1 : 1;
    of[0].column = of[1].column = WORK_USERS;
    TRY(works_tie_figures(r->s, of[0], of[1], order, err));
    of[0].column = of[1].column = WORK_EXCHANGES;
    if (order == 0 && words[0] != words[1])
        order = words[0] < words[1] ? 1 : -1;
    return works_tie_figures(r->s, of[0], of[1], order, err);
}

static enum status tie_work(struct rows *r, uint32_t work, struct error *err)
{
    struct tally_place of[2] = {
        {(uint32_t)r->s->sides[0]->works, work, 0, 1},
        {(uint32_t)r->s->sides[1]->works, r->other[0][work], 0, 1},
    };
    const struct works_pair pair = {.places = {&of[0], &of[1]}, .counts = {1, 1}};
    for (size_t i = 0; i < r->count; i++) {
        of[0].column = r->pairs[i].columns[0];
        of[1].column = r->pairs[i].columns[1];
        TRY(works_tie_pair(r->s, &pair, &r->pairs[i].apart, err));
    }
    return tie_others(r, of, err);
}

static enum status tie_works(struct rows *r, struct error *err)
{
    const struct list *a = &r->lists[0], *b = &r->lists[1];
    for (size_t i = 0, k = 0; i < a->count || k < b->count;) {
        uint32_t work = i < a->count ? a->items[i].work : b->items[k].work;
        if (k < b->count && b->items[k].work < work)
            work = b->items[k].work;
        for (size_t p = 0; p < r->count; p++)
            r->pairs[p].apart = (struct works_apart){{{0}}};
        for (;;) {
            const struct shared *x = i < a->count && a->items[i].work == work ? &a->items[i] : NULL;
            const struct shared *y = k < b->count && b->items[k].work == work ? &b->items[k] : NULL;
            if (!x && !y)
                break;
            int order = !x ? 1 : !y ? -1 : compare(x, y);
            see(r, order <= 0 ? x : NULL, order >= 0 ? y : NULL);
            i += order <= 0;
            k += order >= 0;
        }
        TRY(tie_work(r, work, err));
    }
    return STATUS_OK;
}

enum status works_share_rows(struct works_sharing *s, struct error *err)
{
    struct rows r = {.s = s};
    enum status status = find_rows(&r, err);
    for (size_t side = 0; status == STATUS_OK && side < 2; side++) {
        struct filling filling = {&r, side};
        status = tally_works_each(&s->hits[side], add_shared, &filling, err);
    }
    if (status == STATUS_OK)
        status = make_pairs(&r, err);
    if (status == STATUS_OK)
        status = tie_works(&r, err);
    for (size_t side = 0; side < 2; side++) {
        free(r.other[side]);
        free(r.lists[side].items);
    }
    free(r.pairs);
    return status;
}
