/*
 * A set of 32-bit marks that says "maybe" of a member always and of another seldom: a Bloom filter
 * whose three bits lie in one 64-bit word (F. Putze, P. Sanders, J. Singler, "Cache-, Hash- and
 * Space-Efficient Bloom Filters", WEA 2007), so that a look-up waits for memory once. About 16 bits
 * for each member; of others about one in 200 passes.
 */
#ifndef PROFFER_WORK_FILTER_H
#define PROFFER_WORK_FILTER_H

#include "base/error.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct work_filter {
    uint64_t *words;
    unsigned shift; /* from a mixed mark to the number of its word */
};

/* For about MEMBERS marks. */
PROFFER_MUST_USE enum status work_filter_init(struct work_filter *filter, size_t members,
                                              struct error *err);
void work_filter_release(struct work_filter *filter);

static inline uint64_t work_filter_mix(uint32_t mark)
{
    uint64_t mixed = (mark + 0x632BE5ABu) * 0x9E3779B97F4A7C15u;
    return mixed ^ mixed >> 29;
}

static inline uint64_t *work_filter_word(const struct work_filter *filter, uint64_t mixed)
{
    return &filter->words[mixed * 0xBF58476D1CE4E5B9u >> filter->shift];
}

static inline uint64_t work_filter_bits(uint64_t mixed)
{
    return (uint64_t)1 << (mixed & 63) | (uint64_t)1 << (mixed >> 6 & 63) |
           (uint64_t)1 << (mixed >> 12 & 63);
}

static inline void work_filter_add(struct work_filter *filter, uint32_t mark)
{
    uint64_t mixed = work_filter_mix(mark);
    *work_filter_word(filter, mixed) |= work_filter_bits(mixed);
}

static inline bool work_filter_maybe(const struct work_filter *filter, uint32_t mark)
{
    uint64_t mixed = work_filter_mix(mark), bits = work_filter_bits(mixed);
    return (*work_filter_word(filter, mixed) & bits) == bits;
}

/*
 * Which of CHANGES[COUNT] begin a stretch of windows whose mark may be a member: their places among
 * CHANGES, ascending, into FOUND[COUNT]. Returns how many. May overwrite FOUND beyond them.
 */
size_t work_filter_pass(const struct work_filter *filter, const uint32_t *marks,
                        const uint32_t *changes, size_t count, uint32_t *found);

#endif
