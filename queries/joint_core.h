/*
 * Which tables by fields say more together than any two of them by what they have in common.
 *
 * Tables by fields are margins of one table of counts by all fields, which nobody is told. Such
 * margins are edges of a hypergraph whose nodes are the fields. Where it is acyclic, margins that
 * agree on what two neighbours have in common always have a table (N. N. Vorob'ev, Theory of
 * Probability and its Applications 7, 1962; C. Beeri, R. Fagin, D. Maier and M. Yannakakis, Journal
 * of the ACM 30, 1983), also in integers: nothing follows but by these sums. Otherwise it is cut
 * down to its cyclic cores (M. Graham; C. Yu and M. Ozsoyoglu, 1979): a field that one edge alone
 * has is taken away, and so is an edge that another one tells, until nothing changes. What is
 * left says more by all of it. Two lists of values, or two sets of bins, of one field of which
 * neither tells the other are such a core already, since not all pairs of their labels can occur.
 */
#ifndef PROFFER_JOINT_CORE_H
#define PROFFER_JOINT_CORE_H

#include "base/arena.h"
#include "base/error.h"
#include "queries/tally.h"

#include <stdbool.h>
#include <stddef.h>

/* What is left of a table. */
struct joint_edge {
    size_t number; /* of the table */
    const struct tally_table *table;
    size_t *fields; /* [field_count] of table->by, by family */
    size_t field_count;
    size_t core; /* edges of one core have the same; gone: SIZE_MAX */
};

struct joint_edges {
    struct joint_edge *items;
    size_t count;
    size_t cores;
    bool by_day; /* some table is by days, which tell weekdays */
};

/* Fields of one family are told by the same finest labels: times; weekdays, unless days tell them;
 * a stored field's values; its bins. */
size_t joint_family(const struct joint_edges *edges, const struct plan_field *field);

/* Made in ARENA. */
PROFFER_MUST_USE enum status joint_edges_find(const struct tally *tally, struct arena *arena,
                                              struct joint_edges *edges, struct error *err);

#endif
