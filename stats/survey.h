/*
 * Survey estimators for samples in strata and clusters, with their standard errors by Taylor
 * linearisation: total, mean, ratio, difference, regression (GREG) and post-stratified total. All
 * are approximate in what they bound: they are for answers whose unit is not the one that was
 * drawn, and for figures other than counts.
 *
 * The variance of a total of linearised values z (weights in them) is, over strata h of n_h drawn
 * of N_h clusters,
 *
 *     sum over h of (1 - n_h/N_h) n_h/(n_h - 1) sum over i of (z_hi - mean z_h)^2
 *         + n_h/N_h times the same within each cluster at the second stage
 *
 * as in Särndal, Swensson and Wretman, "Model Assisted Survey Sampling" (1992), 4.3, 5.5-5.6, 6.4
 * and 7.6, and as R's survey package computes it. (apistrat: mean api00 662.287 with SE 9.40894.)
 */
#ifndef PROFFER_SURVEY_H
#define PROFFER_SURVEY_H

#include "base/error.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Arrays are [count], an element an observation; numbers of strata and clusters are any. */
struct survey_design {
    size_t count;
    const double *weights;   /* above 0: units of the population that it stands for */
    const uint32_t *stratum; /* or NULL: one */
    const uint32_t *cluster; /* or NULL: each observation is a cluster of its own */
    const double *clusters;  /* N_h of its stratum; or NULL: drawn with replacement */
    const uint32_t *member;  /* second stage, within the cluster; or NULL: clusters read whole */
    const double *members;   /* of the second stage: how many the cluster has */
};

struct survey_estimate {
    double value, se;
    double degrees; /* clusters less strata */
};

/*
 * USED, unless NULL, says which observations belong to the domain that is estimated; the others
 * count as drawn (a missing value is such a one). STATUS_PLAN for weights, sizes or values that are
 * not finite or out of range (NaN and negative weights among them), for a stratum with one cluster
 * only unless it is read whole, and for a mean or ratio of nothing.
 */
enum status survey_total(const struct survey_design *design, const double *values, const bool *used,
                         struct survey_estimate *out, struct error *err) PROFFER_MUST_USE;
enum status survey_mean(const struct survey_design *design, const double *values, const bool *used,
                        struct survey_estimate *out, struct error *err) PROFFER_MUST_USE;
/* Total of VALUES over total of SIZES. */
enum status survey_ratio(const struct survey_design *design, const double *values,
                         const double *sizes, const bool *used, struct survey_estimate *out,
                         struct error *err) PROFFER_MUST_USE;

/* The total of SCORES over the population, which is known, and that of VALUES - SCORES. */
enum status survey_difference(const struct survey_design *design, const double *values,
                              const double *scores, double score_total, struct survey_estimate *out,
                              struct error *err) PROFFER_MUST_USE;

/*
 * The total of VALUES by regression on P auxiliaries, AUXILIARIES[i * P + j], whose population
 * totals TOTALS[j] are known (one of them may be the constant 1, with total N). STATUS_PLAN where
 * the auxiliaries depend on each other.
 */
enum status survey_regression(const struct survey_design *design, const double *values,
                              const double *auxiliaries, size_t p, const double *totals,
                              struct survey_estimate *out, struct error *err) PROFFER_MUST_USE;

/* The total of VALUES where observation i falls into group GROUPS[i] of SIZES[groups] units. */
enum status survey_post_stratified(const struct survey_design *design, const double *values,
                                   const uint32_t *groups, const double *sizes, size_t group_count,
                                   struct survey_estimate *out, struct error *err) PROFFER_MUST_USE;

/* The value's two-sided bounds by Student's t with the estimate's degrees of freedom (at least 1).
 */
enum status survey_bounds(const struct survey_estimate *estimate, double confidence, double *low,
                          double *high, struct error *err) PROFFER_MUST_USE;

#endif
