/* The gate, asked until nothing follows of few users: see judge.h. */
#include "cli/judge.h"

#include "base/memory.h"
#include "release/set_relations.h"

#include <stdlib.h>

/* Each time the gate withholds one figure more at least; after so many times, all of a relation. */
enum { PASSES_SPARING = 8, PASSES_MAX = 64 };

enum status judge_init(struct judge *j, const struct tally_source *source,
                       const struct tally *tally, struct memory *memory, struct error *err)
{
    *j = (struct judge){.has_own = false};
    if (memory) {
        TRY(told_sums_init(&j->sums, &memory->sets, memory->hash_of, err));
        return told_sums_recall(&j->sums, memory->matter->ledger, err);
    }
    j->has_own = true;
    TRY(told_sets_init(&j->own, source, tally, err));
    TRY(told_sets_add_counts(&j->own, err));
    return told_sums_init(&j->sums, &j->own, NULL, err);
}

void judge_release(struct judge *j)
{
    told_sums_release(&j->sums);
    if (j->has_own)
        told_sets_release(&j->own);
    *j = (struct judge){.has_own = false};
}

/* ---- what is shown ---- */

/* A set that rows of this report show, or that an earlier one told. */
struct shown {
    const struct set_sums *sums;
    const struct set_sums *conversations; /* of users: of the same set, or NULL */
    size_t number; /* of a set of this report; SIZE_MAX: of an earlier one */
};

/* Sets of which no two are the same, of users by their conversations, too: runs of what is shown. */
struct distinct {
    struct shown *all;
    size_t all_count;
    size_t *start; /* [count + 1] of its run */
    const struct set_sums **sums;
    bool *open;      /* it can be withheld */
    size_t *asked;   /* relations that it is in */
    uint64_t *width; /* the largest difference that was noted of it, plus 1 */
    size_t count;
};

static void distinct_release(struct distinct *d)
{
    free(d->all);
    free(d->start);
    free(d->sums);
    free(d->open);
    free(d->asked);
    free(d->width);
}

/* Below, above, or 0 where they are of the same set. */
static int compare_sets(const struct shown *a, const struct shown *b)
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
    int order = compare_sets(left, right);
    return order ? order : (left->number > right->number) - (left->number < right->number);
}

static bool can_withhold(const struct told_sums *t, size_t number)
{
    const struct told_set *set = &t->sets->items[number];
    const struct tally_table *table = &t->sets->tally->tables[set->table];
    return !told_sums_is_population(t, number) && !(table->row_flags[set->row] & (TALLY_KEEP | TALLY_FREE | TALLY_TOLD));
}

static const struct set_sums *conversations_of(const struct told_sums *t, enum sums_of of,
                                               size_t number)
{
    return of == SUMS_OF_USERS ? &t->now[SUMS_OF_CONVERSATIONS][number] : NULL;
}

static enum status list_shown(const struct told_sums *t, enum sums_of of,
                              const struct release *release, struct distinct *d, struct error *err)
{
    const struct earlier_sums *earlier = &t->earlier[of];
    size_t most = t->sets->count + earlier->count + 1;
    d->all = mem_zalloc(most, sizeof *d->all);
    d->start = mem_zalloc(most, sizeof *d->start);
    d->sums = mem_zalloc(most, sizeof *d->sums);
    d->open = mem_zalloc(most, sizeof *d->open);
    d->asked = mem_zalloc(most, sizeof *d->asked);
    d->width = mem_zalloc(most, sizeof *d->width);
    if (!d->all || !d->start || !d->sums || !d->open || !d->asked || !d->width)
        return error_nomem(err);
    for (size_t i = 0; i < t->sets->count; i++)
        if (t->now[of][i].groups && told_sums_shown(t, i, of, release))
            d->all[d->all_count++] =
                (struct shown){&t->now[of][i], conversations_of(t, of, i), i};
    for (size_t i = 0; i < earlier->count; i++) {
        size_t twin = earlier->items[i].conversations;
        d->all[d->all_count++] = (struct shown){
            &earlier->items[i].sums,
            twin == SIZE_MAX ? NULL : &t->earlier[SUMS_OF_CONVERSATIONS].items[twin].sums,
            SIZE_MAX};
    }
    if (d->all_count)
        qsort(d->all, d->all_count, sizeof *d->all, compare_shown);
    return STATUS_OK;
}

