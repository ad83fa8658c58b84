/* A search term report as the gate judges it: see terms_joint.h. */
#include "queries/terms_joint.h"

#include "base/memory.h"
#include "queries/terms_by.h"
#include "queries/terms_relations.h"

#include <stdlib.h>
#include <string.h>

struct joining {
    struct tally *tally;
    uint32_t table; /* of the terms; that of pairs comes after it */
    uint32_t first; /* hidden figure of the first term */
    uint32_t slots, min_users;
    const struct tally_cell (*hidden)[HIDDEN_COUNT];
    const struct tally_table *pairs; /* NULL without */
    const struct term_combinations *combinations;
    uint32_t first_combination; /* hidden figure */
    uint32_t *row_of;           /* [a * slots + b] of pairs, a < b; UINT32_MAX for none */
};

static struct tally_place term_at(const struct joining *j, uint32_t slot, uint32_t column, int sign)
{
    return (struct tally_place){j->table, slot, column, sign};
}

static struct tally_place pair_at(const struct joining *j, uint32_t row, int sign)
{
    return (struct tally_place){j->table + 1, row, CONVERSATIONS, sign};
}

static struct tally_place hidden_at(const struct joining *j, uint32_t slot, enum terms_hidden which,
                                    int sign)
{
    return (struct tally_place){TALLY_HIDDEN, j->first + HIDDEN_COUNT * slot + which, 0, sign};
}

static struct tally_place combination_at(const struct joining *j, uint32_t number, int sign)
{
    return (struct tally_place){TALLY_HIDDEN, j->first_combination + number, 0, sign};
}

static enum status relate(const struct joining *j, const struct tally_place *places, size_t count,
                          bool at_most, struct error *err)
{
    return tally_bind(j->tally, places, count, at_most, err);
}

static bool is_small(const struct joining *j, uint32_t slot, enum terms_hidden which)
{
    uint32_t users = j->hidden[slot][which].users;
    return users > 0 && users < j->min_users;
}

/* What the hidden figures of a term are; of large ones, only where the pairs refer to them. */
static enum status relate_hidden(const struct joining *j, uint32_t slot, bool all,
                                 struct error *err)
{
    const struct tally_place shared[] = {hidden_at(j, slot, HIDDEN_SHARED, 1),
                                         term_at(j, slot, UNIQUE, 1),
                                         term_at(j, slot, CONVERSATIONS, -1)};
    const struct tally_place earlier[] = {hidden_at(j, slot, HIDDEN_EARLIER, 1),
                                          term_at(j, slot, ADDED, 1),
                                          term_at(j, slot, CONVERSATIONS, -1)};
    const struct tally_place mixed[] = {
        hidden_at(j, slot, HIDDEN_MIXED, 1), term_at(j, slot, PROMPT_ONLY, 1),
        term_at(j, slot, OUTPUT_ONLY, 1), term_at(j, slot, CONVERSATIONS, -1)};
    const struct tally_place within[] = {hidden_at(j, slot, HIDDEN_EARLIER, 1),
                                         hidden_at(j, slot, HIDDEN_SHARED, -1)};
    if (all || is_small(j, slot, HIDDEN_SHARED))
        TRY(relate(j, shared, 3, false, err));
    if (all || is_small(j, slot, HIDDEN_EARLIER))
        TRY(relate(j, earlier, 3, false, err));
    if (is_small(j, slot, HIDDEN_MIXED))
        TRY(relate(j, mixed, 4, false, err));
    return all ? relate(j, within, 2, true, err) : STATUS_OK;
}

/* ---- pairs ---- */

static uint32_t slot_of(const struct joining *j, const char *name)
{
    const struct tally_table *terms = &j->tally->tables[j->table];
    uint32_t slot = 0;
    while (slot < j->slots && strcmp(terms->key_values[slot], name) != 0)
        slot++;
    return slot;
}

/* What A and B share, A above B, is within what each of them shares. */
static enum status relate_pair(const struct joining *j, uint32_t row, uint32_t a, uint32_t b,
                               struct error *err)
{
    const struct tally_place pair = pair_at(j, row, 1);
    const struct tally_place in_a[] = {pair, hidden_at(j, a, HIDDEN_SHARED, -1)};
    const struct tally_place in_b[] = {pair, hidden_at(j, b, HIDDEN_EARLIER, -1)};
    TRY(relate(j, in_a, 2, true, err));
    return relate(j, in_b, 2, true, err); /* and so within what B shares */
}

