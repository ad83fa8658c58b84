/* Mechanisms: see mechanism.h. */
#include "release/mechanism.h"

#include "release/accountant.h"

#include <string.h>

static enum status scale_by_l2(uint64_t l1, uint64_t l2_squared, uint64_t share,
                               struct noise_scale *out, struct error *err)
{
    (void)l1;
    return scale_of_gaussian(l2_squared, share, out, err);
}

static enum status scale_by_l1(uint64_t l1, uint64_t l2_squared, uint64_t share,
                               struct noise_scale *out, struct error *err)
{
    (void)l2_squared;
    return scale_of_laplace(l1, share, out, err);
}

static uint64_t cost_as_is(uint64_t share)
{
    return share;
}

static const struct mechanism mechanisms[] = {
    {"discrete-gaussian", "Discrete Gaussian noise", "rho",
     "P(Z = z) proportional to exp(-z^2 / (2 sigma^2)), sigma^2 = D^2 / (2 rho) for L2 sensitivity "
     "D",
     "Canonne, Kamath and Steinke, The Discrete Gaussian for Differential Privacy, NeurIPS 2020",
     NOISE_LAW_GAUSSIAN, scale_by_l2, cost_as_is, noise_gaussian},
    {"discrete-laplace", "Discrete Laplace noise", "epsilon",
     "P(Z = z) proportional to exp(-|z| / t), t = D / epsilon for L1 sensitivity D",
     "Ghosh, Roughgarden and Sundararajan, Universally Utility-Maximizing Privacy Mechanisms, STOC "
     "2009; sampler of Canonne, Kamath and Steinke 2020",
     NOISE_LAW_LAPLACE, scale_by_l1, rho_of_epsilon, noise_laplace},
};

const struct mechanism *mechanism_find(const char *name)
{
    for (size_t i = 0; name && i < sizeof mechanisms / sizeof *mechanisms; i++)
        if (strcmp(mechanisms[i].name, name) == 0)
            return &mechanisms[i];
    return NULL;
}

struct noise_law mechanism_law(const struct mechanism *mechanism, struct noise_scale scale)
{
    return (struct noise_law){mechanism->law, (double)scale.num / (double)scale.den};
}

/* ---- sensitivities ---- */

#define SENSITIVITY_MAX (UINT64_C(1) << 62)

static bool times(uint64_t *product, uint64_t factor)
{
    return !__builtin_mul_overflow(*product, factor, product) && *product <= SENSITIVITY_MAX;
}

static enum status too_large(struct error *err)
{
    return error_set(err, STATUS_PLAN, NULL,
                     "one user could change a column by more than noise can be made for: lower the "
                     "caps or ask fewer terms");
}

enum status sensitivity_of_sums(uint64_t conversations, uint64_t touches, uint64_t clamp,
                                struct sensitivity *out, struct error *err)
{
    uint64_t row = conversations, all = conversations, squared;
    if (!times(&row, clamp) || !times(&all, touches) || !times(&all, clamp))
        return too_large(err);
    squared = row;
    if (!times(&squared, all))
        return too_large(err);
    *out = (struct sensitivity){all, squared};
    return STATUS_OK;
}

enum status sensitivity_of_users(uint64_t conversations, uint64_t touches, uint64_t rows,
                                 struct sensitivity *out, struct error *err)
{
    uint64_t touched = conversations;
    if (!times(&touched, touches))
        return too_large(err);
    touched = touched < rows ? touched : rows;
    *out = (struct sensitivity){touched, touched};
    return STATUS_OK;
}
