/*
 * What errors of reviewers do to a prevalence.
 */
#ifndef PROFFER_LABEL_ERROR_H
#define PROFFER_LABEL_ERROR_H

#include "base/error.h"

#include <stdbool.h>

struct corrected_prevalence {
    double value; /* held inside [0, 1] */
    bool clipped; /* the estimate lay outside: the rates do not fit the labels */
};

/*
 * Rogan and Gladen (American Journal of Epidemiology 107, 1978): the true prevalence behind an
 * APPARENT one, (apparent + specificity - 1) / (sensitivity + specificity - 1). Approximate: the
 * two rates are taken as known. .10 at .9 and .95 is .0588235. STATUS_PLAN for a rate outside [0,
 * 1] or NaN, and where sensitivity + specificity is not above 1, since then labels say nothing.
 */
enum status rogan_gladen(double apparent, double sensitivity, double specificity,
                         struct corrected_prevalence *out, struct error *err) PROFFER_MUST_USE;

/* The share labelled relevant at a true PREVALENCE; *FALSE_SHARE, unless NULL, of those the share
 * that is not relevant (0 where nothing is labelled so). Errors as above. */
enum status apparent_prevalence(double prevalence, double sensitivity, double specificity,
                                double *apparent, double *false_share,
                                struct error *err) PROFFER_MUST_USE;

#endif
