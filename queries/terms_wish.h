/*
 * What is looked for in common (terms_combined.h): the queries of one report or of several that
 * find something in the text, each with its tables and its population, and the options of proposals
 * that ask for some of it.
 */
#ifndef PROFFER_TERMS_WISH_H
#define PROFFER_TERMS_WISH_H

#include "base/error.h"
#include "queries/plan.h"
#include "queries/tally.h"
#include "queries/terms_shared.h"
#include "queries/told_population.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* An option of proposals, by where it is told. */
struct terms_option {
    const struct plan_option *option;
    size_t table;
    uint32_t row;
    int64_t from, to; /* the days of its population that it is of; some at least */
    bool part;        /* not all of these */
    const struct plan_filter *filters;
    size_t filter_count;
};

struct terms_wish {
    struct terms_report *reports; /* [count] this report's first */
    size_t count, capacity;
    size_t own;
    struct terms_option *options; /* [option_count] */
    size_t option_count, option_capacity;
    bool own_counts; /* this report counts by fields, too */
};

/* Adds query NUMBER of PLAN, of POPULATION, if it is such a query with a table in TALLY; OWN: it is
 * this report's. What is named must live as long. */
PROFFER_MUST_USE enum status terms_wish_add(struct terms_wish *wish, const struct plan *plan,
                                            size_t number, const struct told_wish *population,
                                            bool own, const struct tally *tally, struct error *err);
/* Notes what TALLY has besides, when all are added. */
void terms_wish_note(struct terms_wish *wish, const struct tally *tally);
void terms_wish_release(struct terms_wish *wish);

#endif
