/* The gate, asked until nothing follows of few users: see judge.h. */
#include "cli/judge.h"

#include "cli/relations_again.h"
#include "cli/relations_fixed.h"
#include "cli/relations_sift.h"
#include "cli/shown_sets.h"
#include "release/set_relations.h"

#include <stdlib.h>
#include <string.h>

/* Each time the gate withholds one figure more at least; after so many times, all of a relation. */
enum { PASSES_SPARING = 8, PASSES_MAX = 64 };

/* Relations that the gate is told of; what more there are have one of their sets withheld. */
enum { TIES_MAX = 100 };

enum status judge_init(struct judge *j, const struct tally_source *source,
                       const struct tally *tally, struct memory *memory, struct error *err)
{
    *j = (struct judge){.has_own = false};
    if (memory) {
        TRY(told_sums_init(&j->sums, &memory->sets, memory->hash_of, err));
        return told_sums_recall(&j->sums, memory->matter->ledger, memory->rows, err);
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

/* ---- what is demanded ---- */

/* Notes all rows that show set NUMBER. */
static enum status demand(const struct told_sums *t, enum told_of of, struct shown_sets *d,
                          size_t number, const struct set_relation *relation, struct tally *tally,
                          struct error *err)
{
    if (d->width[number] > relation->between)
        return STATUS_OK;
    d->width[number] = relation->between + 1;
    for (size_t i = d->start[number]; i < d->start[number + 1]; i++) {
        const struct told_set *set = &t->sets->items[d->all[i].number];
        const struct tally_difference difference = {set->table, set->row, set->column[of],
                                                    relation->users, relation->between};
        TRY(tally_add_difference(tally, &difference, err));
    }
    return STATUS_OK;
}

/* Rows of a table by fields, which add up to what is known: with one of them another one goes. */
static bool is_part(const struct told_sums *t, const struct shown_sets *d, size_t set)
{
    for (size_t i = d->start[set]; i < d->start[set + 1]; i++)
        if (t->sets->tally->tables[t->sets->items[d->all[i].number].table].by_count)
            return true;
    return false;
}

/* Does it stand in columns alone that a reader misses least? */
static bool is_detail(const struct told_sums *t, enum told_of of, const struct shown_sets *d,
                      size_t set)
{
    for (size_t i = d->start[set]; i < d->start[set + 1]; i++) {
        const struct told_set *told = &t->sets->items[d->all[i].number];
        const struct tally_table *table = &t->sets->tally->tables[told->table];
        if (!(table->columns[told->column[of]].flags & TALLY_DETAIL))
            return false;
    }
    return true;
}

/* Which of two sets goes sooner: one that goes anyway, else one that takes no other with it, else
 * one that is missed least, else one that is in most relations, else the smaller one. */
static bool goes_before(const struct told_sums *t, enum told_of of, const struct shown_sets *d,
                        size_t a, size_t b)
{
    if ((d->width[a] > 0) != (d->width[b] > 0))
        return d->width[a] > 0;
    bool part = is_part(t, d, a);
    if (part != is_part(t, d, b))
        return !part;
    bool detail = is_detail(t, of, d, a);
    if (detail != is_detail(t, of, d, b))
        return detail;
    if (d->asked[a] != d->asked[b])
        return d->asked[a] > d->asked[b];
    return d->sums[a]->total < d->sums[b]->total;
}

static size_t choose(const struct told_sums *t, enum told_of of, const struct shown_sets *d,
                     const struct set_relation *relation)
{
    size_t best = SIZE_MAX;
    for (size_t i = 0; i < relation->count; i++) {
        size_t set = relation->sets[i];
        if (!d->open[set])
            continue;
        if (best == SIZE_MAX || goes_before(t, of, d, set, best))
            best = set;
    }
    return best;
}

/* ---- what the gate is told ---- */

/* The figure of set NUMBER; false where no table has it, as the population's. */
static bool place_of(const struct told_sums *t, enum told_of of, size_t number,
                     struct tally_place *place)
{
    const struct told_set *set = &t->sets->items[number];
    *place = (struct tally_place){(uint32_t)set->table, set->row, set->column[of], 1};
    return set->column[of] != TOLD_NOWHERE && !set->rest;
}

/* Rows that show the same set are as many. */
static enum status tie_same(const struct told_sums *t, enum told_of of, const struct shown_sets *d,
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
static enum status tie(const struct told_sums *t, enum told_of of, struct shown_sets *d,
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

static enum status demand_all(const struct told_sums *t, enum told_of of, struct shown_sets *d,
                              const struct set_relations *relations, bool first, bool sparing,
                              struct tally *tally, struct error *err)
{
    for (size_t r = 0; r < relations->count; r++)
        for (size_t i = 0; i < relations->items[r].count; i++)
            d->asked[relations->items[r].sets[i]]++;
    size_t ties = 0;
    for (size_t r = 0; r < relations->count; r++) {
        const struct set_relation *relation = &relations->items[r];
        bool tied = false;
        if (first && ties < TIES_MAX && shown_sets_are_new(d, relation))
            TRY(tie(t, of, d, relation, tally, &tied, err));
        ties += tied;
        if (tied)
            continue;
        size_t one = choose(t, of, d, relation);
        for (size_t i = 0; i < relation->count; i++)
            if (sparing ? relation->sets[i] == one : d->open[relation->sets[i]])
                TRY(demand(t, of, d, relation->sets[i], relation, tally, err));
    }
    return STATUS_OK;
}

static enum status find(const struct told_sums *t, enum told_of of, const struct shown_sets *d,
                        struct relations_found *before, struct set_relations *relations,
                        struct error *err)
{
    bool known;
    TRY(relations_again(before, d, relations, &known, err));
    if (known)
        return STATUS_OK;
    return set_relations_find(relations, d->sums, d->new, d->count,
                              of == TOLD_USERS ? SETS_OF_USERS : SETS_OF_CONVERSATIONS,
                              t->min_users, SET_RELATIONS_WORK, err);
}

/* BEFORE is what the pass before found, and becomes what this one does. */
static enum status look(struct judge *j, enum told_of of, size_t pass, struct tally *tally,
                        const struct release *release, struct relations_found *before,
                        size_t *found, struct error *err)
{
    const struct told_sums *t = &j->sums;
    struct shown_sets d, *shown = &before->shown;
    struct set_relations relations = {.items = NULL};
    enum status status = STATUS_OK;
    TRY_CLEANUP(shown_sets_init(&d, t, of, release, err));
    TRY_CLEANUP(find(t, of, &d, before, &relations, err));
    TRY_CLEANUP(relations_found_take(before, &d, &relations, err));
    TRY_CLEANUP(relations_sift(t, of, shown, &relations, err));
    TRY_CLEANUP(relations_fixed(t->min_users, shown, &relations, err));
    *found += relations.count;
    j->state.open += relations.open;
    j->state.compared += relations.compared;
    status = demand_all(t, of, shown, &relations, pass == 0, pass < PASSES_SPARING, tally, err);
cleanup:
    set_relations_release(&relations);
    shown_sets_release(&d);
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

static enum status judge_passes(struct judge *j, struct tally *tally,
                                const struct gate_policy *policy, struct relations_found *before,
                                struct release **out, struct error *err)
{
    struct asking asking = {.ties = tally->tie_count, .hidden = tally->hidden_count};
    for (asking.pass = 0;; asking.pass++) {
        size_t found = 0;
        TRY(ask(tally, policy, &asking, out, err));
        j->state = (struct gate_sets){.coarse = j->sums.coarse, .large = j->sums.large_count};
        j->state.possible = j->sums.now[0] != NULL;
        for (enum told_of of = 0; j->state.possible && of < TOLD_KINDS; of++)
            TRY(look(j, of, asking.pass, tally, *out, &before[of], &found, err));
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

enum status judge_tally(struct judge *j, struct tally *tally, const struct gate_policy *policy,
                        struct release **out, struct error *err)
{
    struct relations_found before[TOLD_KINDS] = {{.relations = {.items = NULL}}};
    struct gate_policy with_memory = *policy;
    with_memory.last = gate_again_new();
    if (!with_memory.last)
        return error_nomem(err);
    enum status status = judge_passes(j, tally, &with_memory, before, out, err);
    gate_again_free(with_memory.last);
    for (enum told_of of = 0; of < TOLD_KINDS; of++)
        relations_found_release(&before[of]);
    return status;
}
