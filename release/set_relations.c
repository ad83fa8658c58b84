/* Sets added and subtracted: see set_relations.h. */
#include "release/set_relations.h"

#include "base/memory.h"

#include <stdlib.h>
#include <string.h>

#define NONE UINT32_MAX

/*
 * PARTITIONS: ways to put groups into blocks. A block where none of three sets has anybody says
 * nothing of them, but it may be the only one that D's users miss. There only sets are looked at
 * that differ in up to NEAR groups; of others there are more than NEAR users beside D's, who are
 * all in D's blocks in less than one of a hundred million cases in three ways to make them.
 */
enum { PARTITIONS = 3, NEAR = 12 };

/* Bits of a block for each slot, of which most say that no set has such a sum, without a look at
 * the slot (a Bloom filter of one hash: B. H. Bloom, Space/time trade-offs in hash coding with
 * allowable errors, CACM 13, 1970). */
enum { SLOT_BITS = 16 };

struct search {
    struct set_relations *out;
    const struct set_sums *const *sets;
    const bool *open;
    size_t count;
    enum set_relations_of of;
    uint32_t min_users, blocks;
    uint64_t *masks; /* [set][words] groups that are not 0 */
    size_t words;
    bool *sparse;   /* [set] it has nobody in some block */
    uint64_t *sums; /* [block][count] a set's sum in a block; blocks of all partitions */
    uint32_t *head; /* [block][slots] the first set whose sum falls into the slot, or NONE */
    uint32_t *next; /* [block][count] and the one after it */
    size_t slots;   /* a power of two */
    uint64_t *some; /* [block][slots * SLOT_BITS / 64] a bit of each sum that a set has */
};

void set_relations_release(struct set_relations *relations)
{
    free(relations->items);
    *relations = (struct set_relations){.items = NULL};
}

/* ---- what is left of sets ---- */

static bool is_blind(const struct set_sums *a, const struct set_sums *b, const struct set_sums *u)
{
    return a->known_only || (b && b->known_only) || u->known_only;
}

/* The figure, of known users alone where of one of the sets no more is known. */
static uint64_t figure_of(const struct set_sums *set, bool blind)
{
    return blind ? set->total - set->groups[set->count] : set->total;
}

static uint64_t left_in(const struct set_sums *a, const struct set_sums *b,
                        const struct set_sums *u, size_t group)
{
    uint64_t sum = b ? set_sums_plus(a->groups[group], b->groups[group]) : a->groups[group];
    return set_sums_minus(sum, u->groups[group]);
}

uint32_t set_relations_left(const struct set_sums *a, const struct set_sums *b,
                            const struct set_sums *u, uint32_t most)
{
    uint32_t left = !is_blind(a, b, u) && left_in(a, b, u, u->count);
    for (size_t g = 0; g < u->count && left <= most; g++)
        left += left_in(a, b, u, g) != 0;
    return left;
}

/* ---- judging ---- */

static enum status note(struct search *s, const struct set_relation *relation, struct error *err)
{
    struct set_relations *out = s->out;
    struct set_relation *grown =
        mem_grow(out->items, &out->capacity, out->count + 1, sizeof *grown);
    if (!grown)
        return error_nomem(err);
    out->items = grown;
    grown[out->count++] = *relation;
    return STATUS_OK;
}

/* Whether few users are left, of whom BETWEEN is the figure; *LEFT groups. */
static bool is_few(const struct search *s, const struct set_sums *a, const struct set_sums *b,
                   const struct set_sums *u, uint64_t between, uint32_t *left)
{
    uint32_t most = between < s->min_users ? (uint32_t)between : s->min_users - 1;
    if (between >= s->min_users && s->of == SETS_OF_USERS &&
        (is_blind(a, b, u) || !left_in(a, b, u, u->count)))
        return false;
    *left = set_relations_left(a, b, u, most);
    return *left > 0 && *left <= most;
}

static enum status judge_pair(struct search *s, size_t i, size_t j, struct error *err)
{
    bool blind = is_blind(s->sets[i], NULL, s->sets[j]);
    if (figure_of(s->sets[i], blind) > figure_of(s->sets[j], blind)) {
        size_t more = i;
        i = j;
        j = more;
    }
    const struct set_sums *a = s->sets[i], *u = s->sets[j];
    uint64_t between = figure_of(u, blind) - figure_of(a, blind);
    uint32_t left;
    if (between == 0 || !is_few(s, a, NULL, u, between, &left))
        return STATUS_OK;
    const struct set_relation relation = {{i, j}, SET_RELATION_PAIR, between, left, false};
    return note(s, &relation, err);
}

