/*
 * Confidence levels; see the header.
 */
#include "stats/level.h"

#include <math.h>

enum status level_check(double confidence, struct error *err)
{
    if (confidence > 0 && confidence < 1)
        return STATUS_OK;
    error_set(err, STATUS_PLAN, NULL,
              "confidence must lie between 0 and 1, both excluded, not %.15g", confidence);
    return confidence > 1 && confidence < 100
               ? error_hint(err, "write %.15g for %.15g %%", confidence / 100, confidence)
               : STATUS_PLAN;
}

double level_alpha(double confidence)
{
    long double scale = 1e15L, decimal = roundl((long double)confidence * scale);
    if (decimal > 0 && decimal < scale && (double)(decimal / scale) == confidence)
        return (double)((scale - decimal) / scale);
    return (double)(1 - (long double)confidence);
}

bool level_rejects(double tail, double alpha)
{
    return tail <= alpha * (1 + 1e-15);
}
