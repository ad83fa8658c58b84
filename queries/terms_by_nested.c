/*
 * What lies between figures of one group of a table of terms by fields: see terms_by.h. Within a
 * group the lists are put in order of their users; only lists whose users differ by few can leave
 * few between. One lies within the other if none of its rows is missing there, and most pairs are
 * told apart by the first row.
 */
#include "queries/terms_by.h"
#include "queries/terms_by_parts.h"

#include "base/memory.h"

#include <stdlib.h>
#include <string.h>

struct list {
    const uint32_t *rows;
    uint64_t count;
    uint32_t users, slot; /* slot: the number of terms for all rows of the group */
};

struct nesting {
    const struct terms_by_rows *lists;
    struct list *items; /* [slots + 1] of one group, ascending by users */
    size_t table, group;
    struct tally *tally;
    struct user_counter counter;
    uint32_t min_users;
};

static bool holds(const struct list *list, uint32_t row)
{
    uint64_t from = 0, to = list->count;
    while (from < to) {
        uint64_t middle = from + (to - from) / 2;
        if (list->rows[middle] < row)
            from = middle + 1;
        else
            to = middle;
    }
    return from < list->count && list->rows[from] == row;
}

static bool lies_within(const struct list *inner, const struct list *outer)
{
    if (!holds(outer, inner->rows[0]) || !holds(outer, inner->rows[inner->count - 1]))
        return false;
    uint64_t at = 0;
    for (uint64_t i = 0; i < inner->count; i++) {
        while (at < outer->count && outer->rows[at] < inner->rows[i])
            at++;
        if (at == outer->count || outer->rows[at] != inner->rows[i])
            return false;
    }
    return true;
}

/* Users of OUTER's rows that are not INNER's. */
static uint32_t users_between(struct nesting *n, const struct list *inner, const struct list *outer)
{
    uint64_t at = 0;
    user_counter_reset(&n->counter);
    for (uint64_t i = 0; i < outer->count; i++) {
        uint32_t row;
        if (at < inner->count && inner->rows[at] == outer->rows[i]) {
            at++;
            continue;
        }
        const struct catalogue_part *part =
            population_part(n->lists->source->catalogue, outer->rows[i], &row);
        user_counter_add(&n->counter, catalogue_user(part, row));
    }
    return user_counter_support(&n->counter);
}

static enum status compare(struct nesting *n, const struct list *inner, const struct list *outer,
                           struct error *err)
{
    if (inner->slot == n->lists->slots || inner->count >= outer->count ||
        !lies_within(inner, outer))
        return STATUS_OK;
    struct tally_difference difference = {
        n->table, (uint32_t)(inner->slot * n->lists->groups + n->group), BY_CONVERSATIONS,
        users_between(n, inner, outer), outer->count - inner->count};
    return difference.users < n->min_users ? tally_add_difference(n->tally, &difference, err)
                                           : STATUS_OK;
}

static int compare_users(const void *a, const void *b)
{
    const struct list *left = a, *right = b;
    if (left->users != right->users)
        return left->users < right->users ? -1 : 1;
    return (left->slot > right->slot) - (left->slot < right->slot);
}

static void find_lists(struct nesting *n)
{
    const struct terms_by_rows *lists = n->lists;
    for (uint32_t slot = 0; slot <= lists->slots; slot++) {
        size_t list = slot * lists->groups + n->group;
        static const struct list none = {NULL, 0, 0, 0};
        struct list *item = &n->items[slot];
        *item = (struct list){lists->rows + lists->start[list],
                              lists->start[list + 1] - lists->start[list], 0, slot};
        item->users = users_between(n, &none, item);
    }
    qsort(n->items, lists->slots + 1, sizeof *n->items, compare_users);
}

static enum status compare_group(struct nesting *n, struct error *err)
{
    size_t count = n->lists->slots + 1;
    find_lists(n);
    for (size_t i = 0; i < count; i++) {
        const struct list *a = &n->items[i];
        if (a->users < n->min_users)
            continue; /* small itself, or nothing */
        for (size_t j = i + 1; j < count && n->items[j].users - a->users < n->min_users; j++) {
            TRY(compare(n, a, &n->items[j], err));
            if (n->items[j].users == a->users)
                TRY(compare(n, &n->items[j], a, err));
        }
    }
    return STATUS_OK;
}

enum status terms_by_nested(const struct terms_by_rows *lists, size_t table, struct tally *tally,
                            struct error *err)
{
    struct nesting n = {.lists = lists,
                        .table = table,
                        .tally = tally,
                        .min_users = lists->source->plan->release.min_users};
    enum status status = STATUS_OK;
    TRY_CLEANUP(user_counter_init(&n.counter, lists->source->catalogue->users, err));
    n.items = mem_zalloc(lists->slots + 1, sizeof *n.items);
    if (!n.items)
        status = error_nomem(err);
    for (; status == STATUS_OK && n.group < lists->groups; n.group++)
        status = compare_group(&n, err);
cleanup:
    free(n.items);
    user_counter_release(&n.counter);
    return status;
}
