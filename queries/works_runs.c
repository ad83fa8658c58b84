/*
 * Runs of two overlap reports (works_shared.h): exchanges and conversations with a run in either
 * are gone through user by user.
 */
#include "base/memory.h"
#include "queries/works_sharing.h"

#include <stdlib.h>

/* Two neighbours of a chain: a bin of each side from which on they count. */
struct link {
    uint32_t bins[2];
    struct works_apart apart[OVERLAP_VIEWS][RUN_USERS];
};

struct chain {
    struct works_sharing *s;
    struct link *links; /* [count] */
    size_t count;
    struct tally_place *places[2]; /* [bins of a side] */
    size_t at[2];                  /* hits gone through */
};

static uint32_t bins_of(const struct chain *c, size_t side)
{
    return (uint32_t)c->s->sides[side]->query->bin_count;
}

static uint32_t words_of(const struct chain *c, size_t side, uint32_t bin)
{
    return c->s->sides[side]->query->bins[bin];
}

/* ---- neighbours ---- */

static void add_link(struct chain *c, uint32_t first, uint32_t second)
{
    c->links[c->count++] = (struct link){.bins = {first, second}};
}

/* Merges the bins of both by their words; those of one side are tied to each other already. */
static enum status make_links(struct chain *c, struct error *err)
{
    uint32_t at[2] = {0, 0};
    c->links = mem_zalloc(2 * ((size_t)bins_of(c, 0) + bins_of(c, 1)), sizeof *c->links);
    for (size_t side = 0; side < 2; side++) {
        c->places[side] = mem_zalloc(bins_of(c, side), sizeof **c->places);
        if (!c->places[side])
            return error_nomem(err);
    }
    if (!c->links)
        return error_nomem(err);
    while (at[0] < bins_of(c, 0) && at[1] < bins_of(c, 1)) {
        uint32_t words[2] = {words_of(c, 0, at[0]), words_of(c, 1, at[1])};
        size_t fewer = words[1] < words[0];
        if (words[0] == words[1]) {
            add_link(c, at[0]++, at[1]++);
            continue;
        }
        /* The last one of the side with fewer that is before the other's. */
        uint32_t next = at[fewer] + 1;
        if (next == bins_of(c, fewer) || words_of(c, fewer, next) > words[!fewer])
            add_link(c, at[0], at[1]);
        at[fewer]++;
    }
    return STATUS_OK;
}

/* ---- counting ---- */

static void see(struct chain *c, enum overlap_column unit, uint32_t longest[2][OVERLAP_VIEWS],
                uint32_t user)
{
    for (size_t i = 0; i < c->count; i++)
        for (size_t view = 0; view < OVERLAP_VIEWS; view++) {
            struct link *link = &c->links[i];
            bool has[2];
            for (size_t side = 0; side < 2; side++)
                has[side] = longest[side][view] >= words_of(c, side, link->bins[side]);
            for (size_t side = 0; side < 2; side++)
                overlap_count(&link->apart[view][unit].only[side], user, has[side] && !has[!side]);
        }
}

/* By user, part and number of the exchange within the part. */
static int compare(const struct chain *c, const struct overlap_hit *a, const struct overlap_hit *b)
{
    if (a->user != b->user)
        return a->user < b->user ? -1 : 1;
    if (a->part != b->part)
        return a->part < b->part ? -1 : 1;
    uint32_t x = c->s->hits[0].found.rows[a->part].exchange[a->at];
    uint32_t y = c->s->hits[1].found.rows[b->part].exchange[b->at];
    return (x > y) - (x < y);
}

static const struct overlap_hit *next_of(const struct chain *c, size_t side)
{
    return c->at[side] < c->s->hits[side].count ? &c->s->hits[side].items[c->at[side]] : NULL;
}

/* The next exchange that has a run, by the sides that have it there; 0: there is none. */
static unsigned next_exchange(const struct chain *c)
{
    const struct overlap_hit *a = next_of(c, 0), *b = next_of(c, 1);
    if (!a || !b)
        return a ? 1 : b ? 2 : 0;
    int order = compare(c, a, b);
    return order < 0 ? 1 : order > 0 ? 2 : 3;
}

