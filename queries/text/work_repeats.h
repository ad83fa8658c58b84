/*
 * Text that stands in the works more than once: of each window that does, all places, and what
 * follows at each, in order.
 *
 * Only stretches of text in which windows repeat are copied out and have their suffixes sorted
 * (suffix_index.h): each with one word more than its last repeated window, since by that word no
 * two of its suffixes agree any more. Works that repeat little thus cost little.
 */
#ifndef PROFFER_WORK_REPEATS_H
#define PROFFER_WORK_REPEATS_H

#include "base/error.h"
#include "queries/text/suffix_index.h"
#include "queries/text/work_windows.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A window that stands at more places than this is common text. */
enum { WORK_COMMON_PLACES = 64 };

struct work_repeats {
    uint32_t *text; /* copied stretches, each with a 0 after it */
    size_t count, capacity;
    struct repeat_stretch {
        uint32_t place; /* of its first word in the works */
        uint32_t at;    /* the same in `text` */
    } * stretches;      /* ascending by both */
    size_t stretch_count, stretch_capacity;
    struct suffix_index index;
    uint64_t *common; /* a bit for each place of the works: the window there is common text */
};

/* Of WINDOWS, which outlive it. Release also on failure. */
PROFFER_MUST_USE enum status work_repeats_init(struct work_repeats *repeats,
                                               const struct work_windows *windows,
                                               struct error *err);
void work_repeats_release(struct work_repeats *repeats);

/* Those whose text agrees with that at PLACE, where a repeated window begins, in DEPTH words (at
 * least a window's). */
struct suffix_range work_repeats_around(const struct work_repeats *repeats, uint32_t place,
                                        uint32_t depth);
/* The place in the works of a suffix. */
uint32_t work_repeats_place(const struct work_repeats *repeats, uint32_t suffix);

static inline bool work_repeats_common(const struct work_repeats *repeats, size_t place)
{
    return repeats->common[place / 64] >> place % 64 & 1;
}

#endif
