/* Marks that works have: see work_filter.h. */
#include "queries/text/work_filter.h"

#include "base/memory.h"

#include <stdlib.h>

enum { WORD_BITS_LEAST = 10, WORD_BITS_MOST = 30, AHEAD = 32 };

enum status work_filter_init(struct work_filter *filter, size_t members, struct error *err)
{
    unsigned bits = WORD_BITS_LEAST;
    while (bits < WORD_BITS_MOST && ((size_t)1 << bits) < members / 4)
        bits++;
    *filter = (struct work_filter){.shift = 64 - bits};
    filter->words = mem_zalloc((size_t)1 << bits, sizeof *filter->words);
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
    size_t passed = 0;
    for (size_t i = 0; i < count; i += AHEAD) {
        size_t some = count - i < AHEAD ? count - i : AHEAD;
        const uint64_t *words[AHEAD];
        uint64_t bits[AHEAD];
        for (size_t j = 0; j < some; j++) {
            uint64_t mixed = work_filter_mix(marks[changes[i + j]]);
            words[j] = work_filter_word(filter, mixed);
            bits[j] = work_filter_bits(mixed);
            __builtin_prefetch(words[j]);
        }
        /* Whether one passes cannot be foretold in text that overlaps: no branch. */
        for (size_t j = 0; j < some; j++) {
            found[passed] = (uint32_t)(i + j);
            passed += (*words[j] & bits[j]) == bits[j];
        }
    }
    return passed;
}