/* What SLOT shares, or shares with terms above it, is at most the sum of such pairs. */
static enum status relate_sum(const struct joining *j, uint32_t slot, enum terms_hidden which,
                              uint32_t (*sides)[2], struct error *err)
{
    size_t count = 1;
    struct tally_place *terms = mem_zalloc(j->slots + 1ull, sizeof *terms);
    if (!terms)
        return error_nomem(err);
    terms[0] = hidden_at(j, slot, which, 1);
    for (uint32_t row = 0; row < j->pairs->row_count; row++)
        if (sides[row][1] == slot || (which == HIDDEN_SHARED && sides[row][0] == slot))
            terms[count++] = pair_at(j, row, -1);
    enum status status = relate(j, terms, count, true, err);
    free(terms);
    return status;
}

static enum status relate_pairs(const struct joining *j, struct error *err)
{
    enum status status = STATUS_OK;
    uint32_t(*sides)[2] = mem_zalloc(j->pairs->row_count, sizeof *sides);
    if (!sides)
        return error_nomem(err);
    for (uint32_t row = 0; row < j->pairs->row_count; row++) {
        for (size_t side = 0; side < 2; side++)
            sides[row][side] = slot_of(j, j->pairs->key_values[2 * (size_t)row + side]);
        TRY_CLEANUP(relate_pair(j, row, sides[row][0], sides[row][1], err));
    }
    for (uint32_t slot = 0; slot < j->slots; slot++) {
        TRY_CLEANUP(relate_sum(j, slot, HIDDEN_SHARED, sides, err));
        TRY_CLEANUP(relate_sum(j, slot, HIDDEN_EARLIER, sides, err));
    }
cleanup:
    free(sides);
    return status;
}

/* ---- combinations ---- */

/* Which combinations a sum has: those with both terms, or with one; EARLIER: and one before it. */
struct part {
    uint32_t a, b; /* UINT32_MAX for no second one */
    bool earlier;
};

static bool has(struct intern_text list, uint32_t slot)
{
    return memchr(list.text, (int)slot, list.len) != NULL;
}

/* A combination of which two terms share no conversation, as the table of pairs tells. */
static bool is_impossible(const struct joining *j, struct intern_text list)
{
    for (size_t a = 0; a < list.len; a++)
        for (size_t b = a + 1; b < list.len; b++)
            if (j->row_of[(unsigned char)list.text[a] * j->slots + (unsigned char)list.text[b]] ==
                UINT32_MAX)
                return true;
    return false;
}

/* The figure WHOLE, less the figure LESS if there is one, is the sum of the combinations of PART.
 */
static enum status relate_part(const struct joining *j, struct tally_place whole,
                               const struct tally_place *less, const struct part *part,
                               struct tally_place *terms, struct error *err)
{
    const struct intern *lists = &j->combinations->lists;
    size_t count = 0;
    terms[count++] = whole;
    if (less)
        terms[count++] = *less;
    for (uint32_t i = 0; i < lists->count; i++) {
        struct intern_text list = lists->items[i];
        if (has(list, part->a) && (part->b == UINT32_MAX || has(list, part->b)) &&
            (!part->earlier || (unsigned char)list.text[0] < part->a) && !is_impossible(j, list))
            terms[count++] = combination_at(j, i, -1);
    }
    return relate(j, terms, count, false, err);
}

