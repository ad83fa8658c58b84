/* Marks that works have: see work_filter.h. */
#include "queries/text/work_filter.h"

#include "base/memory.h"

#include <stdlib.h>

enum { WORD_BITS_LEAST = 10, WORD_BITS_MOST = 30, AHEAD = 32 /* a power of two */ };

enum status work_filter_init(struct work_filter *filter, size_t members, struct error *err)
{
    unsigned bits = WORD_BITS_LEAST;
    while (bits < WORD_BITS_MOST && ((size_t)1 << bits) < members / 4)
        bits++;
    *filter = (struct work_filter){.shift = 64 - bits};
    filter->words = mem_zalloc_large((size_t)1 << bits, sizeof *filter->words);
    return filter->words ? STATUS_OK : error_nomem(err);
}

void work_filter_release(struct work_filter *filter)
{
    free(filter->words);
    *filter = (struct work_filter){.words = NULL};
}

size_t work_filter_pass(const struct work_filter *filter, const uint32_t *marks,
                        const uint32_t *changes, size_t count, uint32_t *found)
{
    const uint64_t *words[AHEAD];
    uint64_t bits[AHEAD];
    size_t passed = 0;
    /* Words are asked for AHEAD look-ups before they are looked at, so that waits overlap. */
    for (size_t i = 0; i < count + AHEAD; i++) {
        size_t slot = i % AHEAD;
        if (i >= AHEAD) {
            /* Whether one passes cannot be foretold in text that overlaps: no branch. */
            found[passed] = (uint32_t)(i - AHEAD);
            passed += (*words[slot] & bits[slot]) == bits[slot];
        }
        if (i < count) {
            uint64_t mixed = work_filter_mix(marks[changes[i]]);
            words[slot] = work_filter_word(filter, mixed);
            bits[slot] = work_filter_bits(mixed);
            __builtin_prefetch(words[slot]);
        }
    }
    return passed;
}
