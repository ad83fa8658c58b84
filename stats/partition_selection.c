/* Partition selection: see partition_selection.h. */
#include "stats/partition_selection.h"

#include <math.h>

static double next(double epsilon, double delta, double p)
{
    return fmin(fmin(exp(epsilon) * p + delta, 1 - exp(-epsilon) * (1 - p - delta)), 1);
}

double partition_keep(double epsilon, double delta, uint64_t users)
{
    double p = 0;
    for (uint64_t i = 0; i < users && p < 1; i++)
        p = next(epsilon, delta, p);
    return p;
}

uint64_t partition_certain(double epsilon, double delta)
{
    uint64_t users = 0;
    for (double p = 0; p < 1; users++)
        p = next(epsilon, delta, p);
    return users;
}
