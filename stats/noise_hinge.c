/* Means beyond a point: see noise_hinge.h. */
#include "stats/noise_hinge.h"

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_randist.h>
#include <math.h>

/* As in noise_law.c: above this variance the normal law does. */
static const double smooth_variance = 1e6, smooth_error = 1e-6;

enum { REACH = 37 }; /* in sigmas: what is beyond is below 1e-280 */

enum status noise_hinge_init(struct noise_hinge *hinge, struct noise_law law, struct arena *arena,
                             struct error *err)
{
    *hinge = (struct noise_hinge){.law = law};
    if (law.kind != NOISE_LAW_GAUSSIAN || law.scale > smooth_variance)
        return STATUS_OK;
    hinge->reach = (int64_t)(REACH * sqrt(law.scale)) + 10;
    hinge->above = arena_zalloc(arena, (size_t)hinge->reach + 1, sizeof *hinge->above);
    if (!hinge->above)
        return error_nomem(err);
    /* E (Z - t)+ is the sum of P(Z >= j) over j above t. From the far end, so that small terms are
     * added first. */
    double tail = noise_law_upper(&law, hinge->reach + 1), sum = tail;
    for (int64_t t = hinge->reach; t >= 0; t--) {
        hinge->above[t] = sum;
        sum += tail += noise_law_pmf(&law, t);
    }
    return STATUS_OK;
}

/* E (Z - t)+ for t >= 0. */
static double above(const struct noise_hinge *hinge, int64_t t)
{
    const struct noise_law *law = &hinge->law;
    if (law->kind == NOISE_LAW_NONE)
        return 0;
    if (law->kind == NOISE_LAW_LAPLACE) {
        double a = exp(-1 / law->scale);
        return exp(-((double)t + 1) / law->scale) / ((1 + a) * -expm1(-1 / law->scale));
    }
    if (hinge->above)
        return hinge->above[t < hinge->reach ? t : hinge->reach];
    /* The integral over the density, which is above the sum by a twelfth of it at t. */
    double sigma = sqrt(law->scale), z = (double)t / sigma;
    double mean = sigma * (gsl_ran_ugaussian_pdf(z) - z * gsl_cdf_ugaussian_Q(z));
    return fmax(mean, 0) * (1 + smooth_error);
}

double noise_hinge_at(const struct noise_hinge *hinge, int64_t t)
{
    return t > 0 ? (double)t + above(hinge, t) : above(hinge, -t);
}
