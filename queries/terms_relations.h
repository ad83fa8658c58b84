/* The columns of a search term report, and what a reader knows to hold among its figures. */
#ifndef PROFFER_TERMS_RELATIONS_H
#define PROFFER_TERMS_RELATIONS_H

#include "base/error.h"
#include "queries/tally.h"

#include <stdint.h>

enum terms_column {
    CONVERSATIONS,
    EXCHANGES,
    TURNS,
    USERS,
    OCCURRENCES,
    UNIQUE,
    ADDED,
    PROMPT_ONLY,
    OUTPUT_ONLY,
    COLUMNS
};

/*
 * States the relations of a table of SLOTS terms and, after them, the rows of any term, no term and
 * all conversations. Each holds on the table's own numbers.
 */
PROFFER_MUST_USE enum status terms_relate(struct tally *tally, struct tally_table *table,
                                          uint32_t slots, struct error *err);

#endif
