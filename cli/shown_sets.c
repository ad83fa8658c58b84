/* Sets that are shown: see shown_sets.h. */
#include "cli/shown_sets.h"

#include "base/memory.h"

#include <stdlib.h>

void shown_sets_release(struct shown_sets *d)
{
    free(d->all);
    free(d->start);
    free(d->sums);
    free(d->open);
    free(d->new);
    free(d->asked);
    free(d->width);
}

int shown_sets_compare(const struct shown *a, const struct shown *b)
{
    int order = set_sums_compare(a->sums, b->sums);
    if (order)
        return order;
    if (a->sums->known_only != b->sums->known_only)
        return a->sums->known_only ? 1 : -1;
    if (!a->conversations || !b->conversations)
        return (a->conversations != NULL) - (b->conversations != NULL);
    return set_sums_compare(a->conversations, b->conversations);
}

static int compare_shown(const void *a, const void *b)
{
    const struct shown *left = a, *right = b;
    int order = shown_sets_compare(left, right);
    return order ? order : (left->number > right->number) - (left->number < right->number);
}

static bool can_withhold(const struct told_sums *t, size_t number)
{
    const struct told_set *set = &t->sets->items[number];
    const struct tally_table *table = &t->sets->tally->tables[set->table];
    return !told_sums_is_population(t, number) &&
           !(table->row_flags[set->row] & (TALLY_KEEP | TALLY_FREE | TALLY_TOLD));
}

static const struct set_sums *conversations_of(const struct told_sums *t, enum told_of of,
                                               size_t number)
{
    return of == TOLD_USERS ? &t->now[TOLD_CONVERSATIONS][number] : NULL;
}

static enum status list_shown(const struct told_sums *t, enum told_of of,
                              const struct release *release, struct shown_sets *d,
                              struct error *err)
{
    const struct earlier_sums *earlier = &t->earlier[of];
    size_t most = t->sets->count + earlier->count + 1;
    d->all = mem_zalloc(most, sizeof *d->all);
    d->start = mem_zalloc(most, sizeof *d->start);
    d->sums = mem_zalloc(most, sizeof *d->sums);
    d->open = mem_zalloc(most, sizeof *d->open);
    d->new = mem_zalloc(most, sizeof *d->new);
    d->asked = mem_zalloc(most, sizeof *d->asked);
    d->width = mem_zalloc(most, sizeof *d->width);
    if (!d->all || !d->start || !d->sums || !d->open || !d->new || !d->asked || !d->width)
        return error_nomem(err);
    for (size_t i = 0; i < t->sets->count; i++)
        if (t->now[of][i].groups && told_sums_shown(t, i, of, release))
            d->all[d->all_count++] = (struct shown){&t->now[of][i], conversations_of(t, of, i), i};
    for (size_t i = 0; i < earlier->count; i++) {
        size_t twin = earlier->items[i].conversations;
        d->all[d->all_count++] = (struct shown){
            &earlier->items[i].sums,
            twin == SIZE_MAX ? NULL : &t->earlier[TOLD_CONVERSATIONS].items[twin].sums, SIZE_MAX};
    }
    if (d->all_count)
        qsort(d->all, d->all_count, sizeof *d->all, compare_shown);
    return STATUS_OK;
}

static void find_distinct(const struct told_sums *t, struct shown_sets *d)
{
    for (size_t i = 0; i < d->all_count; i++) {
        if (i == 0 || shown_sets_compare(&d->all[i - 1], &d->all[i]) != 0) {
            d->start[d->count] = i;
            d->open[d->count] = true;
            d->sums[d->count++] = d->all[i].sums;
        }
        size_t number = d->all[i].number;
        if (number == SIZE_MAX || !can_withhold(t, number))
            d->open[d->count - 1] = false;
    }
    d->start[d->count] = d->all_count;
}

/* Whether users of one set are of another is not known for being so (relations_sift.h); those of
 * two populations are compared elsewhere (remember.h). */
static void find_new(const struct told_sums *t, enum told_of of, struct shown_sets *d)
{
    for (size_t set = 0; set < d->count; set++) {
        bool population = false, before = false;
        for (size_t i = d->start[set]; i < d->start[set + 1]; i++) {
            size_t number = d->all[i].number;
            before = before || number == SIZE_MAX;
            population = population || (number != SIZE_MAX && told_sums_is_population(t, number));
        }
        d->new[set] = d->open[set] || (of == TOLD_CONVERSATIONS && population && !before);
    }
}

enum status shown_sets_init(struct shown_sets *d, const struct told_sums *t, enum told_of of,
                            const struct release *release, struct error *err)
{
    *d = (struct shown_sets){.all = NULL};
    TRY(list_shown(t, of, release, d, err));
    find_distinct(t, d);
    find_new(t, of, d);
    return STATUS_OK;
}

bool shown_sets_are_new(const struct shown_sets *d, const struct set_relation *relation)
{
    for (size_t r = 0; r < relation->count; r++)
        for (size_t i = d->start[relation->sets[r]]; i < d->start[relation->sets[r] + 1]; i++)
            if (d->all[i].number == SIZE_MAX)
                return false;
    return true;
}
