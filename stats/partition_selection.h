/*
 * Which groups of a table may be shown at all where nobody knew them beforehand: the optimal rule
 * of Desfontaines, Voss, Gipson and Mandayam, "Differentially private partition selection" (PoPETs
 * 2022, Theorem 1). A group of N users is kept with chance p(N), the largest that (epsilon,
 * delta)-privacy allows:
 *
 *     p(0) = 0,  p(n) = min(e^eps p(n-1) + delta, 1 - e^-eps (1 - p(n-1) - delta), 1)
 */
#ifndef PROFFER_PARTITION_SELECTION_H
#define PROFFER_PARTITION_SELECTION_H

#include <stdint.h>

/* EPSILON above 0, DELTA in (0, 1). */
double partition_keep(double epsilon, double delta, uint64_t users);

/* The least number of users that is kept for certain. */
uint64_t partition_certain(double epsilon, double delta);

#endif
