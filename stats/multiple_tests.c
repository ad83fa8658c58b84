/*
 * Holm's step-down procedure: Scandinavian Journal of Statistics 6 (1979) 65-70.
 *
 * Straight from the definition: the adjusted value of a test is the largest, over all tests with a
 * p-value no larger, of that p-value times the number of tests with one no smaller. Quadratic in
 * the number of tests, which are the claims of a plan.
 */
#include "stats/multiple_tests.h"

#include "base/memory.h"

#include <stdlib.h>
#include <string.h>

static double adjusted_at(const double *p, size_t count, size_t at)
{
    double adjusted = 0;
    for (size_t i = 0; i < count; i++) {
        if (p[i] > p[at])
            continue;
        size_t left = 0;
        for (size_t j = 0; j < count; j++)
            left += p[j] >= p[i];
        double scaled = p[i] * (double)left;
        adjusted = scaled > adjusted ? scaled : adjusted;
    }
    return adjusted < 1 ? adjusted : 1;
}

enum status holm_adjust(const double *p, size_t count, double *adjusted, struct error *err)
{
    for (size_t i = 0; i < count; i++)
        if (!(p[i] >= 0 && p[i] <= 1))
            return error_set(err, STATUS_PLAN, NULL,
                             "p-value %zu must lie between 0 and 1, not %.15g", i + 1, p[i]);
    double *out = mem_zalloc(count ? count : 1, sizeof *out);
    if (!out)
        return error_nomem(err);
    for (size_t i = 0; i < count; i++)
        out[i] = adjusted_at(p, count, i);
    if (count)
        memcpy(adjusted, out, count * sizeof *out);
    free(out);
    return STATUS_OK;
}
