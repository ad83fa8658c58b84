/*
 * What the keys of several queries find in parts of the logs, as hidden figures: used by
 * slots_parts.h, which says what for.
 *
 *     part    what is in the same of the members' populations
 *     rest    what a population has and another one, which lies in it, has not, where that is
 *             several parts
 *
 * Rests are numbered behind parts, as shares. A figure of a share is there where it may be tied: of
 * keys found in several populations; of a rest those found in both.
 */
#ifndef PROFFER_SLOTS_FIGURES_H
#define PROFFER_SLOTS_FIGURES_H

#include "base/error.h"
#include "queries/slots_query.h"
#include "queries/tally.h"
#include "queries/tally_source.h"
#include "queries/tally_unions.h"
#include "queries/unit_set.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What is known of a family's slots in a share. */
struct share_union {
    const struct slots_query *query; /* whose slots these are; NULL: none */
    struct tally_place any;
    struct union_figures figures;
};

/* Populations by their numbers. */
struct slots_rest {
    size_t all, less;
};

struct slots_figures {
    const struct tally_source *source;
    const struct slots_queries *queries;
    const size_t *members;
    size_t count;
    struct tally *tally;
    bool rests_only;
    uint32_t asked;  /* the members' populations */
    uint32_t *masks; /* [part_count] parts, by these */
    struct slots_rest *rests;
    size_t part_count, share_count;  /* with rests */
    struct unit_set *rows;           /* [share_count] all that is in a share */
    uint32_t *in;                    /* [keys] populations in which it is found; 0: not several */
    size_t wanted;                   /* keys of which that is not 0 */
    size_t *family;                  /* [count] the first member of the same keys */
    uint32_t *family_in;             /* [count] of a family: its populations */
    struct tally_place *of_key;      /* [keys * share_count] with column UINT32_MAX: none */
    struct share_union *unions;      /* [count * share_count] by family */
    struct unit_set *found, *within; /* [most slots + 1] of a member, and in a share; then any */
    const struct unit_set **sets;
    struct tally_place *told; /* [most slots] */
    size_t most;
    bool too_many; /* then there are none */
    struct error *err;
};

/* FIGURES has source to rests_only, and err. Release also on failure. */
PROFFER_MUST_USE enum status slots_figures_make(struct slots_figures *figures);
void slots_figures_release(struct slots_figures *figures);

static inline const struct slots_query *figures_member(const struct slots_figures *f, size_t member)
{
    return &f->queries->items[f->members[member]];
}

/* Whether MEMBER's population has PART; whether a rest is of it. */
bool figures_has(const struct slots_figures *figures, size_t member, size_t share);
/* The slot of QUERY with KEY; SIZE_MAX where there is none. */
size_t figures_slot(const struct slots_query *query, uint32_t key);

static inline struct tally_place *figures_key(const struct slots_figures *f, uint32_t key,
                                              size_t share)
{
    return &f->of_key[key * f->share_count + share];
}

static inline struct share_union *figures_union(const struct slots_figures *f, size_t member,
                                                size_t share)
{
    return &f->unions[f->family[member] * f->share_count + share];
}

/* Of the figure of conversations in a row of QUERY's own table; of a hidden one. */
static inline struct tally_place slots_row(const struct slots_query *query, size_t row)
{
    return (struct tally_place){(uint32_t)query->table, (uint32_t)row, 0, 1};
}

static inline struct tally_place slots_hidden(uint32_t number)
{
    return (struct tally_place){TALLY_HIDDEN, number, 0, 1};
}

#endif
