/* Allocation of a sample to strata: see allocation.h. */
#include "stats/allocation.h"

#include <inttypes.h>
#include <math.h>

enum { LEAST = 2 };

static uint64_t least_of(uint64_t limit)
{
    return limit < LEAST ? limit : LEAST;
}

static uint64_t rounded(double weight, double divisor, uint64_t limit)
{
    double share = floor(weight / divisor + 0.5);
    uint64_t least = least_of(limit);
    if (!(share > (double)least))
        return least;
    return share >= (double)limit ? limit : (uint64_t)share;
}

static uint64_t total_at(const double *weights, const uint64_t *limits, size_t count,
                         double divisor)
{
    uint64_t total = 0;
    for (size_t h = 0; h < count; h++)
        total += rounded(weights[h], divisor, limits[h]);
    return total;
}

static enum status check(const double *weights, const uint64_t *limits, size_t count, uint64_t size,
                         double *sum, struct error *err)
{
    uint64_t least = 0, most = 0;
    *sum = 0;
    for (size_t h = 0; h < count; h++) {
        if (!(weights[h] >= 0) || isinf(weights[h]))
            return error_set(err, STATUS_PLAN, NULL,
                             "the weight of stratum %zu is %g and must be a number of at least 0",
                             h + 1, weights[h]);
        *sum += weights[h];
        least += least_of(limits[h]);
        most += limits[h];
    }
    if (!(*sum > 0))
        return error_set(err, STATUS_PLAN, NULL, "the weights of all strata are 0");
    if (size < least)
        return error_set(err, STATUS_PLAN, NULL,
                         "%" PRIu64 " units are too few for %zu strata: at least %" PRIu64
                         " are needed for two in each",
                         size, count, least);
    if (size > most)
        return error_set(err, STATUS_PLAN, NULL, "%" PRIu64 " units cannot be drawn from %" PRIu64,
                         size, most);
    return STATUS_OK;
}

enum status allocation_divide(const double *weights, const uint64_t *limits, size_t count,
                              uint64_t size, uint64_t *sizes, struct error *err)
{
    double sum;
    TRY(check(weights, limits, count, size, &sum, err));
    /* A divisor that gives too few, and one that gives enough wherever a weight allows it. */
    double few = 2 * sum, enough = sum / ((double)size + (double)count + 1);
    for (int i = 0; i < 1100 && total_at(weights, limits, count, enough) < size; i++)
        enough /= 2;
    for (int i = 0; i < 200 && few > enough * (1 + 1e-15); i++) {
        double middle = sqrt(few) * sqrt(enough);
        if (total_at(weights, limits, count, middle) <= size)
            few = middle;
        else
            enough = middle;
    }
    uint64_t total = 0;
    for (size_t h = 0; h < count; h++)
        total += sizes[h] = rounded(weights[h], few, limits[h]);
    /* Ties at the divisor, and strata of weight 0 where all others are full. */
    while (total < size) {
        size_t best = SIZE_MAX;
        double priority = -1;
        for (size_t h = 0; h < count; h++) {
            double own = weights[h] / ((double)sizes[h] + 0.5);
            if (sizes[h] < limits[h] && own > priority) {
                priority = own;
                best = h;
            }
        }
        uint64_t step = priority > 0 ? 1 : limits[best] - sizes[best];
        if (step > size - total)
            step = size - total;
        sizes[best] += step;
        total += step;
    }
    return STATUS_OK;
}

enum status allocation_neyman(const uint64_t *units, const double *shares, size_t count,
                              double *weights, struct error *err)
{
    for (size_t h = 0; h < count; h++) {
        if (!(shares[h] >= 0 && shares[h] <= 1))
            return error_set(err, STATUS_PLAN, NULL,
                             "the share of stratum %zu is %g and must be from 0 to 1", h + 1,
                             shares[h]);
        weights[h] = (double)units[h] * sqrt(shares[h] * (1 - shares[h]));
    }
    return STATUS_OK;
}
