/* Tallies without ties of several queries: see made_ties.h. */
#include "tests/support/made_ties.h"

#include "tests/support/support.h"

size_t made_ties_table_query(const struct tally *tally, struct tally_place place)
{
    return place.table == TALLY_HIDDEN ? MADE_TIES_NONE : tally->tables[place.table].query;
}

static bool is_of_several(const struct tally *tally, const struct tally_tie *tie,
                          made_ties_query *query_of)
{
    size_t query = MADE_TIES_NONE;
    for (size_t i = 0; i < tie->count; i++) {
        size_t own = query_of(tally, tie->places[i]);
        if (own == MADE_TIES_NONE)
            continue;
        if (own == MADE_TIES_SEVERAL || (query != MADE_TIES_NONE && own != query))
            return true;
        query = own;
    }
    return false;
}

void made_ties_leave_out(struct tally *tally, made_ties_query *query_of)
{
    size_t kept = 0;
    for (size_t i = 0; i < tally->tie_count; i++)
        if (!is_of_several(tally, &tally->ties[i], query_of))
            tally->ties[kept++] = tally->ties[i];
    assert_true(kept < tally->tie_count);
    tally->tie_count = kept;
}
