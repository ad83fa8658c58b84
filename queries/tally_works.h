/*
 * The works that an overlap query found, a row each, those of common text (see overlap_walk.h) in
 * one row after them: part of an overlap report.
 */
#ifndef PROFFER_TALLY_WORKS_H
#define PROFFER_TALLY_WORKS_H

#include "base/error.h"
#include "queries/overlap_hits.h"
#include "queries/tally.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Adds the table "ID.works" of query NUMBER, of which RUNS is the table of runs. */
PROFFER_MUST_USE enum status tally_works(const struct overlap_hits *hits, size_t number,
                                         size_t runs, struct tally *tally, struct error *err);

/* A conversation that shares runs with a work, and which columns of its row count it. */
struct works_conversation {
    uint32_t row; /* of the table; ascending */
    uint32_t part, conversation;
    const bool *in; /* [columns of the table]; false for exchanges and users */
};

/* Visits all of them. */
PROFFER_MUST_USE enum status tally_works_each(
    const struct overlap_hits *hits,
    enum status (*visit)(void *context, const struct works_conversation *one, struct error *err),
    void *context, struct error *err);

#endif
