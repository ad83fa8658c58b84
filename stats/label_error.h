/*
 * What errors of reviewers do to a prevalence.
 */
#ifndef PROFFER_LABEL_ERROR_H
#define PROFFER_LABEL_ERROR_H

#include "base/error.h"

#include <stdbool.h>
#include <stdint.h>

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

/* Of OF units whose truth is known, RIGHT were labelled so. */
struct validated_rate {
    uint64_t right, of;
};

/*
 * Approximate bounds on the true prevalence where DRAWN units were labelled and RELEVANT of them
 * called relevant, by reviewers whose sensitivity and specificity were themselves estimated on
 * other units (Lang and Reiczigel, Preventive Veterinary Medicine 113, 2014, equations 4, 6, 7, 16
 * and 17: all three rates are shrunk, the centre is moved, the variance is that of the ratio). With
 * labels known to be right it is Agresti and Coull's interval. Held inside [0, 1]. Not for
 * prevalences far below the error rates. Errors as of rogan_gladen, and for impossible counts or a
 * bad level.
 */
enum status lang_reiczigel(uint64_t relevant, uint64_t drawn, struct validated_rate sensitivity,
                           struct validated_rate specificity, double confidence, double *low,
                           double *high, struct error *err) PROFFER_MUST_USE;

/*
 * The same by melding the three confidence distributions of Clopper and Pearson (Fay, Proschan and
 * Brittain, Biometrics 71, 2015; for prevalences Bayer, Fay and Graubard, Statistics in Medicine
 * 42, 2023): the low end is the alpha/2 quantile of (P + Sp - 1) / (Se + Sp - 1) over the lower
 * distributions of P and Sp and the upper one of Se, the high end the mirror of it, each from
 * 100,000 draws of a fixed seed. Approximate, and in all studies so far not below its level. With
 * labels known to be right it is Clopper and Pearson's interval, to the draws' precision.
 */
enum status melded_prevalence(uint64_t relevant, uint64_t drawn, struct validated_rate sensitivity,
                              struct validated_rate specificity, double confidence, double *low,
                              double *high, struct error *err) PROFFER_MUST_USE;

#endif
