/*
 * The steps of an elimination, kept so that weights of rows can be taken back through them (the
 * product form of the inverse: V. Chvatal, "Linear Programming", 1983, chapter 7).
 */
#ifndef PROFFER_ETA_H
#define PROFFER_ETA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct eta_factor {
    uint32_t row;
    double value;
};

struct eta_step {
    struct eta_factor own;
    size_t first, count; /* of factors */
};

struct eta_file {
    struct eta_step *steps;
    size_t step_count, step_capacity;
    struct eta_factor *factors;
    size_t factor_count, factor_capacity;
    bool failed; /* for want of memory; nothing may be taken back then */
};

void eta_release(struct eta_file *file);
/* Empty again. */
void eta_begin(struct eta_file *file);
/* A row was solved for a variable whose cell was BY. */
void eta_solve(struct eta_file *file, uint32_t row, double by);
/* FACTOR times that row was added to ROW. */
void eta_add(struct eta_file *file, uint32_t row, double factor);
/* Takes WEIGHTS[row] of what is basic now back to what was basic before the first step. */
void eta_take_back(const struct eta_file *file, double *weights);

#endif
