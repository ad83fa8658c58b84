/* Reviewers' errors: see label_error.h. */
#include "stats/label_error.h"

#include <stddef.h>

static enum status check_rate(const char *name, double rate, struct error *err)
{
    if (rate >= 0 && rate <= 1)
        return STATUS_OK;
    return error_set(err, STATUS_PLAN, NULL, "%s must lie between 0 and 1, not %.15g", name, rate);
}

static enum status check_rates(double share, double sensitivity, double specificity,
                               struct error *err)
{
    TRY(check_rate("a prevalence", share, err));
    TRY(check_rate("a sensitivity", sensitivity, err));
    TRY(check_rate("a specificity", specificity, err));
    if (sensitivity + specificity > 1)
        return STATUS_OK;
    return error_set(
        err, STATUS_PLAN, NULL,
        "sensitivity %.15g and specificity %.15g add up to no more than 1: such labels "
        "say nothing",
        sensitivity, specificity);
}

enum status rogan_gladen(double apparent, double sensitivity, double specificity,
                         struct corrected_prevalence *out, struct error *err)
{
    TRY(check_rates(apparent, sensitivity, specificity, err));
    double value = (apparent - (1 - specificity)) / (sensitivity - (1 - specificity));
    *out = (struct corrected_prevalence){value, value < 0 || value > 1};
    if (out->clipped)
        out->value = value < 0 ? 0 : 1;
    return STATUS_OK;
}

enum status apparent_prevalence(double prevalence, double sensitivity, double specificity,
                                double *apparent, double *false_share, struct error *err)
{
    TRY(check_rates(prevalence, sensitivity, specificity, err));
    double found = prevalence * sensitivity, false_hits = (1 - prevalence) * (1 - specificity);
    *apparent = found + false_hits;
    if (false_share)
        *false_share = *apparent > 0 ? false_hits / *apparent : 0;
    return STATUS_OK;
}
