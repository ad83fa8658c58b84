/*
 * Planning a stratified sample for a claim: the least size, divided over the strata by
 * allocation.h, that supports "at most ALLOWED are relevant" by the union-intersection bound
 * (stratified.h) with a number of relevant units among the labels, wherever they fall; and the
 * exact chances of such a design to support the claim, by the truth.
 */
#ifndef PROFFER_STRATIFIED_SIZE_H
#define PROFFER_STRATIFIED_SIZE_H

#include "base/error.h"

#include <stddef.h>
#include <stdint.h>

struct stratified_plan {
    const uint64_t *units; /* [count] N_h */
    const double *weights; /* [count] as of allocation_divide */
    size_t count;
    uint64_t allowed;
    double confidence; /* above 1/2 */
};

/* *SIZE and SIZES[count]; SAMPLE_SIZE_NONE (sample_size.h) if even reading nearly all does not. */
enum status stratified_size_claim(const struct stratified_plan *plan, uint64_t hits, uint64_t *size,
                                  uint64_t *sizes, struct error *err) PROFFER_MUST_USE;

/* Every outcome x_1, ..., x_H with which a sample of SIZES supports the claim. */
struct clear_set {
    uint64_t *outcomes; /* [count * strata] */
    size_t count, capacity;
};

/*
 * More relevant units in a stratum never help, so the set is found from the outcome without any,
 * step by step. STATUS_PLAN above 20,000 outcomes. Release also on failure.
 */
enum status clear_set_find(const struct stratified_plan *plan, const uint64_t *sizes,
                           struct clear_set *out, struct error *err) PROFFER_MUST_USE;
void clear_set_release(struct clear_set *set);

/* The chance that the claim is supported where RELEVANT[count] of the strata's units are. */
double clear_set_chance(const struct stratified_plan *plan, const uint64_t *sizes,
                        const struct clear_set *set, const uint64_t *relevant);

#endif
