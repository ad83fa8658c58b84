/* The gate, asked until nothing follows of few users: see judge.h. */
#include "cli/judge.h"

#include "base/memory.h"
#include "release/set_relations.h"

#include <stdlib.h>
#include <string.h>

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

static bool is_of_this_report(const struct distinct *d, const struct set_relation *relation)
{
    for (size_t r = 0; r < relation->count; r++)
        for (size_t i = d->start[relation->sets[r]]; i < d->start[relation->sets[r] + 1]; i++)
            if (d->all[i].number == SIZE_MAX)
                return false;
    return true;
}

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
static enum status is_few(const struct told_sums *t, const struct distinct *d,
                          const struct set_relation *relation, bool *few, struct error *err)
{
    const struct catalogue *catalogue = t->sets->source->catalogue;
    *few = true;
    if (relation->between < t->min_users || relation->users <= t->min_users / 2 ||
        !is_of_this_report(d, relation))
        return STATUS_OK;
    struct weighing w = {.unknown = catalogue->users};
    w.left = mem_zalloc(catalogue->users + 1ull, sizeof *w.left);
    if (!w.left)
        return error_nomem(err);
    for (size_t i = 0; i < relation->count; i++) {
        const struct told_set *set =
            &t->sets->items[d->all[d->start[relation->sets[i]]].number];
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

/* Leaves out what is no relation after all. */
static enum status sift(const struct told_sums *t, enum sums_of of, const struct distinct *d,
                        struct set_relations *relations, struct error *err)
{
    size_t kept = 0;
    for (size_t r = 0; r < relations->count; r++) {
        bool keep = of != SUMS_OF_USERS || is_known(t, d, &relations->items[r]);
        if (of == SUMS_OF_CONVERSATIONS)
            TRY(is_few(t, d, &relations->items[r], &keep, err));
        if (keep)
            relations->items[kept++] = relations->items[r];
    }
    relations->count = kept;
    return STATUS_OK;
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

/* Rows of a table by fields, which add up to what is known: with one of them another one goes. */
static bool is_part(const struct told_sums *t, const struct distinct *d, size_t set)
{
    for (size_t i = d->start[set]; i < d->start[set + 1]; i++)
        if (t->sets->tally->tables[t->sets->items[d->all[i].number].table].by_count)
            return true;
    return false;
}

/* Which of two sets goes sooner: one that goes anyway, else one that takes no other with it, else
 * one that is in most relations, else the smaller one. */
static bool goes_before(const struct told_sums *t, const struct distinct *d, size_t a, size_t b)
{
    if ((d->width[a] > 0) != (d->width[b] > 0))
        return d->width[a] > 0;
    bool part = is_part(t, d, a);
    if (part != is_part(t, d, b))
        return !part;
    if (d->asked[a] != d->asked[b])
        return d->asked[a] > d->asked[b];
    return d->sums[a]->total < d->sums[b]->total;
}

static size_t choose(const struct told_sums *t, const struct distinct *d,
                     const struct set_relation *relation)
{
    size_t best = SIZE_MAX;
    for (size_t i = 0; i < relation->count; i++) {
        size_t set = relation->sets[i];
        if (!d->open[set])
            continue;
        if (best == SIZE_MAX || goes_before(t, d, set, best))
            best = set;
    }
    return best;
}

/* ---- what the gate is told ---- */

/* The figure of set NUMBER; false where no table has it, as the population's. */
static bool place_of(const struct told_sums *t, enum sums_of of, size_t number,
                     struct tally_place *place)
{
    const struct told_set *set = &t->sets->items[number];
    const struct tally_table *table = &t->sets->tally->tables[set->table];
    const char *id = of == SUMS_OF_USERS ? "users" : "conversations";
    size_t column = 0;
    while (column < table->column_count && strcmp(table->columns[column].id, id) != 0)
        column++;
    *place = (struct tally_place){(uint32_t)set->table, set->row, (uint32_t)column, 1};
    return column < table->column_count;
}

/* Rows that show the same set are as many. */
static enum status tie_same(const struct told_sums *t, enum sums_of of, const struct distinct *d,
                            size_t set, struct tally_place *first, struct tally *tally,
                            struct error *err)
{
    struct tally_place pair[2];
    size_t start = d->start[set];
    if (!place_of(t, of, d->all[start].number, first))
        return STATUS_OK;
    pair[0] = *first;
    for (size_t i = start + 1; i < d->start[set + 1]; i++)
        if (place_of(t, of, d->all[i].number, &pair[1])) {
            pair[1].sign = -1;
            TRY(tally_bind(tally, pair, 2, false, err));
        }
    return STATUS_OK;
}

/* All sets of a relation, and what is left of them as a hidden figure; *TIED: whether that is. */
static enum status tie(const struct told_sums *t, enum sums_of of, struct distinct *d,
                       const struct set_relation *relation, struct tally *tally, bool *tied,
                       struct error *err)
{
    struct tally_place places[SET_RELATION_TRIPLE + 1];
    size_t whole = relation->count - 1;
    for (size_t i = 0; i < relation->count; i++)
        if (!place_of(t, of, d->all[d->start[relation->sets[i]]].number, &places[i]))
            return STATUS_OK;
    for (size_t i = 0; i < relation->count; i++) {
        TRY(tie_same(t, of, d, relation->sets[i], &places[i], tally, err));
        places[i].sign = (i == whole) == relation->both ? -1 : 1;
    }
    struct tally_cell cell = {relation->between, relation->users, 0};
    places[relation->count] = (struct tally_place){TALLY_HIDDEN, 0, 0, -1};
    TRY(tally_hide(tally, cell, &places[relation->count].row, err));
    *tied = true;
    return tally_bind(tally, places, relation->count + 1, false, err);
}

static enum status demand_all(const struct told_sums *t, enum sums_of of, struct distinct *d,
                              const struct set_relations *relations, bool first, bool sparing,
                              struct tally *tally, struct error *err)
{
    for (size_t r = 0; r < relations->count; r++)
        for (size_t i = 0; i < relations->items[r].count; i++)
            d->asked[relations->items[r].sets[i]]++;
    for (size_t r = 0; r < relations->count; r++) {
        const struct set_relation *relation = &relations->items[r];
        bool tied = false;
        if (first && is_of_this_report(d, relation))
            TRY(tie(t, of, d, relation, tally, &tied, err));
        if (tied)
            continue;
        size_t one = choose(t, d, relation);
        for (size_t i = 0; i < relation->count; i++)
            if (sparing ? relation->sets[i] == one : d->open[relation->sets[i]])
                TRY(demand(t, of, d, relation->sets[i], relation, tally, err));
    }
    return STATUS_OK;
}

static enum status look(struct judge *j, enum sums_of of, size_t pass, struct tally *tally,
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
    TRY_CLEANUP(sift(t, of, &d, &relations, err));
    *found += relations.count;
    j->state.open += relations.open;
    j->state.compared += relations.compared;
    status = demand_all(t, of, &d, &relations, pass == 0, pass < PASSES_SPARING, tally, err);
cleanup:
    set_relations_release(&relations);
    distinct_release(&d);
    return status;
}

struct asking {
    size_t pass, ties, hidden; /* of the tally before the first one */
};

/* The gate, without the ties of the first look where it can withhold nothing that meets them: then
 * one set of each of their relations is demanded. */
static enum status ask(struct tally *tally, const struct gate_policy *policy,
                       const struct asking *asking, struct release **out, struct error *err)
{
    enum status status = gate_release(tally, policy, out, err);
    if (status != STATUS_REFUSED || tally->tie_count == asking->ties)
        return status;
    tally->tie_count = asking->ties;
    tally->hidden_count = asking->hidden;
    return gate_release(tally, policy, out, err);
}

enum status judge_tally(struct judge *j, struct tally *tally, const struct gate_policy *policy,
                        struct release **out, struct error *err)
{
    struct asking asking = {.ties = tally->tie_count, .hidden = tally->hidden_count};
    for (asking.pass = 0;; asking.pass++) {
        size_t found = 0;
        TRY(ask(tally, policy, &asking, out, err));
        j->state = (struct gate_sets){.coarse = j->sums.coarse, .large = j->sums.large};
        j->state.possible = j->sums.now[0] != NULL;
        for (size_t of = 0; j->state.possible && of < SUMS_KINDS; of++)
            TRY(look(j, of, asking.pass, tally, *out, &found, err));
        if (found == 0)
            return gate_note_sets(*out, &j->state, err);
        release_free(*out);
        *out = NULL;
        if (asking.pass == PASSES_MAX)
            return error_set(err, STATUS_REFUSED, NULL,
                             "figures that tell of few users when they are added and subtracted "
                             "are left however often some are withheld");
    }
}
