/*
 * Queries that a remembered query (told_query.h) asks for more of: the terms, topics and works that
 * options of proposals name. In the ledger each is there by what it looks for, not by a number:
 *
 *     "of": [["terms", SCAN, 0], ["topics", SCAN, 1], ...]    kind; struct plan_query.scan_digest;
 *                                                             1: of topics, several at once
 *
 * and options name these by their place in that list. When what is told is made a plan
 * (told_plan.h) they name its queries again.
 */
#ifndef PROFFER_TOLD_REFERENCES_H
#define PROFFER_TOLD_REFERENCES_H

#include "base/arena.h"
#include "base/error.h"
#include "base/json_io.h"
#include "queries/plan.h"

#include <stdbool.h>
#include <stddef.h>

struct told_plan;
struct told_query;

enum { TOLD_REFERENCES_MAX = 300 };

struct told_reference {
    enum query_kind kind;
    char scan[65];
    bool several;
};

/* Lists what TOLD's options name, which are PLAN's; they name the list then. */
PROFFER_MUST_USE enum status told_references_of(struct told_query *told, const struct plan *plan,
                                                struct arena *arena, struct error *err);

/* Adds the list to ROOT; false for lack of memory. */
bool told_references_write(json_t *root, const struct told_query *told);
/* Reads it. *VALID is false where it is none. */
PROFFER_MUST_USE enum status told_references_read(struct told_query *told, const json_t *root,
                                                  struct arena *arena, bool *valid,
                                                  struct error *err);
/* Whether all options of TOLD name queries of its list, of their kind. */
bool told_references_hold(const struct told_query *told);

/* Names queries of the plan made so far, of the same population if there are any; false where one
 * is not there. */
bool told_references_resolve(struct told_query *told, const struct told_plan *plan);

#endif
