/*
 * Numbers as people read them, the same in every writer that sets tables for the eye.
 */
#ifndef PROFFER_NUMBER_TEXT_H
#define PROFFER_NUMBER_TEXT_H

#include "base/rounding.h"
#include "report/answers/result.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { NUMBER_DECIMALS_MAX = 8, NUMBER_TEXT_SIZE = ROUNDING_TEXT_SIZE };

/* What is in a column, over all rows of its table: what its numbers and width need. */
struct number_extent {
    uint64_t count;  /* the largest count */
    double smallest; /* the smallest size of a real above zero, of a share above 1e-10; or 0 */
    double largest;  /* the largest size of a real */
    bool negative;   /* some real is below zero */
    bool fraction;   /* some real is no whole number, or too large to tell */
    size_t text;     /* columns of the widest text; "withheld" is one */
};

struct number_extent number_extent_of(const struct result_table *table, size_t column);

/* How a column's numbers are set: all of them alike, whatever a row's own is. */
struct number_look {
    enum result_type type;
    enum rounding rounding;
    int decimals; /* of a share as a percentage, or of a number; 0 to 8 */
};

/* Decimals of a percentage that show three digits of the share SMALLEST; 2 to 8. */
int number_share_decimals(double smallest);

/*
 * Decimals of the numbers of EXTENT: none where all are whole; two where some are of a hundred or
 * more; else three digits of the smallest, two to four, or to eight where all lie from 0 to 1.
 */
int number_decimals(const struct number_extent *extent);

/* The look of COLUMN, which holds EXTENT. */
struct number_look number_look_of(const struct result_column *column,
                                  const struct number_extent *extent);

/* Columns of the integer part of VALUE with its commas: 7 for 123456. */
size_t number_digits(double value);

/* COUNT with commas into TEXT. */
void number_count_text(uint64_t count, char text[static NUMBER_TEXT_SIZE]);

/*
 * VALUE of a table into TEXT, as LOOK says: "12.30 %", "1,234.50", "withheld", "-" for null. A
 * number that would read as zero without being it has three digits, but for the ends of a share's
 * range, which are rounded outward. A text is its reader's own matter: "-" too.
 */
void number_value_text(const struct result_value *value, const struct number_look *look,
                       char text[static NUMBER_TEXT_SIZE]);

/* How numbers of COLUMN are rounded so that the words claim no more than the number: down where its
 * id ends in "_low" or its title in "at least", up where they end in "_high" or "at most" and for
 * p-values. */
enum rounding number_rounding_of(const struct result_column *column);

/*
 * VALUE for a sentence, into TEXT: counts with commas; a share as a percentage with three
 * significant digits of itself or of what it lacks to the whole, whichever is finer; other numbers
 * with commas, two decimals or three significant digits; no zeros at the end of what is told
 * exactly. "withheld", and "-" for null or a text.
 */
void number_sentence_text(const struct result_value *value, enum result_type type,
                          enum rounding rounding, char text[static NUMBER_TEXT_SIZE]);

#endif