static void count_units(struct chain *c)
{
    uint32_t longest[2][OVERLAP_VIEWS] = {{0}}, user = 0, part = 0, row = 0;
    bool begun = false;
    for (unsigned sides = next_exchange(c); sides; sides = next_exchange(c)) {
        const struct overlap_hit *hit = next_of(c, sides & 1 ? 0 : 1);
        uint32_t here[2][OVERLAP_VIEWS] = {{0}};
        if (begun && (hit->part != part || hit->row != row)) {
            see(c, RUN_CONVERSATIONS, longest, user);
            for (size_t i = 0; i < 2 * OVERLAP_VIEWS; i++)
                longest[i / OVERLAP_VIEWS][i % OVERLAP_VIEWS] = 0;
        }
        begun = true;
        user = hit->user;
        part = hit->part;
        row = hit->row;
        for (size_t side = 0; side < 2; side++) {
            if (!(sides >> side & 1))
                continue;
            overlap_hits_longest(&c->s->hits[side], c->at[side]++, here[side]);
            for (size_t view = 0; view < OVERLAP_VIEWS; view++)
                if (longest[side][view] < here[side][view])
                    longest[side][view] = here[side][view];
        }
        see(c, RUN_EXCHANGES, here, user);
    }
    if (begun)
        see(c, RUN_CONVERSATIONS, longest, user);
}

/* ---- conversations and exchanges ---- */

static enum status tie_link(struct chain *c, const struct link *link, uint32_t view,
                            enum overlap_column unit, struct error *err)
{
    struct works_pair pair = {.counts = {0, 0}};
    for (size_t side = 0; side < 2; side++) {
        pair.places[side] = c->places[side];
        for (uint32_t bin = link->bins[side]; bin < bins_of(c, side); bin++)
            pair.places[side][pair.counts[side]++] =
                (struct tally_place){(uint32_t)c->s->sides[side]->runs,
                                     overlap_row(view, bin, bins_of(c, side)), unit, 1};
    }
    return works_tie_pair(c->s, &pair, &link->apart[view][unit], err);
}

/* ---- users ---- */

/* Rows of a side that count users: of a bin, of any run, of none. */
struct span_of_words {
    uint32_t from, to; /* to: 0 for no end */
};

static struct span_of_words span_of(const struct chain *c, size_t side, uint32_t bin)
{
    uint32_t bins = bins_of(c, side);
    if (bin == bins)
        return (struct span_of_words){words_of(c, side, 0), 0};
    return (struct span_of_words){words_of(c, side, bin),
                                  bin + 1 < bins ? words_of(c, side, bin + 1) : 0};
}

/* Is whoever counts in A, of side SIDE, counted in B of the other? Of other works runs may be
 * longer there. */
static bool lies_in(const struct chain *c, size_t side, struct span_of_words a,
                    struct span_of_words b)
{
    return c->s->within[side] && a.from >= b.from &&
           (!b.to || (c->s->same_works && a.to && a.to <= b.to));
}

static enum status tie_users(struct chain *c, uint32_t view, struct error *err)
{
    struct tally_place of[2];
    for (size_t side = 0; side < 2; side++)
        of[side] = (struct tally_place){(uint32_t)c->s->sides[side]->runs, 0, RUN_USERS, 1};
    for (uint32_t i = 0; i <= bins_of(c, 0); i++)
        for (uint32_t k = 0; k <= bins_of(c, 1); k++) {
            struct span_of_words a = span_of(c, 0, i), b = span_of(c, 1, k);
            bool less = lies_in(c, 0, a, b), more = lies_in(c, 1, b, a);
            of[0].row = overlap_row(view, i, bins_of(c, 0));
            of[1].row = overlap_row(view, k, bins_of(c, 1));
            if (less || more)
                TRY(works_tie_figures(c->s, of[0], of[1], less && more ? 0 : less ? -1 : 1, err));
        }
    /* Who has a conversation without a run of fewer words has one without a run of more. */
    of[0].row = overlap_row(view, bins_of(c, 0) + 1, bins_of(c, 0));
    of[1].row = overlap_row(view, bins_of(c, 1) + 1, bins_of(c, 1));
    uint32_t words[2] = {words_of(c, 0, 0), words_of(c, 1, 0)};
    if (!c->s->same_population)
        return STATUS_OK;
    bool fewer = c->s->within[1] && words[0] <= words[1];
    bool others = c->s->within[0] && words[1] <= words[0];
    return fewer || others ? works_tie_figures(c->s, of[0], of[1],
                                               fewer && others ? 0
                                               : fewer         ? -1
                                                               : 1,
                                               err)
                           : STATUS_OK;
}

enum status works_share_runs(struct works_sharing *s, struct error *err)
{
    struct chain c = {.s = s};
    enum status status = make_links(&c, err);
    if (status == STATUS_OK)
        count_units(&c);
    for (uint32_t view = 0; status == STATUS_OK && view < OVERLAP_VIEWS; view++) {
        for (size_t i = 0; status == STATUS_OK && i < c.count; i++)
            for (enum overlap_column unit = 0; status == STATUS_OK && unit < RUN_USERS; unit++)
                status = tie_link(&c, &c.links[i], view, unit, err);
        if (status == STATUS_OK)
            status = tie_users(&c, view, err);
    }
    free(c.links);
    free(c.places[0]);
    free(c.places[1]);
    return status;
}
