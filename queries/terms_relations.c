/*
 * What a reader knows to hold among the figures of a search term report: see terms_relations.h. The
 * gate reckons with a reader who uses all of it, so that a relation left out is a leak and a false
 * one is nonsense.
 */
#include "queries/terms_relations.h"

#include "base/memory.h"

#include <stdlib.h>

struct relating {
    struct tally *tally;
    struct tally_table *table;
    uint32_t any, none, all; /* rows; those before `any` are the terms */
};

/* LESS is at most MORE. A term that holds by NOT alone has no occurrences, so that some of these
 * are not true of it: such a one is left out. */
static enum status at_most(const struct relating *r, uint32_t less_row, enum terms_column less,
                           uint32_t more_row, enum terms_column more, struct error *err)
{
    if (tally_cell_at(r->table, less_row, less)->value >
        tally_cell_at(r->table, more_row, more)->value)
        return STATUS_OK;
    const struct tally_term terms[] = {{less_row, less, 1}, {more_row, more, -1}};
    return tally_relate(r->tally, r->table, terms, 2, true, err);
}

static enum status equal(const struct relating *r, uint32_t row, enum terms_column column,
                         uint32_t other_row, enum terms_column other, struct error *err)
{
    const struct tally_term terms[] = {{row, column, 1}, {other_row, other, -1}};
    return tally_relate(r->tally, r->table, terms, 2, false, err);
}

static enum status relate_term(const struct relating *r, uint32_t row, struct error *err)
{
    static const struct {
        enum terms_column less, more;
    } chains[] = {{USERS, CONVERSATIONS}, {ADDED, CONVERSATIONS}, {UNIQUE, ADDED},
                  {EXCHANGES, TURNS},     {TURNS, OCCURRENCES},   {CONVERSATIONS, EXCHANGES}};
    static const enum terms_column within[] = {CONVERSATIONS, EXCHANGES, USERS};
    for (size_t i = 0; i < sizeof chains / sizeof *chains; i++)
        TRY(at_most(r, row, chains[i].less, row, chains[i].more, err));
    for (size_t i = 0; i < sizeof within / sizeof *within; i++)
        TRY(at_most(r, row, within[i], r->any, within[i], err));
    const struct tally_term sides[] = {
        {row, PROMPT_ONLY, 1}, {row, OUTPUT_ONLY, 1}, {row, CONVERSATIONS, -1}};
    return tally_relate(r->tally, r->table, sides, 3, true, err);
}

/* COLUMN over all terms against the conversations of the union. */
static enum status relate_sum(const struct relating *r, enum terms_column column, bool less,
                              struct error *err)
{
    struct tally_term *sum = mem_zalloc(r->any + 1ull, sizeof *sum);
    if (!sum)
        return error_nomem(err);
    for (uint32_t row = 0; row < r->any; row++)
        sum[row] = (struct tally_term){row, column, 1};
    sum[r->any] = (struct tally_term){r->any, CONVERSATIONS, -1};
    enum status status = tally_relate(r->tally, r->table, sum, r->any + 1ull, less, err);
    free(sum);
    return status;
}

/* The union and the null set are everything; a user may be in both. */
static enum status relate_ends(const struct relating *r, struct error *err)
{
    static const enum terms_column split[] = {CONVERSATIONS, EXCHANGES, USERS};
    TRY(equal(r, r->any, ADDED, r->any, CONVERSATIONS, err));
    for (size_t i = 0; i < sizeof split / sizeof *split; i++) {
        bool users = split[i] == USERS;
        const struct tally_term whole[] = {
            {r->all, split[i], 1}, {r->any, split[i], -1}, {r->none, split[i], -1}};
        TRY(tally_relate(r->tally, r->table, whole, 3, users, err));
    }
    for (uint32_t row = r->any; row <= r->all; row++) {
        TRY(at_most(r, row, USERS, row, CONVERSATIONS, err));
        TRY(at_most(r, row, CONVERSATIONS, row, EXCHANGES, err));
        if (row != r->all)
            TRY(at_most(r, row, USERS, r->all, USERS, err));
    }
    return STATUS_OK;
}

enum status terms_relate(struct tally *tally, struct tally_table *table, uint32_t slots,
                         struct error *err)
{
    const struct relating r = {tally, table, slots, slots + 1, slots + 2};
    for (uint32_t row = 0; row < slots; row++)
        TRY(relate_term(&r, row, err));
    TRY(relate_ends(&r, err));
    if (!slots)
        return STATUS_OK;
    /* Added hits add up to the union, unique ones to no more than it. */
    TRY(relate_sum(&r, ADDED, false, err));
    TRY(relate_sum(&r, UNIQUE, true, err));
    /* The first term adds all it has, the last one has alone all that it adds. */
    TRY(equal(&r, 0, ADDED, 0, CONVERSATIONS, err));
    TRY(equal(&r, slots - 1, ADDED, slots - 1, UNIQUE, err));
    if (slots != 2)
        return STATUS_OK;
    /* Of two terms, what one has alone is what the other leaves of the union. */
    const struct tally_term two[] = {
        {0, UNIQUE, 1}, {1, CONVERSATIONS, 1}, {r.any, CONVERSATIONS, -1}};
    return tally_relate(tally, table, two, 3, false, err);
}
