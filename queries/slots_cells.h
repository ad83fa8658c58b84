/*
 * The table that nobody is told of which the tables of several queries are margins: its cells are
 * conversations by which of the queries' populations they are in and, for each query of these,
 * which of its rows count them (of search terms: which of those that another query asks for, too).
 * Only cells that can occur are among them: populations that some conversation is in together; and
 * what a key finds in one query it finds in all, and the first match wins where it does.
 *
 * Cells are enumerated query by query, each key once found or not, so that their number is known
 * before anything is counted: two topics by first match have few more than rows, while queries
 * that count every match have one for each combination of keys.
 */
#ifndef PROFFER_SLOTS_CELLS_H
#define PROFFER_SLOTS_CELLS_H

#include "base/error.h"
#include "base/intern.h"
#include "queries/slots_query.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct slots_cells {
    const struct slots_queries *queries;
    const size_t *members; /* [member_count] numbers of queries */
    size_t member_count;
    size_t *at;      /* [member_count] where a cell's text has the member's class */
    bool *judged;    /* [keys] of a member that is no search term query */
    size_t width;    /* of a cell's text */
    uint32_t asked;  /* populations of members, a bit each */
    uint32_t *masks; /* [mask_count] those that some conversation is in together */
    size_t mask_count;
    struct intern cells; /* by their texts: number of the mask (a byte), then a class a member */
    size_t most;
    bool too_many; /* more than MOST: the list is not whole */
};

/* A member's class is, of SLOTS_FIRST, the number of the first slot that finds (two bytes, the
 * lower one first; its count: none does); else a byte a slot, 1 where it finds, 2 where that is not
 * asked. All bytes are 255 where the mask has not its population. */
enum { SLOTS_NOT, SLOTS_FOUND, SLOTS_UNASKED, SLOTS_OUT = 255 };

/* All cells of MEMBERS, which must live as long, if there are at most MOST; QUERIES are placed.
 * Release also on failure. */
PROFFER_MUST_USE enum status slots_cells_init(struct slots_cells *cells,
                                              const struct slots_queries *queries,
                                              const size_t *members, size_t member_count,
                                              size_t most, struct error *err);
void slots_cells_release(struct slots_cells *cells);

/* The cell of a conversation in populations MASK (a bit each), of which some member is, in which
 * KEYS_FOUND[keys] are found, or INTERN_NONE; TEXT has room for its text. */
uint32_t slots_cells_find(const struct slots_cells *cells, uint32_t mask, const bool *keys_found,
                          char *text);

/* The class of MEMBER in CELL; NULL where that is not in its population. */
const char *slots_cells_class(const struct slots_cells *cells, size_t member, uint32_t cell);

/* Of a class of QUERY: how many slots find, and whether SLOT does as its row counts it. */
size_t slots_class_count(const struct slots_query *query, const char *text);
bool slots_class_has(const struct slots_query *query, const char *text, size_t slot);

#endif