static enum status judge_triple(struct search *s, size_t i, size_t j, size_t sum, struct error *err)
{
    const struct set_sums *a = s->sets[i], *b = s->sets[j], *u = s->sets[sum];
    bool blind = is_blind(a, b, u);
    uint64_t in_a = figure_of(a, blind), in_b = figure_of(b, blind), in_u = figure_of(u, blind);
    bool both = in_a + in_b > in_u;
    uint64_t between = both ? in_a + in_b - in_u : in_u - in_a - in_b;
    if (between == 0)
        return STATUS_OK;
    uint32_t left;
    s->out->work += s->min_users;
    if (!is_few(s, a, b, u, between, &left))
        return STATUS_OK;
    const struct set_relation relation = {{i, j, sum}, SET_RELATION_TRIPLE, between, left, both};
    return note(s, &relation, err);
}

/* ---- blocks ---- */

static uint64_t *sum_at(const struct search *s, size_t block, size_t set)
{
    return &s->sums[block * s->count + set];
}

static uint64_t hash_of(uint64_t sum)
{
    return (sum * UINT64_C(0x9e3779b97f4a7c15)) >> 24;
}

static size_t slot_of(const struct search *s, uint64_t sum)
{
    return (size_t)hash_of(sum) & (s->slots - 1);
}

/* The word of a sum's bit, and the bit in it. */
static uint64_t *some_at(const struct search *s, size_t block, uint64_t sum, uint64_t *bit)
{
    size_t words = s->slots * SLOT_BITS / 64;
    uint64_t hash = hash_of(sum) & (s->slots * SLOT_BITS - 1);
    *bit = UINT64_C(1) << hash % 64;
    return &s->some[block * words + hash / 64];
}

static bool may_have(const struct search *s, size_t block, uint64_t sum)
{
    uint64_t bit, *word = some_at(s, block, sum, &bit);
    return *word & bit;
}

/* Block of a group: by its number in the first partition, by chance in the others. */
static size_t block_of(const struct search *s, size_t partition, size_t group)
{
    uint64_t z = (group + 1) * UINT64_C(0x9e3779b97f4a7c15) * (2 * partition + 1);
    z = (z ^ z >> 31) * UINT64_C(0xbf58476d1ce4e5b9);
    return partition * s->blocks + (partition ? z >> 33 : group) % s->blocks;
}

static void sum_set(struct search *s, size_t set)
{
    const struct set_sums *of = s->sets[set];
    for (size_t g = 0; g < of->count; g++)
        if (of->groups[g])
            s->masks[set * s->words + g / 64] |= UINT64_C(1) << g % 64;
    for (size_t partition = 0; partition < PARTITIONS; partition++)
        for (size_t g = 0; g < of->count; g++) {
            uint64_t *sum = sum_at(s, block_of(s, partition, g), set);
            *sum = set_sums_plus(*sum, of->groups[g]);
        }
    for (size_t block = 0; block < s->blocks; block++)
        s->sparse[set] = s->sparse[set] || !*sum_at(s, block, set);
}

static enum status make_blocks(struct search *s, struct error *err)
{
    size_t all = PARTITIONS * (size_t)s->blocks;
    s->words = s->sets[0]->count / 64;
    s->masks = mem_zalloc(s->count * s->words, sizeof *s->masks);
    s->sparse = mem_zalloc(s->count, sizeof *s->sparse);
    s->sums = mem_zalloc(all * s->count, sizeof *s->sums);
    s->next = mem_zalloc(all * s->count, sizeof *s->next);
    s->head = mem_zalloc(all * s->slots, sizeof *s->head);
    s->some = mem_zalloc(all * s->slots * SLOT_BITS / 64, sizeof *s->some);
    if (!s->masks || !s->sparse || !s->sums || !s->next || !s->head || !s->some)
        return error_nomem(err);
    memset(s->head, 0xff, all * s->slots * sizeof *s->head);
    for (size_t i = 0; i < s->count; i++)
        sum_set(s, i);
    for (size_t block = 0; block < all; block++)
        for (size_t i = s->count; i-- > 0;) {
            uint64_t bit, *word = some_at(s, block, *sum_at(s, block, i), &bit);
            uint32_t *head = &s->head[block * s->slots + slot_of(s, *sum_at(s, block, i))];
            *word |= bit;
            s->next[block * s->count + i] = *head;
            *head = (uint32_t)i;
        }
    return STATUS_OK;
}

