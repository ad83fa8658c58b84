/*
 * An overlap report of one work beside a report of that work and others (works_shared.h): the runs
 * of the one are what the other's row of the work tells by side. (On any side they are tied as the
 * rows of both are.)
 */
#include "queries/tally_works.h"
#include "queries/works_sharing.h"

#include <string.h>

/* A column of the row and a view of the runs, from one bin on and from the next. */
struct neighbours {
    uint32_t bins[2];
    size_t count;
    struct works_apart apart[OVERLAP_ROWS_SIDES][2];
};

struct single {
    struct works_sharing *s;
    size_t side; /* of the one work */
    uint32_t row;
    struct neighbours near;
    size_t at; /* hits of that side gone through */
};

/* The row of the work on the other side; false where either has none. */
static bool find_row(struct single *one)
{
    const struct tally_table *own = &one->s->tally->tables[one->s->sides[one->side]->works];
    const struct tally_table *other = &one->s->tally->tables[one->s->sides[!one->side]->works];
    while (own->row_count && one->row < other->row_count &&
           strcmp(own->key_values[0], other->key_values[one->row]) != 0)
        one->row++;
    return own->row_count && one->row < other->row_count;
}

/* The bins about as many words as the other side's runs have at least. */
static void find_bins(struct single *one)
{
    const struct plan_query *query = one->s->sides[one->side]->query;
    uint32_t words = one->s->sides[!one->side]->query->bins[0], bin = 0;
    while (bin < query->bin_count && query->bins[bin] < words)
        bin++;
    if (bin > 0 && (bin == query->bin_count || query->bins[bin] > words))
        one->near.bins[one->near.count++] = bin - 1;
    if (bin < query->bin_count)
        one->near.bins[one->near.count++] = bin;
}

static void see(struct single *one, const bool *in, const uint32_t longest[OVERLAP_VIEWS],
                uint32_t user)
{
    const uint32_t *bins = one->s->sides[one->side]->query->bins;
    for (size_t view = 0; view < OVERLAP_ROWS_SIDES; view++)
        for (size_t i = 0; i < one->near.count; i++) {
            bool runs = longest[VIEW_PROMPT + view] >= bins[one->near.bins[i]];
            bool row = in && in[WORK_PROMPT + view];
            struct overlap_counter *only = one->near.apart[view][i].only;
            overlap_count(&only[one->side], user, runs && !row);
            overlap_count(&only[!one->side], user, row && !runs);
        }
}

/* Does hit A come before conversation ROW of PART, of USER? */
static bool is_before(const struct overlap_hit *a, uint32_t user, uint32_t part, uint32_t row)
{
    if (a->user != user)
        return a->user < user;
    return a->part != part ? a->part < part : a->row < row;
}

/* Goes through the next conversation of the one side. */
static const struct overlap_hit *next_runs(struct single *one, uint32_t longest[OVERLAP_VIEWS])
{
    const struct overlap_hits *hits = &one->s->hits[one->side];
    const struct overlap_hit *first = &hits->items[one->at];
    memset(longest, 0, OVERLAP_VIEWS * sizeof *longest);
    for (; one->at < hits->count && hits->items[one->at].part == first->part &&
           hits->items[one->at].row == first->row;
         one->at++) {
        uint32_t here[OVERLAP_VIEWS];
        overlap_hits_longest(hits, one->at, here);
        for (size_t view = 0; view < OVERLAP_VIEWS; view++)
            longest[view] = here[view] > longest[view] ? here[view] : longest[view];
    }
    return first;
}

static enum status see_shared(void *context, const struct works_conversation *shared,
                              struct error *err)
{
    struct single *one = context;
    const struct overlap_hits *hits = &one->s->hits[one->side];
    const struct catalogue *catalogue = hits->source->catalogue;
    uint32_t longest[OVERLAP_VIEWS] = {0};
    (void)err;
    if (shared->row != one->row)
        return STATUS_OK;
    uint32_t user = catalogue_user(&catalogue->parts[shared->part], shared->conversation);
    user = user == PART_NO_CODE ? (uint32_t)catalogue->users : user;
    while (one->at < hits->count &&
           is_before(&hits->items[one->at], user, shared->part, shared->conversation)) {
        const struct overlap_hit *hit = next_runs(one, longest);
        see(one, NULL, longest, hit->user);
    }
    memset(longest, 0, sizeof longest);
    if (one->at < hits->count && hits->items[one->at].part == shared->part &&
        hits->items[one->at].row == shared->conversation)
        next_runs(one, longest);
    see(one, shared->in, longest, user);
    return STATUS_OK;
}

static enum status tie(struct single *one, struct error *err)
{
    struct tally_place runs[PLAN_BINS_MAX],
        row = {(uint32_t)one->s->sides[!one->side]->works, one->row, 0, 1};
    uint32_t bins = (uint32_t)one->s->sides[one->side]->query->bin_count;
    for (uint32_t view = 0; view < OVERLAP_ROWS_SIDES; view++)
        for (size_t i = 0; i < one->near.count; i++) {
            struct works_pair pair = {.counts = {1, 1}};
            size_t count = 0;
            for (uint32_t bin = one->near.bins[i]; bin < bins; bin++)
                runs[count++] = (struct tally_place){(uint32_t)one->s->sides[one->side]->runs,
                                                     overlap_row(VIEW_PROMPT + view, bin, bins),
                                                     RUN_CONVERSATIONS, 1};
            row.column = WORK_PROMPT + view;
            pair.places[one->side] = runs;
            pair.counts[one->side] = count;
            pair.places[!one->side] = &row;
            TRY(works_tie_pair(one->s, &pair, &one->near.apart[view][i], err));
        }
    return STATUS_OK;
}

enum status works_share_single(struct works_sharing *s, size_t side, struct error *err)
{
    struct single one = {.s = s, .side = side};
    uint32_t longest[OVERLAP_VIEWS];
    if (s->hits[side].found.works != 1 || !s->within[side] || !find_row(&one))
        return STATUS_OK;
    find_bins(&one);
    TRY(tally_works_each(&s->hits[!side], see_shared, &one, err));
    while (one.at < s->hits[side].count) {
        const struct overlap_hit *hit = next_runs(&one, longest);
        see(&one, NULL, longest, hit->user);
    }
    return tie(&one, err);
}
