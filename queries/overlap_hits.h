/*
 * What an overlap report is counted from: the exchanges of the population that have a run, user by
 * user, and counters that see one user's conversations one after another.
 */
#ifndef PROFFER_OVERLAP_HITS_H
#define PROFFER_OVERLAP_HITS_H

#include "base/error.h"
#include "queries/overlap_relations.h"
#include "queries/query_overlap.h"
#include "queries/tally_run.h"

#include <stddef.h>
#include <stdint.h>

/* One exchange with a run. */
struct overlap_hit {
    uint32_t user; /* its number; unknown ones together have the one after the last */
    uint32_t part, row;
    uint32_t at; /* of the exchange in the part's columns */
};

struct overlap_hits {
    const struct tally_source *source;
    const struct plan_query *query;
    struct query_overlap found;
    struct overlap_hit *items; /* by user, part, exchange */
    size_t count, capacity;
};

/* Of query NUMBER. Release also on failure. */
PROFFER_MUST_USE enum status overlap_hits_init(struct overlap_hits *hits,
                                               const struct tally_source *source, size_t number,
                                               struct error *err);
void overlap_hits_release(struct overlap_hits *hits);

/* The longest run of hit number HIT on each side. */
void overlap_hits_longest(const struct overlap_hits *hits, size_t hit,
                          uint32_t longest[static OVERLAP_VIEWS]);
/* The bin of a run of so many words; the number of bins if it is none. */
uint32_t overlap_hits_bin(const struct overlap_hits *hits, uint32_t words);

/* A cell in the making; users are distinct if each one's units come one after another. */
struct overlap_counter {
    uint64_t value, unknown; /* unknown: conversations of unknown users */
    uint32_t support, last_user;
    uint64_t own, largest; /* units of that user, and of the user with the most */
};

/* Adds VALUE units of a user. */
static inline void overlap_count(struct overlap_counter *counter, uint32_t user, uint64_t value)
{
    counter->value += value;
    if (!value)
        return;
    if (counter->last_user != user + 1) {
        counter->support++;
        counter->last_user = user + 1;
        counter->own = 0;
    }
    counter->own += value;
    counter->largest = counter->own > counter->largest ? counter->own : counter->largest;
}

static inline struct tally_cell overlap_cell(const struct overlap_counter *counter)
{
    /* Units of unknown users look like one user's: nothing is said then. */
    return (struct tally_cell){counter->value, counter->support,
                               counter->unknown ? 0 : counter->largest};
}

/* The users of a counter of conversations: each unknown one counts, where the gate has one for all
 * of them. */
static inline struct tally_cell overlap_users(const struct overlap_counter *conversations)
{
    uint64_t unknown = conversations->unknown;
    return (struct tally_cell){conversations->support + unknown - (unknown > 0),
                               conversations->support, 0};
}

#endif