static void find_distinct(const struct told_sums *t, struct distinct *d)
{
    for (size_t i = 0; i < d->all_count; i++) {
        if (i == 0 || compare_sets(&d->all[i - 1], &d->all[i]) != 0) {
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
static bool is_known(const struct told_sums *t, const struct distinct *d,
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

static void leave_unknown(const struct told_sums *t, const struct distinct *d,
                          struct set_relations *relations)
{
    size_t kept = 0;
    for (size_t r = 0; r < relations->count; r++)
        if (is_known(t, d, &relations->items[r]))
            relations->items[kept++] = relations->items[r];
    relations->count = kept;
}

/* ---- what is demanded ---- */

/* Notes all rows that show set NUMBER. */
static enum status demand(const struct told_sums *t, enum sums_of of, struct distinct *d,
                          size_t number, const struct set_relation *relation, struct tally *tally,
                          struct error *err)
{
    if (d->width[number] > relation->between)
        return STATUS_OK;
    d->width[number] = relation->between + 1;
    for (size_t i = d->start[number]; i < d->start[number + 1]; i++) {
        const struct told_set *set = &t->sets->items[d->all[i].number];
        const struct tally_difference difference = {set->table, set->row, relation->users,
                                                    relation->between, of == SUMS_OF_USERS};
        TRY(tally_add_difference(tally, &difference, err));
    }
    return STATUS_OK;
}

/* The set of a relation that goes: one that goes anyway, else one that is in most of them, else the
 * smallest. */
static size_t choose(const struct distinct *d, const struct set_relation *relation)
{
    size_t best = SIZE_MAX;
    for (size_t i = 0; i < relation->count; i++) {
        size_t set = relation->sets[i];
        if (!d->open[set])
            continue;
        bool better = best == SIZE_MAX || (d->width[set] > 0) > (d->width[best] > 0);
        if (!better && (d->width[set] > 0) == (d->width[best] > 0))
            better = d->asked[set] != d->asked[best] ? d->asked[set] > d->asked[best]
                                                     : d->sums[set]->total < d->sums[best]->total;
        if (better)
            best = set;
    }
    return best;
}

static enum status demand_all(const struct told_sums *t, enum sums_of of, struct distinct *d,
                              const struct set_relations *relations, bool sparing,
                              struct tally *tally, struct error *err)
{
    for (size_t r = 0; r < relations->count; r++)
        for (size_t i = 0; i < relations->items[r].count; i++)
            d->asked[relations->items[r].sets[i]]++;
    for (size_t r = 0; r < relations->count; r++) {
        const struct set_relation *relation = &relations->items[r];
        size_t one = choose(d, relation);
        for (size_t i = 0; i < relation->count; i++)
            if (sparing ? relation->sets[i] == one : d->open[relation->sets[i]])
                TRY(demand(t, of, d, relation->sets[i], relation, tally, err));
    }
    return STATUS_OK;
}

static enum status look(struct judge *j, enum sums_of of, bool sparing, struct tally *tally,
                        const struct release *release, size_t *found, struct error *err)
{
    const struct told_sums *t = &j->sums;
    struct distinct d = {.all = NULL};
    struct set_relations relations = {.items = NULL};
    enum status status = STATUS_OK;
    TRY_CLEANUP(list_shown(t, of, release, &d, err));
    find_distinct(t, &d);
    TRY_CLEANUP(set_relations_find(&relations, d.sums, d.open, d.count,
                                   of == SUMS_OF_USERS ? SETS_OF_USERS : SETS_OF_CONVERSATIONS,
                                   t->min_users, SET_RELATIONS_WORK, err));
    if (of == SUMS_OF_USERS)
        leave_unknown(t, &d, &relations);
    *found += relations.count;
    j->state.open += relations.open;
    j->state.compared += relations.compared;
    status = demand_all(t, of, &d, &relations, sparing, tally, err);
cleanup:
    set_relations_release(&relations);
    distinct_release(&d);
    return status;
}

enum status judge_tally(struct judge *j, struct tally *tally, const struct gate_policy *policy,
                        struct release **out, struct error *err)
{
    for (size_t pass = 0;; pass++) {
        size_t found = 0;
        TRY(gate_release(tally, policy, out, err));
        j->state = (struct gate_sets){.coarse = j->sums.coarse, .large = j->sums.large};
        j->state.possible = j->sums.now[0] != NULL;
        for (size_t of = 0; j->state.possible && of < SUMS_KINDS; of++)
            TRY(look(j, of, pass < PASSES_SPARING, tally, *out, &found, err));
        if (found == 0)
            return gate_note_sets(*out, &j->state, err);
        release_free(*out);
        *out = NULL;
        if (pass == PASSES_MAX)
            return error_set(err, STATUS_REFUSED, NULL,
                             "figures that tell of few users when they are added and subtracted "
                             "are left however often some are withheld");
    }
}
