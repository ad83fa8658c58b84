/*
 * Intervals for a share as textbooks have them, from a binomial model or a normal approximation.
 * None of them is exact for draws without replacement; the table of interval.h says how each errs.
 * Signatures and errors are those of struct interval_method.
 */
#ifndef PROFFER_INTERVAL_APPROXIMATE_H
#define PROFFER_INTERVAL_APPROXIMATE_H

#include "stats/interval.h"

enum status interval_clopper_pearson(const struct sample_counts *sample, double confidence,
                                     struct interval_result *out,
                                     struct error *err) PROFFER_MUST_USE;
enum status interval_wilson(const struct sample_counts *sample, double confidence,
                            struct interval_result *out, struct error *err) PROFFER_MUST_USE;
enum status interval_agresti_coull(const struct sample_counts *sample, double confidence,
                                   struct interval_result *out, struct error *err) PROFFER_MUST_USE;
enum status interval_jeffreys(const struct sample_counts *sample, double confidence,
                              struct interval_result *out, struct error *err) PROFFER_MUST_USE;

/*
 * Korn and Graubard (1998) for a share P with standard error SE from a complex design of N units
 * and DF degrees of freedom: Clopper-Pearson at the effective size, which is corrected for the
 * degrees of freedom and never above N (as the National Center for Health Statistics caps it). At P
 * of 0 or 1, or SE 0, the effective size is N. *SIZE, unless NULL, gets the effective size.
 * STATUS_PLAN for a share outside [0, 1], a negative or non-finite SE, N of 0 or 1, DF under 1 or a
 * bad level.
 */
enum status interval_korn_graubard(double p, double se, uint64_t n, double df, double confidence,
                                   double *low, double *high, double *size,
                                   struct error *err) PROFFER_MUST_USE;

#endif
