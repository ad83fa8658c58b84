/* What an option has in just some of several populations: see option_sums.h. */
#include "queries/option_sums.h"

#include "base/intern.h"
#include "base/memory.h"
#include "queries/tally_ties.h"

#include <stdlib.h>
#include <string.h>

struct hiding {
    const struct option_sums *of;
    struct tally *tally;
    struct intern seen;  /* lists of masks that were looked at */
    unsigned char *some; /* [masks] 1: of the sum at hand */
    uint64_t *in;        /* [masks] populations that it is in, a bit each */
    struct places places;
    size_t made;
};

static size_t least_of(const struct option_sums *of)
{
    return of->source->plan->release.min_users;
}

/* ---- a sum ---- */

static int by_number(const void *a, const void *b)
{
    const uint32_t *x = a, *y = b;
    return (*x > *y) - (*x < *y);
}

/* Distinct users of the masks at hand, if each has few. */
static enum status count_users(const struct hiding *h, size_t masks, uint32_t *users,
                               struct error *err)
{
    const struct option_sums *of = h->of;
    size_t most = least_of(of) - 1, count = 0;
    uint32_t *all = mem_zalloc(masks * most + 1, sizeof *all);
    if (!all)
        return error_nomem(err);
    for (size_t i = 0; i < of->masks->found.lists.count; i++)
        for (size_t k = 0; h->some[i] && k < of->masks->found.items[i].users; k++)
            all[count++] = of->masks->few[i * most + k];
    if (count > 1)
        qsort(all, count, sizeof *all, by_number);
    *users = 0;
    for (size_t i = 0; i < count; i++)
        *users += i == 0 || all[i] != all[i - 1];
    free(all);
    return STATUS_OK;
}

static enum status hide_measure(struct hiding *h, enum option_measure m, uint32_t users,
                                struct error *err)
{
    const struct option_sums *of = h->of;
    struct tally_cell cell = {.users = users};
    uint32_t number;
    for (size_t i = 0; i < of->masks->found.lists.count; i++)
        if (h->some[i])
            cell.value += m == MEASURE_CONVERSATIONS ? of->masks->found.items[i].conversations
                                                     : of->masks->sums[m][i];
    if (!cell.value)
        return STATUS_OK;
    TRY(tally_hide(h->tally, cell, &number, err));
    TRY(places_add(&h->places, (struct tally_place){TALLY_HIDDEN, number, 0, -1}, err));
    for (uint32_t i = 0; i < of->masks->found.lists.count; i++)
        if (h->some[i])
            TRY(places_add(&h->places, (struct tally_place){TALLY_HIDDEN, of->first[m] + i, 0, 1},
                           err));
    return places_bind(&h->places, h->tally, false, err);
}

/* The MASKS at hand together, each of few users or none, where few have them. */
static enum status hide_sum(struct hiding *h, size_t masks, struct error *err)
{
    size_t before = h->seen.count;
    uint32_t users = 0, number;
    if (masks < 2 || h->made == OPTION_SUMS_MAX)
        return STATUS_OK;
    TRY(intern_add(&h->seen, (const char *)h->some, h->of->masks->found.lists.count, &number, err));
    if (h->seen.count == before)
        return STATUS_OK;
    TRY(count_users(h, masks, &users, err));
    if (users >= least_of(h->of))
        return STATUS_OK;
    h->made++;
    for (enum option_measure m = 0; m < OPTION_MEASURES; m++)
        TRY(hide_measure(h, m, users, err));
    return STATUS_OK;
}

/* What ASKED has, or (REST) has not, in all populations of IN and in none of OUT. */
static enum status hide_part(struct hiding *h, uint64_t asked, bool rest, uint64_t in, uint64_t out,
                             struct error *err)
{
    const struct option_sums *of = h->of;
    size_t masks = 0;
    for (size_t i = 0; i < of->masks->found.lists.count; i++) {
        uint32_t users = of->masks->found.items[i].users;
        h->some[i] = ((option_mask_at(of->masks, i) & asked) == asked) != rest &&
                     (h->in[i] & in) == in && !(h->in[i] & out);
        masks += h->some[i];
        if (h->some[i] && users >= least_of(of))
            return STATUS_OK;
    }
    return hide_sum(h, masks, err);
}

/* ---- all of them ---- */

static void find_populations(struct hiding *h)
{
    const struct option_sums *of = h->of;
    for (size_t i = 0; i < of->masks->found.lists.count; i++)
        for (size_t p = 0; p < of->population_count; p++) {
            bool in = (option_mask_at(of->masks, i) & of->populations[p]) == of->populations[p];
            h->in[i] |= (uint64_t)in << p;
        }
}

/* Of just the populations that some mask is in; of two; and of one and not of another. */
static enum status hide_parts(struct hiding *h, uint64_t asked, bool rest, struct error *err)
{
    for (size_t i = 0; i < h->of->masks->found.lists.count; i++) {
        bool seen = false;
        for (size_t k = 0; k < i && !seen; k++)
            seen = h->in[k] == h->in[i];
        if (!seen)
            TRY(hide_part(h, asked, rest, h->in[i], ~h->in[i], err));
    }
    for (size_t a = 0; a < h->of->population_count; a++)
        for (size_t b = 0; b < h->of->population_count; b++) {
            const uint64_t one = (uint64_t)1 << a, other = (uint64_t)1 << b;
            if (a < b)
                TRY(hide_part(h, asked, rest, one | other, 0, err));
            if (a != b)
                TRY(hide_part(h, asked, rest, one, other, err));
        }
    return STATUS_OK;
}

enum status option_sums_hide(const struct option_sums *of, struct tally *tally, struct error *err)
{
    struct hiding h = {.of = of, .tally = tally};
    size_t count = of->masks->found.lists.count;
    intern_init(&h.seen);
    h.some = mem_zalloc(count + 1, sizeof *h.some);
    h.in = mem_zalloc(count + 1, sizeof *h.in);
    enum status status = h.some && h.in ? STATUS_OK : error_nomem(err);
    if (status == STATUS_OK)
        find_populations(&h);
    for (size_t i = 0; status == STATUS_OK && i < of->asked_count; i++)
        for (int rest = 0; status == STATUS_OK && rest < 2; rest++)
            status = hide_parts(&h, of->asked[i], rest, err);
    intern_release(&h.seen);
    places_release(&h.places);
    free(h.some);
    free(h.in);
    return status;
}