static enum status relate_term(const struct joining *j, uint32_t slot, struct tally_place *terms,
                               struct error *err)
{
    const struct part shared = {slot, UINT32_MAX, false}, earlier = {slot, UINT32_MAX, true};
    const struct tally_place unique = term_at(j, slot, UNIQUE, -1),
                             added = term_at(j, slot, ADDED, -1);
    TRY(relate_part(j, term_at(j, slot, CONVERSATIONS, 1), &unique, &shared, terms, err));
    TRY(relate_part(j, term_at(j, slot, CONVERSATIONS, 1), &added, &earlier, terms, err));
    if (is_small(j, slot, HIDDEN_SHARED))
        TRY(relate_part(j, hidden_at(j, slot, HIDDEN_SHARED, 1), NULL, &shared, terms, err));
    if (is_small(j, slot, HIDDEN_EARLIER))
        TRY(relate_part(j, hidden_at(j, slot, HIDDEN_EARLIER, 1), NULL, &earlier, terms, err));
    for (uint32_t other = slot + 1; other < j->slots; other++) {
        const struct part both = {slot, other, false};
        uint32_t row = j->row_of[slot * j->slots + other];
        if (row != UINT32_MAX)
            TRY(relate_part(j, pair_at(j, row, 1), NULL, &both, terms, err));
    }
    return STATUS_OK;
}

static enum status hide_combinations(struct joining *j, struct error *err)
{
    const struct intern *lists = &j->combinations->lists;
    struct tally_atoms *atoms;
    TRY(tally_add_atoms(j->tally, j->tally->tables[j->table].query, lists->count, &atoms, err));
    atoms->alone_table = j->table;
    atoms->alone_column = UNIQUE;
    atoms->alone_count = j->slots;
    for (uint32_t i = 0, number; i < lists->count; i++) {
        const struct term_combination *item = &j->combinations->items[i];
        const struct tally_cell cell = {item->conversations, item->users, 0};
        TRY(tally_hide(j->tally, cell, &number, err));
        atoms->first = i ? atoms->first : number;
        if (is_impossible(j, lists->items[i]))
            continue;
        atoms->lengths[i] = lists->items[i].len;
        atoms->lists[i] = (const unsigned char *)arena_strndup(
            &j->tally->arena, lists->items[i].text, lists->items[i].len);
        if (!atoms->lists[i])
            return error_nomem(err);
    }
    j->first_combination = atoms->first;
    return STATUS_OK;
}

static enum status relate_combinations(struct joining *j, struct error *err)
{
    size_t slots = j->slots;
    enum status status = STATUS_OK;
    struct tally_place *terms = mem_zalloc(j->combinations->lists.count + 2, sizeof *terms);
    j->row_of = mem_zalloc(slots * slots, sizeof *j->row_of);
    if (!terms || !j->row_of) {
        status = error_nomem(err);
        goto cleanup;
    }
    memset(j->row_of, 0xFF, slots * slots * sizeof *j->row_of);
    for (uint32_t row = 0; row < j->pairs->row_count; row++)
        j->row_of[slot_of(j, j->pairs->key_values[2 * (size_t)row]) * slots +
                  slot_of(j, j->pairs->key_values[2 * (size_t)row + 1])] = row;
    TRY_CLEANUP(hide_combinations(j, err));
    for (uint32_t slot = 0; slot < j->slots; slot++)
        TRY_CLEANUP(relate_term(j, slot, terms, err));
cleanup:
    free(terms);
    free(j->row_of);
    return status;
}

static enum status put_hidden(struct joining *j, struct error *err)
{
    for (uint32_t slot = 0, number; slot < j->slots; slot++)
        for (size_t i = 0; i < HIDDEN_COUNT; i++) {
            TRY(tally_hide(j->tally, j->hidden[slot][i], &number, err));
            j->first = slot || i ? j->first : number;
        }
    return STATUS_OK;
}

enum status terms_join(struct tally *tally, size_t number, struct term_combinations *combinations,
                       bool by, uint32_t slots, uint32_t min_users,
                       const struct tally_cell (*hidden)[HIDDEN_COUNT], struct error *err)
{
    struct joining j = {.tally = tally,
                        .table = (uint32_t)number,
                        .slots = slots,
                        .min_users = min_users,
                        .hidden = hidden};
    if (combinations && !combinations->too_many)
        j.combinations = combinations;
    tally->tables[number].spared = true;
    TRY(put_hidden(&j, err));
    for (uint32_t slot = 0; slot < slots; slot++)
        TRY(relate_hidden(&j, slot, !j.combinations, err));
    if (by)
        TRY(terms_by_tie(tally, number, number + (combinations ? 2 : 1), slots, err));
    if (!combinations)
        return STATUS_OK;
    j.pairs = &tally->tables[number + 1];
    return j.combinations ? relate_combinations(&j, err) : relate_pairs(&j, err);
}
