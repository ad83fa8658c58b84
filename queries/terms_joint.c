/* A search term report as the gate judges it: see terms_joint.h. */
#include "queries/terms_joint.h"

#include "base/memory.h"
#include "queries/tally_joint.h"
#include "queries/terms_relations.h"

#include <stdlib.h>
#include <string.h>

struct joining {
    struct tally *tally;
    struct tally_joint *joint;
    uint32_t slots;
    const struct tally_table *pairs; /* NULL without */
    uint32_t first_pair;             /* row of the joint table */
};

static struct tally_term term_at(uint32_t row, uint32_t column, int sign)
{
    return (struct tally_term){row, column, sign};
}

static struct tally_term hidden_at(const struct joining *j, uint32_t slot, enum terms_hidden which,
                                   int sign)
{
    return term_at(j->joint->hidden + HIDDEN_COUNT * slot + which, 0, sign);
}

static enum status relate(const struct joining *j, const struct tally_term *terms, size_t count,
                          bool at_most, struct error *err)
{
    return tally_relate(j->tally, &j->joint->table, terms, count, at_most, err);
}

/* What the hidden figures of a term are. */
static enum status relate_hidden(const struct joining *j, uint32_t slot, struct error *err)
{
    const struct tally_term shared[] = {hidden_at(j, slot, HIDDEN_SHARED, 1),
                                        term_at(slot, UNIQUE, 1), term_at(slot, CONVERSATIONS, -1)};
    const struct tally_term earlier[] = {hidden_at(j, slot, HIDDEN_EARLIER, 1),
                                         term_at(slot, ADDED, 1), term_at(slot, CONVERSATIONS, -1)};
    const struct tally_term mixed[] = {hidden_at(j, slot, HIDDEN_MIXED, 1),
                                       term_at(slot, PROMPT_ONLY, 1), term_at(slot, OUTPUT_ONLY, 1),
                                       term_at(slot, CONVERSATIONS, -1)};
    const struct tally_term within[] = {hidden_at(j, slot, HIDDEN_EARLIER, 1),
                                        hidden_at(j, slot, HIDDEN_SHARED, -1)};
    TRY(relate(j, shared, 3, false, err));
    TRY(relate(j, earlier, 3, false, err));
    TRY(relate(j, mixed, 4, false, err));
    return relate(j, within, 2, true, err);
}

/* ---- pairs ---- */

static uint32_t slot_of(const struct joining *j, const char *name)
{
    const struct tally_table *terms = &j->tally->tables[j->joint->members[0]];
    uint32_t slot = 0;
    while (slot < j->slots && strcmp(terms->key_values[slot], name) != 0)
        slot++;
    return slot;
}

/* What A and B share, A above B, is within what each of them shares. */
static enum status relate_pair(const struct joining *j, uint32_t row, uint32_t a, uint32_t b,
                               struct error *err)
{
    const struct tally_term pair = term_at(j->first_pair + row, CONVERSATIONS, 1);
    const struct tally_term in_a[] = {pair, hidden_at(j, a, HIDDEN_SHARED, -1)};
    const struct tally_term in_b[] = {pair, hidden_at(j, b, HIDDEN_EARLIER, -1)};
    TRY(relate(j, in_a, 2, true, err));
    return relate(j, in_b, 2, true, err); /* and so within what B shares */
}

/* What SLOT shares, or shares with terms above it, is at most the sum of such pairs. */
static enum status relate_sum(const struct joining *j, uint32_t slot, enum terms_hidden which,
                              uint32_t (*sides)[2], struct error *err)
{
    size_t count = 1;
    struct tally_term *terms = mem_zalloc(j->slots + 1ull, sizeof *terms);
    if (!terms)
        return error_nomem(err);
    terms[0] = hidden_at(j, slot, which, 1);
    for (uint32_t row = 0; row < j->pairs->row_count; row++)
        if (sides[row][1] == slot || (which == HIDDEN_SHARED && sides[row][0] == slot))
            terms[count++] = term_at(j->first_pair + row, CONVERSATIONS, -1);
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

enum status terms_join(struct tally *tally, size_t number, bool pairs, uint32_t slots,
                       struct tally_cell (*hidden)[HIDDEN_COUNT], struct error *err)
{
    const size_t members[] = {number, number + 1};
    struct joining j = {.tally = tally, .slots = slots};
    TRY(tally_join(tally, members, pairs ? 2 : 1, (size_t)slots * HIDDEN_COUNT, &j.joint, err));
    j.joint->spared = 0;
    for (uint32_t slot = 0; slot < slots; slot++) {
        for (size_t i = 0; i < HIDDEN_COUNT; i++)
            *tally_cell_at(&j.joint->table, j.joint->hidden + HIDDEN_COUNT * (size_t)slot + i, 0) =
                hidden[slot][i];
        TRY(relate_hidden(&j, slot, err));
    }
    if (!pairs)
        return STATUS_OK;
    j.pairs = &tally->tables[number + 1];
    j.first_pair = j.joint->first[1];
    return relate_pairs(&j, err);
}
