/*
 * Small tables for tests of the release gate, and an attacker who tries every integer table that
 * agrees with what is shown. Takes nothing from release/ but a finished pattern.
 */
#ifndef PROFFER_TEST_SMALL_TABLES_H
#define PROFFER_TEST_SMALL_TABLES_H

#include "queries/tally.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A fixed stream of numbers (splitmix64): set it, then draw. */
extern uint64_t tables_stream;
uint64_t tables_draw(void);
uint64_t tables_below(uint64_t n);

/* conversations, users; the same with words. */
extern const struct tally_column tables_both[2], tables_words[3];

/* The one table there is at a time: making one forgets the one before. */
extern struct tally tables_tally;
struct tally_table *tables_make(const struct tally_column *columns, size_t count, size_t rows);
void tables_set(struct tally_table *table, size_t row, size_t column, uint64_t value,
                uint64_t users);

void tables_relate(struct tally_table *table, const struct tally_term *terms, size_t count,
                   bool at_most);
/* Column 1 (users) is at most column 0 (conversations) in each row. */
void tables_users(struct tally_table *table);
/* The sum of the rows FROM, FROM+STEP, ... (COUNT of them) is row TOTAL, in COLUMN. */
void tables_sum(struct tally_table *table, uint32_t from, uint32_t step, uint32_t count,
                uint32_t total, uint32_t column);
/* Row TOTAL is at most the rows before it together, in COLUMN. */
void tables_union(struct tally_table *table, uint32_t total, uint32_t column);

enum { TABLES_CELLS = 64 };

struct brute {
    const struct tally_table *table;
    const unsigned char *flags;
    size_t order[TABLES_CELLS], count; /* withheld cells */
    int64_t x[TABLES_CELLS];           /* [cell]; the shown ones hold their values */
    bool set[TABLES_CELLS];
    int64_t most;
    uint64_t nodes;
};

/* An attacker who sees what FLAGS does not withhold, and tries values from 1 to MOST. */
void brute_init(struct brute *b, const struct tally_table *table, const unsigned char *flags,
                int64_t most);

/* The attacker's verdict on a small cell: is it protected as release/smallcell.h says? */
bool brute_protected(struct brute *b, size_t cell, uint32_t min_users);

#endif
