/*
 * Populations of made logs that leave out some models: rows are in one of a few groups by their
 * model, and a population is written by the digits of the groups that it leaves out, as "13".
 */
#ifndef PROFFER_TEST_MADE_FILTERS_H
#define PROFFER_TEST_MADE_FILTERS_H

#include "tests/support/catalogue_make.h"

#include <stdbool.h>
#include <stddef.h>

/* Models 0 to 2 of made_models, and all others and none. */
enum { MADE_GROUPS = 4 };

size_t made_group(const struct made_row *row);
bool made_group_is_in(size_t group, const char *left_out);

/* Writes "population":{...}, for a plan, or nothing where nothing is left out; returns how much.
 * The last group cannot be left out. */
size_t made_filters_write(char *text, size_t room, const char *left_out);

#endif
