/*
 * How far reviewers agree beyond chance.
 *
 * A coefficient has no value where chance alone would agree always, or nothing was reviewed: then
 * `defined` is false and its value 0.
 */
#ifndef PROFFER_AGREEMENT_H
#define PROFFER_AGREEMENT_H

#include "base/error.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct agreement_coefficient {
    bool defined;
    double value; /* 1: always; 0: as by chance; below: less than by chance */
};

struct agreement {
    uint64_t units;
    double observed;                    /* share of units, or of pairs of reviews, that agree */
    struct agreement_coefficient kappa; /* Cohen's for two reviewers, Fleiss' for several */
    struct agreement_coefficient ac1;   /* Gwet's */
};

/*
 * Two reviewers of the same units: TABLE[i * CATEGORIES + j] units were put into category i by the
 * first and j by the second. Kappa of 20, 5, 10, 15 is .40. STATUS_PLAN for fewer than two
 * categories, or more than 2^53 units.
 */
enum status agreement_of_two(const uint64_t *table, size_t categories, struct agreement *out,
                             struct error *err) PROFFER_MUST_USE;

/*
 * Several reviewers: COUNTS[u * CATEGORIES + c] of them put unit u into category c. STATUS_PLAN
 * names the first unit with another number of reviews than the first one, and fewer than two
 * reviews a unit.
 */
enum status agreement_of_several(const uint32_t *counts, size_t units, size_t categories,
                                 struct agreement *out, struct error *err) PROFFER_MUST_USE;

/* What agreement_of_several needs of its units, each reviewed REVIEWS times. */
struct agreement_sums {
    uint64_t units, reviews;
    const uint64_t *of_category; /* reviews that chose each category */
    uint64_t same_pairs;         /* over units and categories, n (n - 1) */
};

enum status agreement_of_sums(const struct agreement_sums *sums, size_t categories,
                              struct agreement *out, struct error *err) PROFFER_MUST_USE;

#endif
