/*
 * Queries whose slots find something in the text, written shortly: a letter for the kind (i
 * identifiers, p patterns, f topics of which the first match counts, m topics of which every match
 * counts, t terms), then one, a to e, for each thing that it asks for.
 */
#ifndef PROFFER_TEST_SLOT_QUERIES_H
#define PROFFER_TEST_SLOT_QUERIES_H

#include "queries/plan.h"
#include "queries/tally.h"

enum { SLOT_QUERIES_LETTERS = 5 };

/* A plan of QUERIES, with NULL after them, of the days FROM to TO, or of all where FROM is NULL;
 * taxonomies go into folder DIR. */
void slot_queries_plan(char *text, size_t room, const char *dir, const char *from, const char *to,
                       const char *const *queries);

/* The number of the table of query NUMBER of PLAN. */
size_t slot_queries_table(const struct plan *plan, size_t number, const struct tally *tally);

#endif
