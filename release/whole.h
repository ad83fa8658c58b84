/*
 * Whole numbers in a linear program (tableau.h): branch and bound, depth first, that ends with the
 * first point at which every variable is whole.
 */
#ifndef PROFFER_WHOLE_H
#define PROFFER_WHOLE_H

#include "release/tableau.h"

#include <stdbool.h>
#include <stddef.h>

/*
 * Looks for a whole point, from one that holds, in at most NODES branches, of each way to choose
 * them. If true, `at` has it up to rounding.
 */
bool whole_find(struct tableau *tableau, size_t nodes);

#endif
