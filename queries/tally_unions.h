/*
 * Sets and their union, told side by side: what each kind of identifier, pattern or topic finds and
 * what any of them does; what shares a run with each work and with any. Of a union U of sets
 * A_1 .. A_n these are hidden figures:
 *
 *     alone_j    in A_j and in no other
 *     shared_j   in A_j and in another one
 *     several    in more than one set
 *
 *     A_j = alone_j + shared_j      U = sum alone_j + several
 *     shared_j <= several           2 several <= sum shared_j
 *
 * Without further figures no more is known: for numbers that meet these there are sets that have
 * them (give each of the conversations in several sets two of them or more, the sets with the most
 * left first).
 */
#ifndef PROFFER_TALLY_UNIONS_H
#define PROFFER_TALLY_UNIONS_H

#include "base/error.h"
#include "queries/tally.h"
#include "queries/tally_source.h"
#include "queries/tally_ties.h"
#include "queries/told_sets.h"

#include <stddef.h>
#include <stdint.h>

/* The hidden figures of a union, as numbers of the tally. */
struct union_figures {
    uint32_t first_alone, first_shared; /* of set 0; those of the others come after it; alone_j is
                                           none where it is told */
    uint32_t several;
};

/* A union whose sets were counted elsewhere: [count] figures of each. */
struct counted_union {
    const struct tally_place *told;
    const struct tally_place *alone_told; /* figures of alone_j where they are told; or NULL */
    const struct tally_cell *alone;       /* else */
    const struct tally_cell *shared;
    struct tally_cell several;
    size_t count;                    /* 2 or more */
    const struct tally_place *whole; /* figures whose sum, by their signs, is U */
    size_t whole_count;
};

/* *FIGURES may be NULL. */
PROFFER_MUST_USE enum status tally_unite_counted(struct tally *tally,
                                                 const struct counted_union *of,
                                                 struct union_figures *figures, struct error *err);

/* The union of COUNT sets. */
struct set_union {
    const struct unit_set *const *sets;
    const struct tally_place *told;  /* [count] their figures */
    const struct tally_place *alone; /* [count] figures of alone_j where they are told; or NULL */
    size_t count;
    const struct tally_place *whole; /* figures whose sum, by their signs, is U */
    size_t whole_count;
};

/* *FIGURES may be NULL. Nothing is hidden where COUNT is 1. */
PROFFER_MUST_USE enum status tally_unite(struct told_sets *sets, struct tally *tally,
                                         const struct set_union *of, struct union_figures *figures,
                                         struct error *err);

/* The hidden figure of A without B (NULL: of all of A). */
PROFFER_MUST_USE enum status tally_hide_set(struct told_sets *sets, struct tally *tally,
                                            const struct unit_set *a, const struct unit_set *b,
                                            uint32_t *number, struct error *err);

/* That of query NUMBER of SOURCE's plan, of which there is a table, if its kind has one. */
PROFFER_MUST_USE enum status tally_union_of(const struct tally_source *source, struct tally *tally,
                                            size_t number, struct error *err);

/* All unions of the plan's queries but those of works (overlap_unions.h) and options. */
PROFFER_MUST_USE enum status tally_unions(struct told_sets *sets, struct tally *tally,
                                          struct error *err);

#endif
