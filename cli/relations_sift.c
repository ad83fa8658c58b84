/* Relations of sets that are none after all: see relations_sift.h. */
#include "cli/relations_sift.h"

#include "base/memory.h"

#include <stdlib.h>

/* ---- what a reader knows of users ---- */

static bool lies_within(const struct told_sums *t, const struct shown *a, const struct shown *u)
{
    const struct told_set *inner = &t->sets->items[a->number], *outer = &t->sets->items[u->number];
    return told_sets_common(&inner->set, &outer->set) == inner->conversations;
}

/*
 * Users are in two sets of conversations, or in none of them, by chance, too: a reader knows that
 * they must be only where conversations are so. Those of three that make up each other leave few
 * users if their users do; one within another is looked at where both are of this report, else it
 * is taken to be so.
 */
static bool is_known(const struct told_sums *t, const struct shown_sets *d,
                     const struct set_relation *relation)
{
    const struct shown *sets[SET_RELATION_TRIPLE];
    for (size_t i = 0; i < relation->count; i++)
        sets[i] = &d->all[d->start[relation->sets[i]]];
    const struct shown *whole = sets[relation->count - 1];
    if (relation->both && sets[0]->conversations && sets[1]->conversations && whole->conversations)
        return set_relations_left(sets[0]->conversations, sets[1]->conversations,
                                  whole->conversations, t->min_users - 1) < t->min_users;
    for (size_t i = 0; !relation->both && i + 1 < relation->count; i++)
        if (sets[i]->number != SIZE_MAX && whole->number != SIZE_MAX &&
            !lies_within(t, sets[i], whole))
            return false;
    return true;
}

/* ---- what is left, counted ---- */

struct weighing {
    const struct catalogue_part *part;
    int32_t *left; /* [users of the catalogue + 1] the last one: unknown ones */
    uint32_t unknown;
    int sign;
};

static bool weigh_row(uint32_t row, void *context)
{
    struct weighing *w = context;
    uint32_t user = catalogue_user(w->part, row);
    w->left[user == PART_NO_CODE ? w->unknown : user] += w->sign;
    return true;
}

/* Whether fewer than min_users users are left of sets of this report, who are counted where groups
 * say so and may be wrong. */
static enum status is_few(const struct told_sums *t, const struct shown_sets *d,
                          const struct set_relation *relation, bool *few, struct error *err)
{
    const struct catalogue *catalogue = t->sets->source->catalogue;
    *few = true;
    if (relation->between < t->min_users || relation->users <= t->min_users / 2 ||
        !shown_sets_are_new(d, relation))
        return STATUS_OK;
    struct weighing w = {.unknown = catalogue->users};
    w.left = mem_zalloc(catalogue->users + 1ull, sizeof *w.left);
    if (!w.left)
        return error_nomem(err);
    for (size_t i = 0; i < relation->count; i++) {
        const struct told_set *set = &t->sets->items[d->all[d->start[relation->sets[i]]].number];
        w.sign = i + 1 < relation->count ? 1 : -1;
        for (size_t p = 0; p < set->set.parts; p++) {
            w.part = &catalogue->parts[p];
            bitmap_each(set->set.rows[p], weigh_row, &w);
        }
    }
    uint32_t users = 0;
    for (uint32_t user = 0; user <= catalogue->users; user++)
        users += w.left[user] != 0;
    *few = users < t->min_users;
    free(w.left);
    return STATUS_OK;
}

enum status relations_sift(const struct told_sums *t, enum told_of of, const struct shown_sets *d,
                           struct set_relations *relations, struct error *err)
{
    size_t kept = 0;
    for (size_t r = 0; r < relations->count; r++) {
        bool keep = of != TOLD_USERS || is_known(t, d, &relations->items[r]);
        if (of == TOLD_CONVERSATIONS)
            TRY(is_few(t, d, &relations->items[r], &keep, err));
        if (keep)
            relations->items[kept++] = relations->items[r];
    }
    relations->count = kept;
    return STATUS_OK;
}
