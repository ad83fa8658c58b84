/*
 * p-values of several tests taken together.
 */
#ifndef PROFFER_MULTIPLE_TESTS_H
#define PROFFER_MULTIPLE_TESTS_H

#include "base/error.h"

#include <stddef.h>

/*
 * Holm's adjusted p-values of the COUNT in P, in the same order, into ADJUSTED (which may be P):
 * rejecting where the adjusted one is at most alpha rejects any true null with a chance of at most
 * alpha, however the tests depend on each other. Holm (1979): the i-th smallest times COUNT - i +
 * 1, at least the one before and at most 1. (.01, .04, .03, .005) gives (.03, .06, .06, .02).
 * STATUS_PLAN names the first p-value that is NaN or outside [0, 1]; ADJUSTED is then untouched.
 */
enum status holm_adjust(const double *p, size_t count, double *adjusted,
                        struct error *err) PROFFER_MUST_USE;

#endif
