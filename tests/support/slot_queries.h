/*
 * Queries whose slots find something in the text, written shortly: a letter for the kind (i
 * identifiers, p patterns, f topics of which the first match counts, m topics of which every match
 * counts, t terms), then one, a to e, for each thing that it asks for.
 */
#ifndef PROFFER_TEST_SLOT_QUERIES_H
#define PROFFER_TEST_SLOT_QUERIES_H

#include "queries/plan.h"
#include "queries/tally.h"

#include <stdbool.h>
#include <stddef.h>

enum { SLOT_QUERIES_LETTERS = 5 };

/* A plan of QUERIES, with NULL after them, of the days FROM to TO, or of all where FROM is NULL;
 * taxonomies go into folder DIR. */
void slot_queries_plan(char *text, size_t room, const char *dir, const char *from, const char *to,
                       const char *const *queries);

/* The number of the table of query NUMBER of PLAN. */
size_t slot_queries_table(const struct plan *plan, size_t number, const struct tally *tally);

/* What a row counts of a query, or a figure that no row has: what one of its slots finds (in topics
 * of which the first match counts, as that), what any or none does, all; of a slot what no other
 * one has, what another one has, too, and what none before it has; and what several have. */
enum slot_row {
    SLOT_ROW_OWN,
    SLOT_ROW_ANY,
    SLOT_ROW_NONE,
    SLOT_ROW_ALL,
    SLOT_ROW_ALONE,
    SLOT_ROW_SHARED,
    SLOT_ROW_SEVERAL,
    SLOT_ROW_ADDED
};

/* What row ROW of ROWS of the query's table is. */
enum slot_row slot_row_of(const char *query, size_t row, size_t rows);

/* Whether a conversation in which letters are FOUND, a bit each, is counted there; SLOT is that of
 * the row. */
bool slot_row_has(enum slot_row row, const char *query, size_t found, size_t slot);

#endif
