/*
 * How often bounds miss, by drawing again and again: designs that are too large to enumerate, and
 * real screening collections whose every label is known.
 */
#ifndef PROFFER_SIMULATION_H
#define PROFFER_SIMULATION_H

#include <stdint.h>

struct simulation {
    const char *name;
    double alpha; /* the bounds may miss so often */
    /* Of DRAWS samples with random numbers from SEED, how many miss; UINT64_MAX on failure. */
    uint64_t (*misses)(uint64_t seed, uint64_t draws);
};

/* Stratified, recall and checked labels; ends with a NULL name. */
extern const struct simulation simulations[];

/* One collection: N labels, of which K are 1. Free the labels. */
struct collection {
    char name[64];
    unsigned char *relevant; /* [count] */
    unsigned char *found;    /* [count] by a made-up search that misses a fifth or so */
    uint64_t count, total;
};

/* The collections of FOLDER/labels, ascending by name; *COUNT of them, -1 on failure. */
int collections_read(const char *folder, struct collection **out, uint64_t *count);
void collections_free(struct collection *list, uint64_t count);

/* Of DRAWS samples of N_DRAWN, how often the 95 % bounds on prevalence, recall and elusion miss. */
struct collection_misses {
    uint64_t prevalence, recall, elusion, joint;
};
int collection_simulate(const struct collection *collection, uint64_t drawn, uint64_t seed,
                        uint64_t draws, struct collection_misses *out);

/* P(at least MISSES of DRAWS | each with ALPHA). */
double misses_p(uint64_t misses, uint64_t draws, double alpha);

#endif
