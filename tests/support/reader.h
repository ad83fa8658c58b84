/*
 * A reader of reports who reckons: a linear program over numbers that are told nowhere, such as the
 * conversations of each combination of terms, none of them below 0, under all sums of them that are
 * told. What another sum can be at the least and at the most is what follows for the reader.
 */
#ifndef PROFFER_TEST_READER_H
#define PROFFER_TEST_READER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct reader;

/* Knows nothing of NUMBERS numbers but that they are 0 or more. Freed with reader_free. */
struct reader *reader_new(size_t numbers);
void reader_free(struct reader *reader);

/* The sum of the numbers for which IN [numbers] holds is VALUE, or LEAST or more. */
void reader_know_value(struct reader *reader, const bool *in, double value);
void reader_know_least(struct reader *reader, const bool *in, double least);

/* The sum of FACTORS [numbers] times the numbers is 0, or at most 0. */
void reader_know_relation(struct reader *reader, const double *factors, bool at_most);

/* Number NUMBER is 0, or no more than 0 or more again. */
void reader_know_none(struct reader *reader, size_t number, bool none);

/* From now on each bound is reckoned from where the last one was found and not from the beginning,
 * which is faster where the numbers are many. */
void reader_reckon_on(struct reader *reader);

/* What a sum can be; MOST is INFINITY where nothing ends it. */
struct reader_range {
    double least, most;
};

/* Fails the test where no numbers agree with all that the reader knows. */
struct reader_range reader_range(struct reader *reader, const bool *in);

/* Of a number of 1 to MIN_USERS - 1 users: does it lie closer than the rule allows? It must be able
 * to be MIN_USERS - 1 or more, and MIN_USERS - 2 or more above its least. */
bool reader_range_tells(struct reader_range range, uint32_t min_users);

#endif
