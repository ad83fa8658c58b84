/* Tails of noise, kept: see noise_tails.h. */
#include "stats/noise_tails.h"

#include <math.h>

/* As in noise_law.c: above this variance tails come from the normal law, to 1e-6 of themselves. */
static const double smooth_variance = 1e6, smooth_error = 1e-6;

enum { REACH = 37 }; /* in sigmas: the tail is below 1e-290 */

enum status noise_tails_init(struct noise_tails *tails, struct noise_law law, struct arena *arena,
                             struct error *err)
{
    *tails = (struct noise_tails){.law = law, .sigma = sqrt(noise_law_variance(&law))};
    if (law.kind != NOISE_LAW_GAUSSIAN || law.scale > smooth_variance)
        return STATUS_OK;
    tails->reach = (int64_t)(REACH * sqrt(law.scale)) + 10;
    size_t count = (size_t)tails->reach + 1;
    tails->upper = arena_zalloc(arena, count, sizeof *tails->upper);
    if (!tails->upper)
        return error_nomem(err);
    /* From the far end, so that small terms are added first. */
    double sum = noise_law_upper(&law, tails->reach + 1);
    for (size_t z = count; z-- > 0;)
        tails->upper[z] = sum += noise_law_pmf(&law, (int64_t)z);
    return STATUS_OK;
}

double noise_tails_upper(const struct noise_tails *tails, int64_t z)
{
    if (tails->upper) {
        int64_t size = z > 0 ? z : 1 - z;
        double tail = tails->upper[size < tails->reach && size >= 0 ? size : tails->reach];
        return z > 0 ? tail : 1 - tail;
    }
    double tail = noise_law_upper(&tails->law, z);
    bool smooth = tails->law.kind == NOISE_LAW_GAUSSIAN;
    return smooth && z > 0 ? tail * (1 + smooth_error) : tail;
}
