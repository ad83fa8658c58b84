/*
 * Which runs of a text can match anything at all, told from their first four bytes. A set of bits
 * by hash of these bytes, capitals made small, says which beginnings the patterns of a term set
 * have; a run that begins otherwise is passed over without another look. Sixteen runs at a time
 * with AVX-512, with gathers; there is no portable path, since a loop over single runs gains
 * nothing over known_runs.h.
 *
 * It speaks of ASCII runs alone.
 */
#ifndef PROFFER_WORD_FILTER_H
#define PROFFER_WORD_FILTER_H

#include "queries/text/known_runs.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { FILTER_BITS = 16 };

struct word_filter {
    bool all; /* some pattern may begin with anything: the filter is of no use */
    bool by_first;
    uint32_t starts[(1 << FILTER_BITS) / 32]; /* bits by hash of the first four bytes */
    uint8_t first[256 + 3];                   /* by first byte: 1 if all such runs pass */
};

/* Lets words pass that begin with the LEN bytes of BEGIN, small letters. WHOLE: those alone that
 * are BEGIN. No byte is 0x80 or more. */
void word_filter_add(struct word_filter *filter, const char *begin, size_t len, bool whole);

/* True if this processor can do the sift. */
bool word_filter_usable(void);

/* The bytes of a text, from BASE on, that are not ASCII: a bit for each, and 64 more. */
struct high_bytes {
    const uint64_t *bits;
    size_t base;
};

/* Fills OTHERS with the numbers, ascending, of those of COUNT runs that pass or are not ASCII, or,
 * with LONGS, are longer than known_runs.h has room for; returns how many. At most the first run
 * begins before HIGH does. Runs are those of known_runs.h; EDGES has room for 32 numbers more than
 * they need, and OTHERS for 16. */
size_t word_filter_sift(const struct word_filter *filter, const struct high_bytes *high,
                        const char *text, const uint32_t *edges, size_t count, bool longs,
                        uint16_t *others);

#endif
