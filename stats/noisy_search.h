/*
 * How good a search is (search_quality.h) where every number of both parts was told with noise:
 * what it found and what it left behind have each their own N, n, x and u, in each stratum of the
 * draw (noisy_design.h).
 *
 * Given how many drawn units fell there, each part's are a random sample of it, and the noises are
 * independent: each part's numbers are bounded at the square root of the confidence, K and N of it
 * in the same breath, so that all measures hold together. There are no points, bounds alone.
 */
#ifndef PROFFER_NOISY_SEARCH_H
#define PROFFER_NOISY_SEARCH_H

#include "stats/noisy_design.h"
#include "stats/search_quality.h"

/* PARTS: found, left; neither has a size of the whole of its own. *OUT's units are not set.
 * STATUS_PLAN for an impossible level or a number out of range. */
enum status noisy_search_bounds(const struct noisy_design parts[2], double confidence,
                                struct search_quality *out, struct error *err) PROFFER_MUST_USE;

#endif
