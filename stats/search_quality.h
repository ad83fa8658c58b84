/*
 * How good a search is: recall, precision, F1 and elusion, with bounds that hold all together.
 *
 * A search parts the population into what it found and what it left behind (the null set). In each
 * part the drawn units are a random sample of it, given how many fell there. One confidence set for
 * the number relevant of each part, both at once, bounds everything that is made of the two:
 *
 *     recall    = K_found / (K_found + K_left)      precision = K_found / N_found
 *     elusion   = K_left / N_left                   F1 = 2 K_found / (N_found + K_found + K_left)
 *     prevalence = (K_found + K_left) / N
 *
 * each of which rises or falls in either number, so that its ends stand at the set's corners. Where
 * both parts carry sampling error each set is at the square root of the confidence (the parts are
 * independent), else the one that does is at all of it. (8,000 relevant known to be found, and 5 of
 * 1,534 drawn from a null set of 92,000: recall 92.0 % to 98.8 % at 95 %.)
 *
 * Source: definitions as in The Grossman-Cormack Glossary of Technology-Assisted Review, Fed. Cts.
 * L. Rev. 7 (2013).
 */
#ifndef PROFFER_SEARCH_QUALITY_H
#define PROFFER_SEARCH_QUALITY_H

#include "base/error.h"
#include "stats/design.h"

struct ratio_bounds {
    bool defined; /* there is something to take a share of; else all three are 0 */
    bool has_point;
    double point, low, high;
};

struct search_quality {
    uint64_t found_units, left_units; /* N_found, N_left */
    struct interval found, left;      /* numbers relevant, both at once */
    struct ratio_bounds recall, precision, f1, elusion, prevalence;
};

/*
 * FOUND and LEFT are the strata of the two parts; a part without units has no strata (count 0).
 * Points are there where every stratum has labels and none is unreadable; recall's low end is 0
 * where nothing relevant is known to be found, its high end 1 where nothing is known to be left.
 */
enum status search_quality_bounds(const struct design *found, const struct design *left,
                                  double confidence, struct search_quality *out,
                                  struct error *err) PROFFER_MUST_USE;

/* The expansion estimate of the number relevant: false where the labels leave a range. */
bool design_estimate(const struct design *design, double *relevant);

#endif
