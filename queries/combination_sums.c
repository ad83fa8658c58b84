/* Figures that count conversations by combinations: see combination_sums.h. */
#include "queries/combination_sums.h"

#include "base/memory.h"

#include <limits.h>
#include <stdlib.h>

struct combination_figure {
    uint32_t pattern;
    struct tally_place place;
};

void combination_sums_init(struct combination_sums *sums)
{
    *sums = (struct combination_sums){.items = NULL};
    intern_init(&sums->patterns);
}

void combination_sums_release(struct combination_sums *sums)
{
    intern_release(&sums->patterns);
    free(sums->items);
    sums->items = NULL;
    sums->count = sums->capacity = 0;
}

enum status combination_sums_add(struct combination_sums *sums, const char *pattern, size_t len,
                                 struct tally_place place, struct error *err)
{
    struct combination_figure *grown =
        mem_grow(sums->items, &sums->capacity, sums->count + 1, sizeof *grown);
    if (!grown)
        return error_nomem(err);
    sums->items = grown;
    grown[sums->count].place = place;
    return intern_add(&sums->patterns, pattern, len, &grown[sums->count++].pattern, err);
}

static int compare_figures(const void *a, const void *b)
{
    const struct combination_figure *left = a, *right = b;
    if (left->pattern != right->pattern)
        return left->pattern < right->pattern ? -1 : 1;
    const struct tally_place *l = &left->place, *r = &right->place;
    if (l->table != r->table)
        return l->table < r->table ? -1 : 1;
    return (l->row > r->row) - (l->row < r->row);
}

enum status combination_sums_bind(struct combination_sums *sums, struct places *places,
                                  struct tally *tally, struct error *err)
{
    if (sums->count)
        qsort(sums->items, sums->count, sizeof *sums->items, compare_figures);
    for (size_t i = 0; i < sums->count; i++) {
        TRY(places_add(places, sums->items[i].place, err));
        if (i + 1 == sums->count || sums->items[i + 1].pattern != sums->items[i].pattern)
            TRY(places_bind(places, tally, false, err));
    }
    return STATUS_OK;
}

enum status combination_each(const struct tally_atoms *atoms, combination_see *see, void *context,
                             struct error *err)
{
    for (uint32_t slot = 0; slot < atoms->alone_count && slot <= UCHAR_MAX; slot++) {
        const unsigned char list[] = {(unsigned char)slot};
        const struct tally_place place = {atoms->alone_table, slot, atoms->alone_column, 1};
        TRY(see(context, list, 1, place, err));
    }
    for (size_t i = 0; i < atoms->count; i++) {
        const struct tally_place place = {TALLY_HIDDEN, atoms->first + (uint32_t)i, 0, 1};
        if (atoms->lists[i])
            TRY(see(context, atoms->lists[i], atoms->lengths[i], place, err));
    }
    return STATUS_OK;
}
