/*
 * Options of proposals and what they are made of, written shortly: "ab@02" is what term a or b
 * finds from time 0 to time 2, "a" the same of all times, "@13" whatever is of times 1 to 3.
 * Conversations are told apart by their terms and time first, and by more, if a test wants that.
 */
#ifndef PROFFER_TEST_OPTION_QUERIES_H
#define PROFFER_TEST_OPTION_QUERIES_H

#include "tests/support/made_report.h"
#include "tests/support/seen_sums.h"

/* Terms "a", "b", ... and times, from the earliest on: an atom is a bit a term, then the time, then
 * what else there is. */
struct option_times {
    size_t letters, count;
    const char *const *firsts, *const *lasts; /* [count] their first and last days */
};

struct option_made {
    unsigned terms; /* a bit each; 0: whatever hits */
    unsigned first, last;
};

struct option_made option_read(const struct option_times *times, const char *text);
bool option_meets(const struct option_times *times, size_t atom, const struct option_made *made);

/* Query "tNUMBER" of these terms, with a comma behind it; returns how much was written, as all. */
size_t option_write_terms(char *text, size_t room, size_t number, const char *letters);

/* Option NUMBER of its query, of term query QUERY. */
size_t option_write(char *text, size_t room, const struct option_times *times, size_t number,
                    const char *option, size_t query);

/* A plan of all the term queries, LETTERS with NULL after them: what the catalogue has. */
void option_write_catalogue(char *text, size_t room, const char *const *letters);

/* The atoms of the logs, by the first query, which has all letters, and time; COUNT in all. Rows
 * before the first time have none. */
void option_atoms(const struct option_times *times, struct made_atoms *atoms,
                  const struct made *made, size_t count);

/* Who sees a report of the population IN [atoms]. */
struct option_reader {
    const struct option_times *times;
    struct seen *seen;
    const struct made_atoms *truth;
    const struct release *release;
    const bool *in;
};

/* What MADE has (NOT: has not) of the population, at ROW of table ID. */
void option_see(const struct option_reader *reader, const struct option_made *made, bool not,
                const char *id, size_t row);

/* All rows of term query NUMBER; of the options, with NULL after COUNT at the latest. */
void option_see_terms(const struct option_reader *reader, size_t number, const char *letters);
void option_see_all(const struct option_reader *reader, const char *const *options, size_t count);

#endif