static bool is_near(const struct search *s, size_t i, size_t j)
{
    int groups = 0;
    for (size_t w = 0; w < s->words; w++)
        groups += __builtin_popcountll(s->masks[i * s->words + w] ^ s->masks[j * s->words + w]);
    return groups <= NEAR;
}

/* Is BLOCK the first one in which the triple is seen? OWN and OTHER are those that look for it,
 * NEAR each other or not; I and J add up to SUM. */
static bool is_first(const struct search *s, size_t block, bool near, size_t i, size_t j,
                     size_t sum)
{
    for (size_t before = 0; before < block; before++) {
        uint64_t whole = *sum_at(s, before, sum);
        if (set_sums_plus(*sum_at(s, before, i), *sum_at(s, before, j)) == whole && (whole || near))
            return false;
    }
    return true;
}

/* Of a triple with several open sets the one with the smallest number looks for it. */
static bool is_mine(const struct search *s, size_t own, size_t other, size_t third)
{
    return other != own && third != own && other != third && !(s->open[other] && other < own) &&
           !(s->open[third] && third < own);
}

/* All sets with SUM in BLOCK as the third of OWN and OTHER: their sum, or (AS_PART) the other part
 * of OWN. */
static enum status look_up(struct search *s, size_t block, size_t own, size_t other, bool as_part,
                           uint64_t sum, struct error *err)
{
    if (!may_have(s, block, sum))
        return STATUS_OK;
    uint32_t third = s->head[block * s->slots + slot_of(s, sum)];
    for (; third != NONE; third = s->next[block * s->count + third]) {
        s->out->work++;
        if (*sum_at(s, block, third) != sum || !is_mine(s, own, other, third))
            continue;
        if (as_part && third < other)
            continue; /* seen the other way round */
        size_t whole = as_part ? own : third, part = as_part ? third : own;
        if (is_first(s, block, is_near(s, own, other), other, part, whole))
            TRY(judge_triple(s, other, part, whole, err));
    }
    return STATUS_OK;
}

/* In the blocks of the first partition, and of others where no set is without an empty block. */
static enum status find_triples_of(struct search *s, size_t own, struct error *err)
{
    size_t blocks = (s->sparse[own] ? PARTITIONS : 1) * (size_t)s->blocks;
    for (size_t block = 0; block < blocks; block++) {
        uint64_t mine = *sum_at(s, block, own);
        for (size_t other = 0; other < s->count; other++) {
            uint64_t its = *sum_at(s, block, other);
            if (other == own || (block >= s->blocks && !s->sparse[other]) ||
                (s->open[other] && other < own)) /* which looked for it then */
                continue;
            s->out->work += 2;
            if (!mine && !its && !is_near(s, own, other))
                continue;
            TRY(look_up(s, block, own, other, false, set_sums_plus(mine, its), err));
            TRY(look_up(s, block, own, other, true, set_sums_minus(mine, its), err));
            if (s->out->count >= SET_RELATIONS_MAX)
                return STATUS_OK;
        }
    }
    return STATUS_OK;
}

static enum status find_pairs(struct search *s, struct error *err)
{
    for (size_t i = 0; i < s->count && s->out->count < SET_RELATIONS_MAX; i++)
        for (size_t j = i + 1; j < s->count; j++)
            if (s->open[i] || s->open[j])
                TRY(judge_pair(s, i, j, err));
    return STATUS_OK;
}

enum status set_relations_find(struct set_relations *out, const struct set_sums *const *sets,
                               const bool *open, size_t count, enum set_relations_of of,
                               uint32_t min_users, uint64_t work, struct error *err)
{
    *out = (struct set_relations){.items = NULL};
    for (size_t i = 0; i < count; i++)
        out->open += open[i];
    if (out->open == 0 || min_users < 2)
        return STATUS_OK;
    struct search s = {.out = out,
                       .sets = sets,
                       .open = open,
                       .count = count,
                       .of = of,
                       .min_users = min_users,
                       .blocks = min_users < sets[0]->count ? min_users : sets[0]->count,
                       .slots = 64 / SLOT_BITS};
    while (s.slots < 2 * count)
        s.slots *= 2;
    enum status status = find_pairs(&s, err);
    if (status == STATUS_OK)
        status = make_blocks(&s, err);
    for (size_t i = 0; status == STATUS_OK && i < count && out->count < SET_RELATIONS_MAX; i++)
        if (open[i] && out->work < work) {
            status = find_triples_of(&s, i, err);
            out->compared++;
        }
    free(s.masks);
    free(s.sparse);
    free(s.sums);
    free(s.next);
    free(s.some);
    free(s.head);
    return status;
}
