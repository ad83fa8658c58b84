/*
 * Where raw runs begin and end. A raw run is a longest row of bytes that are ASCII word characters
 * or not ASCII at all; every other byte separates words whatever stands around it.
 */
#ifndef PROFFER_WORD_EDGES_H
#define PROFFER_WORD_EDGES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct word_edges {
    bool members[256]; /* bytes that belong to a run */
    uint8_t low[16], high[8];
    /* Fills EDGES (room for TO - FROM + 64) with the places between FROM and TO, at most 2^32 - 1,
     * where a run begins or ends, and returns how many. *INSIDE says whether a run was open before
     * FROM and afterwards whether one is open at TO. Reads nothing from TO on. Bit b of HIGH is set
     * if the byte FROM + b is not ASCII, or of unknown kind; it has room for whole words of 64
     * bits. */
    size_t (*find)(const struct word_edges *rules, const char *text, size_t from, size_t to,
                   bool *inside, uint32_t *edges, uint64_t *high);
};

/* FLAGS are enum fold_flags. PORTABLE asks for the path that every processor has. */
void word_edges_init(struct word_edges *rules, unsigned flags, bool portable);

#endif
