/*
 * Identifiers: any bytes give places inside the text, in order and apart, the same by the path for
 * this machine and by the one for all; and no more checks than the text's length allows.
 */
#include "queries/text/identifier_finder.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct seen {
    size_t len, last, count;
    uint64_t sum;
};

static void see(void *context, enum identifier_kind kind, struct identifier_place place)
{
    struct seen *seen = context;
    if ((unsigned)kind >= IDENTIFIER_KINDS || place.from >= place.to || place.to > seen->len ||
        place.from < seen->last)
        abort();
    seen->last = place.to;
    seen->count++;
    seen->sum = seen->sum * 1000003 + (uint64_t)kind * 7919 + place.from * 31 + place.to;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct seen seen[2] = {{size, 0, 0, 0}, {size, 0, 0, 0}};
    for (int portable = 0; portable < 2; portable++) {
        struct identifier_finder finder;
        identifier_finder_init(&finder, true, portable);
        uint64_t checks = identifier_finder_text(&finder, (struct span){(const char *)data, size},
                                                 see, &seen[portable]);
        if (checks > 5 * (uint64_t)size)
            abort();
    }
    if (seen[0].count != seen[1].count || seen[0].sum != seen[1].sum)
        abort();
    return 0;
}
