/* Differences of what is told: see tally_differences.h. */
#include "queries/tally_differences.h"

#include "queries/told_pairs.h"
#include "queries/told_sets.h"

struct differences {
    struct told_sets *sets;
    struct tally *tally;
    uint32_t min_users;
};

/* ---- what lies between ---- */

static enum status note(struct differences *d, size_t table, uint32_t row, uint32_t column,
                        uint32_t users, uint64_t conversations, struct error *err)
{
    struct tally_difference difference = {table, row, column, users, conversations};
    return tally_add_difference(d->tally, &difference, err);
}

static bool is_small(const struct differences *d, uint32_t users)
{
    return users > 0 && users < d->min_users;
}

/* A row whose size is told elsewhere, too, cannot be withheld. */
static bool is_sized(const struct differences *d, const struct told_set *set)
{
    return d->tally->tables[set->table].row_flags[set->row] & TALLY_SIZED;
}

/* INNER, or OUTER where that is in vain, if the one lies in the other and leaves few users between.
 */
static enum status compare_nested(struct differences *d, const struct told_set *inner,
                                  const struct told_set *outer, struct error *err)
{
    uint64_t conversations;
    if (inner->conversations >= outer->conversations ||
        told_sets_common(&inner->set, &outer->set) != inner->conversations)
        return STATUS_OK;
    uint32_t users = told_sets_difference(d->sets, &outer->set, &inner->set, &conversations);
    if (!is_small(d, users))
        return STATUS_OK;
    const struct told_set *of = is_sized(d, inner) ? outer : inner;
    return note(d, of->table, of->row, of->column[TOLD_CONVERSATIONS], users, conversations, err);
}

/* What lies between two sets has at least as many users as the one has more than the other. */
static enum status compare_all(struct differences *d, struct error *err)
{
    for (size_t i = 0; i < d->sets->count; i++) {
        const struct told_set *a = &d->sets->items[i];
        if (a->users < d->min_users)
            continue; /* small itself, or nothing */
        for (size_t j = i + 1;
             j < d->sets->count && d->sets->items[j].users - a->users < d->min_users; j++) {
            TRY(compare_nested(d, a, &d->sets->items[j], err));
            if (d->sets->items[j].users == a->users)
                TRY(compare_nested(d, &d->sets->items[j], a, err));
        }
    }
    return STATUS_OK;
}

/* A table of pairs: each term's conversations less those that both have. */
static enum status compare_pairs(struct differences *d, size_t table, struct error *err)
{
    const struct tally_table *pairs = &d->tally->tables[table];
    for (uint32_t row = 0; row < pairs->row_count; row++) {
        const struct told_set *sides[2];
        told_pairs_sides(d->sets, table, row, sides);
        for (size_t i = 0; sides[0] && sides[1] && i < 2; i++) {
            uint64_t conversations;
            uint32_t users =
                told_sets_difference(d->sets, &sides[i]->set, &sides[!i]->set, &conversations);
            if (is_small(d, users) && sides[i]->users >= d->min_users)
                TRY(note(d, table, row, 0, users, conversations, err)); /* its only column */
        }
    }
    return STATUS_OK;
}

enum status tally_differences(struct told_sets *sets, struct tally *tally, struct error *err)
{
    struct differences d = {
        .sets = sets, .tally = tally, .min_users = sets->source->plan->release.min_users};
    TRY(compare_all(&d, err));
    for (size_t table = 0; table < tally->table_count; table++)
        if (told_pairs_is_table(tally->tables[table].id))
            TRY(compare_pairs(&d, table, err));
    return STATUS_OK;
}
