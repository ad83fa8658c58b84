/*
 * Overlap queries and what a scan finds for them, written shortly: "ab13" is of works a and b, with
 * runs of level 1 or more, and of level 3 or more in a bin of their own. Conversations are told
 * apart by how long a run of each work they have on each side: a level, 0 for none.
 */
#ifndef PROFFER_TEST_WORK_QUERIES_H
#define PROFFER_TEST_WORK_QUERIES_H

#include "tests/support/seen_sums.h"

#include "release/gate.h"

enum { WORK_LEVELS = 4, WORK_VIEWS = 3 };

/* Views of runs that are made, none of which is supplied by a prompt. */
extern const size_t work_views[WORK_VIEWS];

/* What a test's combinations are: the level of a WORK, 0 for a, in prompts (SIDE 0) or outputs. */
typedef unsigned work_level(size_t atom, size_t work, size_t side);

/* The levels of a query. */
const char *work_query_levels(const char *query);

/* The level of the longest run of a query's works in a view; 0 where it is too short for it. */
unsigned work_query_run(work_level *level, size_t atom, const char *query, size_t view);

/* Whether that is of bin BIN; one more than there are is any run, and another one none. */
bool work_query_is_of_bin(work_level *level, size_t atom, const char *query, size_t view,
                          size_t bin);

/* Writes works a to the number WORKS into DIR. */
void work_queries_write_works(const char *dir, size_t works);

/* Query "qNUMBER", with a comma before it but for the first; returns how much was written. */
size_t work_query_write(char *text, size_t room, const char *dir, size_t number, const char *query);

/* The hits of MADE's queries, as QUERIES name them, in its catalogue, which is opened then. */
void work_queries_find(struct made *made, const struct made_atoms *truth, work_level *level,
                       const char *const *queries);

/* What a reader has of the runs in table NUMBER of RELEASE, of the population IN [atoms]; NULL:
 * all.
 */
void work_query_see_runs(struct seen *seen, const struct made_atoms *truth, work_level *level,
                         const char *query, const bool *in, const struct release *release,
                         size_t number, const char *id);

#endif
