/*
 * What the writers' charts have in common: bounds beside the values, and whether small shares are
 * drawn over their powers of ten.
 */
#ifndef PROFFER_CHART_SCALE_H
#define PROFFER_CHART_SCALE_H

#include "report/answers/result.h"

#include <stdbool.h>
#include <stddef.h>

struct chart_scale {
    bool bounded;     /* the values have ends, in columns LOW and HIGH */
    size_t low, high; /* where bounded */
    bool log;         /* a logarithmic axis */
    int least, most;  /* of it: it goes from 10^least to 10^most */
    bool zeros;       /* a number is 0, which such an axis does not show */
};

/*
 * Of TABLE's chart and COUNT of its rows. Logarithmic are only shares with bounds, which are drawn
 * as points and not as areas, and of these the rare ones: all at most 1 %, and one at most a tenth
 * of another; or some below 0.1 % and at most a hundredth of another.
 */
struct chart_scale chart_scale_of(const struct result_table *table, size_t count);

/* The number of a cell; false if it has none. */
bool chart_number(const struct result_value *value, double *number);

#endif
