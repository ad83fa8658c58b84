/* A fixed stream in place of the system's random bits: SplitMix64 of a seed. */
#ifndef PROFFER_TEST_FIXED_BITS_H
#define PROFFER_TEST_FIXED_BITS_H

#include "release/random_bits.h"

/* SEED is the stream's state and lives as long as BITS. */
void fixed_bits(struct random_bits *bits, uint64_t *seed);

#endif
