/* Random texts of all scripts, from a fixed seed. */
#ifndef PROFFER_TEXT_RANDOM_H
#define PROFFER_TEXT_RANDOM_H

#include <stddef.h>
#include <stdint.h>

/* A number below COUNT; STATE is any seed at first. */
uint32_t random_below(uint64_t *state, uint32_t count);

/* A code point that tests folding: letters, marks, ignorables, compatibility characters, ... */
int32_t random_point(uint64_t *state);

/* Fills OUT (4 * POINTS + 1 bytes) with UTF-8 of that many code points; returns its length. */
size_t random_text(uint64_t *state, size_t points, char *out);

#endif
